"""The order of the questions: whether another one would let shoppers of this catalogue end sooner.

Code: BG-Q034 a better fixed order exists (note).
"""

from service.advice.better_order import better_order
from service.advice.compiled import Compiled
from service.documents.problem import Complaints


def check_order(compiled: Compiled, complaints: Complaints) -> None:
    """Propose a better order, at the first question that would give up its place."""
    found = better_order(compiled)
    if found is None:
        return
    moved = next(each for each, better in zip(compiled.questions, found.order, strict=True) if each.id != better)
    sampled = "" if found.shoppers == found.products else f" (sampled: {found.shoppers} of {found.products:,} shoppers)"
    message = (
        f"in another order shoppers need {found.takes:.1f} instead of {found.as_written:.1f} questions that narrow"
        f"{sampled}; write: {', '.join(found.order)}, or 'order: adaptive'"
    )
    complaints.add(moved.at, "BG-Q034", message, "note")
