"""How long and how much memory a large catalogue takes, and how fast it narrows, beside polars and SQLite.

    python bench/catalogue.py                 # 10,000, 100,000 and 1,000,000 products with 20 attributes
    python bench/catalogue.py 10000 100000    # other sizes

Every size is compiled in a process of its own, whose peak memory is the kernel's figure (VmHWM). `rows` is a generator
of products, so that nothing but the columns stays; `csv` is the same from a file. Narrowing: six constraints, then the
counts of every value of twenty attributes, by bitsets, polars (lazy, one thread) and SQLite (indexed), same data.
"""

import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from types import MappingProxyType

sys.path.insert(0, str(Path(__file__).parents[1]))

from service.catalogue.attribute import Attribute, Value
from service.catalogue.catalogue import Catalogue, load_catalogue
from service.catalogue.product import Product
from service.catalogue.shop import Category, Shop
from service.catalogue.universe import Universe
from service.documents.texts import Texts

SIZES = (10_000, 100_000, 1_000_000)
SEED = 3
WORDS = {f"word{n}": n + 2 for n in range(10)}  # attribute -> distinct values
SEVERAL = {f"several{n}": 6 + n for n in range(3)}
NUMBERS = tuple(f"number{n}" for n in range(4))
BOOLEANS = tuple(f"yes{n}" for n in range(3))
WORD_STATED, NUMBER_STATED, TRUE = 0.95, 0.9, 0.5
SECONDS_ALLOWED, GIGABYTES_ALLOWED = 30, 1.5
MOST_RUNS = 200


def a_shop() -> Shop:
    kinds = (
        {name: Attribute(name, "text", None, Texts.same(name)) for name in WORDS}
        | {name: Attribute(name, "many", None, Texts.same(name)) for name in SEVERAL}
        | {name: Attribute(name, "number", None, Texts.same(name)) for name in NUMBERS}
        | {name: Attribute(name, "boolean", None, Texts.same(name)) for name in BOOLEANS}
    )
    return Shop("EUR", ("de", "en"), "DE", kinds, {"bike": Category("bike", Texts.same("bike"))})


def products(number: int) -> Iterator[Product]:
    dice = random.Random(SEED)
    pick = dice.random
    for each in range(number):
        stated: dict[str, Value] = {
            name: f"{name}-{int(pick() * values)}" for name, values in WORDS.items() if pick() < WORD_STATED
        }
        for name, values in SEVERAL.items():
            stated[name] = tuple(sorted({f"v{int(pick() * values)}" for _ in range(2)}))
        for name in NUMBERS:
            if pick() < NUMBER_STATED:
                stated[name] = round(pick() * 100, 1)
        for name in BOOLEANS:
            stated[name] = pick() < TRUE
        yield Product(
            sku=f"SKU-{each:08d}",
            name=Texts(MappingProxyType({"de": f"Produkt {each}", "en": f"Product {each}"})),
            price=round(pick() * 5000, 2),
            category="bike",
            attributes=stated,
            url=f"https://shop.example/p/{each}",
            image=f"https://shop.example/i/{each}.jpg",
        )


def compiled(catalogue: Catalogue) -> Universe:
    return Universe.of(catalogue, {"category": ["bike"]}, None)


def narrowed_and_counted(universe: Universe) -> Callable[[], tuple[int, int]]:
    """What a dialogue asks for: what is left, and how many each value of each attribute would leave."""
    stacked = [
        universe.stacked([universe.equal_to(name, [value]) for value in universe.values(name)])
        for name in (*WORDS, *SEVERAL, *BOOLEANS)
    ]

    def run() -> tuple[int, int]:
        left = universe.intersection(
            [
                universe.between("price", 500, 4500),
                universe.between("number0", 10, None),
                universe.equal_to("word5", ["word5-0", "word5-1", "word5-2", "word5-3"]),
                universe.equal_to("several0", ["v0", "v1", "v2"]),
                universe.equal_to("word9", [f"word9-{n}" for n in range(8)]),
                universe.equal_to("yes0", [True]),
            ]
        )
        counts = [count for words in stacked for count in universe.count_models_each(words, left)]
        return universe.count_models(left), sum(counts)

    return run


def in_polars(catalogue: Catalogue) -> Callable[[], tuple[int, int]]:
    import os  # noqa: PLC0415  polars reads it when it is imported

    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl  # noqa: PLC0415

    frame = pl.DataFrame(
        [{"price": each.price, **each.attributes} for each in catalogue.products],
        schema={
            "price": pl.Float64,
            **dict.fromkeys(WORDS, pl.Categorical),
            **dict.fromkeys(SEVERAL, pl.List(pl.String)),
            **dict.fromkeys(NUMBERS, pl.Float64),
            **dict.fromkeys(BOOLEANS, pl.Boolean),
        },
    )
    several = {name: sorted({value for row in frame[name].to_list() for value in row}) for name in SEVERAL}
    frame = frame.with_columns(
        pl.col(name).list.contains(value).alias(f"{name}:{value}") for name in SEVERAL for value in several[name]
    ).drop(SEVERAL)

    def run() -> tuple[int, int]:
        left = frame.filter(
            pl.col("price").is_between(500, 4500),
            pl.col("number0").ge(10),
            pl.col("word5").cast(pl.String).is_in([f"word5-{n}" for n in range(4)]),
            pl.any_horizontal(f"several0:v{n}" for n in range(3)),
            pl.col("word9").cast(pl.String).is_in([f"word9-{n}" for n in range(8)]),
            pl.col("yes0"),
        )
        counts = sum(int(left[name].drop_nulls().value_counts()["count"].sum()) for name in (*WORDS, *BOOLEANS))
        counts += sum(int(left[f"{name}:{value}"].sum()) for name in SEVERAL for value in several[name])
        return left.height, counts

    return run


def in_sqlite(catalogue: Catalogue) -> Callable[[], tuple[int, int]]:
    connection = sqlite3.connect(":memory:")
    single = ("price", *WORDS, *NUMBERS, *BOOLEANS)
    connection.execute(f"CREATE TABLE product (id INTEGER PRIMARY KEY, {', '.join(single)})")
    connection.execute("CREATE TABLE several (name, value, id, PRIMARY KEY (name, value, id)) WITHOUT ROWID")
    marks = ", ".join("?" for _ in range(len(single) + 1))
    connection.executemany(
        f"INSERT INTO product VALUES ({marks})",
        ((number, *map(each.value, single)) for number, each in enumerate(catalogue.products)),
    )
    connection.executemany(
        "INSERT INTO several VALUES (?, ?, ?)",
        (
            (name, value, number)
            for number, each in enumerate(catalogue.products)
            for name in SEVERAL
            for value in each.attributes[name]  # type: ignore[union-attr]
        ),
    )
    for name in ("price", "word5", "word9"):
        connection.execute(f"CREATE INDEX by_{name} ON product ({name})")
    connection.execute("ANALYZE")
    words5, words9 = (", ".join(f"'{name}-{n}'" for n in range(count)) for name, count in (("word5", 4), ("word9", 8)))
    where = (
        f"price BETWEEN 500 AND 4500 AND number0 >= 10 AND word5 IN ({words5}) AND word9 IN ({words9}) AND yes0 "
        "AND id IN (SELECT id FROM several WHERE name = 'several0' AND value IN ('v0', 'v1', 'v2'))"
    )

    def run() -> tuple[int, int]:
        connection.execute("CREATE TEMP TABLE remaining AS SELECT * FROM product WHERE " + where)
        total = connection.execute("SELECT count(*) FROM remaining").fetchone()[0]
        counts = 0
        for name in (*WORDS, *BOOLEANS):
            grouped = f"SELECT count(*) FROM remaining WHERE {name} IS NOT NULL GROUP BY {name}"
            counts += sum(row[0] for row in connection.execute(grouped))
        grouped = "SELECT count(*) FROM several WHERE id IN (SELECT id FROM remaining) GROUP BY name, value"
        counts += sum(row[0] for row in connection.execute(grouped))
        connection.execute("DROP TABLE remaining")
        return total, counts

    return run


def milliseconds(run: Callable[[], object], least: int = 5, seconds: float = 2.0) -> float:
    run()
    took: list[float] = []
    while len(took) < least or (sum(took) < seconds and len(took) < MOST_RUNS):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return median(took) * 1000


class Stopwatch:
    """Seconds on the clock, and those in which this process really ran; they differ on a machine that is busy."""

    def __init__(self) -> None:
        self.clock = self.ran = 0.0

    def start(self) -> None:
        """Go on from where it was stopped."""
        self.clock -= time.perf_counter()
        self.ran -= time.process_time()

    def stop(self, without: "Stopwatch | None" = None) -> None:
        """Read it, without what another one has measured."""
        self.clock += time.perf_counter() - (without.clock if without else 0)
        self.ran += time.process_time() - (without.ran if without else 0)

    def __str__(self) -> str:
        return f"{self.clock:6.2f} s ({self.ran:.2f} s run)"


def peak_gigabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def measure_memory(number: int) -> None:
    """In a process of its own: rows to columns and bitsets. What making the rows takes is left out."""
    empty = peak_gigabytes()
    making, columns, bitsets = Stopwatch(), Stopwatch(), Stopwatch()
    columns.start()
    catalogue = Catalogue.of(a_shop(), made_apart(products(number), making))
    columns.stop(without=making)
    bitsets.start()
    universe = compiled(catalogue)
    bitsets.stop()
    assert universe.everything.count() == number
    print(
        f"compile  {number:>9,} products x 20 attributes: columns {columns}, bitsets {bitsets}, "
        f"peak {peak_gigabytes():5.2f} GB ({(peak_gigabytes() - empty) * 1024**3 / number:,.0f} bytes a product)"
    )


def made_apart(rows: Iterator[Product], making: "Stopwatch") -> Iterator[Product]:
    """The rows, a few at a time, with the time that making them takes on a watch of its own."""
    while True:
        making.start()
        some = list(islice(rows, 1_000))
        making.stop()
        if not some:
            return
        yield from some


def measure_csv(number: int, folder: Path) -> None:
    """In a process of its own: from a file."""
    loading = Stopwatch()
    loading.start()
    catalogue = load_catalogue(folder)
    loading.stop()
    assert len(catalogue.products) == number
    print(f"load csv {number:>9,} products x 20 attributes: {loading}, peak {peak_gigabytes():5.2f} GB")


def write_csv(number: int, folder: Path) -> None:
    shop = a_shop()
    lines = ["currency: EUR", "country: DE", "locales: [de, en]", "categories: {bike: {}}", "attributes:"]
    lines += [f"  {each.name}: {{type: {each.kind}}}" for each in shop.attributes.values()]
    (folder / "shop.yaml").write_text("\n".join(lines).replace("{bike: {}}", "{bike: {label: bike}}") + "\n")
    with (folder / "products.csv").open("w") as file:
        file.write(f"sku,name:de,name:en,category,price,url,image,{','.join(shop.attributes)}\n")
        for each in products(number):
            texts = each.name.by_locale
            cells = [each.sku, texts["de"], texts["en"], each.category, f"{each.price}", each.url, each.image]
            cells += [_cell(each.attributes.get(name)) for name in shop.attributes]
            file.write(",".join(map(str, cells)) + "\n")


def _cell(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "|".join(value)
        case _:
            return str(value)


def compare(number: int) -> None:
    catalogue = Catalogue.of(a_shop(), products(number))
    ours = narrowed_and_counted(compiled(catalogue))
    told = f"narrow   {number:>9,} products, six constraints and the counts of 16 attributes:"
    began = milliseconds(ours)
    told += f" bitsets {began:8.2f} ms"
    for name, other in (("polars", in_polars), ("SQLite", in_sqlite)):
        run = other(catalogue)
        assert run() == ours(), f"{name} counts otherwise"
        took = milliseconds(run)
        told += f", {name} {took:9.2f} ms ({took / began:6.1f} x)"
    print(told)


def main() -> None:
    match sys.argv[1:]:
        case ["--memory", number]:
            measure_memory(int(number))
        case ["--csv", number, folder]:
            measure_csv(int(number), Path(folder))
        case ["--compare", number]:
            compare(int(number))
        case sizes:
            for size in map(int, sizes or SIZES):
                _in_its_own_process("--memory", str(size))
                with tempfile.TemporaryDirectory() as folder:
                    write_csv(size, Path(folder))
                    _in_its_own_process("--csv", str(size), folder)
                _in_its_own_process("--compare", str(size))
            print(f"allowed for 1,000,000 products: {SECONDS_ALLOWED} s and {GIGABYTES_ALLOWED} GB")


def _in_its_own_process(*arguments: str) -> None:
    subprocess.run([sys.executable, __file__, *arguments], check=True)


if __name__ == "__main__":
    main()
