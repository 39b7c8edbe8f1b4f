"""Searches for the best fixed order: built up greedily, then improved by moving and swapping questions."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

Order: TypeAlias = tuple[int, ...]
Cost: TypeAlias = Callable[[Order], float]


def grown(questions: int, cost_of_beginning: Cost) -> Order:
    """Takes at every place the question that makes the beginning cheapest, the first of equals."""
    order: Order = ()
    while len(order) < questions:
        rest = (question for question in range(questions) if question not in order)
        order = min(((*order, question) for question in rest), key=cost_of_beginning)
    return order


def improved(order: Order, cost: Cost) -> Order:
    """Takes every change that makes the order cheaper until no move of one question and no swap of two does."""
    lowest = cost(order)
    better = True
    while better:
        better = False
        for changed in _neighbours(order):
            if (price := cost(changed)) < lowest:
                order, lowest, better = changed, price, True
                break
    return order


def _neighbours(order: Order) -> Iterator[Order]:
    places = range(len(order))
    for taken in places:
        rest = order[:taken] + order[taken + 1 :]
        yield from ((*rest[:to], order[taken], *rest[to:]) for to in places if to != taken)
    for left in places:
        for right in places[left + 2 :]:
            swapped = list(order)
            swapped[left], swapped[right] = swapped[right], swapped[left]
            yield tuple(swapped)
