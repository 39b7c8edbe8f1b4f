"""The best of many scores, without sorting the others."""

import numpy as np

from service.cross_sell.factors import Floats, Positions

GROUP = 16
FEW = 1_024


def best(scores: Floats, look: int) -> Positions:
    """The first `look` positions by falling score, ties by position; fewer only if not so many are above -inf."""
    least = _reached_by(scores, look)
    above = np.flatnonzero(scores > least)
    ordered: Positions = above[np.argsort(-scores[above], kind="stable")][:look]
    if len(ordered) == look or least == -np.inf:
        return ordered
    equal = np.flatnonzero(scores == least)
    return np.concatenate([ordered, equal[: look - len(ordered)]])


def _reached_by(scores: Floats, look: int) -> np.float32:
    """A score that at least `look` products reach (the `look`-th best of the best of groups), else -inf."""
    columns = len(scores) // GROUP
    if columns <= look or len(scores) <= FEW:
        return np.partition(scores, -look)[-look] if look < len(scores) else np.float32(-np.inf)
    grouped = scores[: columns * GROUP].reshape(GROUP, columns).max(axis=0)
    return np.float32(np.partition(grouped, -look)[-look])
