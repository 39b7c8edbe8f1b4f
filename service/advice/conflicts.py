"""What a state says when no product meets all answers: which of them clash, the cheapest ways out, the near misses."""

from collections.abc import Iterator, Sequence

from service.advice import ways_out
from service.advice.compiled import Compiled
from service.advice.dropping import ways_to_drop
from service.advice.listing import described, points
from service.advice.masks import Mask
from service.advice.narrowing import Situation, Weighed, settled, widest
from service.advice.phrases import Phrases
from service.advice.state import Conflict, WayOut

NAMED_AT_MOST = 5
"""Ways out that a state names."""

BEST_OF_EACH = 3
"""Products shown for each way out."""

FILTER_KEPT, REQUIREMENT_KEPT = 1 << 9, 1 << 15
"""What a kept answer is worth to a near miss: more than all preferences, and than all filters, together."""


def conflict(compiled: Compiled, here: Situation, phrases: Phrases) -> Conflict:
    """The clash of the counted answers; its ways out give up filters alone where that will do, fewest answers first."""
    clashing = [each for each in here.weighed if each.question.effect != "prefer"]
    names = [each.question.id for each in clashing]
    sets = _smallest(compiled, here, clashing)
    gentle = ways_out.mask_of(place for place, each in enumerate(clashing) if each.question.effect == "filter")
    offered = [each for each in sets if each & ~gentle == 0] or sets
    priced = [(way, _without(compiled, here, names, way)) for way in offered]
    priced.sort(key=lambda each: (each[0].bit_count(), -each[1].remaining, ways_out.positions(each[0])))
    involved = sorted({place for each in sets for place in ways_out.positions(each)})
    return Conflict(
        answers=tuple(names[place] for place in involved),
        ways_out=tuple(
            WayOut(
                give_up=tuple(names[place] for place in ways_out.positions(way)),
                remaining=after.remaining,
                best=described(compiled, here, compiled.ranking.best(after.left, points(after), BEST_OF_EACH), phrases),
            )
            for way, after in priced[:NAMED_AT_MOST]
        ),
        near_misses=described(compiled, here, _near_misses(compiled, here), phrases) if clashing else (),
    )


def _smallest(compiled: Compiled, here: Situation, clashing: Sequence[Weighed]) -> list[int]:
    """Minimal sets to give up, as masks over the clashing answers."""
    everything = compiled.universe.everything.words
    violated = ways_out.minimal(ways_out.violations([widest(compiled, each).kept for each in clashing], everything))
    if all(each.question.only_if is None for each in clashing):
        return violated
    bits = {each.question.id: place for place, each in enumerate(clashing)}
    drops = ways_to_drop(compiled.questions, here.path.counted, bits)
    return ways_out.ways(violated, [drops[each.question.id] for each in clashing])


def _without(compiled: Compiled, here: Situation, names: Sequence[str], given_up: int) -> Situation:
    """Where the answers lead once some are taken back."""
    gone = {names[place] for place in ways_out.positions(given_up)}
    return settled(compiled, {each: reply for each, reply in here.path.counted.items() if each not in gone})


def _near_misses(compiled: Compiled, here: Situation) -> list[int]:
    """Who violates fewest requirements, then fewest filters, then is best by utility, price and sku."""
    return compiled.ranking.best(
        compiled.everything, [*points(here), *_kept(here)], compiled.questionnaire.show_at_most
    )


def _kept(here: Situation) -> Iterator[tuple[Mask, int]]:
    for each in here.weighed:
        if each.question.effect != "prefer":
            worth = FILTER_KEPT if each.question.effect == "filter" else REQUIREMENT_KEPT
            yield each.standing.staying, worth
