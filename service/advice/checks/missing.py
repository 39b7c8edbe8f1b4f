"""Attributes that a question compares and that many candidates do not state.

Code: BG-Q029 an attribute is missing in a large share of the candidates that can be had.
"""

from collections.abc import Iterator

from service.advice.compiled import Compiled
from service.advice.questionnaire import Choice, Near, Question, Span, Within
from service.advice.words import Word
from service.documents.problem import Complaints

WORTH_SAYING = 0.3
"""The share of candidates that do not state an attribute from which on it is said."""


def check_missing(compiled: Compiled, complaints: Complaints) -> None:
    """Complain once per question about every attribute that too few candidates state."""
    total = compiled.universe.everything.count()
    for question in compiled.questions:
        told: set[str] = set()
        for word in _compared(question):
            lacking = compiled.universe.missing(word.text).count()
            if total and lacking / total > WORTH_SAYING and word.text not in told:
                told.add(word.text)
                share = f"{round(100 * lacking / total)} % of the candidates ({lacking} of {total})"
                message = f"'{word.text}' is missing in {share}; {_consequence(question)}; complete the products' data"
                complaints.within(f"question '{question.id}'").add(word.at, "BG-Q029", message, "warning")


def _consequence(question: Question) -> str:
    if question.missing_data == "drop":
        return "they drop out as soon as it is answered"
    return "they stay, whatever is answered, as 'not stated'"


def _compared(question: Question) -> Iterator[Word]:
    match question.asks:
        case Choice(options):
            yield from (fit.attribute for option in options for fit in option.fits)
        case Near(attribute) | Span(attribute):
            yield attribute
        case Within(low, high):
            yield from (low, high)
