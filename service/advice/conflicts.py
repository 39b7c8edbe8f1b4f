"""What a state says when no product meets all answers: which of them clash, and the cheapest ways out."""

from collections.abc import Mapping, Sequence

from service.advice import ways_out
from service.advice.compiled import Compiled
from service.advice.narrowing import hard, remaining_with
from service.advice.path import walk
from service.advice.reply import Reply
from service.advice.state import Conflict, WayOut

NAMED_AT_MOST = 5
"""Ways out that a state names."""


def conflict(compiled: Compiled, counted: Mapping[str, Reply]) -> Conflict:
    """The clash of the counted answers; its ways out give up filters alone where that will do, fewest answers first."""
    clashing = hard(compiled, counted)
    sets = _smallest(compiled, counted, clashing)
    involved = {answer for each in sets for answer in ways_out.positions(each)}
    gentle = ways_out.mask_of(i for i, each in enumerate(clashing) if _is_filter(compiled, each))
    offered = [each for each in sets if each & ~gentle == 0] or sets
    ways = sorted(
        (_way_out(compiled, counted, [clashing[i] for i in ways_out.positions(each)]) for each in offered),
        key=lambda way: (len(way.give_up), -way.remaining, [clashing.index(each) for each in way.give_up]),
    )
    return Conflict(tuple(clashing[i] for i in sorted(involved)), tuple(ways[:NAMED_AT_MOST]))


def _smallest(compiled: Compiled, counted: Mapping[str, Reply], clashing: Sequence[str]) -> list[int]:
    """Minimal sets to give up, as masks over the clashing answers."""
    kept = [compiled.standing(each, counted[each]).kept for each in clashing]
    reached = ways_out.minimal(ways_out.violations(kept, compiled.universe.everything.words))
    if all(compiled.by_id[each].question.only_if is None for each in clashing):
        return reached

    def dropped(given_up: int) -> int:
        rest = _without(counted, {clashing[i] for i in ways_out.positions(given_up)})
        left = walk(compiled.questions, rest).counted
        return ways_out.mask_of(i for i, each in enumerate(clashing) if each not in left)

    return ways_out.with_dependents(reached, len(clashing), dropped)


def _way_out(compiled: Compiled, counted: Mapping[str, Reply], give_up: Sequence[str]) -> WayOut:
    return WayOut(tuple(give_up), remaining_with(compiled, _without(counted, set(give_up))))


def _without(counted: Mapping[str, Reply], given_up: set[str]) -> Mapping[str, Reply]:
    return {each: counted[each] for each in counted if each not in given_up}


def _is_filter(compiled: Compiled, question: str) -> bool:
    return compiled.by_id[question].question.effect == "filter"
