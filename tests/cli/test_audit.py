"""`begleiter audit`: what it says of a whole ledger, and of one that somebody changed."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from service.cli import main
from service.privacy.consent import record_event
from service.privacy.keyring import Keyring
from service.privacy.secret import load_secret
from service.storage.consents import SqlConsents
from service.storage.database import open_database
from service.storage.schema import upgrade
from service.storage.shoppers import SqlShoppers
from tests.builders import NOW, a_decision, a_notice_ref, a_register, a_shopper_id


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "begleiter.sqlite3"
    monkeypatch.setenv("BEGLEITER_DATA", str(tmp_path))
    monkeypatch.setenv("BEGLEITER_SECRET", "x" * 40)
    monkeypatch.setenv("BEGLEITER_DATABASE_URL", f"sqlite:///{path}")
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def five_events(file, tmp_path):
    database = open_database(f"sqlite:///{file}")
    SqlShoppers(database).ensure(a_shopper_id(), at=NOW)
    consents = SqlConsents(database, Keyring.of(load_secret("x" * 40, tmp_path)))
    for number in range(5):
        decision = a_decision("height_cm", given=number % 2 == 0)
        record_event(consents, a_register(), a_shopper_id(), a_notice_ref(), [decision], at=NOW)
    database.close()


def run(*words):
    return CliRunner().invoke(main, ["audit", *words])


def change(file, *statements):
    connection = sqlite3.connect(file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_whole_ledger_verifies(file, five_events):
    done = run("verify")

    assert (done.exit_code, done.stdout) == (0, "5 entries verified; the grants follow from them.\n")


def test_an_empty_ledger_verifies(file):
    assert run("verify").exit_code == 0


def test_a_change_is_told_with_its_entry_and_without_its_content(file, five_events):
    change(file, "UPDATE consent_event SET payload = replace(payload, 'height_cm', 'riding_style') WHERE position = 3")

    done = run("verify")

    assert done.exit_code == 1
    assert "entry 3: has another payload than was committed to" in done.stdout
    assert "riding_style" not in done.output
    assert a_shopper_id() not in done.output


def test_another_key_verifies_nothing(file, five_events, monkeypatch):
    monkeypatch.setenv("BEGLEITER_SECRET", "y" * 40)

    assert run("verify").exit_code == 1


def test_an_end_cut_together_with_the_head_is_found_by_the_printed_head(file, five_events, tmp_path):
    anchors = tmp_path / "heads.jsonl"
    anchors.write_text(run("head").stdout + json.dumps({"id": "a receipt", "head": json.loads(run("head").stdout)}))
    assert run("verify", "--anchors", str(anchors)).exit_code == 0

    change(file, "DELETE FROM consent_grant", "DELETE FROM consent_event", "DELETE FROM ledger_head")

    assert run("verify").exit_code == 0
    cut = run("verify", "--anchors", str(anchors))
    assert cut.exit_code == 1
    assert "a head kept elsewhere names entry 5, which is gone: the end was cut" in cut.stdout


def test_anchors_that_are_none_are_told_with_their_line(file, tmp_path):
    anchors = tmp_path / "heads.jsonl"
    anchors.write_text("\n[1]\n")

    done = run("verify", "--anchors", str(anchors))

    assert done.exit_code == 1
    assert "heads.jsonl:2: this is neither a head nor a receipt" in done.output
