"""The shop's products file, read whole or refused whole.

Codes: BG-S010 no file or several, S011 unreadable, S012 missing column, S013 unknown column, S014 column named twice,
S015 row cut off, S016 broken row, S017 no products, S018 pyarrow missing, S019 more complaints than are listed; S02x:
`product_rows`; S03x: `google_items`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from service.catalogue.csv_rows import csv_table
from service.catalogue.google_tsv import google_tsv_table
from service.catalogue.google_xml import google_xml_table
from service.catalogue.jsonl_rows import jsonl_table
from service.catalogue.parquet_rows import parquet_table
from service.catalogue.product import Product
from service.catalogue.product_rows import ProductRows, known_columns, unknown_column
from service.catalogue.rows import Row, Table, Unreadable
from service.catalogue.shop import Shop
from service.documents.problem import Complaints, Place, Refused, shortened

MOST_COMPLAINTS = 1_000
_FORMATS: dict[str, Callable[[Path, Shop, Complaints], Table]] = {
    "products.csv": lambda path, _, complaints: csv_table(path, complaints),
    "products.jsonl": lambda path, _, complaints: jsonl_table(path, complaints),
    "products.parquet": lambda path, _, complaints: parquet_table(path, complaints),
    "products.tsv": google_tsv_table,
    "products.xml": google_xml_table,
}
PRODUCT_FILES = tuple(_FORMATS)
"""The files of which exactly one lies in a shop folder."""


def read_products(folder: Path, shop: Shop) -> tuple[Product, ...]:
    """The folder's products in file order; raises `Refused` with every complaint (the first thousand)."""
    return tuple(products_in(folder, shop))


def products_in(folder: Path, shop: Shop) -> Iterator[Product]:
    """The same one by one; `Refused` is raised at the end, so nothing counts before the last product was taken."""
    complaints = Complaints()
    try:
        yield from _read(_products_file(folder), shop, complaints)
    except Unreadable as error:
        complaints.add(error.at, error.code, error.message)
    if complaints.found:
        raise Refused(complaints.problems)


def _products_file(folder: Path) -> Path:
    present = [folder / name for name in _FORMATS if (folder / name).is_file()]
    if len(present) == 1:
        return present[0]
    names = ", ".join(_FORMATS)
    if not present:
        raise Unreadable(Place(str(folder), 1, 1), "BG-S010", f"no products here; put one of {names} into the folder")
    raise Unreadable(
        Place(str(present[1]), 1, 1), "BG-S010", f"only one of {names} may lie in the folder; remove the rest"
    )


def _read(path: Path, shop: Shop, complaints: Complaints) -> Iterator[Product]:
    top = Place(str(path), 1, 1)
    any_product = False
    try:
        for product in _taken(_FORMATS[path.name](path, shop, complaints), shop, str(path), complaints):
            any_product = True
            yield product
    except OSError as error:
        raise Unreadable(top, "BG-S011", f"cannot be read: {error.strerror}") from error
    if not any_product and not complaints.found:
        raise Unreadable(top, "BG-S017", "the file holds no product; add at least one")


def _taken(table: Table, shop: Shop, file: str, complaints: Complaints) -> Iterator[Product]:
    if table.columns is not None:
        _check_header(table.columns, shop, file, complaints)
    reader = ProductRows(shop, file, table, complaints)
    return (product for row in _while_worthwhile(table.rows, file, complaints) if (product := reader.read(row)))


def _while_worthwhile(rows: Iterator[Row], file: str, complaints: Complaints) -> Iterator[Row]:
    for row in rows:
        if len(complaints.found) >= MOST_COMPLAINTS:
            complaints.add(Place(file, row.line, 1), "BG-S019", "too much is wrong; reading stopped here", "note")
            return
        yield row


def _check_header(columns: tuple[str, ...], shop: Shop, file: str, complaints: Complaints) -> None:
    known = known_columns(shop)
    for number, column in enumerate(columns, start=1):
        at = Place(file, 1, number)
        if column not in known:
            complaints.add(at, "BG-S013", f"column '{shortened(column)}': {unknown_column(column, known)}")
        if column in columns[: number - 1]:
            complaints.add(at, "BG-S014", f"column '{shortened(column)}' is named twice; keep one of them")
    source = f"name:{shop.locales[0]}"
    missing = [column for column in ("sku", "category", "price") if column not in columns]
    if source not in columns and "name" not in columns:
        missing.append(source)
    for column in missing:
        complaints.add(Place(file, 1, 1), "BG-S012", f"column '{column}' is missing; add it to the first line")
    if complaints.found:
        raise Refused(complaints.problems)  # every row would only repeat it
