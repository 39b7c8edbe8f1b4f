"""Writes a shop folder, shoppers and orders from the AdventureWorks sample data, which are read where they lie.

The company, its customers and its orders are fictitious; that they consent to anything is simulated here.
"""

import csv
import gzip
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
QUESTIONNAIRES = Path(__file__).parent / "questionnaires"
CONSENTED_AT = "2010-12-01T00:00:00Z"  # before the first order
LOCALES = ("en", "de")

TEXTS = ("model", "product_line", "class", "style", "color", "size", "size_range")
NUMBERS = {"size_cm": "cm", "weight_kg": "kg"}
PROFILE: Mapping[str, tuple[str, str, str]] = {  # attribute -> kind, label in German and English
    "marital_status": ("text", "Familienstand", "Marital status"),
    "gender": ("text", "Geschlecht", "Gender"),
    "birth_year": ("number", "Geburtsjahr", "Year of birth"),
    "yearly_income": ("number", "Jahreseinkommen", "Yearly income"),
    "total_children": ("number", "Kinder", "Children"),
    "children_at_home": ("number", "Kinder im Haushalt", "Children at home"),
    "education": ("text", "Ausbildung", "Education"),
    "occupation": ("text", "Beruf", "Occupation"),
    "house_owner": ("boolean", "Eigenes Haus", "Owns a house"),
    "cars_owned": ("number", "Autos", "Cars"),
    "commute_distance": ("text", "Weg zur Arbeit", "Way to work"),
    "country": ("text", "Land", "Country"),
}
COMMUTES = {
    "0-1 Miles": "miles_0_1",
    "1-2 Miles": "miles_1_2",
    "2-5 Miles": "miles_2_5",
    "5-10 Miles": "miles_5_10",
    "10+ Miles": "miles_10",
}


@dataclass(frozen=True, slots=True)
class AdventureWorks:
    """Where the written files lie: a shop folder, questionnaires, orders.csv and shoppers.jsonl."""

    shop: Path
    questionnaires: Path
    orders: Path
    shoppers: Path


def data_folder() -> Path:
    """Where the sample data lie: in the folder BEGLEITER_SHARED, by default beside the repository."""
    return Path(os.environ.get("BEGLEITER_SHARED") or ROOT.parent / "shared") / "data" / "adventureworks"


def write_all(folder: Path) -> AdventureWorks:
    """Write everything into the folder."""
    written = AdventureWorks(folder / "shop", QUESTIONNAIRES, folder / "orders.csv", folder / "shoppers.jsonl")
    write_shop(written.shop)
    write_orders(written.orders)
    write_shoppers(written.shoppers)
    return written


def write_shop(folder: Path) -> None:
    """Write shop.yaml, products.csv and privacy.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row for row in _rows("products.csv") if row["list_price"]]  # two are no goods: they have no price
    categories = sorted({row["subcategory"] for row in rows})
    (folder / "shop.yaml").write_text("\n".join(_shop_yaml(categories)) + "\n", encoding="utf-8")
    (folder / "privacy.yaml").write_text("\n".join(_privacy_yaml()) + "\n", encoding="utf-8")
    _write_table(folder / "products.csv", [_product(row) for row in rows])


def write_orders(path: Path, *, since: date | None = None, until: date | None = None) -> None:
    """Write the online orders of these days (both included) in the form of the demo shop's orders.csv."""
    _write_table(path, list(order_lines(since=since, until=until)))


def order_lines(*, since: date | None = None, until: date | None = None) -> Iterator[Mapping[str, str]]:
    """The online order lines of these days, both included."""
    first, last = (since or date.min).isoformat(), (until or date.max).isoformat()
    with gzip.open(data_folder() / "order_lines_online.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if first <= row["date"] <= last:
                yield {
                    "order_id": row["order_id"],
                    "line": row["line"],
                    "shopper_ref": row["buyer_id"],
                    "sku": row["sku"],
                    "quantity": row["quantity"],
                    "unit_price": row["unit_price"],
                    "ordered_at": f"{row['date']}T12:00:00Z",
                }


def write_shoppers(path: Path, *, training: float = 1.0, everything: float = 0.0, seed: int = 7) -> None:
    """Write the customers with their profiles in the form of the demo shop's shoppers.jsonl.

    Consent is simulated: `training` is the share that lets a model learn from their orders, `everything` the share of
    these that allows every attribute for every purpose that it may serve.
    """
    dice = np.random.Generator(np.random.PCG64(seed))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in _rows("customers.csv"):
            trains = dice.random() < training
            grants = [("orders", "model_training")] if trains else []
            grants += _every_other_grant() if dice.random() < everything and trains else []
            file.write(json.dumps(_shopper(row, grants)) + "\n")


def _rows(name: str) -> list[dict[str, str]]:
    with (data_folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_table(path: Path, rows: list[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _product(row: Mapping[str, str]) -> Mapping[str, str]:
    own = {
        "sku": row["sku"],
        "name": row["name"],
        "category": _id(row["subcategory"]),
        "price": row["list_price"],
        "available": "yes" if row["status"] == "Current" else "no",
        "size_cm": row["size"] if row["size"].isdigit() else "",
        "weight_kg": row["weight_kg"],
    }
    return own | {name: row[name] for name in TEXTS}


def _shopper(row: Mapping[str, str], grants: list[tuple[str, str]]) -> Mapping[str, object]:
    ref = row["customer_id"]
    return {
        "ref": ref,
        "simulated": True,
        "values": [_value(ref, name, row[name]) for name in PROFILE if row[name]],
        "grants": [_grant(*pair) for pair in grants],
    }


def _value(ref: str, name: str, text: str) -> Mapping[str, object]:
    value: object = text
    if PROFILE[name][0] == "number":
        value = int(text)
    elif PROFILE[name][0] == "boolean":
        value = text == "1"
    elif name == "commute_distance":
        value = COMMUTES[text]
    whence = {"source": "crm", "source_ref": f"customers.csv:{ref}", "collected_at": CONSENTED_AT}
    return {"attribute": name, "value": value, **whence}


def _grant(attribute: str, purpose: str) -> Mapping[str, object]:
    notice = {"id": "profile", "version": "1", "language": "en"}
    return {"attribute": attribute, "purpose": purpose, "given_at": CONSENTED_AT, "notice": notice}


def _every_other_grant() -> list[tuple[str, str]]:
    allowed = [(name, purpose) for name in PROFILE for purpose in _purposes_of(name)]
    return [*allowed, ("orders", "cross_sell")]


def _purposes_of(name: str) -> tuple[str, ...]:
    """The questionnaire asks the profile for the way to work alone; the model may learn from all."""
    return (
        ("advice_profile", "cross_sell", "model_training")
        if name == "commute_distance"
        else ("cross_sell", "model_training")
    )


def _id(subcategory: str) -> str:
    return subcategory.lower().replace(" ", "_").replace("-", "_")


def _shop_yaml(categories: list[str]) -> Iterator[str]:
    yield from ("currency: USD", "country: US", f"locales: [{', '.join(LOCALES)}]", "categories:")
    for name in categories:
        yield from (f"  {_id(name)}:", f"    label: {name}")
    yield "attributes:"
    for name in TEXTS:
        yield from (f"  {name}:", "    type: text")
    for name, unit in NUMBERS.items():
        yield from (f"  {name}:", "    type: number", f"    unit: {unit}")


def _privacy_yaml() -> Iterator[str]:
    yield from (f"languages: [{', '.join(LOCALES)}]", "purposes:")
    purposes = {
        "advice_profile": ("Advise you with your profile", "Dich mit deinem Profil beraten"),
        "cross_sell": ("Suggest what goes with you", "Dir vorschlagen, was zu dir passt"),
        "model_training": ("Learn what is bought together", "Lernen, was zusammen gekauft wird"),
    }
    for purpose, (english, german) in purposes.items():
        yield from (f"  {purpose}:", "    legal_basis: consent")
        for key in ("text", "example"):
            yield from (f"    {key}:", f"      en: {english}", f"      de: {german}")
    yield "attributes:"
    for name, (kind, german, english) in PROFILE.items():
        yield from (f"  {name}:", f"    kind: {kind}", "    sources: [shopper, crm]")
        yield f"    purposes: [{', '.join(_purposes_of(name))}]"
        for key in ("label", "why"):
            yield from (f"    {key}:", f"      en: {english}", f"      de: {german}")
    yield from ("  orders:", "    kind: behaviour", "    purposes: [cross_sell, model_training]")
    for key in ("label", "why"):
        yield from (f"    {key}:", "      en: Orders", "      de: Bestellungen")
    yield from ("notices:", "  - id: profile", "    version: 1", "    text:")
    yield from (
        "      en: Simulated consent of fictitious customers.",
        "      de: Gedachte Einwilligung erdachter Kunden.",
    )
