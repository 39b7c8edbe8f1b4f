"""When nothing fits, answers that may be widened are: by a share of the number or of each end of the range."""

from service.advice.questionnaire import Near, Question
from service.advice.reply import Between, Measured, Reply

_PLACES = 9
"""A tenth more of 178 is 195.8, not 195.80000000000001."""


def widened(question: Question, reply: Reply) -> Between | None:
    """The range that a reply is widened to; None for a reply that has no numbers."""
    match reply:
        case Between(low, high):
            return Between(
                None if low is None else _moved(low, -question.widen * abs(low)),
                None if high is None else _moved(high, question.widen * abs(high)),
            )
        case Measured(number):
            tolerance = question.asks.tolerance if isinstance(question.asks, Near) else 0.0
            slack = tolerance + question.widen * abs(number)
            return Between(_moved(number, -slack), _moved(number, slack))
        case _:
            return None


def _moved(number: float, by: float) -> float:
    return round(number + by, _PLACES)
