"""Answers worth remembering: which a shopper may let the shop keep, as which value, and what is wrong with that.

Codes: BG-Q021 an attribute that no answer may be kept under, Q036 one of another kind than the question's answers,
Q037 an answer about sensitive products.
"""

from collections.abc import Iterator, Mapping

from service.advice.compiled import Compiled
from service.advice.questionnaire import Question
from service.advice.registered import PURPOSE, Registered
from service.advice.replies import Answers
from service.advice.reply import Measured, Picked, Reply, plain_number
from service.advice.state import Remembrance
from service.documents.problem import Complaints, did_you_mean

SHOPPER = "shopper"
"""The source of what somebody said themselves."""
YES, NO = "yes", "no"


def offered(compiled: Compiled, answers: Answers, counted: Mapping[str, Reply]) -> Iterator[Remembrance]:
    """What may be remembered of the answers that were given and count; the same whatever anybody consented to.

    What is sensitive may be asked about and enters no profile.
    """
    if compiled.is_sensitive:
        return
    for each in counted:
        question = compiled.by_id[each].question
        if question.remember_as is not None and isinstance(answers.get(each), Picked | Measured):
            yield Remembrance(question.id, question.remember_as.text, PURPOSE)


def value_of(reply: Reply, kind: str) -> str | float | bool | None:
    """The value of an attribute of this kind that the reply stands for; None where it stands for none."""
    match reply:
        case Measured(number):
            return plain_number(number)
        case Picked((option,)):
            return option == YES if kind == "boolean" else option
        case _:
            return None


def check_remembering(question: Question, register: Registered, complaints: Complaints, *, is_sensitive: bool) -> None:
    """Complain if the question's answers cannot be kept under the attribute that it names.

    Where they would be about something sensitive they are not kept in any case; that is said, and refuses no file, so
    that a category is sensitive as soon as the shop says so.
    """
    name = question.remember_as
    if name is None:
        return
    if is_sensitive:
        message = "there are sensitive products among the candidates, so that the answer is never remembered; leave "
        complaints.add(name.at, "BG-Q037", f"{message}this out, or ask it in another questionnaire", "warning")
    registered = register.get(name.text)
    if registered is None:
        hint = did_you_mean(name.text, register) or "; register it in privacy.yaml first"
        complaints.add(name.at, "BG-Q021", f"the register has no attribute '{name.text}'{hint}")
    elif PURPOSE not in registered.purposes:
        message = f"'{name.text}' may not serve '{PURPOSE}'; allow it in privacy.yaml or do not remember the answer"
        complaints.add(name.at, "BG-Q021", message)
    elif SHOPPER not in registered.sources:
        message = f"'{name.text}' does not come from '{SHOPPER}'; add it to its sources in privacy.yaml"
        complaints.add(name.at, "BG-Q021", message)
    elif registered.kind not in _kinds(question):
        wanted = " or ".join(_kinds(question))
        message = f"'{name.text}' is of kind {registered.kind}, and these answers are {wanted}; name another attribute"
        complaints.add(name.at, "BG-Q036", message)


def _kinds(question: Question) -> tuple[str, ...]:
    if question.choose == "number":
        return ("number",)
    return ("text", "boolean") if {option.id for option in question.options} <= {YES, NO} else ("text",)
