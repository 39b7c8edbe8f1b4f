"""What the spellings in the camera data mean: a reading takes a tidy text, never blank; None means not understood."""

import re
from collections.abc import Callable, Mapping

Reading = Callable[..., float | str | bool | tuple[str, ...] | None]

_NUMBER = r"\d+(?:[.,]\d+)?"
_LOWEST_ISO = 20  # smaller numbers are steps or the names of levels
_THINNEST = 5  # millimetres; one camera is said to be 1.5 mm thick
_FEWEST_DOTS = 10_000  # where fewer are stated, thousands were meant, or something else

VIEWFINDERS: Mapping[str, str] = {
    "Optical": "optical",
    "Optical (tunnel)": "optical",
    "Optical (rangefinder)": "optical",
    "Optical (pentaprism)": "mirror",
    "Optical (pentamirror)": "mirror",
    "Electronic": "electronic",
    "Optical and electronic": "both",
    "Electronic and Optical (tunnel)": "both",
    "Hybrid Optical/Electronic": "both",
    "Electronic (optional)": "optional",
    "Optical (optional)": "optional",
    "Electronic and Optical (optional)": "optional",
}
BATTERIES: Mapping[str, str] = {
    "lithium_ion": r"li-?\s?ion|lithium[ -]?ion|infolithium|\b(NP|EN-EL|NB|BP|LP-E|D-LI|SLB|KLIC|NP-(BX|FZ))-?\d",
    "aa": r"(?<!A)AA(?!A)",
    "aaa": r"(?<!A)AAA(?!A)",
    "disposable_lithium": r"\bCR-?(V|P)?-?\d|\b2CR5",
}
CARDS: Mapping[str, str] = {
    "sd": r"(?<!micro)(?<!micro )(?<!mini)\bSD|secure digital",
    "small_sd": r"(micro|mini) ?SD",
    "compact_flash": r"\bCF\b|compact ?flash|microdrive",
    "xd": r"\bxD",
    "memory_stick": r"memory ?stick|\bMS (Pro|Duo)",
    "smart_media": r"smart ?media",
    "multimedia": r"\bMMC|multimedia",
    "cf_express": r"cfexpress|\bXQD",
    "internal": r"internal|on-board",
    "disc_or_disk": r"\bdis[ck]\b|\bCDR|Clik!|PCMCIA",
}


def plain(text: str) -> str:
    """A word as it is, in small letters."""
    return text.lower()


def as_written(text: str) -> str:
    """A name, letter for letter."""
    return text


def yes_or_no(text: str) -> bool | None:
    """`Yes`, `No`."""
    return {"Yes": True, "No": False}.get(text)


def number(text: str) -> float | None:
    """`12.1`, `2010`."""
    return _only(_NUMBER, text)


def grams(text: str) -> float | None:
    """`180 g`."""
    return _only(rf"({_NUMBER}) g", text)


def centimetres(text: str) -> float | None:
    """`50 cm`."""
    return _only(rf"({_NUMBER}) cm", text)


def inches(text: str) -> float | None:
    """`2.5"`, also with a German comma."""
    return _only(rf'({_NUMBER})"', text)


def thickness(text: str) -> float | None:
    """The shortest of the three edges in `91.5 x 61 x 31,5 mm` or `122.7x88.6x122.6 mm`."""
    found = re.fullmatch(rf"({_NUMBER})\s*x\s*({_NUMBER})\s*x\s*({_NUMBER})\s*mm", text)
    shortest = min(_float(edge) for edge in found.groups()) if found else 0
    return shortest if shortest >= _THINNEST else None


def sensor_width(text: str) -> float | None:
    """The width in `1/2.3" (~ 6.16 x 4.62 mm)`, `Four Thirds (17.3 x 13 mm)` or `23.5 x 15.6 mm`."""
    found = re.search(rf"({_NUMBER}) x {_NUMBER} mm", text)
    return _float(found[1]) if found else None


def shortest_focal_length(text: str) -> float | None:
    """The first number of `28 - 140 mm`, `25-300 mm` or `35 mm`."""
    ends = _focal_lengths(text)
    return ends[0] if ends else None


def longest_focal_length(text: str) -> float | None:
    """The last number of `28 - 140 mm`, `25-300 mm` or `35 mm`."""
    ends = _focal_lengths(text)
    return ends[-1] if ends else None


def zoom_factor(text: str, focal_length: str) -> float | None:
    """`3.6x`; `No` is 1, and `Yes` is what the focal lengths say, if they say it."""
    if text == "No":
        return 1.0
    if text == "Yes":
        ends = _focal_lengths(focal_length)
        return round(ends[-1] / ends[0], 1) if ends else None
    factor = _only(rf"({_NUMBER})x", text)
    return factor if factor is not None and factor >= 1 else None


def brightest_aperture(text: str) -> float | None:
    """The first f-number of `f2.8 - f4.8`, `f3 - f 6.9`, `3.4 - f4.3` or `f2`."""
    return _only(rf"f ?({_NUMBER})|f?({_NUMBER}) - f? ?{_NUMBER}", text)


def seconds(text: str) -> float | None:
    """`4 sec`, `1/2000 sec`, `Bulb+30 sec`, `8min sec`; what bulb adds is no time that the camera takes by itself."""
    found = re.fullmatch(rf"(?:(?:bulb|b) ?\+ ?)?(1/)?({_NUMBER})(min)? sec", text, re.IGNORECASE)
    if not found or not _float(found[2]):
        return None
    time = _float(found[2]) * (60 if found[3] else 1)
    return 1 / time if found[1] else time


def slowest_shutter(text: str, fastest: str) -> float | None:
    """The longest time, unless the shortest stated is longer: then the two columns contradict each other."""
    slow, fast = seconds(text), seconds(fastest) if fastest else None
    return None if slow is None or (fast is not None and slow < fast) else slow


def fastest_shutter(text: str, slowest: str) -> float | None:
    """The shortest time as its reciprocal (2000 for `1/2000 sec`), with the same doubt."""
    fast, slow = seconds(text), seconds(slowest) if slowest else None
    return None if fast is None or (slow is not None and slow < fast) else round(1 / fast, 3)


def highest_iso(text: str) -> float | None:
    """The highest level of `Auto, 80, 100, 200` or `Auto, 100-25600 (extends to 51200)`, without what takes a boost.

    What stands in brackets counts where nothing else is stated, as in `Auto, (64 - 400)`; `Auto` alone says no number.
    """
    stated = re.sub(r"\([^)]*\)", " ", text)
    stated = re.split(r"\b(?:plus|in|at)\b", stated, maxsplit=1, flags=re.IGNORECASE)[0]
    if re.search(r"boost|extend|expand", stated):
        return None
    levels = _iso_levels(stated) or (_iso_levels(text) if re.fullmatch(r"[\s,.]*Auto[\s,.]*", stated) else [])
    return max(levels, default=None)


def dots(text: str) -> float | None:
    """`1,040,000 dots`, `234.000 dots`, `74400 dots`; not `640 x 480 dots`, which may be pixels, nor `23 dots`."""
    found = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+|\d{4,}) dots", text)
    count = float(re.sub(r"[.,]", "", found[1])) if found else 0
    return count if count >= _FEWEST_DOTS else None


def video_lines(text: str) -> float | None:
    """2160 for `3840x2160 (30p/25p)` or `1920 x 1080`."""
    found = re.match(r"\d+\s*x\s*(\d+)\b", text)
    return float(found[1]) if found else None


def viewfinder(text: str) -> str | None:
    """How one looks through: `optical`, `mirror` (through the lens), `electronic`, `both` or `optional`."""
    return VIEWFINDERS.get(text)


def batteries(text: str) -> tuple[str, ...] | None:
    """Every kind of battery named in free words."""
    return _named(BATTERIES, text)


def cards(text: str) -> tuple[str, ...] | None:
    """Every kind of memory named in free words."""
    return _named(CARDS, text)


def _named(kinds: Mapping[str, str], text: str) -> tuple[str, ...] | None:
    return tuple(kind for kind, words in kinds.items() if re.search(words, text, re.IGNORECASE)) or None


def _focal_lengths(text: str) -> list[float]:
    found = re.fullmatch(rf"({_NUMBER})(?:\s*-\s*({_NUMBER}))? mm", text)
    ends = [_float(end) for end in found.groups() if end] if found else []
    return ends if ends == sorted(ends) and all(ends) else []


def _iso_levels(text: str) -> list[float]:
    return [float(level) for level in re.findall(r"\d+", text) if int(level) >= _LOWEST_ISO]


def _only(pattern: str, text: str) -> float | None:
    found = re.fullmatch(pattern, text)
    if not found:
        return None
    return _float(next((group for group in found.groups() if group), found[0]))


def _float(digits: str) -> float:
    return float(digits.replace(",", "."))
