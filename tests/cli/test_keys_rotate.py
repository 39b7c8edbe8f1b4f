"""`begleiter keys rotate`: a new secret signs, and what former ones signed is still known."""

import pytest
from click.testing import CliRunner

from service.cli import main
from service.privacy.consent import record_event
from service.privacy.keyring import Keyring
from service.privacy.ledger import KeyUnknown
from service.privacy.secret import FILE_NAME, load_secret
from service.storage.consents import SqlConsents
from service.storage.database import open_database
from service.storage.schema import upgrade
from service.storage.shoppers import SqlShoppers
from tests.builders import NOW, a_decision, a_notice_ref, a_register, a_shopper_id


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path}/begleiter.sqlite3"
    upgrade(url)
    return url


@pytest.fixture
def begleiter(tmp_path, url):
    def run(*words, secret=None):
        environment = {"BEGLEITER_DATA": str(tmp_path), "BEGLEITER_DATABASE_URL": url, "BEGLEITER_SECRET": secret}
        done = CliRunner().invoke(main, words, env=environment)
        assert done.exit_code == 0, done.output
        return done

    return run


def enter(url, secret):
    database = open_database(url)
    SqlShoppers(database).ensure(a_shopper_id(), at=NOW)
    consents = SqlConsents(database, Keyring.of(secret))
    try:
        return record_event(consents, a_register(), a_shopper_id(), a_notice_ref(), [a_decision("height_cm")], at=NOW)
    finally:
        database.close()


def test_the_ledger_verifies_across_rotations_and_is_signed_by_the_newest_secret(begleiter, url, tmp_path):
    signed_by = []

    for _ in range(3):
        signed_by.append(enter(url, load_secret(None, tmp_path)).head.key)
        begleiter("keys", "rotate")

    assert len(set(signed_by)) == 3
    assert begleiter("audit", "verify").stdout.startswith("3 entries verified")


def test_who_started_before_a_rotation_signs_on_and_with_the_new_secret_once_it_was_used(begleiter, url, tmp_path):
    former = load_secret(None, tmp_path)
    old = enter(url, former).head.key
    begleiter("keys", "rotate")
    assert enter(url, former).head.key == old
    new = enter(url, load_secret(None, tmp_path)).head.key

    found = [enter(url, former).head.key for _ in range(2)]

    assert found == [new, new] != [old, old]
    assert begleiter("audit", "verify").stdout.startswith("5 entries verified")


def test_who_cannot_come_by_the_new_secret_enters_nothing_once_it_was_used(begleiter, url, tmp_path):
    old = "x" * 40
    enter(url, load_secret(old, tmp_path))
    rotated = f"{begleiter('keys', 'rotate', secret=old).stdout.splitlines()[-1]} {old}"
    enter(url, load_secret(rotated, tmp_path))

    with pytest.raises(KeyUnknown):
        enter(url, load_secret(old, tmp_path))

    assert begleiter("audit", "verify", secret=rotated).stdout.startswith("2 entries verified")


def test_a_secret_of_the_environment_is_renewed_by_its_owner(begleiter, url, tmp_path):
    old = "x" * 40
    enter(url, load_secret(old, tmp_path))

    printed = begleiter("keys", "rotate", secret=old).stdout.splitlines()[-1]
    rotated = f"{printed} {old}"
    enter(url, load_secret(rotated, tmp_path))

    assert begleiter("audit", "verify", secret=rotated).stdout.startswith("2 entries verified")
    assert not (tmp_path / FILE_NAME).exists()
