"""Reads a questionnaire's YAML into its frozen form: shape only, with every complaint at once.

Codes: BG-Q001 no id, Q002 id given twice, Q003 missing translation, Q004 unlisted language, Q005 key of another kind of
question, Q006 key that this kind needs, Q007 bounds reversed or beyond what is allowed, Q008 condition not understood,
Q009 file name differs, Q010 empty list. What needs the catalogue stands in `checking`. (BG-Y0xx: `service.documents`.)
"""

from collections.abc import Callable
from pathlib import Path, PurePath

from service.advice.questionnaire import AuthorTest, CompanionWish, Expectation, OneOf, Questionnaire, ShowWhen
from service.advice.reading_groups import Entries, entries, order
from service.advice.reading_parts import NO_TEXT, identifier, named, one_ofs, some, translated, unique, word
from service.advice.words import Word
from service.documents.node import Mapping, Node, Scalar, Sequence
from service.documents.problem import Complaints
from service.documents.reader import Fields, Malformed, choice, human_text, list_of, mapping, text, whole_number
from service.documents.yaml import read_yaml, yaml_of

LONGEST_SHORTLIST = 20
MOST_QUESTIONS = 60
"""Answers that clash are told apart by the bits of one 64-bit word."""


def read_questionnaire(path: Path, noted: Complaints | None = None) -> Questionnaire:
    """The questionnaire in a file; raises `Refused` with everything that is wrong with its shape.

    Whoever passes `noted` finds there also what is odd about a file that is taken.
    """
    complaints = Complaints() if noted is None else noted
    return _read(read_yaml(path), path, complaints)


def read_questionnaire_text(text: str, name: str | None, noted: Complaints) -> Questionnaire:
    """The same for a text that lies in no file, or not yet in one of this name; nothing is opened."""
    node = yaml_of(text.encode(), name or "")
    return _read(node, None if name is None else PurePath(name), noted)


def _read(node: Mapping, path: PurePath | None, complaints: Complaints) -> Questionnaire:
    found = _questionnaire(node, complaints)
    if path is not None and found.id and found.id != path.stem:
        complaints.add(
            found.at, "BG-Q009", f"the file is called '{path.name}'; call it '{found.id}.yaml' or change the id"
        )
    complaints.refuse()
    return found


def _questionnaire(node: Mapping, complaints: Complaints) -> Questionnaire:
    fields = Fields(node, complaints)
    languages = fields.required("languages", some(text, "language"), ())
    wording = translated(languages)
    asked: Entries = fields.required("questions", entries(languages), Entries())
    found = Questionnaire(
        id=fields.required("questionnaire", identifier, ""),
        languages=languages,
        title=fields.required("title", wording, NO_TEXT),
        candidates=fields.optional("candidates", one_ofs, ()),
        show_at_most=fields.optional("show_at_most", _length, 3),
        same_product=fields.optional("same_product", word, None),
        questions=asked.questions,
        goes_with=fields.optional("goes_with", list_of(_companion(languages)), ()),
        tests=fields.optional("tests", list_of(_author_test), ()),
        at=fields.place_of("questionnaire"),
        order=fields.optional("order", order, "as_written"),
        groups=asked.groups,
        show_results_when=fields.optional("show_results_when", _show_when, None),
    )
    fields.no_others()
    if len(found.questions) > MOST_QUESTIONS:
        message = f"a questionnaire has at most {MOST_QUESTIONS} questions; split it into several"
        complaints.add(fields.place_of("questions"), "BG-Q007", message)
    unique(((each.id, each.at) for each in found.goes_with), complaints, "rule")
    return found


def _show_when(node: Node, complaints: Complaints) -> ShowWhen:
    fields = Fields.of(node, complaints, "show_results_when")
    found = ShowWhen(
        results_at_most=fields.optional("results_at_most", whole_number, None),
        answered_at_least=fields.optional("answered_at_least", whole_number, None),
    )
    fields.no_others()
    if not mapping(node, complaints).entries:
        raise Malformed(node.place, "BG-Q010", "no line says when; give 'results_at_most', 'answered_at_least' or both")
    return found


def _length(node: Node, complaints: Complaints) -> int:
    length = whole_number(node, complaints)
    if not 1 <= length <= LONGEST_SHORTLIST:
        raise Malformed(
            node.place, "BG-Q007", f"a shortlist has 1 to {LONGEST_SHORTLIST} products; write a number in between"
        )
    return length


def _companion(languages: tuple[str, ...]) -> Callable[[Node, Complaints], CompanionWish]:
    def read(node: Node, complaints: Complaints) -> CompanionWish:
        fields = Fields.of(node, complaints, named(node, "rule"))
        nothing: tuple[OneOf, ...] = ()
        found = CompanionWish(
            id=fields.required("id", identifier, ""),
            when=fields.optional("when", one_ofs, nothing),
            products=fields.required("products", one_ofs, nothing),
            match=fields.optional("match", list_of(word, one_will_do=True), ()),
            kind=fields.required("kind", choice("must_have", "nice_to_have"), "must_have"),
            because=fields.required("because", translated(languages), NO_TEXT),
            at=fields.place,
        )
        fields.no_others()
        return found

    return read


def _author_test(node: Node, complaints: Complaints) -> AuthorTest:
    fields = Fields.of(node, complaints, named(node, "test"))
    found = AuthorTest(
        name=fields.required("name", human_text, ""),
        answers=fields.required("answers", _answers, ()),
        expect=fields.required("expect", _expectation, _NOTHING_EXPECTED),
        at=fields.place,
    )
    fields.no_others()
    return found


def _answers(node: Node, complaints: Complaints) -> tuple[tuple[Word, object], ...]:
    lines = mapping(node, complaints)
    return tuple((Word(key, lines.key_places[key]), _raw(item)) for key, item in lines.entries.items())


def _raw(node: Node) -> object:
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [_raw(item) for item in node.items]
        case Mapping():
            return {key: _raw(item) for key, item in node.entries.items()}


def _expectation(node: Node, complaints: Complaints) -> Expectation:
    fields = Fields.of(node, complaints)
    words = list_of(word, one_will_do=True)
    found = Expectation(
        results_at_least=fields.optional("results_at_least", whole_number, None),
        results_at_most=fields.optional("results_at_most", whole_number, None),
        next_question=fields.optional("next_question", word, None),
        includes=fields.optional("includes", words, ()),
        excludes=fields.optional("excludes", words, ()),
        shortlist=fields.optional("shortlist", words, ()),
        companions=fields.optional("companions", words, ()),
        remember=fields.optional("remember", words, ()),
    )
    fields.no_others()
    if not mapping(node, complaints).entries:
        raise Malformed(node.place, "BG-Q010", "nothing is expected; say what must come out")
    return found


_NOTHING_EXPECTED = Expectation(None, None, None, (), (), (), ())
