"""How an answer is written out for a reason: "bis 2.000 €", "178 cm", or the author's own words around it."""

import re
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from service.advice.questionnaire import Option, Question
from service.advice.reply import Between
from service.documents.texts import Texts

_GAP = "\N{NO-BREAK SPACE}"
_RANGES = {
    "de": ("{low} bis {high}", "ab {low}", "bis {high}"),
    "en": ("{low} to {high}", "from {low}", "up to {high}"),
}
_RANGES_IN_SIGNS = ("{low} \N{EN DASH} {high}", "≥ {low}", "≤ {high}")


@dataclass(frozen=True, slots=True)
class Money:
    """The unit of a price: an ISO 4217 code."""

    currency: str


Unit = Money | Texts | None


@dataclass(frozen=True, slots=True)
class Wording:
    """Writes numbers, ranges and reasons for one locale of a questionnaire."""

    tag: str
    locale: Locale

    @classmethod
    def of(cls, tag: str) -> "Wording":
        """The wording for a BCP 47 tag; numbers look as in the nearest locale that Babel knows, else as in English."""
        return cls(tag, _babel_locale(tag))

    def unit(self, unit: Unit) -> str | None:
        """What is shown behind a number."""
        match unit:
            case Money(currency):
                return get_currency_symbol(currency, self.locale)
            case Texts():
                return unit.get(self.tag)
            case None:
                return None

    def number(self, number: float, unit: Unit) -> str:
        """A number with its unit; whole amounts of money go without decimals."""
        if isinstance(unit, Money):
            return self._money(number, unit.currency)
        written = format_decimal(number, locale=self.locale)
        return written if unit is None else f"{written}{_GAP}{unit.get(self.tag)}"

    def between(self, reply: Between, unit: Unit) -> str:
        """A range in words, or in signs where no words are known for the language."""
        both, least, most = _RANGES.get(self.locale.language, _RANGES_IN_SIGNS)
        low, high = ("" if end is None else self.number(end, unit) for end in (reply.low, reply.high))
        if reply.low is None:
            return most.format(high=high)
        return least.format(low=low) if reply.high is None else both.format(low=low, high=high)

    def reason(self, question: Question, answer: str) -> str:
        """The answer as a reason: the author's `because` around it, or as it is."""
        return answer if question.because is None else question.because.get(self.tag).replace("{answer}", answer)

    def option(self, option: Option) -> str:
        """The option as a reason: the author's `because`, or its text."""
        return (option.because or option.text).get(self.tag)

    def _money(self, amount: float, currency: str) -> str:
        if amount != int(amount):
            return format_currency(amount, currency, locale=self.locale)
        pattern = re.sub(r"\.0+", "", self.locale.currency_formats["standard"].pattern)
        return format_currency(amount, currency, pattern, self.locale, currency_digits=False)


def _babel_locale(tag: str) -> Locale:
    subtags = tag.split("-")
    while subtags:
        try:
            return Locale.parse("_".join(subtags))
        except (UnknownLocaleError, ValueError):
            subtags.pop()
    return Locale("en")
