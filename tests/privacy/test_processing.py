"""What the register says of processing: what is collected for nothing, the record of it all, and each consent's own."""

import pytest

from service.documents.problem import Refused
from service.privacy.consent_record import consent_records
from service.privacy.declared import PURPOSES, Processing
from service.privacy.notices import altered
from service.privacy.processing_record import NOT_STATED, record_of
from service.privacy.register import read_register
from service.privacy.terms import TERMS
from service.privacy.unused import unused
from service.storage.columns import micros
from tests.builders import DAY, NOW, a_notice, a_register, a_registered_attribute, a_shopper_id

FILE = """\
languages: [de]
purposes:
  advice_profile: {text: a, example: b, legal_basis: consent}
  cross_sell: {text: a, example: b, legal_basis: consent}
attributes:
  height_cm: {label: a, why: b, kind: number, purposes: [advice_profile], sources: [crm]}
  style: {label: a, why: b, kind: text, purposes: [cross_sell], sources: [crm]}
notices:
  - id: profile
    version: 1
    text: Hinweis
    processing:
      controller: Radhaus
      contact: privacy@radhaus.example
      recipients: [Paketdienst]
      withdrawal: Ein Klick
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "privacy.yaml"
    path.write_text(FILE)
    return path


def test_an_attribute_that_nothing_uses_is_reported_with_its_place(path):
    (problem,) = unused(path, frozenset())

    assert str(problem).removeprefix(f"{path.parent}/") == (
        "privacy.yaml:6:3 warning BG-P011 attribute 'height_cm': "
        "no questionnaire asks the profile for it and no model learns from it; leave it out"
    )


def test_what_a_questionnaire_asks_for_or_a_model_learns_from_is_used(path):
    assert list(unused(path, {"height_cm"})) == []


@pytest.mark.parametrize(
    ("declared", "reported"),
    [
        ("orders: {kind: behaviour, purposes: [behaviour_capture]}", False),
        ("orders: {kind: behaviour, purposes: [cross_sell]}", False),
        ("orders: {kind: behaviour, purposes: []}", True),
        ("clicks: {kind: behaviour, purposes: [behaviour_capture]}", True),
        ("mood: {kind: text, purposes: [behaviour_capture], sources: [crm]}", True),
        ("mood: {kind: text, purposes: [profile_merge], sources: [crm]}", True),
    ],
)
def test_what_is_declared_for_a_purpose_that_does_nothing_with_it_is_used_by_nothing(path, declared, reported):
    attribute = declared.replace("{", "{label: a, why: b, ")
    path.write_text(FILE.replace("attributes:\n", f"attributes:\n  {attribute}\n"))

    found = [problem.at.line for problem in unused(path, {"height_cm"})]

    assert found == ([6] if reported else [])


def test_a_broken_file_is_left_to_its_own_complaints(tmp_path):
    (tmp_path / "privacy.yaml").write_text("a: {")

    assert list(unused(tmp_path / "privacy.yaml", ())) == []


def test_a_notice_says_what_is_the_same_for_every_consent(path):
    (notice,) = read_register(path).notices

    assert notice.processing == Processing(
        "Radhaus", "privacy@radhaus.example", recipients=("Paketdienst",), withdrawal=notice.processing.withdrawal
    )
    assert notice.processing.withdrawal.get("de") == "Ein Klick"


def test_processing_without_a_controller_is_refused(path):
    path.write_text(FILE.replace("      controller: Radhaus\n", ""))

    with pytest.raises(Refused):
        read_register(path)


def test_another_processing_under_the_same_version_is_noticed():
    before = a_notice(processing=Processing("Radhaus", "a@b.example"))
    after = a_notice(processing=Processing("Radhaus", "a@b.example", recipients=("Broker",)))
    kept = [before.served(language) for language in ("de", "en")]
    kept += [type(kept[0])(before.id, before.version, "#processing", before.hashes["#processing"])]

    assert list(altered([before], kept)) == []
    assert [each.language for each in altered([after], kept)] == ["#processing"]


def test_every_purpose_has_its_terms_in_both_vocabularies():
    assert TERMS.keys() == set(PURPOSES)
    assert all(each.dpv.startswith("dpv:") and each.fideslang for each in TERMS.values())


def test_the_record_names_every_purpose_with_what_it_uses():
    record = record_of(a_register(), None)

    assert [each.purpose for each in record.activities] == list(a_register().purposes)
    advice = next(each for each in record.activities if each.purpose == "advice_profile")
    assert [each.attribute for each in advice.data] == ["height_cm", "riding_style", "has_garage"]
    assert record.controller["controller"] == NOT_STATED


def test_a_consent_record_tells_who_decided_what_under_which_notice():
    register = a_register(
        attributes=(a_registered_attribute(sensitive=True, retention_days=30),),
        notices=(a_notice(processing=Processing("Radhaus", "a@b.example")),),
    )
    decided = {
        "attribute": "height_cm",
        "purpose": "advice_profile",
        "source": None,
        "sources": ["crm"],
        "outcome": "given",
        "until": None,
    }
    event = {
        "id": "e1",
        "at": "2026-03-01T12:00:00+00:00",
        "notice_id": "profile",
        "notice_version": "1",
        "notice_language": "de",
        "notice_hash": "x",
        "payload": {"by": "guardian", "decisions": [decided]},
    }

    (record,) = consent_records({"consent_event": [event, event | {"payload": None}]}, register, a_shopper_id())

    assert record["pii_processing"]["pii_controller"] == "Radhaus"
    assert record["privacy_notice"]["hash"] == "x"
    (told,) = record["events"]
    assert (told["entity"], told["event_state"], told["is_sensitive"]) == ("guardian", "consent given", True)
    assert told["lawful_basis"] == ["eu-gdpr:A6-1-a", "eu-gdpr:A9-2-a"]


@pytest.mark.parametrize(
    ("outcome", "until", "kind", "end"),
    [
        ("given", micros(NOW + DAY), "explicit", (NOW + DAY).isoformat()),
        ("given", None, "explicit", None),
        ("expired", None, None, None),
    ],
)
def test_a_consent_record_tells_its_end_as_a_moment_and_calls_nothing_explicit_that_ended_by_itself(
    outcome, until, kind, end
):
    decided = {
        "attribute": "height_cm",
        "purpose": "advice_profile",
        "source": None,
        "sources": [],
        "outcome": outcome,
        "until": until,
    }
    named = {f"notice_{part}": None for part in ("id", "version", "language", "hash")}
    event = {"id": "e1", "at": NOW.isoformat(), **named, "payload": {"by": "service", "decisions": [decided]}}

    (record,) = consent_records({"consent_event": [event]}, a_register(), a_shopper_id())

    (told,) = record["events"]
    assert (told["event_type"], told["valid_until"]) == (kind, end)
    assert told["lawful_basis"] == ["eu-gdpr:A6-1-a"]


def test_the_record_names_the_basis_of_what_is_sensitive():
    register = a_register(attributes=(a_registered_attribute(sensitive=True),))

    (advice,) = (each for each in record_of(register, None).activities if each.purpose == "advice_profile")

    assert [each.sensitive for each in advice.data] == ["yes (eu-gdpr:A9-2-a)"]
