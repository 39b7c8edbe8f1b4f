"""The best of many scores, without sorting the others."""

import numpy as np

from service.cross_sell.factors import Floats, Positions

GROUPS_FOR_EACH = 6
"""Groups for each score that is looked for: few enough to be quick, and so many that few scores lie above the least."""


def best(scores: Floats, look: int) -> Positions:
    """The first `look` positions by falling score, ties by position; fewer only if not so many are above -inf."""
    least = _reached_by(scores, look)
    above = (scores > least).nonzero()[0]
    ordered: Positions = above[(-scores[above]).argsort(kind="stable")][:look]
    if len(ordered) == look or least == -np.inf:
        return ordered
    equal = np.flatnonzero(scores == least)
    return np.concatenate([ordered, equal[: look - len(ordered)]])


def _reached_by(scores: Floats, look: int) -> np.float32:
    """A score that at least `look` products reach (the `look`-th best of the best of groups), else -inf."""
    groups = look * GROUPS_FOR_EACH
    size = len(scores) // groups
    if size <= 1:
        return np.partition(scores, -look)[-look] if look < len(scores) else np.float32(-np.inf)
    grouped = scores[: groups * size].reshape(size, groups).max(axis=0)
    grouped.partition(-look)
    return np.float32(grouped[-look])
