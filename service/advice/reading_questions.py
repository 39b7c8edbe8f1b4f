"""Reads one question with its options, and says which keys do not belong to its kind."""

import re
from collections.abc import Callable, Mapping

from service.advice.questionnaire import Asks, Choice, Choose, FromProfile, Near, Option, Question, Span, Within
from service.advice.reading_conditions import condition
from service.advice.reading_parts import NO_TEXT, bounds, fits, identifier, named, some, translated, unique, word
from service.advice.words import Word
from service.documents.node import Node, Scalar
from service.documents.problem import Complaints, shortened
from service.documents.reader import Fields, Malformed, choice, list_of, mapping, number, text

_WIDEN = re.compile(r"widen by (\d{1,9}(?:\.\d{1,9})?) ?%")

_BELONGS: Mapping[str, tuple[Choose, ...]] = {
    "answers": ("one", "many"),
    "attribute": ("number", "range"),
    "fits_between": ("number",),
    "tolerance": ("number",),
    "unit": ("number", "range"),
    "min": ("number", "range"),
    "max": ("number", "range"),
    "if_nothing_fits": ("number", "range"),
    "because": ("number", "range"),
    "from_profile": ("one", "many", "number"),
    "remember_as": ("one", "number"),
}
"""Keys that only some kinds of question have."""


def question(languages: tuple[str, ...]) -> Callable[[Node, Complaints], Question]:
    """Reads a question whose texts must exist in these languages."""

    def read(node: Node, complaints: Complaints) -> Question:
        fields = Fields.of(node, complaints, named(node, "question"))
        choose: Choose | None = fields.required("choose", choice("one", "many", "number", "range"), None)
        found = _question(fields, choose, languages)
        _strangers(fields, node, choose)
        fields.no_others()
        return found

    return read


def _question(fields: Fields, choose: Choose | None, languages: tuple[str, ...]) -> Question:
    wording = translated(languages)
    low, high = bounds(fields, "min", "max")
    return Question(
        id=fields.required("id", identifier, ""),
        text=fields.required("ask", wording, NO_TEXT),
        help=fields.optional("help", wording, None),
        asks=_asks(fields, choose, languages),
        effect=fields.optional("effect", choice("require", "filter", "prefer"), "filter"),
        weight=fields.optional("weight", choice("low", "medium", "high"), "medium"),
        not_sure=fields.optional("not_sure", choice("allowed", "not_allowed"), "allowed") == "allowed",
        missing_data=fields.optional("missing_data", choice("keep", "drop"), "keep"),
        only_if=fields.optional("only_if", condition, None),
        from_profile=fields.optional("from_profile", _from_profile, None),
        because=fields.optional("because", wording, None),
        unit=fields.optional("unit", wording, None),
        low=low,
        high=high,
        at=fields.place,
        widen=fields.optional("if_nothing_fits", _share, 0.0),
        remember_as=fields.optional("remember_as", word, None),
    )


def _share(node: Node, complaints: Complaints) -> float:
    words = text(node, complaints)
    found = _WIDEN.fullmatch(words)
    if found is None:
        raise Malformed(node.place, "BG-Y025", f"'{shortened(words)}' is not known here; write: widen by 10 %")
    share = float(found[1]) / 100
    if not 0 < share <= 1:
        raise Malformed(node.place, "BG-Q007", "an answer is widened by more than 0 % and at most 100 %; change it")
    return share


def _asks(fields: Fields, choose: Choose | None, languages: tuple[str, ...]) -> Asks:
    match choose:
        case "one" | "many":
            options = fields.required("answers", some(_option(languages), "answer"), ())
            unique(((option.id, option.at) for option in options), fields.complaints, "answer")
            return Choice(options, several=choose == "many")
        case "range":
            return Span(fields.required("attribute", word, _nothing(fields)))
        case "number":
            return _number(fields)
        case None:
            return Choice((), several=False)


def _number(fields: Fields) -> Near | Within:
    attribute: Word | None = fields.optional("attribute", word, None)
    between: tuple[Word, ...] | None = fields.optional("fits_between", list_of(word), None)
    tolerance: float = fields.optional("tolerance", number, 0.0)
    if (attribute is None) == (between is None):
        fields.complaints.add(
            fields.place, "BG-Q006", "a number needs either 'attribute' or 'fits_between' to be compared with; give one"
        )
    if tolerance < 0:
        fields.complaints.add(fields.place_of("tolerance"), "BG-Q007", "'tolerance' is below 0; make it positive")
    if between is None:
        return Near(attribute or _nothing(fields), tolerance)
    if len(between) != len(("low", "high")):
        at = fields.place_of("fits_between")
        fields.complaints.add(at, "BG-Q006", "'fits_between' takes two attributes; write [lowest, highest]")
        return Within(_nothing(fields), _nothing(fields))
    return Within(*between)


def _option(languages: tuple[str, ...]) -> Callable[[Node, Complaints], Option]:
    wording = translated(languages)

    def read(node: Node, complaints: Complaints) -> Option:
        fields = Fields.of(node, complaints, named(node, "answer"))
        option = Option(
            id=fields.required("id", identifier, ""),
            text=fields.required("text", wording, NO_TEXT),
            fits=fields.optional("fits", fits, ()),
            because=fields.optional("because", wording, None),
            at=fields.place,
        )
        fields.no_others()
        return option

    return read


def _from_profile(node: Node, complaints: Complaints) -> FromProfile:
    fields = Fields.of(node, complaints)
    found = FromProfile(
        attribute=fields.required("attribute", word, _nothing(fields)),
        purpose=fields.required("purpose", word, _nothing(fields)),
    )
    fields.no_others()
    return found


def _strangers(fields: Fields, node: Node, choose: Choose | None) -> None:
    """Complain about keys that belong to another kind of question, and about a weight that weighs nothing."""
    given = mapping(node, fields.complaints).entries
    for key in given:
        if key in _BELONGS:
            fields.optional(key, _ignored, None)
            if choose is not None and choose not in _BELONGS[key]:
                message = (
                    f"'{key}' does not go with 'choose: {choose}', only with {' and '.join(_BELONGS[key])}; delete it"
                )
                fields.complaints.add(fields.place_of(key), "BG-Q005", message)
    effect = given.get("effect")
    if "if_nothing_fits" in given and isinstance(effect, Scalar) and effect.text == "prefer":
        fields.complaints.add(
            fields.place_of("if_nothing_fits"), "BG-Q005", "a preference leaves everything; delete 'if_nothing_fits'"
        )
    if "weight" in given and not (isinstance(effect, Scalar) and effect.text == "prefer"):
        fields.complaints.add(
            fields.place_of("weight"), "BG-Q005", "'weight' only counts with 'effect: prefer'; delete it"
        )


def _ignored(node: Node, complaints: Complaints) -> None:
    """Marks a key as asked for."""


def _nothing(fields: Fields) -> Word:
    return Word("", fields.place)
