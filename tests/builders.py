"""Builders: something valid by default; a test names what matters to it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from service.advice.questionnaire import (
    Band,
    Choice,
    FromProfile,
    Near,
    OneOf,
    Option,
    Question,
    Questionnaire,
    Span,
    Within,
)
from service.advice.words import Word
from service.catalogue.attribute import Attribute
from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import CompanionRule
from service.catalogue.product import Product
from service.catalogue.shop import Category, Shop
from service.documents.problem import Place
from service.documents.texts import Texts
from service.privacy.consent import Decision, NoticeRef
from service.privacy.declared import Notice, Purpose, RegisteredAttribute
from service.privacy.keyring import Keyring
from service.privacy.profile import IncomingValue
from service.privacy.register import Register
from service.privacy.secret import Secret
from service.privacy.subject import ShopperId

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = Secret(b"s" * 40)
LEDGER = Keyring.of(SECRET)


# --- privacy ----------------------------------------------------------------------------------------------------


def a_registered_attribute(name="height_cm", **changed):
    given = {
        "id": name,
        "label": Texts.same(name),
        "why": Texts.same("because"),
        "kind": "number",
        "purposes": ("advice_profile",),
        "sources": ("shopper", "crm"),
    }
    return RegisteredAttribute(**(given | changed))


def a_purpose(name="advice_profile", **changed):
    given = {"id": name, "text": Texts.same(name), "example": Texts.same("e.g."), "legal_basis": "consent"}
    return Purpose(**(given | changed))


def a_notice(version="1", **changed):
    given = {
        "id": "profile",
        "version": version,
        "text": Texts({"de": f"Hinweis {version}", "en": f"Notice {version}"}),
    }
    return Notice(**(given | changed))


def a_register(attributes=None, purposes=None, notices=None):
    """By default: a height, a riding style, a flag and orders, for advice, cross-sell and training."""
    both = ("advice_profile", "cross_sell")
    attributes = attributes or (
        a_registered_attribute("height_cm", purposes=both),
        a_registered_attribute("riding_style", kind="text", sources=("crm", "shopper")),
        a_registered_attribute("has_garage", kind="boolean", sources=("shopper",)),
        a_registered_attribute("orders", kind="behaviour", purposes=("model_training",), sources=("shop",)),
    )
    purposes = purposes or (
        a_purpose("advice_session", legal_basis="contract"),
        *(a_purpose(name) for name in ("advice_profile", "cross_sell", "model_training")),
    )
    return Register(
        attributes=MappingProxyType({each.id: each for each in attributes}),
        purposes=MappingProxyType({each.id: each for each in purposes}),
        notices=tuple(notices or (a_notice(),)),
    )


def a_notice_ref(version="1", **changed):
    return NoticeRef(**({"id": "profile", "version": version, "language": "de"} | changed))


def a_decision(attribute="height_cm", purpose="advice_profile", *, given=True, source=None):
    return Decision(attribute, purpose, given, source)


def an_incoming_value(attribute="height_cm", value=178, **changed):
    given = {
        "attribute": attribute,
        "value": value,
        "source": "crm",
        "source_ref": "contact 17",
        "collected_at": NOW - DAY,
    }
    return IncomingValue(**(given | changed))


def a_shopper_id(number=1):
    return ShopperId(f"{number:032x}")


# --- catalogue: a_shop(), a_product(), a_catalogue(), a_companion_rule(), a_shop_folder() ---------------------------

ATTRIBUTES = {
    "model": "text",
    "frame": "text",
    "pedal_system": "text",
    "use": "many",
    "weight_kg": "number",
    "rider_min_cm": "number",
    "rider_max_cm": "number",
    "ships_with_pedals": "boolean",
}


def a_shop(*, attributes=None, categories=("road_bike", "pedal"), sensitive=(), locales=("de", "en"), currency="EUR"):
    """A bike shop; `attributes` maps names to kinds."""
    kinds = ATTRIBUTES if attributes is None else attributes
    return Shop(
        currency=currency,
        locales=tuple(locales),
        country="DE",
        attributes={name: Attribute(name, kind, None, Texts.same(name)) for name, kind in kinds.items()},
        categories={name: Category(name, Texts.same(name), name in sensitive) for name in (*categories, *sensitive)},
    )


def a_product(sku="RB-1", *, name=None, price=1000.0, category="road_bike", available=True, **attributes):
    """A road bike; keyword arguments are attributes, and None means not stated."""
    return Product(
        sku=sku,
        name=Texts.same(name or f"Product {sku}") if not isinstance(name, dict) else Texts(name),
        price=price,
        category=category,
        attributes=MappingProxyType({key: value for key, value in attributes.items() if value is not None}),
        url=None,
        image=None,
        available=available,
    )


def a_catalogue(*products, shop=None):
    """The given products, or three road bikes and two pedals."""
    return Catalogue.of(shop or a_shop(), products or some_products())


def some_products():
    return (
        a_product("RB-1-54", price=900.0, model="RB-1", frame="aluminium", use=("daily",), weight_kg=9.5),
        a_product("RB-1-56", price=950.0, model="RB-1", frame="aluminium", use=("daily", "racing"), weight_kg=9.7),
        a_product("RB-2-54", price=2500.0, model="RB-2", frame="carbon", use=("racing",), ships_with_pedals=False),
        a_product("PD-1", price=30.0, category="pedal", pedal_system="flat"),
        a_product("PD-2", price=90.0, category="pedal", pedal_system="spd_sl"),
    )


def a_companion_rule(rule_id="pedals", *, when=None, products=None, match=(), kind="must_have"):
    """Road bikes get pedals."""
    return CompanionRule(
        id=rule_id,
        when={"category": ("road_bike",)} if when is None else when,
        products={"category": ("pedal",)} if products is None else products,
        match=tuple(match),
        kind=kind,
        because=Texts.same("it comes without"),
    )


SHOP_YAML = """\
currency: EUR
country: DE
locales: [de, en]
categories:
  road_bike: {label: {de: Rennräder, en: Road bikes}}
  strap: {label: Pulsgurte, sensitive: yes}
attributes:
  model: {type: text}
  use: {type: many, label: {de: Einsatz, en: Use}}
  weight_kg: {type: number, unit: kg}
  ships_with_pedals: {type: boolean}
"""
PRODUCTS_CSV = """\
sku,name:de,name:en,category,price,url,image,available,model,use,weight_kg,ships_with_pedals
RB-1,Rennrad,Road bike,road_bike,1799.00,https://shop.example/rb-1,/rb-1.jpg,yes,alba,daily|racing,8.4,no
RB-2,Rennrad zwei,,road_bike,999,,,,,,,
"""


def a_shop_folder(folder: Path, *, shop=SHOP_YAML, csv=PRODUCTS_CSV, jsonl=None):
    """A folder with shop.yaml and products; a text may be given as bytes, and None leaves a file out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("shop.yaml", shop), ("products.csv", csv), ("products.jsonl", jsonl)):
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


# --- advice: a_questionnaire(), a_question() and its kinds -------------------------------------------------------

SOMEWHERE = Place("test.yaml", 1, 1)


def a_word(text):
    return Word(text, SOMEWHERE)


def some_fits(**wanted):
    """`frame="carbon"`, `frame=["carbon", "steel"]` or a band `weight_kg=(7, None)`."""
    return tuple(
        Band(a_word(name), *value)
        if isinstance(value, tuple)
        else OneOf(a_word(name), tuple(map(a_word, [value] if isinstance(value, str) else value)))
        for name, value in wanted.items()
    )


def an_option(name="daily", *, because=None, **fits):
    """An option; keyword arguments say what a product must state."""
    return Option(name, Texts.same(name.capitalize()), some_fits(**fits), because and Texts.same(because), SOMEWHERE)


def a_question(name="use", *options, several=False, profile=None, **changed):
    """A choice among options, or of another kind with `asks=…`; filters unless told."""
    given = {
        "id": name,
        "text": Texts.same(f"{name}?"),
        "help": None,
        "asks": Choice(options or (an_option("daily", use="daily"), an_option("racing", use="racing")), several),
        "effect": "filter",
        "weight": "medium",
        "not_sure": True,
        "missing_data": "keep",
        "only_if": None,
        "from_profile": profile and FromProfile(a_word(profile), a_word("advice_profile")),
        "because": None,
        "unit": None,
        "low": None,
        "high": None,
        "at": SOMEWHERE,
    }
    return Question(**(given | changed))


def a_range_question(name="budget", attribute="price", **changed):
    return a_question(name, asks=Span(a_word(attribute)), **changed)


def a_number_question(name="weight", attribute="weight_kg", tolerance=0.0, **changed):
    return a_question(name, asks=Near(a_word(attribute), tolerance), **changed)


def a_fitting_question(name="height", between=("rider_min_cm", "rider_max_cm"), **changed):
    return a_question(name, asks=Within(*map(a_word, between)), **changed)


def a_questionnaire(*questions, same_product=None, candidates=None, **changed):
    """By default: one question about use, over everything the shop has."""
    given = {
        "id": "road-bike",
        "languages": ("de", "en"),
        "title": Texts({"de": "Rennrad finden", "en": "Find a road bike"}),
        "candidates": some_fits(**(candidates or {})),
        "show_at_most": 3,
        "same_product": same_product and a_word(same_product),
        "questions": questions or (a_question(),),
        "goes_with": (),
        "tests": (),
        "at": SOMEWHERE,
    }
    return Questionnaire(**(given | changed))
