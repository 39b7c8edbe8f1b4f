"""`begleiter import shoppers`: who consented to what comes in whole or not at all; complaints have their line."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.privacy.secret import load_secret
from service.privacy.shoppers import pseudonym
from service.storage.consents import SqlConsents
from service.storage.database import open_database
from service.storage.shoppers import SqlShoppers
from tests.builders import LEDGER

SHOP = Path(__file__).parents[2] / "shop"
AT = "2026-02-01T10:00:00Z"
NOTICE = {"id": "profile", "version": "1", "language": "de"}


def a_grant(attribute="height_cm", purpose="advice_profile", **changed):
    return {"attribute": attribute, "purpose": purpose, "given_at": AT, "notice": NOTICE} | changed


def a_value(attribute="height_cm", value=178, **changed):
    return {"attribute": attribute, "value": value, "source": "crm", "source_ref": "c1", "collected_at": AT} | changed


def a_record(ref="anna", **changed):
    return {"ref": ref, "values": [a_value()], "grants": [a_grant()]} | changed


@pytest.fixture
def folder(tmp_path, monkeypatch, sqlite_template):
    """A data folder with an empty database, which the command is told of."""
    shutil.copy(sqlite_template, tmp_path / "begleiter.sqlite3")
    monkeypatch.setenv("BEGLEITER_DATA", str(tmp_path))
    monkeypatch.setenv("BEGLEITER_SHOP", str(SHOP))
    monkeypatch.delenv("BEGLEITER_DATABASE_URL", raising=False)
    return tmp_path


def bring_in(folder, *records):
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    (folder / "shoppers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return CliRunner().invoke(main, ["import", "shoppers", str(folder / "shoppers.jsonl")])


@pytest.fixture
def known(folder):
    database = open_database(f"sqlite:///{folder / 'begleiter.sqlite3'}")
    shopper = pseudonym(load_secret(None, folder), "anna")
    yield lambda: (
        SqlShoppers(database).is_known(shopper),
        SqlConsents(database, LEDGER).current(shopper, at=datetime.now(UTC)),
    )
    database.close()


def test_what_a_shopper_consented_to_is_granted_and_only_a_covered_value_is_stored(folder, known):
    outcome = bring_in(folder, a_record(values=[a_value(), a_value("riding_style", "sporty")]))

    assert outcome.exit_code == 0, outcome.output
    assert "1 new shoppers" in outcome.output
    assert "1 values stored, 1 refused" in outcome.output
    (grant,) = known()[1]
    assert (grant.attribute, grant.purpose, grant.given_at) == (
        "height_cm",
        "advice_profile",
        datetime.fromisoformat(AT),
    )


def test_a_shopper_known_before_stays_as_they_are(folder, known):
    bring_in(folder, a_record())

    outcome = bring_in(folder, a_record(grants=[a_grant("orders", "model_training")]))

    assert "0 new shoppers, 1 known before" in outcome.output
    assert [grant.attribute for grant in known()[1]] == ["height_cm"]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ("not json", "BG-E001"),
        ('{"ref": ', "BG-E001"),
        ("[1]", "BG-E002 a shopper"),
        ({"values": []}, "BG-E002 ref"),
        (a_record("bert", values={}), "BG-E002 values"),
        (a_record("bert", values=[a_value(source=7)]), "BG-E002 source"),
        (a_record("bert", values=[a_value(collected_at="yesterday")]), "BG-E002 collected_at"),
        (a_record("bert", grants=[a_grant(given_at="2026-02-01T10:00:00")]), "BG-E002 given_at"),
        (a_record("bert", grants=[a_grant(given_at="0001-01-01T00:00:00+14:00")]), "BG-E002 given_at"),
        (a_record("bert", grants=[a_grant(notice=None)]), "BG-E002 a grant's notice"),
        (a_record("bert", grants=[a_grant(given_at="2099-01-01T00:00:00Z")]), "BG-E002 given_at"),
        (a_record("bert", grants=[a_grant(sources=["crm"])]), "BG-E002 one of the grants"),
        (a_record("bert", values=[a_value(when=AT)]), "BG-E002 one of the values"),
        (a_record("bert", consents=[]), "BG-E002 a shopper"),
        ('{"ref": "bert", "grants": [], "grants": []}', "BG-E001 a field is given twice"),
        (a_record("bert\N{REPLACEMENT CHARACTER}"), "BG-E002 ref"),
        (a_record("bert", grants=[a_grant(source="broker")]), "BG-E004 this attribute does not come from"),
        (a_record("bert", grants=[a_grant(), a_grant(given_at="2026-02-02T10:00:00Z")]), "BG-E004"),
        (a_record("anna"), "BG-E003"),
        (a_record("bert", grants=[a_grant("shoe_size")]), "BG-E004 no such attribute"),
        (a_record("bert", grants=[a_grant(purpose="gossip")]), "BG-E004 no such purpose"),
        (a_record("bert", grants=[a_grant(purpose="model_training")]), "BG-E004"),
        (a_record("bert", grants=[a_grant(), a_grant()]), "BG-E004"),
        (a_record("bert", grants=[a_grant(notice=NOTICE | {"version": "0"})]), "BG-E004"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_of_the_file_comes_in(folder, known, wrong, complaint):
    outcome = bring_in(folder, a_record("anna"), wrong)

    assert outcome.exit_code == 1
    assert f"shoppers.jsonl:2:1 error {complaint}" in outcome.output
    assert not known()[0]


def test_no_complaint_repeats_what_is_known_of_a_shopper(folder):
    outcome = bring_in(folder, a_record("anna-secret", values=[a_value(value="178-secret", source={"secret": 1})]))

    assert outcome.exit_code == 1
    assert "secret" not in outcome.output
