"""Checking files, making keys, looking after the database: what the command line promises."""

import json
import os
import subprocess
import sys
from unittest.mock import patch

import pytest

from service.cli import COMMANDS
from service.privacy.credentials import PREFIXES, BadToken, authenticate
from service.storage.credentials import SqlCredentials
from service.storage.database import open_database
from tests.builders import NOW


@pytest.fixture
def database(folder):
    opened = open_database(f"sqlite:///{folder}/begleiter.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def upgraded(begleiter):
    assert begleiter("db", "upgrade").exit_code == 0
    return begleiter


def test_every_command_explains_itself(begleiter):
    overview = begleiter("--help")

    assert overview.exit_code == 0
    for name in (*COMMANDS, "retrain"):
        told = begleiter(name, "--help")
        assert name in overview.output
        assert (told.exit_code, "Usage:" in told.output) == (0, True), name


def test_asking_for_help_does_not_load_the_trainer():
    code = "import sys; from service.cli import main; main(['serve', '--help'], standalone_mode=False); "
    code += "print([name for name in ('numpy', 'sqlalchemy', 'models', 'lightfm') if name in sys.modules])"

    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert outcome.stdout.splitlines()[-1] == "[]"


def test_good_files_give_nothing_to_complain_about(begleiter):
    told = begleiter("check")

    assert (told.exit_code, told.stdout) == (0, "")
    assert "Nothing to complain about" in told.stderr


def test_every_complaint_is_a_line_with_its_place_and_the_exit_code_is_1(begleiter, folder):
    questionnaire = folder / "questionnaires" / "road-bike.yaml"
    questionnaire.write_text(questionnaire.read_text().replace("use: [daily]", "usage: [daily]"))
    (folder / "questionnaires" / "broken.yaml").write_text("questionnaire: broken\nquestions: [")
    register = folder / "shop" / "privacy.yaml"
    register.write_text(register.read_text().replace("sources: [crm]", "sauces: [crm]"))

    told = begleiter("check")

    lines = told.stdout.splitlines()
    assert told.exit_code == 1
    assert all(" error BG-" in line for line in lines)
    for name in ("broken.yaml:", "road-bike.yaml:", "privacy.yaml:"):
        assert any(name in line for line in lines), name
    assert any("did you mean 'use'" in line for line in lines)


def test_files_may_be_named_one_by_one(begleiter, folder):
    (folder / "questionnaires" / "broken.yaml").write_text("questionnaire: broken\nquestions: [")

    good = begleiter("check", folder / "questionnaires" / "road-bike.yaml", folder / "shop" / "privacy.yaml")
    shop = begleiter("check", folder / "shop" / "shop.yaml")
    bad = begleiter("check", folder / "questionnaires")

    assert (good.exit_code, shop.exit_code, bad.exit_code) == (0, 0, 1)


def test_a_broken_shop_is_told_when_questionnaires_are_checked(begleiter, folder):
    products = folder / "shop" / "products.csv"
    products.write_text(products.read_text().replace("40.00", "cheap"))

    told = begleiter("check")

    assert told.exit_code == 1
    assert "products.csv:6" in told.stdout


def test_a_key_is_printed_last_and_opens_its_scope_until_it_is_revoked(upgraded, database):
    made = upgraded("keys", "create", "--scope", "shop", "--label", "staging")
    token = made.stdout.splitlines()[-1]
    credentials = SqlCredentials(database)
    credential = authenticate(credentials, token, "shop", at=NOW)

    listed = upgraded("keys", "list")
    revoked = upgraded("keys", "revoke", credential.id)

    assert token.startswith(PREFIXES["shop"])
    assert credential.id in listed.stdout
    assert "staging" in listed.stdout
    assert token not in listed.stdout
    assert revoked.exit_code == 0
    with pytest.raises(BadToken):
        authenticate(credentials, token, "shop", at=NOW)


def test_a_key_that_does_not_exist_cannot_be_revoked(upgraded):
    told = upgraded("keys", "revoke", "nothing")

    assert told.exit_code == 1
    assert "there is no such key" in told.stderr


def test_without_a_schema_a_command_says_what_to_run(begleiter):
    told = begleiter("keys", "list")

    assert told.exit_code == 1
    assert "begleiter db upgrade" in told.stderr
    assert begleiter("db", "status").exit_code == 1


def served_nowhere(begleiter, **changed):
    """An address that is nobody's ends a service that starts all the same; what it sets up is gone with it."""
    with patch.dict(os.environ):
        return begleiter("serve", "--host", "192.0.2.1", **changed)


def test_the_service_does_not_start_on_another_schema(begleiter):
    told = served_nowhere(begleiter)

    assert told.exit_code == 1
    assert "begleiter db upgrade" in told.stderr


def test_the_service_does_not_start_under_another_secret_than_its_ledger(upgraded, folder):
    notice = {"id": "profile", "version": "2", "language": "de"}
    height = {"attribute": "height_cm", "purpose": "advice_profile", "given_at": NOW.isoformat(), "notice": notice}
    (folder / "shoppers.jsonl").write_text(json.dumps({"ref": "anna", "values": [], "grants": [height]}))
    assert upgraded("import", "shoppers", folder / "shoppers.jsonl").exit_code == 0

    told = served_nowhere(upgraded, BEGLEITER_SECRET="t" * 40)

    assert told.exit_code == 1
    assert "put the former secret.key or BEGLEITER_SECRET back" in told.stderr


def test_a_notice_altered_under_its_version_stops_the_start_and_the_import_in_words(upgraded, folder):
    notice = {"id": "profile", "version": "2", "language": "de"}
    height = {"attribute": "height_cm", "purpose": "advice_profile", "given_at": NOW.isoformat(), "notice": notice}
    (folder / "shoppers.jsonl").write_text(json.dumps({"ref": "anna", "values": [], "grants": [height]}))
    assert upgraded("import", "shoppers", folder / "shoppers.jsonl").exit_code == 0
    register = folder / "shop" / "privacy.yaml"
    register.write_text(register.read_text().replace("de: Hinweis.", "de: Ein anderer Hinweis."))

    for told in (served_nowhere(upgraded), upgraded("import", "shoppers", folder / "shoppers.jsonl")):
        assert told.exit_code == 1
        assert "a changed text needs a new version in privacy.yaml: profile 2 (de)" in told.stderr


def test_a_new_database_is_its_owners_alone(begleiter, folder):
    begleiter("db", "upgrade")

    assert [oct(each.stat().st_mode & 0o077) for each in folder.glob("begleiter.sqlite3*")] == ["0o0"]


def test_without_its_driver_postgresql_is_asked_for_in_words(begleiter, monkeypatch):
    monkeypatch.setattr("service.storage.database.find_spec", lambda _: None)

    told = begleiter("db", "status", BEGLEITER_DATABASE_URL="postgresql://localhost/begleiter")

    assert told.exit_code == 1
    assert "pip install 'begleiter[postgres]'" in told.stderr


def test_the_schema_is_created_once_and_then_up_to_date(begleiter):
    outcomes = [begleiter("db", "upgrade"), begleiter("db", "upgrade"), begleiter("db", "status")]

    assert [outcome.exit_code for outcome in outcomes] == [0, 0, 0]


@pytest.mark.parametrize("url", ["mysql://x", "nonsense", "sqlite://"])
def test_a_database_that_cannot_be_used_is_said_plainly(begleiter, url):
    told = begleiter("db", "upgrade", BEGLEITER_DATABASE_URL=url)

    assert told.exit_code == 1
    assert told.stderr.startswith("Error: ")
