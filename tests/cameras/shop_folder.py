"""Writes a shop folder from the camera data, which are read where they lie.

The data hold no prices, and none are made up: every product carries a price of 0, which the products file allows and
which says that the shop does not sell by price; no questionnaire asks for it. Products thus stand in the order of sku.
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.cameras.columns import COLUMNS, Blank, Cell, NotUnderstood, Row

ROOT = Path(__file__).parents[2]
QUESTIONNAIRES = Path(__file__).parent / "questionnaires"
NO_PRICE = "0"

_PRIVACY = """\
languages: [en, de]
purposes:
  advice_session:
    legal_basis: contract
    text:
      en: Advise you in this conversation
      de: Dich in diesem Gespräch beraten
    example:
      en: Your answers decide which cameras are left.
      de: Deine Antworten bestimmen, welche Kameras übrig bleiben.
attributes: {}
notices:
  - id: profile
    version: 1
    text:
      en: This shop stores nothing about you.
      de: Dieser Shop speichert nichts über dich.
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """How many of `products` lack an attribute: the data are blank, or state what cannot be understood."""

    attribute: str
    products: int
    blank: int
    not_understood: int

    @property
    def share(self) -> float:
        """The share of products that lack the attribute."""
        return (self.blank + self.not_understood) / self.products


def data_file() -> Path:
    """Where the camera data lie: in the folder BEGLEITER_SHARED, by default beside the repository."""
    shared = Path(os.environ.get("BEGLEITER_SHARED") or ROOT.parent / "shared")
    return shared / "data" / "cameras" / "camera_data.csv"


def read_rows() -> list[dict[str, str]]:
    """The rows of the data as they are."""
    with data_file().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_shop(folder: Path) -> tuple[Gap, ...]:
    """Write shop.yaml, products.csv and privacy.yaml; returns what is missing."""
    rows = read_rows()
    cleaned = [{column.name: column.cell(row) for column in COLUMNS} for row in rows]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.yaml").write_text("\n".join(_shop_yaml()) + "\n", encoding="utf-8")
    (folder / "privacy.yaml").write_text(_PRIVACY, encoding="utf-8")
    _write_products(folder / "products.csv", zip(skus(rows), rows, cleaned, strict=True))
    return gaps_in(cleaned)


def gaps_in(cleaned: Iterable[Mapping[str, Cell]]) -> tuple[Gap, ...]:
    """What is missing, attribute by attribute."""
    products = list(cleaned)
    found = Counter((name, type(cell)) for product in products for name, cell in product.items())
    return tuple(
        Gap(column.name, len(products), found[column.name, Blank], found[column.name, NotUnderstood])
        for column in COLUMNS
    )


def skus(rows: Iterable[Row]) -> Iterator[str]:
    """A sku for each row from brand and model; a second camera that would have the same one gets a number."""
    seen: Counter[str] = Counter()
    for row in rows:
        words = f"{row['Brand']} {row['Model']}".replace("+", " plus").lower()
        sku = re.sub(r"[^a-z0-9]+", "-", words).strip("-")
        seen[sku] += 1
        yield sku if seen[sku] == 1 else f"{sku}--{seen[sku]}"


def _write_products(path: Path, products: Iterable[tuple[str, Row, Mapping[str, Cell]]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("sku", "name", "category", "price", *(column.name for column in COLUMNS)))
        for sku, row, cells in products:
            name = f"{row['Brand']} {row['Model']}"
            table.writerow((sku, name, "camera", NO_PRICE, *(_written(cell) for cell in cells.values())))


def _written(cell: Cell) -> str:
    match cell:
        case Blank() | NotUnderstood():
            return ""
        case bool():
            return "yes" if cell else "no"
        case float():
            return f"{cell:.6g}" if cell < 1 else str(int(cell) if cell == int(cell) else cell)
        case tuple():
            return "|".join(cell)
        case _:
            return str(cell)


def _shop_yaml() -> Iterator[str]:
    yield from ("currency: EUR", "country: DE", "locales: [en, de]", "categories:")
    yield from ("  camera:", "    label:", "      en: Cameras", "      de: Kameras", "attributes:")
    for column in COLUMNS:
        yield from (f"  {column.name}:", f"    type: {column.kind}")
        if column.unit:
            yield f"    unit: {column.unit}"
        yield from ("    label:", f"      en: {column.english}", f"      de: {column.german}")
