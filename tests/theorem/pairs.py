"""Pairs of databases that agree on what may be used and differ elsewhere, drawn by a seed and shrunk if need be."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Literal

from tests.theorem import cells
from tests.theorem.cells import Key, Row
from tests.theorem.shop_folder import BLOCKABLE, SKUS
from tests.theorem.state import State, Stored, stored

Relation = Literal["advice_profile", "cross_sell", "grants", "all_grants", "own", "nothing"]
"""What the two shops agree on, besides their files and who their tokens open.

advice_profile, cross_sell: the values and orders that the shopper consented to for that purpose. grants: the shopper's
grants in force. all_grants: those of everybody, and what everybody blocks. own: everything that is stored about the
shopper. nothing: nothing.
All but `nothing` agree on the topics that the shopper blocks, too: these are obeyed without a consent.
"""

Place = tuple[str, Key]
Cells = Mapping[Place, tuple[Row | None, Row | None]]


@dataclass(frozen=True)
class Pair:
    """Two databases: the rows that both have from the start, and beside them cells that may differ."""

    base: State
    cells: Cells

    @cached_property
    def states(self) -> tuple[State, State]:
        """All rows of the one, and of the other."""
        return self._state(0), self._state(1)

    def _state(self, side: int) -> State:
        found: dict[str, list[Stored]] = {}
        for (table, _), both in self.cells.items():
            row = both[side]
            if row is not None:
                found.setdefault(table, []).append(stored(table, row))
        return self.base | {table: self.base[table].union(rows) for table, rows in found.items()}

    def differing(self) -> list[Place]:
        """Where the two are not the same."""
        return [place for place, (one, other) in self.cells.items() if one != other]

    def filled(self) -> list[Place]:
        """Where anything stands."""
        return [place for place, both in self.cells.items() if both != (None, None)]

    def with_alike(self, places: Iterable[Place], side: int | None) -> "Pair":
        """The pair with these places as they are on one side, or empty."""
        alike = {place: (row, row) for place in places for row in [None if side is None else self.cells[place][side]]}
        return Pair(self.base, {**self.cells, **alike})

    def __str__(self) -> str:
        lines = (f"  {place}: {one}\n      != {other}" for place, (one, other) in self.cells.items() if one or other)
        return "\n".join(lines)


def shrunk(pair: Pair, still: Callable[[Pair], bool]) -> Pair:
    """The pair with as little in it as `still` matters: large parts are left out first, then single rows."""
    for side, places in ((None, Pair.differing), (0, Pair.differing), (1, Pair.differing), (None, Pair.filled)):
        size = len(places(pair))
        while size:
            for begin in range(0, len(places(pair)), size):
                simpler = pair.with_alike(places(pair)[begin : begin + size], side)
                pair = simpler if still(simpler) else pair
            size //= 2
    return pair


@dataclass(frozen=True)
class World:
    """Who there is, what they decided, and the rows that every pair has."""

    me: str
    others: tuple[str, ...]
    events: Mapping[str, str]
    base: State

    def pair(self, rng: Random, relation: Relation) -> Pair:
        """Two databases that agree in this sense. Grants come first, since they decide which values matter."""
        drawn: dict[Place, tuple[Row | None, Row | None]] = {}
        for place in self._places(rng):
            one = self._draw(rng, place)
            for other in self._candidates(rng, place, one):
                drawn[place] = (one, other)
                if self._agree_at(place, drawn, relation):
                    break
        return Pair(self.base, drawn)

    def agree(self, pair: Pair, relation: Relation) -> bool:
        """Whether the two are equal in all that may be used."""
        return all(self._agree_at(place, pair.cells, relation) for place in pair.cells)

    def _agree_at(self, place: Place, drawn: Cells, relation: Relation) -> bool:
        one, other = (_rows_of(drawn, side) for side in (0, 1))
        return _matters(place, one, self.me, relation) == _matters(place, other, self.me, relation)

    def _candidates(self, rng: Random, place: Place, one: Row | None) -> Iterator[Row | None]:
        """What the other shop may have there, the most different first; the last is the same."""
        for _ in range(4):
            yield self._draw(rng, place)
        yield one

    def _places(self, rng: Random) -> Iterator[Place]:
        for subject in (self.me, *self.others):
            yield from (("consent_grant", (subject, *key)) for key in cells.grant_keys(rng))
            yield from (("profile_value", (subject, *key)) for key in cells.value_keys(rng))
            topics = rng.sample(BLOCKABLE, rng.randrange(3))
            yield from (("blocked_topic", (subject, topic)) for topic in topics)
            for table in ("order_line", "interaction"):
                yield from ((table, (subject, str(number))) for number in range(rng.randrange(4)))

    def _draw(self, rng: Random, place: Place) -> Row | None:
        table, (subject, *rest) = place
        match table:
            case "consent_grant":
                return cells.grant(rng, subject, tuple(rest), self.events[subject])
            case "profile_value":
                return cells.value(rng, subject, rest[0], rest[1])
            case "blocked_topic":
                return {"shopper_id": subject, "topic": rest[0]} if rng.random() < 0.6 else None
            case "interaction":
                return cells.interaction(rng, subject, int(rest[0]), SKUS)
            case _:
                return cells.order(rng, subject, int(rest[0]), SKUS)


def _rows_of(drawn: Cells, side: int) -> Callable[[Place], Row | None]:
    return lambda place: drawn.get(place, (None, None))[side]


def _matters(place: Place, row: Callable[[Place], Row | None], me: str, relation: Relation) -> object:
    """What of this place may be used; equal on both sides of a pair that agrees."""
    table, (subject, *_) = place
    if relation == "all_grants":
        return row(place) if table == "blocked_topic" else _granted(place, row)
    if subject != me or relation == "nothing":
        return None
    if relation == "own" or table == "blocked_topic":
        return row(place)
    if relation == "grants":
        return _granted(place, row)
    return _for_purpose(place, row, relation)


def _granted(place: Place, row: Callable[[Place], Row | None]) -> Row | None:
    return row(place) if place[0] == "consent_grant" and not _is_over(row(place)) else None


def _for_purpose(place: Place, row: Callable[[Place], Row | None], purpose: str) -> object:
    table, (me, *rest) = place
    if table == "consent_grant":
        attribute, for_what, source = rest
        if rest == list(cells.CAPTURE):
            return _releases_captured(me, row, purpose)
        return for_what == purpose and _declared(attribute, source, purpose) and cells.holds(row(place))
    if table == "profile_value":
        attribute, source = rest
        granted = cells.holds(row(("consent_grant", (me, attribute, purpose, source))))
        return row(place) if granted and _declared(attribute, source, purpose) and cells.usable(row(place)) else None
    if table == "interaction":
        return cells.bought(row(place)) if _releases_captured(me, row, purpose) else None
    return cells.in_window(row(place)) if _releases_orders(me, row, purpose) else None


def _releases_orders(me: str, row: Callable[[Place], Row | None], purpose: str) -> bool:
    return purpose == "cross_sell" and cells.holds(row(("consent_grant", (me, "orders", purpose, "shop"))))


def _releases_captured(me: str, row: Callable[[Place], Row | None], purpose: str) -> bool:
    """Whether purchases that were captured may be seen: it takes the consent to that, and the one to capture."""
    return _releases_orders(me, row, purpose) and cells.holds(row(("consent_grant", (me, *cells.CAPTURE))))


def _declared(attribute: str, source: str, purpose: str) -> bool:
    if attribute not in cells.SERVES[purpose]:
        return False
    return source in (("shop",) if attribute == "orders" else cells.SOURCES[attribute])


def _is_over(row: Row | None) -> bool:
    return row is not None and row["until"] is not None and not cells.holds({**row, "given_at": 0})
