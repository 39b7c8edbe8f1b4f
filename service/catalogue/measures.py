"""Numbers with a unit, as product feeds write them, in the unit that the shop declares."""

import re

_MEASURE = re.compile(r"([+-]?[0-9]*\.?[0-9]+)\s*([^\d\s.,+-].*)")
_SIZES = (
    {"mg": 1e-6, "g": 1e-3, "kg": 1.0, "oz": 0.028349523125, "lb": 0.45359237},
    {"mm": 1e-3, "cm": 1e-2, "m": 1.0, "in": 0.0254, "ft": 0.3048},
    {"ml": 1e-3, "cl": 1e-2, "l": 1.0},
)
"""Units of mass, of length and of volume; the avoirdupois and the international inch are exact by definition."""


def in_unit(written: str, unit: str | None) -> str | None:
    """The number in the unit wanted, as text; None where the unit stated cannot be converted.

    Text that states no unit comes back as it is.
    """
    found = _MEASURE.fullmatch(written)
    if found is None:
        return written
    number, stated = found.group(1), found.group(2).strip().lower()
    wanted = (unit or "").lower()
    if stated == wanted:
        return number
    sizes = next((sizes for sizes in _SIZES if stated in sizes and wanted in sizes), None)
    return None if sizes is None else f"{float(number) * sizes[stated] / sizes[wanted]:.12g}"
