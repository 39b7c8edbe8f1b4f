"""Simulated shoppers and orders for the demo shop: the same seed gives the same bytes, and habits worth finding.

    python shop/simulate.py --out var/demo --seed 7

Nobody in here exists. Order ids begin with `simulated-`, profile values come from `simulated:…`, and every shopper's
record says `"simulated": true`. What is bought together stands in habits.csv (who has bought `after` also takes `take`,
agreeing in `match`, in this share of cases), what an order without a bike begins with in needs.csv. What somebody buys
also depends on how they ride, on how experienced they are, on their size, on their bike and on the season.
"""

import argparse
import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from pathlib import Path

import numpy as np

SHOPPERS, GUESTS, DAYS, ENDS = 3_200, 1_500, 730, date(2026, 9, 30)
SHARE_TRAINING, SHARE_EVERYTHING = 0.5, 0.5  # of all shoppers; of those again
BIKES = ("road_bike", "gravel_bike", "city_bike")
WINTER = (10, 11, 12, 1, 2)
MOST_LINES = 8
LEVELS = {"beginner": 0.1, "some": 0.45, "ambitious": 0.9}  # the price tier that somebody looks for
STYLES = {
    "road_bike": ("fitness", "long_rides", "racing"),
    "gravel_bike": ("long_rides", "fitness", "daily"),
    "city_bike": ("daily", "daily", "fitness"),
}
LIKED = {
    "fitness": ("jersey", "shorts"),
    "long_rides": ("bottle",),
    "racing": ("shoe", "pedal"),
    "daily": ("lock", "light", "pannier"),
}
EVERYTHING_ELSE = {
    "advice_profile": ("height_cm", "riding_style", "experience", "commute"),
    "cross_sell": ("riding_style", "experience", "orders"),
    "model_training": ("riding_style", "experience"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A product as the simulation sees it; `tier` is its price's rank in its category, 0 cheapest to 1 dearest."""

    sku: str
    category: str
    price: float
    traits: Mapping[str, str]
    tier: float

    def agrees(self, attribute: str, value: str) -> bool:
        """Whether it states one of these values; of a product that states nothing, nothing is known against it."""
        stated = self.traits.get(attribute, "")
        return not stated or not value or bool(set(stated.split("|")) & set(value.split("|")))


@dataclass(frozen=True, slots=True)
class Habit:
    """One row of habits.csv; `only` is about what is taken, `unless` about what was bought before."""

    after: str
    take: str
    share: float
    match: str
    only: tuple[str, str]
    unless: tuple[str, str]
    season: str


@dataclass(frozen=True)
class World:
    """The shop and what people are used to, as read from the files beside products.csv."""

    things: Mapping[str, Sequence[Thing]]
    habits: Mapping[str, Sequence[Habit]]
    needs: Sequence[Mapping[str, str]]


@dataclass
class Person:
    """Somebody who does not exist. Guests have no `ref`."""

    ref: str
    rides: str
    style: str
    experience: str
    height: int
    commute: str
    bike: Thing | None = None
    ordered: list[datetime] = field(default_factory=list)

    @property
    def clothing(self) -> str:
        """The size on the label."""
        return "S" if self.height < 167 else "M" if self.height < 180 else "L"  # noqa: PLR2004  a size chart

    @property
    def shoe(self) -> str:
        """The European shoe size."""
        return ("39", "41", "43", "45")[min(3, max(0, (self.height - 155) // 10))]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order."""

    order: int
    line: int
    shopper: str
    sku: str
    quantity: int
    price: float
    at: datetime


@dataclass(frozen=True)
class Simulation:
    """Everything that was made up: order lines by time, and one record per shopper."""

    lines: tuple[Line, ...]
    shoppers: tuple[Mapping[str, object], ...]


class Dice:
    """A seeded generator, asked in few ways."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.Generator(np.random.PCG64(seed))

    def chance(self, share: float) -> bool:
        """Yes in this share of cases."""
        return float(self.generator.random()) < share

    def below(self, end: int) -> int:
        """A whole number from 0, all alike."""
        return int(self.generator.integers(end))

    def index(self, weights: Sequence[float]) -> int:
        """A position, drawn in proportion to the weights (not all zero)."""
        sums = list(accumulate(weights))
        return int(np.searchsorted(sums, self.generator.random() * sums[-1], side="right"))


class Visit:
    """One person in the shop at one time, filling a basket."""

    def __init__(self, world: World, dice: Dice, person: Person, at: datetime) -> None:
        self.world, self.dice, self.person, self.at = world, dice, person, at
        self.season = "winter" if at.month in WINTER else "summer"
        self.basket: list[Thing] = []

    def fill(self) -> list[Thing]:
        """One first thing, then what habit adds to everything that is in the basket already; seldom two of a kind."""
        self._take(self._first_category())
        for thing in self.basket:  # grows while it is walked
            for habit in self.world.habits.get(thing.category, ()):
                self._follow(habit, thing)
        if self.basket and self.dice.chance(0.015):
            self._take(self.basket[-1].category, lambda other: other not in self.basket)
        return self.basket

    def _first_category(self) -> str:
        if self.dice.chance(0.5 if self.person.bike is None else 0.03):
            return self.person.rides
        needs = self.world.needs
        cold = self.season == "winter"
        weights = [float(row[self.person.rides]) * (float(row["in_winter"]) if cold else 1) for row in needs]
        return needs[self.dice.index(weights)]["category"]

    def _follow(self, habit: Habit, thing: Thing) -> None:
        known = {other.category for other in self.basket}
        ruled_out = thing.traits.get(habit.unless[0]) == habit.unless[1] or habit.season not in {"", self.season}
        full = len(self.basket) == MOST_LINES or habit.take in known
        if not (ruled_out or full) and self.dice.chance(self._share(habit)):
            wanted = thing.traits.get(habit.match, "")
            self._take(habit.take, lambda other: other.agrees(habit.match, wanted) and other.agrees(*habit.only))

    def _share(self, habit: Habit) -> float:
        """Long rides are thirsty, and every day wants a lock."""
        return min(0.95, habit.share * (1.3 if habit.take in LIKED[self.person.style] else 0.9))

    def _take(self, category: str, wanted: Callable[[Thing], bool] = lambda _: True) -> None:
        """Rather what suits the purse and the style, and of these rather what stands first; nothing if nothing fits."""
        found = [thing for thing in self.world.things[category] if self._fits(thing) and wanted(thing)]
        if not found:
            return
        weights = [self._liking(thing) / (1 + place) ** 0.3 for place, thing in enumerate(found)]
        self.basket.append(found[self.dice.index(weights)])
        if category in BIKES:
            self.person.bike = self.basket[-1]

    def _liking(self, thing: Thing) -> float:
        away = abs(thing.tier - LEVELS[self.person.experience])
        return math.exp(-3 * away) * (2 if thing.agrees("uses", self.person.style) else 1)

    def _fits(self, thing: Thing) -> bool:
        if thing.category in BIKES:
            return float(thing.traits["rider_min_cm"]) <= self.person.height <= float(thing.traits["rider_max_cm"])
        wearable = self._worn_size(thing) and thing.agrees("season", f"all_year|{self.season}")
        return wearable and self._for_the_bike(thing)

    def _worn_size(self, thing: Thing) -> bool:
        size, clothing = thing.traits["size"], self.person.clothing
        if thing.category == "shoe":
            return size == self.person.shoe
        return size in {"", clothing} or (clothing == "S" and thing.category in {"helmet", "overshoe"} and size == "M")

    def _for_the_bike(self, thing: Thing) -> bool:
        """Tubes, pedals and shoes are bought for the bike that somebody has."""
        bike = self.person.bike
        return bike is None or all(thing.agrees(name, bike.traits[name]) for name in ("tube_size", "pedal_system"))


def simulate(folder: Path, *, seed: int = 7, shoppers: int = SHOPPERS, guests: int = GUESTS) -> Simulation:
    """Make up shoppers and two years of orders of the shop in this folder; the same arguments give the same result."""
    world, dice = read_world(folder), Dice(seed)
    people = [_person(dice, f"demo-{number:04}") for number in range(1, shoppers + 1)]
    visits = [(person, _moment(dice)) for person in people for _ in range(1 + int(dice.generator.poisson(3.7)))]
    visits += [(_person(dice, ""), _moment(dice)) for _ in range(guests)]
    lines: list[Line] = []
    for number, (person, at) in enumerate(sorted(visits, key=lambda visit: (visit[1], visit[0].ref)), start=1):
        person.ordered.append(at)
        lines += _order(Visit(world, dice, person, at), number)
    return Simulation(tuple(lines), tuple(_record(dice, person) for person in people))


def write(simulation: Simulation, folder: Path) -> None:
    """Write orders.csv and shoppers.jsonl into the folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("order_id", "line", "shopper_ref", "sku", "quantity", "unit_price", "ordered_at"))
        table.writerows(_row(line) for line in simulation.lines)
    records = (json.dumps(record, ensure_ascii=False) + "\n" for record in simulation.shoppers)
    (folder / "shoppers.jsonl").write_text("".join(records), encoding="utf-8", newline="\n")


def read_world(folder: Path) -> World:
    """The products, habits and needs of a shop folder."""
    prices: dict[str, set[float]] = {}
    for row in _table(folder / "products.csv"):
        prices.setdefault(row["category"], set()).add(float(row["price"]))
    things: dict[str, list[Thing]] = {category: [] for category in prices}
    for row in _table(folder / "products.csv"):
        things[row["category"]].append(_thing(row, sorted(prices[row["category"]])))
    habits = [_habit(row) for row in _table(folder / "habits.csv")]
    by_trigger = {habit.after: [other for other in habits if other.after == habit.after] for habit in habits}
    return World(things, by_trigger, _table(folder / "needs.csv"))


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _thing(row: Mapping[str, str], prices: Sequence[float]) -> Thing:
    price = float(row["price"])
    return Thing(row["sku"], row["category"], price, row, prices.index(price) / max(1, len(prices) - 1))


def _habit(row: Mapping[str, str]) -> Habit:
    only, _, only_value = row["only"].partition("=")
    unless, _, unless_value = row["unless"].partition("=")
    pairs = (only, only_value), (unless, unless_value)
    return Habit(row["after"], row["take"], float(row["share"]), row["match"], *pairs, row["season"])


def _person(dice: Dice, ref: str) -> Person:
    rides = BIKES[dice.index((0.4, 0.2, 0.4))]
    return Person(
        ref=ref,
        rides=rides,
        style=STYLES[rides][dice.below(3)],
        experience=tuple(LEVELS)[dice.index((0.4, 0.4, 0.2))],
        height=int(np.clip(dice.generator.normal(173, 9), 150, 196)),
        commute=("short", "medium", "long")[dice.below(3)],
    )


def _moment(dice: Dice) -> datetime:
    day = ENDS - timedelta(days=dice.below(DAYS))
    return datetime.combine(day, time(6 + dice.below(16), dice.below(60)), tzinfo=UTC)


def _order(visit: Visit, number: int) -> Iterator[Line]:
    paid = 0.9 if visit.dice.chance(0.08) else 1.0
    for place, thing in enumerate(visit.fill(), start=1):
        quantity = 2 if thing.category in {"tube", "bottle", "bottle_cage"} and visit.dice.chance(0.3) else 1
        yield Line(number, place, visit.person.ref, thing.sku, quantity, thing.price * paid, visit.at)


def _record(dice: Dice, person: Person) -> Mapping[str, object]:
    joined = min(person.ordered) - timedelta(minutes=5 + dice.below(55))
    crm = {"height_cm": person.height, "riding_style": person.style, "experience": person.experience}
    values = [_value(person.ref, name, value, "crm", joined) for name, value in crm.items() if dice.chance(0.85)]
    values += [_value(person.ref, "commute", person.commute, "shopper", joined)] if dice.chance(0.6) else []
    return {"ref": person.ref, "simulated": True, "values": values, "grants": list(_grants(dice, joined))}


def _value(ref: str, attribute: str, value: object, source: str, at: datetime) -> Mapping[str, object]:
    whence = {"source": source, "source_ref": f"simulated:{ref}", "collected_at": _stamp(at)}
    return {"attribute": attribute, "value": value, **whence}


def _grants(dice: Dice, joined: datetime) -> Iterator[Mapping[str, object]]:
    late = timedelta(days=180 if dice.chance(0.1) else 0)  # some take their time to say yes
    at = min(joined + late, datetime.combine(ENDS, time(), tzinfo=UTC))
    if dice.chance(SHARE_TRAINING):
        yield _grant("orders", "model_training", at)
        if dice.chance(SHARE_EVERYTHING):
            yield from (_grant(name, purpose, at) for purpose, names in EVERYTHING_ELSE.items() for name in names)


def _grant(attribute: str, purpose: str, at: datetime) -> Mapping[str, object]:
    notice = {"id": "profile", "version": "1", "language": "de"}
    return {"attribute": attribute, "purpose": purpose, "given_at": _stamp(at), "notice": notice}


def _row(line: Line) -> tuple[object, ...]:
    order = f"simulated-{line.order:05}"
    return (order, line.line, line.shopper, line.sku, line.quantity, f"{line.price:.2f}", _stamp(line.at))


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the simulated files, and say what was written."""
    parser = argparse.ArgumentParser(description="Make up shoppers and orders for the demo shop (all simulated).")
    parser.add_argument("--out", type=Path, default=Path("var/demo"), help="folder to write into (default: var/demo)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same bytes (default: 7)")
    parser.add_argument("--shop", type=Path, default=Path(__file__).parent, help="shop folder (default: the demo shop)")
    chosen = parser.parse_args(arguments)
    simulation = simulate(chosen.shop, seed=chosen.seed)
    write(simulation, chosen.out)
    orders, lines = len({line.order for line in simulation.lines}), len(simulation.lines)
    print(f"simulated: {len(simulation.shoppers)} shoppers, {orders} orders with {lines} lines, in {chosen.out}")


if __name__ == "__main__":
    main()
