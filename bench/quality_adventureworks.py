"""AdventureWorks for the quality benchmark: the protocol that stands in its SOURCE.txt."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.quality_data import Period, World, day
from models.baskets import ProductFacts
from models.choice import without_consent
from models.dataset import Case
from models.gathering import gather
from models.lines import Line
from models.vocabulary import Vocabulary
from service.cross_sell.factors import Context
from service.cross_sell.traits import TraitValue
from service.privacy.training import TrainingId

FEATURES = ("subcategory", "model", "product_line")
TEXTS = (
    "marital_status",
    "gender",
    "total_children",
    "children_at_home",
    "education",
    "occupation",
    "house_owner",
    "cars_owned",
    "commute_distance",
    "country",
)
NUMBERS = ("yearly_income",)
ACCESSORIES_ON_SALE = day(2012, 12, 28)


def adventureworks(folder: Path) -> World:
    """The online orders with past orders and eleven attributes of each buyer. A: all cases.

    A2: the held-out item is no bike. A3: A2 with a road bike in the basket. ONE: A2 with nothing but a bike in it.
    """
    with (folder / "products.csv").open(encoding="utf-8", newline="") as file:
        products = {row["sku"]: row for row in csv.DictReader(file)}
    facts = {sku: _facts(product) for sku, product in products.items()}
    profiles = dict(_profiles(folder))
    gathered = gather(_lines(folder), facts, profiles.__getitem__)
    october = day(2013, 10, 1)
    return World(
        name="adventureworks",
        gathered=gathered,
        facts={sku: facts[sku] for basket in gathered.baskets for sku in basket.skus},
        validation=Period(ACCESSORIES_ON_SALE, october, day(2013, 11, 1)),
        test=Period(ACCESSORIES_ON_SALE, day(2013, 11, 1), day(2100, 1, 1)),
        tasks_of=lambda vocabulary, case: frozenset(_tasks(products, vocabulary, case)),
        tasks=("A", "A2", "A3", "ONE"),
        levels={"none": without_consent, "attributes": _without_past, "past": _without_traits, "full": _as_it_is},
        bikes=frozenset(sku for sku, product in products.items() if product["category"] == "Bikes"),
    )


def _lines(folder: Path) -> Iterator[Line]:
    with gzip.open(folder / "order_lines_online.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year, month, number = row["date"][:10].split("-")
            ordered_at = day(int(year), int(month), int(number))
            yield Line(TrainingId(row["buyer_id"]), row["sku"], ordered_at, row["order_id"], float(row["quantity"]))


def _profiles(folder: Path) -> Iterator[tuple[TrainingId, Mapping[str, TraitValue]]]:
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values: dict[str, TraitValue] = {name: row[name] for name in TEXTS if row[name]}
            values |= {name: float(row[name]) for name in NUMBERS if row[name]}
            yield TrainingId(row["customer_id"]), values


def _facts(product: Mapping[str, str]) -> ProductFacts:
    stated = tuple(f"{name}={product[name]}" for name in FEATURES if product[name])
    return ProductFacts(category=product["subcategory"], features=stated)


def _tasks(products: Mapping[str, Mapping[str, str]], vocabulary: Vocabulary, case: Case) -> Iterator[str]:
    yield "A"
    basket = [products[vocabulary.skus[row]] for row in case.context.basket]
    if products[vocabulary.skus[case.target]]["category"] != "Bikes":
        yield "A2"
        if any(product["subcategory"] == "Road Bikes" for product in basket):
            yield "A3"
        if [product["category"] for product in basket] == ["Bikes"]:
            yield "ONE"


def _as_it_is(case: Case) -> Case:
    return case


def _without_past(case: Case) -> Case:
    return Case(Context(case.context.basket, case.context.traits), case.target)


def _without_traits(case: Case) -> Case:
    return Case(Context(case.context.basket, case.context.traits[:0], case.context.past), case.target)
