"""Answers that do nothing, or that undo each other: read off the products that fit each of them.

Codes: BG-Q018 fits no candidate, Q019 fits every candidate, Q025 question that never changes anything,
Q032 answers that undo each other where several may be picked.
"""

import itertools

import numpy as np

from service.advice.compiled import Compiled
from service.advice.judged import Judged
from service.advice.questionnaire import Option
from service.catalogue.sets import Words
from service.documents.problem import Complaints


def check_options(compiled: Compiled, complaints: Complaints) -> None:
    """Complain about answers and questions that do nothing."""
    for judged in compiled.judged:
        where = complaints.within(f"question '{judged.question.id}'")
        if not judged.question.options:
            continue
        before = len(complaints.found)
        for option, fits in zip(judged.question.options, judged.fits, strict=True):
            _option(compiled, option, fits, where.within(f"answer '{option.id}'"))
        if judged.question.choose == "many":
            _undoing(compiled, judged, where)
        if len(complaints.found) == before and _never_matters(compiled, judged):
            where.add(judged.question.at, "BG-Q025", _NEVER_MATTERS, "warning")


_NEVER_MATTERS = (
    "whatever is answered, the same products stay in the same order, and no later question asks for the answer; "
    "give its answers 'fits', or delete the question"
)


def _never_matters(compiled: Compiled, judged: Judged) -> bool:
    everything = compiled.universe.everything.words
    return not compiled.dependents[judged.question.id] and judged.makes_no_difference(everything)


def _option(compiled: Compiled, option: Option, fits: Words, complaints: Complaints) -> None:
    if not option.fits:
        return
    if not np.count_nonzero(fits):
        complaints.add(option.at, "BG-Q018", "no candidate fits; widen 'fits' or delete the answer", "warning")
    elif np.array_equal(fits, compiled.universe.everything.words):
        told = f"all {compiled.universe.everything.count()} candidates fit, so it tells nothing apart"
        complaints.add(option.at, "BG-Q019", f"{told}; narrow 'fits' or leave it out", "warning")


def _undoing(compiled: Compiled, judged: Judged, complaints: Complaints) -> None:
    """Where several may be picked: answers that fit everything, and pairs of which each candidate fits exactly one."""
    offered = list(zip(judged.question.options, judged.fits, strict=True))
    for option, _ in offered:
        if not option.fits:
            message = "fits everything, so whoever picks it beside others has narrowed nothing"
            _undone(option, message, complaints)
    telling = [(option, fits) for option, fits in offered if option.fits and np.count_nonzero(fits)]
    for (one, fits_one), (other, fits_other) in itertools.combinations(telling, 2):
        both = np.count_nonzero(fits_one & fits_other)
        if not both and np.array_equal(fits_one | fits_other, compiled.universe.everything.words):
            _undone(other, f"is the opposite of '{one.id}', so whoever picks both has narrowed nothing", complaints)


def _undone(option: Option, message: str, complaints: Complaints) -> None:
    remedy = "write 'choose: one', or leave this answer out: 'not sure' is offered anyway"
    complaints.within(f"answer '{option.id}'").add(option.at, "BG-Q032", f"{message}; {remedy}", "warning")
