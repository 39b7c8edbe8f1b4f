"""A consent record after ISO/IEC TS 27560, with what the GDPR asks for besides: built from an entry and its notice."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.privacy.payload import moment_of
from service.privacy.register import Register, UnknownNotice
from service.privacy.rights import Records
from service.privacy.terms import EXPLICIT_CONSENT, LEGAL_BASES, TERMS

SCHEMA = "ISO/IEC TS 27560:2023"


def consent_records(records: Records, register: Register, subject: str) -> Iterator[dict[str, object]]:
    """One record for each entry of the ledger about the subject."""
    for event in records.get("consent_event", ()):
        if isinstance(event["payload"], Mapping):
            yield _record(event, event["payload"], register, subject)


def _record(
    event: Mapping[str, Any], payload: Mapping[str, Any], register: Register, subject: str
) -> dict[str, object]:
    return {
        "schema_version": SCHEMA,
        "record_id": event["id"],
        "pii_principal_id": subject,
        "privacy_notice": {part: event[f"notice_{part}"] for part in ("id", "version", "language", "hash")},
        "pii_processing": _processing(event, register),
        "events": [_event(event, payload["by"], decided, register) for decided in payload["decisions"]],
    }


def _processing(event: Mapping[str, Any], register: Register) -> dict[str, object] | None:
    """What the notice says once for all; None where it says nothing, or is declared no longer."""
    try:
        found = register.notice(str(event["notice_id"]), str(event["notice_version"])).processing
    except UnknownNotice:
        return None
    if found is None:
        return None
    return {
        "pii_controller": found.controller,
        "contact": found.contact,
        "data_protection_officer": found.officer,
        "supervisory_authority": found.authority,
        "jurisdiction": found.jurisdiction,
        "recipients": list(found.recipients),
        "third_countries": list(found.third_countries),
        "withdrawal_method": found.withdrawal and found.withdrawal.get(str(event["notice_language"])),
    }


def _event(event: Mapping[str, Any], by: str, decided: Mapping[str, Any], register: Register) -> dict[str, object]:
    attribute = register.attributes.get(decided["attribute"])
    terms = TERMS.get(decided["purpose"])
    return {
        "event_time": event["at"],
        "event_state": f"consent {decided['outcome']}",
        "event_type": None if decided["outcome"] == "expired" else "explicit",
        "entity": by,
        "pii_type": decided["attribute"],
        "is_sensitive": None if attribute is None else attribute.sensitive,
        "purpose": decided["purpose"],
        "purpose_type": terms and {"dpv": terms.dpv, "fideslang": terms.fideslang},
        "lawful_basis": [LEGAL_BASES["consent"], *([EXPLICIT_CONSENT] if attribute and attribute.sensitive else [])],
        "pii_sources": decided["sources"] or ([decided["source"]] if decided["source"] else []),
        "valid_until": None if decided["until"] is None else moment_of(decided["until"]).isoformat(),
        "retention_days": None if attribute is None else attribute.retention_days,
    }
