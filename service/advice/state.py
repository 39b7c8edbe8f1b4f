"""What a shopper is told after each answer: the next question, what is left and why; what goes over the wire.

Beyond what the fields' names say:

- `question.range`: for `choose: range` the lowest and highest value among the products left, within `min` and `max`
  (null if none of them states one); for `choose: number` the bounds `min` and `max` (null if there are none; otherwise
  a missing one is null); null for every other question. `question.unit` is text to show, in the locale: "€", "cm".
- `question.prefilled` is a proposal from the profile for a question that was asked for with an explicit `null`; the
  state's own `prefilled` holds what the profile answered without asking.
- `answers` repeats everything that was sent, in file order, an explicit `null` included, so that a client may keep it
  as its own memory; those of the questions in `set_aside` do not count at present.
- `outdated`, in a session whose questionnaire changed meanwhile: questions whose answer no longer counts, because the
  question was changed or went away.
- `remaining` counts as the shopper does: variants of one model once.
- `widened` are answers that count wider than they were given, because nothing would have fitted and their question
  says `if_nothing_fits`; products that fit only so have them among their `misses`.
- `remember` names answers that were given, count, and may be remembered (`remember_as`): by the questionnaire and the
  answers alone, so that it tells neither what was consented to nor whether anything is known.
- `show_results` is false while `show_results_when` of the questionnaire does not hold; the shortlist is told anyway.
- a `way_out` gives up answers by taking them back; one that a profile gave, or would give, by sending `null`. Products
  in `best` and `near_misses` are told like those of the shortlist: `misses` are the answers that they do not meet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import orjson

from service.advice.phrase import Phrase, Reason
from service.advice.reply import plain_number


@dataclass(frozen=True, slots=True)
class Offer:
    """An option and how many products it would leave."""

    id: str
    text: str
    remaining: int


@dataclass(frozen=True, slots=True)
class Ends:
    """Lowest and highest number that may sensibly be entered."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Prefill:
    """A consented value of the profile and the silo that it came from."""

    value: str | float | bool
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The next question in the shopper's language."""

    phrase: Phrase
    range: Ends | None
    prefilled: Prefill | None
    left_by_options: tuple[int, ...]

    @property
    def id(self) -> str:
        """The question's id."""
        return self.phrase.id

    @property
    def options(self) -> tuple[Offer, ...]:
        """What can be picked, and what each option would leave."""
        counted = zip(self.phrase.options, self.left_by_options, strict=True)
        return tuple(Offer(option, text, remaining) for (option, text), remaining in counted)

    def json(self) -> orjson.Fragment:
        """The question's JSON object."""
        extent = None if self.range is None else _ends(self.range)
        prefilled = None if self.prefilled is None else _prefill(self.prefilled)
        return orjson.Fragment(self.phrase.json(extent, prefilled, self.left_by_options))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A question on the path that is not asked, and why."""

    question: str
    because: Literal["no_difference", "prefilled"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A product of the shortlist with computed reasons; `product` is its JSON object."""

    sku: str
    product: bytes
    fits: tuple[Reason, ...]
    misses: tuple[Reason, ...]
    unknown: tuple[str, ...]

    def json(self) -> orjson.Fragment:
        """The product's own JSON object, continued by the reasons."""
        return orjson.Fragment(
            b'%b,"fits":[%b],"misses":[%b],"unknown":%b}'
            % (
                self.product[:-1],
                b",".join([each.json for each in self.fits]),
                b",".join([each.json for each in self.misses]),
                orjson.dumps(self.unknown) if self.unknown else b"[]",
            )
        )


@dataclass(frozen=True, slots=True)
class Widened:
    """An answer that was widened by so many per cent, since nothing would have fitted; `text` is what counts now."""

    question: str
    by: float
    text: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """A smallest set of answers to give up, and what would then be left, the best of it first."""

    give_up: tuple[str, ...]
    remaining: int
    best: tuple[Listed, ...]

    def as_json(self) -> dict[str, object]:
        """The way out for `orjson.dumps`."""
        return {
            "give_up": self.give_up,
            "remaining": self.remaining,
            "best": [each.json() for each in self.best],
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Answers that no product meets together; `near_misses` are products that miss fewest of them."""

    answers: tuple[str, ...]
    ways_out: tuple[WayOut, ...]
    near_misses: tuple[Listed, ...]

    def as_json(self) -> dict[str, object]:
        """The conflict for `orjson.dumps`."""
        return {
            "answers": self.answers,
            "ways_out": [each.as_json() for each in self.ways_out],
            "near_misses": [each.json() for each in self.near_misses],
        }


@dataclass(frozen=True, slots=True)
class Beside:
    """A companion of a listed product; `json` is its whole JSON object."""

    sku: str
    for_sku: str
    json: bytes


@dataclass(frozen=True, slots=True)
class Used:
    """A profile attribute whose value was used, and the purpose that allowed it."""

    attribute: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Remembrance:
    """An answer that the shopper may let the shop remember, as which attribute, for which purpose."""

    question: str
    attribute: str
    purpose: str


@dataclass(frozen=True, slots=True)
class State:
    """Everything a client needs to go on; fields never vanish, empty is None or ()."""

    questionnaire: str
    version: str
    locale: str
    question: Asked | None
    answered: int
    at_most: int
    remaining: int
    answers: Mapping[str, object]
    set_aside: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    prefilled: Mapping[str, Prefill]
    conflict: Conflict | None
    shortlist: tuple[Listed, ...]
    companions: tuple[Beside, ...]
    used: tuple[Used, ...]
    not_used_without_consent: tuple[str, ...]
    outdated: tuple[str, ...] = ()
    widened: tuple[Widened, ...] = ()
    show_results: bool = True
    remember: tuple[Remembrance, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The state for `orjson.dumps`: plain values, products and companions as fragments of encoded JSON."""
        return {
            "questionnaire": {"id": self.questionnaire, "version": self.version, "locale": self.locale},
            "question": None if self.question is None else self.question.json(),
            "progress": {"answered": self.answered, "at_most": self.at_most},
            "remaining": self.remaining,
            "answers": self.answers,
            "set_aside": self.set_aside,
            "outdated": self.outdated,
            "skipped": [{"question": each.question, "because": each.because} for each in self.skipped],
            "prefilled": {question: _prefill(each) for question, each in self.prefilled.items()},
            "conflict": None if self.conflict is None else self.conflict.as_json(),
            "widened": [{"question": each.question, "by": each.by, "text": each.text} for each in self.widened],
            "show_results": self.show_results,
            "shortlist": [each.json() for each in self.shortlist],
            "companions": [orjson.Fragment(each.json) for each in self.companions],
            "remember": [
                {"question": each.question, "attribute": each.attribute, "purpose": each.purpose}
                for each in self.remember
            ],
            "basis": {
                "used": [{"attribute": each.attribute, "purpose": each.purpose} for each in self.used],
                "not_used_without_consent": self.not_used_without_consent,
            },
        }


def _ends(ends: Ends) -> dict[str, float | None]:
    return {
        "from": None if ends.low is None else plain_number(ends.low),
        "to": None if ends.high is None else plain_number(ends.high),
    }


def _prefill(prefill: Prefill) -> dict[str, object]:
    value = prefill.value
    plain = plain_number(value) if isinstance(value, float) and value.is_integer() else value
    return {"value": plain, "source": prefill.source}
