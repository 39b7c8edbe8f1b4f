"""Builders: something valid by default; a test names what matters to it."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from service.documents.texts import Texts
from service.privacy.consent import Decision, NoticeRef
from service.privacy.declared import Notice, Purpose, RegisteredAttribute
from service.privacy.profile import IncomingValue
from service.privacy.register import Register
from service.privacy.subject import ShopperId

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


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
    given = {"id": "profile", "version": version, "text": Texts({"de": f"Hinweis {version}", "en": f"Notice {version}"})}
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
