"""The record of processing activities (Article 30 GDPR), as far as the register tells it."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.privacy.declared import Notice, Purpose, RegisteredAttribute
from service.privacy.register import Register
from service.privacy.terms import EXPLICIT_CONSENT, LEGAL_BASES, TERMS

NOT_STATED = "not stated in privacy.yaml"
KEPT = (
    ("sessions and their answers", "BEGLEITER_SESSION_HOURS, 48 unless set"),
    ("shopper tokens", "one hour"),
    ("idempotency keys", "seven days"),
    ("ledger of consent", "for good; what it tells of a shopper goes with their erasure"),
    ("list of erasures (keyed hashes)", "as long as backups are kept"),
)
MEASURES = (
    "Shoppers are known by a keyed hash of the shop's reference alone.",
    "Tokens are kept as hashes; each opens one thing.",
    "A value enters the process only if a consent for the purpose covers it.",
    "The log holds no value, answer, reference or token.",
    "The ledger is chained by a keyed hash; `begleiter audit verify` finds every change.",
    "Deleted data is overwritten in the database's file (SQLite), or by `begleiter purge --scrub` (PostgreSQL).",
)


@dataclass(frozen=True, slots=True)
class DataCategory:
    """One attribute as it serves a purpose."""

    attribute: str
    label: str
    why: str
    sources: tuple[str, ...]
    kept: str
    sensitive: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose with what it uses."""

    purpose: str
    text: str
    example: str
    legal_basis: str
    legal_term: str
    dpv: str
    fideslang: str
    consent_ends: str
    data: tuple[DataCategory, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The whole record."""

    controller: Mapping[str, str]
    activities: tuple[Activity, ...]
    kept: tuple[tuple[str, str], ...] = KEPT
    measures: tuple[str, ...] = MEASURES


def record_of(register: Register, language: str | None) -> Record:
    """The record, in the nearest language to this one."""
    activities = tuple(_activity(each, register, language or "") for each in register.purposes.values())
    return Record(_controller(register.notices[-1] if register.notices else None), activities)


def _controller(notice: Notice | None) -> dict[str, str]:
    found = notice and notice.processing
    if not found:
        return {"controller": NOT_STATED, "contact": NOT_STATED}
    return {
        "controller": found.controller,
        "contact": found.contact,
        "data protection officer": found.officer or NOT_STATED,
        "supervisory authority": found.authority or NOT_STATED,
        "recipients": ", ".join(found.recipients) or "none",
        "third countries": ", ".join(found.third_countries) or "none",
    }


def _activity(purpose: Purpose, register: Register, language: str) -> Activity:
    terms = TERMS[purpose.id]
    data = tuple(_data(each, language) for each in register.attributes.values() if purpose.id in each.purposes)
    return Activity(
        purpose=purpose.id,
        text=purpose.text.get(language),
        example=purpose.example.get(language),
        legal_basis=purpose.legal_basis,
        legal_term=LEGAL_BASES[purpose.legal_basis],
        dpv=terms.dpv,
        fideslang=terms.fideslang,
        consent_ends=f"after {purpose.valid_for_days} days" if purpose.valid_for_days else "no",
        data=data,
    )


def _data(attribute: RegisteredAttribute, language: str) -> DataCategory:
    return DataCategory(
        attribute=attribute.id,
        label=attribute.label.get(language),
        why=attribute.why.get(language),
        sources=attribute.sources,
        kept=f"{attribute.retention_days} days" if attribute.retention_days else "until consent ends",
        sensitive=f"yes ({EXPLICIT_CONSENT})" if attribute.sensitive else "no",
    )
