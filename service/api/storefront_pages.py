"""The demo storefront's pages: what they show, in the visitor's language, written by templates that escape all data."""

from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.api.storefront_texts import LANGUAGES, WORDS
from service.catalogue.catalogue import Catalogue
from service.catalogue.product import Product

HIDDEN = frozenset({"model"})


@dataclass(frozen=True, slots=True)
class Tile:
    """A product as a list shows it; of a model the cheapest variant."""

    sku: str
    name: str
    price: str
    variants: int


class Pages:
    """Templates, read once."""

    def __init__(self) -> None:
        loader = PackageLoader("service.api", "static/demo")
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)

    def render(self, name: str, language: str, **shown: object) -> str:
        """The page of this name."""
        words = WORDS[language]
        return self._templates.get_template(f"{name}.html").render(
            lang=language, languages=LANGUAGES, words=words, say=words.__getitem__, **shown
        )


def tiles(products: Iterable[Product], language: str, currency: str) -> list[Tile]:
    """One tile for each model, in the order given."""
    groups: dict[object, list[Product]] = {}
    for product in products:
        groups.setdefault(product.value("model") or product.sku, []).append(product)
    return [_tile(group, language, currency) for group in groups.values()]


def _tile(group: list[Product], language: str, currency: str) -> Tile:
    first = min(group, key=lambda product: (not product.available, product.price, product.sku))
    name = first.name.get(language)
    short = name.split(",")[0] if len(group) > 1 else name
    return Tile(first.sku, short, money(first.price, language, currency), len(group))


def variants(product: Product, catalogue: Catalogue, language: str) -> list[tuple[str, str]]:
    """The other variants of the product's model: sku and what is different about its name."""
    model = product.value("model")
    if model is None:
        return []
    return [
        (other.sku, other.name.get(language).partition(", ")[2] or other.sku)
        for other in catalogue.products
        if other.value("model") == model and other.sku != product.sku
    ]


def facts(product: Product, catalogue: Catalogue, language: str) -> list[tuple[str, str]]:
    """What is stated of a product: label and value."""
    attributes = catalogue.shop.attributes
    return [
        (attributes[name].label.get(language), _value(value, attributes[name].unit, language))
        for name, value in product.attributes.items()
        if name not in HIDDEN
    ]


def _value(value: object, unit: str | None, language: str) -> str:
    match value:
        case bool():
            return WORDS[language]["yes" if value else "no"]
        case tuple():
            return ", ".join(_value(each, unit, language) for each in value)
        case float() | int():
            number = f"{value:g}".replace(".", "," if language.startswith("de") else ".")
            return f"{number} {unit}" if unit else number
        case _:
            return str(value).replace("_", " ")


def money(amount: float, language: str, currency: str) -> str:
    """An amount as the language writes it."""
    sign = {"EUR": "€"}.get(currency, currency)
    written = f"{amount:,.2f}"
    if language.startswith("de"):
        return f"{written.translate(str.maketrans(',.', '.,'))} {sign}"
    return f"{sign}{written}"
