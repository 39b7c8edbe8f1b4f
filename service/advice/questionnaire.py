"""One questionnaire as its author meant it: frozen, with the place of everything that may be complained about.

Values of attributes stay the words that were written: only the catalogue knows whether `no` is a truth value or a name.
Fields that do not count for equality (places, author tests) do not count for the version either.
"""

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Literal

import orjson

from service.advice.conditions import Condition
from service.advice.words import Word
from service.documents.problem import Place
from service.documents.texts import Texts

Effect = Literal["require", "filter", "prefer"]
Weight = Literal["low", "medium", "high"]
MissingData = Literal["keep", "drop"]
Choose = Literal["one", "many", "number", "range"]
Order = Literal["as_written", "adaptive"]

POINTS: Mapping[Weight, int] = {"low": 1, "medium": 2, "high": 4}


@dataclass(frozen=True, slots=True)
class OneOf:
    """An attribute states one of these values."""

    attribute: Word
    values: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A number attribute lies in a band; both ends count, an open end is None."""

    attribute: Word
    low: float | None
    high: float | None


Fit = OneOf | Band


@dataclass(frozen=True, slots=True)
class Option:
    """One reply that is offered; a product fits it if it meets all of `fits`."""

    id: str
    text: Texts
    fits: tuple[Fit, ...]
    because: Texts | None
    at: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """The reply is picked from options; `several` may be picked at once."""

    options: tuple[Option, ...]
    several: bool


@dataclass(frozen=True, slots=True)
class Near:
    """The reply is a number that the attribute may miss by the tolerance."""

    attribute: Word
    tolerance: float


@dataclass(frozen=True, slots=True)
class Within:
    """The reply is a number that must lie between two attributes of a product."""

    low: Word
    high: Word


@dataclass(frozen=True, slots=True)
class Span:
    """The reply is a range in which the attribute must lie."""

    attribute: Word


Asks = Choice | Near | Within | Span


@dataclass(frozen=True, slots=True)
class FromProfile:
    """The profile attribute that answers the question where the shopper consented to this purpose."""

    attribute: Word
    purpose: Word


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what an answer does to the candidates.

    `low` and `high` bound what may be entered; `widen` is the share by which an answer is widened if nothing fits;
    `remember_as` is the profile attribute under which the answer may be kept, if the shopper wants that.
    """

    id: str
    text: Texts
    help: Texts | None
    asks: Asks
    effect: Effect
    weight: Weight
    not_sure: bool
    missing_data: MissingData
    only_if: Condition | None
    from_profile: FromProfile | None
    because: Texts | None
    unit: Texts | None
    low: float | None
    high: float | None
    at: Place = field(compare=False, repr=False)
    widen: float = 0.0
    remember_as: Word | None = None

    @property
    def choose(self) -> Choose:
        """How the question is answered, in the author's word."""
        match self.asks:
            case Choice(several=several):
                return "many" if several else "one"
            case Near() | Within():
                return "number"
            case Span():
                return "range"

    @property
    def options(self) -> tuple[Option, ...]:
        """The options offered; none for a number or a range."""
        return self.asks.options if isinstance(self.asks, Choice) else ()


@dataclass(frozen=True, slots=True)
class CompanionWish:
    """A rule of `goes_with` as written: what to offer beside a chosen product."""

    id: str
    when: tuple[OneOf, ...]
    products: tuple[OneOf, ...]
    match: tuple[Word, ...]
    kind: Literal["must_have", "nice_to_have"]
    because: Texts
    at: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an author test demands of the state; None or () demands nothing."""

    results_at_least: int | None
    results_at_most: int | None
    next_question: Word | None
    includes: tuple[Word, ...]
    excludes: tuple[Word, ...]
    shortlist: tuple[Word, ...]
    companions: tuple[Word, ...]
    remember: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorTest:
    """An example that must come out as written; answers in the form in which a shopper gives them."""

    name: str
    answers: tuple[tuple[Word, object], ...]
    expect: Expectation
    at: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ShowWhen:
    """When the shortlist is ready to be shown: one of the two will do; None never does."""

    results_at_most: int | None
    answered_at_least: int | None

    def holds(self, *, results: int, answered: int) -> bool:
        """Whether it is."""
        few = self.results_at_most is not None and results <= self.results_at_most
        return few or (self.answered_at_least is not None and answered >= self.answered_at_least)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand together, and the order in which they are asked."""

    id: str
    order: Order
    questions: tuple[str, ...]
    at: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One file: what may be shown, what is asked, what goes with it.

    `order` is that of the questions outside `groups`; `stretches()` cuts the questions where the order may change.
    """

    id: str
    languages: tuple[str, ...]
    title: Texts
    candidates: tuple[OneOf, ...]
    show_at_most: int
    same_product: Word | None
    questions: tuple[Question, ...]
    goes_with: tuple[CompanionWish, ...]
    tests: tuple[AuthorTest, ...] = field(compare=False)
    at: Place = field(compare=False, repr=False)
    order: Order = "as_written"
    groups: tuple[Group, ...] = ()
    show_results_when: ShowWhen | None = None

    def stretches(self) -> Iterator[tuple[Order, tuple[Question, ...]]]:
        """Groups, and questions between them, in the order of the file; each is asked through before the next."""
        group_of = {each: group for group in self.groups for each in group.questions}
        for group, questions in itertools.groupby(self.questions, key=lambda question: group_of.get(question.id)):
            yield self.order if group is None else group.order, tuple(questions)

    @property
    def version(self) -> str:
        """The first eight hexadecimal digits of a hash of the meaning: places, comments and tests do not change it."""
        return hashlib.sha256(orjson.dumps(plain(self), option=orjson.OPT_SORT_KEYS)).hexdigest()[:8]


def plain(value: object) -> object:
    """The value's meaning in lists and mappings, for a hash: fields that do not count for equality are left out."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if is_dataclass(value):
        return [type(value).__name__, dict(_meant(value))]
    return value


def _meant(value: object) -> Iterator[tuple[str, object]]:
    if is_dataclass(value):
        for each in fields(value):
            if each.compare:
                yield each.name, plain(getattr(value, each.name))
