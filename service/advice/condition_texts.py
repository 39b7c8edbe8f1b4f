"""When a question is asked, told in the questions' and answers' own texts: for whoever does not read ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from service.advice.conditions import All, Any, AnyOf, AtLeast, AtMost, Condition, Is, Not
from service.advice.questionnaire import Questionnaire
from service.advice.wording import Wording
from service.advice.words import Word

_WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "or": "oder",
        "and": "und",
        "not": "nicht",
        "least": "mindestens",
        "most": "höchstens",
        "open": "„",
        "close": "“",
    },
    "en": {"or": "or", "and": "and", "not": "not", "least": "at least", "most": "at most", "open": "“", "close": "”"},
}


@dataclass(frozen=True, slots=True)
class ConditionTexts:
    """Writes the conditions of one questionnaire in one of its languages."""

    questionnaire: Questionnaire
    locale: str

    def tell(self, condition: Condition) -> str:  # noqa: PLR0911  one line per kind of condition
        """The condition as one would read it out."""
        words = self._words
        match condition:
            case Is(question, option):
                return f"{self._question(question)} {self._option(question, option)}"
            case AnyOf(question, options):
                named = f" {words['or']} ".join(self._option(question, option) for option in options)
                return f"{self._question(question)} {named}"
            case AtLeast(question, number):
                return f"{self._question(question)} {words['least']} {self._number(number)}"
            case AtMost(question, number):
                return f"{self._question(question)} {words['most']} {self._number(number)}"
            case Not(inner):
                return f"{words['not']} ({self.tell(inner)})"
            case All(parts):
                return f" {words['and']} ".join(map(self._part, parts))
            case Any(parts):
                return f" {words['or']} ".join(map(self._part, parts))
            case _:
                assert_never(condition)

    @property
    def _words(self) -> Mapping[str, str]:
        return _WORDS.get(Wording.of(self.locale).locale.language, _WORDS["en"])

    def _part(self, condition: Condition) -> str:
        return f"({self.tell(condition)})" if isinstance(condition, All | Any) else self.tell(condition)

    def _number(self, number: float) -> str:
        return Wording.of(self.locale).number(number, None)

    def _question(self, tested: Word) -> str:
        found = next((each for each in self.questionnaire.questions if each.id == tested.text), None)
        return tested.text if found is None else found.text.get(self.locale)

    def _option(self, tested: Word, named: Word) -> str:
        offered = (
            each for question in self.questionnaire.questions if question.id == tested.text for each in question.options
        )
        found = next((each for each in offered if each.id == named.text), None)
        text = named.text if found is None else found.text.get(self.locale)
        return f"{self._words['open']}{text}{self._words['close']}"
