"""What several parts of a questionnaire are written with: ids, translated texts, words with places, and `fits`."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from service.advice.questionnaire import Band, Fit, OneOf
from service.advice.words import Word
from service.documents.node import Mapping, Node, Scalar, Sequence
from service.documents.problem import Complaints, Place, did_you_mean, shortened
from service.documents.reader import Fields, Malformed, Read, list_of, mapping, number, text, texts
from service.documents.texts import ANY_LANGUAGE, Texts

T = TypeVar("T")

NO_TEXT = Texts.same("")
RESERVED = ("not_sure", "none", "all", "any", "not")
"""Words that mean something of their own in conditions, tests and answers."""

_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def identifier(node: Node, complaints: Complaints) -> str:
    """An id: lower-case letters, digits, `_` and `-`."""
    word = text(node, complaints)
    if not _IDENTIFIER.fullmatch(word):
        raise Malformed(node.place, "BG-Q001", f"'{shortened(word)}' is no id; use lower-case letters, digits, _ and -")
    if word in RESERVED:
        raise Malformed(node.place, "BG-Q001", f"'{word}' is reserved and cannot be an id; choose another")
    return word


def named(node: Node, what: str) -> str:
    """Words that begin every message about a part: ``question 'lights'``."""
    found = node.entries.get("id") or node.entries.get("name") if isinstance(node, Mapping) else None
    return f"{what} '{shortened(found.text)}'" if isinstance(found, Scalar) and found.text else what


def word(node: Node, complaints: Complaints) -> Word:
    """A name or value with its place."""
    return Word(text(node, complaints), node.place)


def translated(languages: tuple[str, ...]) -> Read[Texts]:
    """Texts that exist in all languages of the questionnaire; one with subtags may fall back on its own base."""
    needed = [tag for tag in languages if not any(tag.startswith(f"{base}-") for base in languages)]

    def read(node: Node, complaints: Complaints) -> Texts:
        found = texts(node, complaints)
        if ANY_LANGUAGE in found.by_locale or not languages:
            return found
        given = node.key_places if isinstance(node, Mapping) else {}
        missing = [tag for tag in needed if tag not in given]
        if missing:
            complaints.add(node.place, "BG-Q003", f"the text is missing in {', '.join(missing)}; add it")
        for tag in found.by_locale:
            if tag not in languages:
                at = given.get(tag, node.place)
                hint = did_you_mean(tag, languages) or "; add it there or delete this text"
                complaints.add(at, "BG-Q004", f"'{tag}' is not among the questionnaire's languages{hint}")
        return found

    return read


def some(read: Read[T], what: str) -> Read[tuple[T, ...]]:
    """A list with at least one entry."""

    def read_all(node: Node, complaints: Complaints) -> tuple[T, ...]:
        found = list_of(read)(node, complaints)
        if isinstance(node, Sequence) and not node.items:
            raise Malformed(node.place, "BG-Q010", f"the list is empty; name at least one {what}")
        return found

    return read_all


def unique(found: Iterable[tuple[str, Place]], complaints: Complaints, what: str) -> None:
    """Complain about every id that was given before."""
    seen: Counter[str] = Counter()
    for name, at in found:
        if name and seen[name]:
            complaints.add(at, "BG-Q002", f"{what} '{name}' exists already; give every {what} its own id")
        seen[name] += 1


def fits(node: Node, complaints: Complaints) -> tuple[Fit, ...]:
    """What a product must state, by attribute."""
    return _by_attribute(node, complaints, _fit)


def one_ofs(node: Node, complaints: Complaints) -> tuple[OneOf, ...]:
    """Like `fits` without bands: for candidates and rules."""
    return _by_attribute(node, complaints, _one_of)


def bounds(fields: Fields, lowest: str, highest: str) -> tuple[float | None, float | None]:
    """Two numbers, either of which may be left out, in the right order."""
    low: float | None = fields.optional(lowest, number, None)
    high: float | None = fields.optional(highest, number, None)
    if low is not None and high is not None and low > high:
        fields.complaints.add(
            fields.place_of(lowest), "BG-Q007", f"'{lowest}' is above '{highest}'; exchange the two numbers"
        )
    return low, high


def _by_attribute(node: Node, complaints: Complaints, read: Callable[[Word], Read[T]]) -> tuple[T, ...]:
    lines = mapping(node, complaints)
    fields = Fields(lines, complaints)
    found = (fields.required(key, read(Word(key, at)), None) for key, at in lines.key_places.items())
    return tuple(fit for fit in found if fit is not None)


def _one_of(attribute: Word) -> Read[OneOf]:
    def read(node: Node, complaints: Complaints) -> OneOf:
        values = (word(node, complaints),) if isinstance(node, Scalar) else some(word, "value")(node, complaints)
        return OneOf(attribute, values)

    return read


def _fit(attribute: Word) -> Read[Fit]:
    def read(node: Node, complaints: Complaints) -> Fit:
        return _band(attribute, node, complaints) if isinstance(node, Mapping) else _one_of(attribute)(node, complaints)

    return read


def _band(attribute: Word, node: Mapping, complaints: Complaints) -> Band:
    fields = Fields(node, complaints)
    low, high = bounds(fields, "from", "to")
    fields.no_others()
    if low is None and high is None and not node.entries:
        complaints.add(node.place, "BG-Q010", "the band has no ends; give 'from', 'to' or both")
    return Band(attribute, low, high)
