"""All products of a catalogue as columns; a product is put together from them when somebody asks for it."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TypeVar, cast, overload

import numpy as np
from numpy.typing import NDArray

from service.catalogue.attribute import Attribute, Single, Value
from service.catalogue.product import Product
from service.documents.texts import Texts

T = TypeVar("T")
N = TypeVar("N", bound=np.generic)

NOT_STATED = -1
TAKEN_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Words, several words or yes/no: by product a code into the sorted distinct `values`; -1: not stated."""

    codes: NDArray[np.int32]
    values: tuple[Value, ...]

    def at(self, index: int) -> Value | None:
        """What one product states."""
        code = self.codes.item(index)
        return None if code == NOT_STATED else self.values[code]

    def is_any_of(self, wanted: Iterable[Single]) -> NDArray[np.bool_]:
        """By product whether its value, or one of several, is among the wanted."""
        sought = frozenset(wanted)
        fits = [not sought.isdisjoint(each if isinstance(each, tuple) else (each,)) for each in self.values]
        return np.array([*fits, False], np.bool_)[self.codes]  # code -1 finds the last entry

    def identities(self) -> NDArray[np.int64]:
        """By product a number that is equal where the value is; negative where none is stated."""
        return self.codes.astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Numbers by product; NaN: not stated."""

    numbers: NDArray[np.float64]

    def at(self, index: int) -> Value | None:
        """What one product states."""
        number = self.numbers.item(index)
        return None if number != number else number  # noqa: PLR0124  NaN alone differs from itself

    def is_any_of(self, wanted: Iterable[Single]) -> NDArray[np.bool_]:
        """By product whether its number is among the wanted."""
        return np.isin(self.numbers, [each for each in wanted if isinstance(each, int | float)])

    def identities(self) -> NDArray[np.int64]:
        """By product a number that is equal where the value is; negative where none is stated."""
        found = np.unique(self.numbers, return_inverse=True)[1]
        return np.where(np.isnan(self.numbers), NOT_STATED, found)


Facts = Coded | Measured


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Products(Sequence[Product]):
    """The products in static order: price, then sku. Build it with `Products.of`."""

    skus: tuple[str, ...]
    prices: NDArray[np.float64]
    category: Coded
    available: NDArray[np.bool_]
    facts: Mapping[str, Facts]
    _languages: Coded
    _names: Mapping[str, Sequence[str | None]]
    _urls: Sequence[str | None]
    _images: Sequence[str | None]

    @classmethod
    def of(cls, products: Iterable[Product], attributes: Mapping[str, Attribute]) -> "Products":
        """The products' table; takes some at a time and keeps none of them."""
        gathering = _Gathering(attributes)
        waiting = iter(products)
        while some := tuple(islice(waiting, TAKEN_AT_ONCE)):
            gathering.take(some)
        return gathering.sorted()

    def __len__(self) -> int:
        return len(self.skus)

    @overload
    def __getitem__(self, index: int) -> Product: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Product, ...]: ...
    def __getitem__(self, index: int | slice) -> Product | tuple[Product, ...]:
        if isinstance(index, slice):
            return tuple(map(self._product, range(*index.indices(len(self)))))
        return self._product(range(len(self))[index])

    def __iter__(self) -> Iterator[Product]:
        return map(self._product, range(len(self)))

    def name(self, index: int) -> Texts:
        """A product's name."""
        languages = self._languages.values[self._languages.codes.item(index)]
        stated = {tag: self._names[tag][index] or "" for tag in languages} if isinstance(languages, tuple) else {}
        return Texts(MappingProxyType(stated))

    def stated(self, attribute: str) -> Facts | None:
        """The column of an attribute, `price` and `category` included."""
        match attribute:
            case "price":
                return Measured(self.prices)
            case "category":
                return self.category
            case _:
                return self.facts.get(attribute)

    def parts(self) -> Iterator[object]:
        """Everything in it, for a hash: plain values and arrays in a fixed order."""
        yield from (self.skus, self.prices, self.available, self._urls, self._images)
        for name, column in {"category": self.category, "": self._languages, **self.facts}.items():
            yield name
            yield from (column.codes, column.values) if isinstance(column, Coded) else (column.numbers,)
        for tag, names in self._names.items():
            yield from (tag, names)

    def _product(self, index: int) -> Product:
        category = self.category.at(index)
        return Product(
            sku=self.skus[index],
            name=self.name(index),
            price=self.prices.item(index),
            category=category if isinstance(category, str) else "",
            attributes=_Stated(self.facts, index),
            url=self._urls[index],
            image=self._images[index],
            available=self.available.item(index),
        )


class _Stated(Mapping[str, Value]):
    """What one product states: a row of the table."""

    __slots__ = ("_facts", "_index")

    def __init__(self, facts: Mapping[str, Facts], index: int) -> None:
        self._facts = facts
        self._index = index

    def __getitem__(self, name: str) -> Value:
        value = self._facts[name].at(self._index)
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name, column in self._facts.items() if column.at(self._index) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))


class _Numbering(dict[Value | None, int]):
    """Numbers each new value with the next code; looking a known one up runs no Python."""

    def __missing__(self, value: Value | None) -> int:
        self[value] = code = len(self) - 1  # "not stated" stands in it too
        return code


class _Codes:
    """One column while it grows."""

    def __init__(self) -> None:
        self.codes = array("i")
        self._seen = _Numbering({None: NOT_STATED})

    def take(self, values: Iterable[Value | None]) -> None:
        """What the next products state."""
        self.codes.extend(map(self._seen.__getitem__, values))

    def column(self, order: NDArray[np.intp]) -> Coded:
        """In the given order, with codes in the order of the values."""
        del self._seen[None]
        values = sorted(cast("list[str]", list(self._seen)))  # the values of one column are of one type
        renumbered = np.full(len(values) + 1, NOT_STATED, np.int32)
        renumbered[[self._seen[value] for value in values]] = np.arange(len(values), dtype=np.int32)
        return Coded(_fixed(renumbered[np.frombuffer(self.codes, np.int32)[order]]), tuple(values))


class _Numbers:
    """One column of numbers while it grows."""

    def __init__(self) -> None:
        self.numbers = array("d")

    def take(self, values: Iterable[Value | None]) -> None:
        """What the next products state."""
        self.numbers.extend(value if isinstance(value, float | int) else np.nan for value in values)

    def column(self, order: NDArray[np.intp]) -> Measured:
        """In the given order."""
        return Measured(_fixed(np.frombuffer(self.numbers)[order]))


class _Gathering:
    """Products that come one by one, as columns that grow."""

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self._skus: list[str] = []
        self._prices = array("d")
        self._available = array("b")
        self._category = _Codes()
        self._languages = _Codes()
        self._names: dict[str, list[str | None]] = {}
        self._urls: list[str | None] = []
        self._images: list[str | None] = []
        self._facts = {name: _Numbers() if each.kind == "number" else _Codes() for name, each in attributes.items()}

    def take(self, products: Sequence[Product]) -> None:
        """Some more; column by column, since that is twice as fast."""
        names = [product.name.by_locale for product in products]
        for tag in {tag for texts in names for tag in texts} - self._names.keys():
            self._names[tag] = [None] * len(self._skus)
        for tag, column in self._names.items():
            column.extend([texts.get(tag) for texts in names])
        self._languages.take(map(tuple, names))
        self._skus.extend([product.sku for product in products])
        self._prices.extend([product.price for product in products])
        self._available.extend([product.available for product in products])
        self._category.take([product.category for product in products])
        self._urls.extend([product.url for product in products])
        self._images.extend([product.image for product in products])
        stated = [product.attributes.get for product in products]
        for name, facts in self._facts.items():
            facts.take([get(name) for get in stated])

    def sorted(self) -> Products:
        """All of them, in the order of price and sku."""
        prices = np.frombuffer(self._prices)
        by_sku = np.array(sorted(range(len(self._skus)), key=self._skus.__getitem__), np.intp)
        order = by_sku[np.argsort(prices[by_sku], kind="stable")]
        return Products(
            skus=tuple(_ordered(self._skus, order)),
            prices=_fixed(prices[order]),
            category=self._category.column(order),
            available=_fixed(np.frombuffer(self._available, np.int8)[order].astype(np.bool_)),
            facts=MappingProxyType({name: column.column(order) for name, column in self._facts.items()}),
            _languages=self._languages.column(order),
            _names=MappingProxyType({tag: _ordered(self._names[tag], order) for tag in sorted(self._names)}),
            _urls=_ordered(self._urls, order),
            _images=_ordered(self._images, order),
        )


def _ordered(values: list[T], order: NDArray[np.intp]) -> list[T]:
    return [values[index] for index in order.tolist()]


def _fixed(column: NDArray[N]) -> NDArray[N]:
    column.setflags(write=False)
    return column
