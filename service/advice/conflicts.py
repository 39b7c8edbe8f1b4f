"""What a state says when no product meets all answers: which of them clash, and the cheapest ways out."""

from collections.abc import Iterable, Mapping, Sequence

from service.advice import ways_out
from service.advice.compiled import Compiled
from service.advice.narrowing import Situation, Weighed, remaining_with
from service.advice.path import walk
from service.advice.reply import Reply
from service.advice.state import Conflict, WayOut

NAMED_AT_MOST = 5
"""Ways out that a state names."""


def conflict(compiled: Compiled, here: Situation) -> Conflict:
    """The clash of the counted answers; its ways out give up filters alone where that will do, fewest answers first."""
    clashing = [each for each in here.weighed if each.question.effect != "prefer"]
    names = [each.question.id for each in clashing]
    sets = _smallest(compiled, here, clashing)
    gentle = ways_out.mask_of(place for place, each in enumerate(clashing) if each.question.effect == "filter")
    offered = [each for each in sets if each & ~gentle == 0] or sets
    ways = sorted(map(ways_out.positions, offered), key=lambda way: (len(way), way))
    priced = [WayOut(tuple(names[place] for place in way), _left(compiled, here, names, way)) for way in ways]
    priced.sort(key=lambda way: (len(way.give_up), -way.remaining))
    involved = sorted({place for each in sets for place in ways_out.positions(each)})
    return Conflict(tuple(names[place] for place in involved), tuple(priced[:NAMED_AT_MOST]))


def _smallest(compiled: Compiled, here: Situation, clashing: Sequence[Weighed]) -> list[int]:
    """Minimal sets to give up, as masks over the clashing answers."""
    kept = [each.standing.kept for each in clashing]
    reached = ways_out.minimal(ways_out.violations(kept, compiled.universe.everything.words))
    if all(each.question.only_if is None for each in clashing):
        return reached
    names = [each.question.id for each in clashing]

    def dropped(given_up: int) -> int:
        rest = _without(here, names, ways_out.positions(given_up))
        left = walk(compiled.questions, rest).counted
        return ways_out.mask_of(place for place, each in enumerate(names) if each not in left)

    return ways_out.with_dependents(reached, len(clashing), dropped)


def _left(compiled: Compiled, here: Situation, names: Sequence[str], given_up: Iterable[int]) -> int:
    return remaining_with(compiled, _without(here, names, given_up))


def _without(here: Situation, names: Sequence[str], given_up: Iterable[int]) -> Mapping[str, Reply]:
    """The answers once some are taken back."""
    gone = {names[place] for place in given_up}
    return {each: reply for each, reply in here.path.counted.items() if each not in gone}
