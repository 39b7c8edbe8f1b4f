"""What a shop sells and in which words: shop.yaml (its format stands in docs/shop-files.md).

Codes: BG-S001 not a currency, S002 not a country, S003 not a language, S004 not an id, S005 a unit without a number;
S006: `google_mapping`; S007 not a number of days; S008 a note that a category counts as sensitive by its words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from babel.numbers import is_currency

from service.catalogue.attribute import Attribute, Kind
from service.catalogue.google_mapping import GoogleMapping, read_mapping
from service.catalogue.product import STATED_OF_EVERY_PRODUCT
from service.catalogue.topics import SENSITIVE_TOPICS, topics_of
from service.documents.node import Node
from service.documents.problem import Complaints
from service.documents.reader import Fields, Malformed, boolean, choice, entries_of, list_of, text, texts, whole_number
from service.documents.texts import Texts
from service.documents.yaml import read_yaml

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST_LIFE = 36_500
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NO_ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of product; sensitive ones are never trained on, stored as interest or cross-sold.

    Of a category that is not `suggested`, nothing is cross-sold. `lasts_days`: a consumable, wanted anew then.
    `topics`: what it is about, as the shop says or its own words tell.
    """

    id: str
    label: Texts
    sensitive: bool = False
    suggested: bool = True
    lasts_days: int | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shop:
    """The vocabulary of one shop."""

    currency: str
    locales: tuple[str, ...]
    country: str
    attributes: Mapping[str, Attribute]
    categories: Mapping[str, Category]
    google_feed: GoogleMapping | None = None
    never_suggested: tuple[str, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, `price`, `category` and `sku` included."""
        return self.attributes.get(name) or self._of_every_product().get(name)

    @property
    def topics(self) -> frozenset[str]:
        """Whatever a shopper may block: the shipped topics, the shop's own, and its categories."""
        return frozenset(SENSITIVE_TOPICS).union(self.categories, *(each.topics for each in self.categories.values()))

    def topics_of(self, category: str) -> frozenset[str]:
        """What a product of that category is blocked by."""
        described = self.categories.get(category)
        return frozenset((category, *(described.topics if described else ())))

    def categories_of(self, topics: Iterable[str]) -> frozenset[str]:
        """The categories that one of these topics is about, or that are named themselves."""
        wanted = frozenset(topics)
        return frozenset(name for name in self.categories if wanted & self.topics_of(name))

    def is_sensitive(self, category: str) -> bool:
        """Whether its products are; those of a category that is not described might be, too."""
        described = self.categories.get(category)
        return described is None or described.sensitive

    def names_sensitive(self, categories: Iterable[object]) -> bool:
        """Whether one of these categories is described as sensitive."""
        return any(self.categories[each].sensitive for each in self.categories.keys() & categories)

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """Every name that `attribute` knows."""
        return (*self._of_every_product(), *self.attributes)

    def _of_every_product(self) -> dict[str, Attribute]:
        return {
            "price": Attribute("price", "number", self.currency, Texts({"en": "Price", "de": "Preis"})),
            "category": Attribute("category", "text", None, Texts({"en": "Category", "de": "Kategorie"})),
            "sku": Attribute("sku", "text", None, Texts({"en": "Item number", "de": "Artikelnummer"})),
        }


_NO_CATEGORIES: Mapping[str, Category] = MappingProxyType({})


def read_shop(folder: Path, noted: Complaints | None = None) -> Shop:
    """The shop described by `folder`/shop.yaml; raises `Refused` with every complaint.

    Whoever passes `noted` finds there also what is odd about a file that is taken.
    """
    complaints = Complaints() if noted is None else noted
    fields = Fields(read_yaml(folder / "shop.yaml"), complaints)
    attributes = fields.optional("attributes", entries_of(_attribute), _NO_ATTRIBUTES)
    categories = fields.required("categories", entries_of(_category), _NO_CATEGORIES)
    shop = Shop(
        currency=fields.required("currency", _currency, "XXX"),
        country=fields.required("country", _country, "ZZ"),
        locales=fields.required("locales", list_of(_locale, one_will_do=True), ()),
        attributes=attributes,
        categories=categories,
        google_feed=fields.optional(
            "google_feed", lambda node, noted: read_mapping(node, noted, attributes, categories), None
        ),
        never_suggested=fields.optional("never_suggest", list_of(text), ()),
    )
    fields.no_others()
    tags = [locale.lower() for locale in shop.locales]
    for again in sorted({tag for tag in tags if tags.count(tag) > 1}):
        complaints.add(fields.place_of("locales"), "BG-S003", f"the language '{again}' is named twice; name it once")
    if not shop.locales and not complaints.has_errors:
        complaints.add(fields.place_of("locales"), "BG-S003", "no language is named; write at least one: [de]")
    complaints.refuse()
    return shop


def _currency(node: Node, complaints: Complaints) -> str:
    code = text(node, complaints)
    if not is_currency(code):
        raise Malformed(node.place, "BG-S001", f"'{code[:10]}' is not a currency; write its ISO 4217 code, like EUR")
    return code


def _country(node: Node, complaints: Complaints) -> str:
    code = text(node, complaints)
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise Malformed(node.place, "BG-S002", f"'{code[:10]}' is not a country; write its ISO 3166 code, like DE")
    return code


def _locale(node: Node, complaints: Complaints) -> str:
    tag = text(node, complaints)
    if not _LANGUAGE.fullmatch(tag):
        raise Malformed(node.place, "BG-S003", f"'{tag[:20]}' is not a language; write a tag like de, en or de-simple")
    return tag


def _category(name: str, node: Node, complaints: Complaints) -> Category:
    fields = Fields.of(node, complaints, f"category '{name[:40]}'")
    _check_id(name, node, fields.complaints)
    label = fields.optional("label", texts, _label_from(name))
    topics = (*fields.optional("topics", list_of(_topic), ()), *topics_of((name, *label.by_locale.values())))
    category = Category(
        id=name,
        label=label,
        sensitive=_is_sensitive(fields, topics),
        suggested=fields.optional("suggest", boolean, default=True),
        lasts_days=fields.optional("lasts_days", _days, None),
        topics=tuple(dict.fromkeys(topics)),
    )
    fields.no_others()
    return category


def _is_sensitive(fields: Fields, topics: Iterable[str]) -> bool:
    """What the shop says; where it says nothing, whether it is about a topic of the shipped list."""
    said = fields.optional("sensitive", boolean, default=None)
    if said is not None:
        return said
    known = [topic for topic in topics if topic in SENSITIVE_TOPICS]
    if known:
        told = f"counts as sensitive ({known[0]}); write `sensitive: yes`, or `sensitive: no` if it is not"
        fields.complaints.add(fields.place, "BG-S008", told, "note")
    return bool(known)


def _topic(node: Node, complaints: Complaints) -> str:
    topic = text(node, complaints)
    if not _ID.fullmatch(topic):
        raise Malformed(node.place, "BG-S004", "a topic's id is of small letters, digits and _, a letter first")
    return topic


def _days(node: Node, complaints: Complaints) -> int:
    days = whole_number(node, complaints)
    if not 1 <= days <= _LONGEST_LIFE:
        raise Malformed(node.place, "BG-S007", f"between 1 and {_LONGEST_LIFE} days are expected here")
    return days


def _attribute(name: str, node: Node, complaints: Complaints) -> Attribute:
    fields = Fields.of(node, complaints, f"attribute '{name[:40]}'")
    _check_id(name, node, fields.complaints)
    kinds: tuple[Kind, ...] = ("text", "many", "number", "boolean")
    attribute = Attribute(
        name=name,
        kind=fields.required("type", choice(*kinds), "text"),
        unit=fields.optional("unit", text, None),
        label=fields.optional("label", texts, _label_from(name)),
    )
    if attribute.unit is not None and attribute.kind != "number":
        fields.complaints.add(fields.place_of("unit"), "BG-S005", "only a number has a unit; remove it")
    fields.no_others()
    return attribute


def _check_id(name: str, node: Node, complaints: Complaints) -> None:
    if not _ID.fullmatch(name):
        complaints.add(
            node.place, "BG-S004", "an id begins with a small letter and goes on with small letters, digits and _"
        )
    if name in STATED_OF_EVERY_PRODUCT:
        complaints.add(node.place, "BG-S004", f"every product has '{name}' anyway; choose another id")


def _label_from(name: str) -> Texts:
    return Texts.same(name.replace("_", " "))
