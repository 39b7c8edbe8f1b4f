from datetime import timedelta

import pytest

from service.privacy.credentials import BadToken, UnknownCredential, authenticate, issue
from service.privacy.shoppers import UnknownShopper
from service.storage.credentials import SqlCredentials
from service.storage.shoppers import SqlShoppers
from tests.builders import NOW, a_shopper_id

HOUR = timedelta(hours=1)


@pytest.fixture
def credentials(database):
    return SqlCredentials(database)


@pytest.fixture
def me(database):
    SqlShoppers(database).ensure(a_shopper_id(), at=NOW)
    return a_shopper_id()


def test_a_token_opens_what_it_was_issued_for(credentials, me):
    issued = issue(credentials, "shopper", at=NOW, lifetime=HOUR, subject=me)

    assert authenticate(credentials, issued.token, "shopper", at=NOW) == issued.credential
    assert issued.credential.subject == me


@pytest.mark.parametrize(("scope", "prefix"), [("shop", "bgk_"), ("operator", "bgo_")])
def test_a_key_says_its_scope_and_needs_no_end(credentials, scope, prefix):
    issued = issue(credentials, scope, at=NOW, label="the shop's own")

    assert issued.token.startswith(prefix)
    assert authenticate(credentials, issued.token, scope, at=NOW + 10_000 * HOUR).label == "the shop's own"


def test_a_token_of_another_scope_is_no_token(credentials):
    token = issue(credentials, "shop", at=NOW).token

    for scope in ("session", "shopper", "operator"):
        with pytest.raises(BadToken):
            authenticate(credentials, token, scope, at=NOW)


def test_a_token_with_another_scopes_prefix_is_no_token(credentials):
    token = issue(credentials, "shop", at=NOW).token

    with pytest.raises(BadToken):
        authenticate(credentials, token.replace("bgk_", "bgo_"), "operator", at=NOW)


@pytest.mark.parametrize("token", ["", "bgk_", "bgk_unknown", "bgk_" + "x" * 10_000, "bgk_\0", "bgk_ü"])
def test_what_was_never_issued_opens_nothing(credentials, token):
    with pytest.raises(BadToken):
        authenticate(credentials, token, "shop", at=NOW)


def test_a_token_ends_with_its_lifetime(credentials):
    token = issue(credentials, "shop", at=NOW, lifetime=HOUR).token

    assert authenticate(credentials, token, "shop", at=NOW + HOUR - timedelta(microseconds=1))
    with pytest.raises(BadToken):
        authenticate(credentials, token, "shop", at=NOW + HOUR)


def test_a_revoked_token_opens_nothing_and_keeps_the_moment_it_was_revoked(credentials):
    issued = issue(credentials, "shop", at=NOW)

    credentials.revoke(issued.credential.id, at=NOW)
    credentials.revoke(issued.credential.id, at=NOW + HOUR)

    with pytest.raises(BadToken):
        authenticate(credentials, issued.token, "shop", at=NOW)
    assert [each.revoked_at for each in credentials.all("shop")] == [NOW]


def test_revoking_one_leaves_the_others(credentials):
    first, second = issue(credentials, "shop", at=NOW), issue(credentials, "shop", at=NOW)

    credentials.revoke(first.credential.id, at=NOW)

    assert authenticate(credentials, second.token, "shop", at=NOW)


def test_revoking_what_does_not_exist_is_said(credentials):
    with pytest.raises(UnknownCredential):
        credentials.revoke("nothing", at=NOW)


def test_credentials_are_listed_by_scope_oldest_first(credentials):
    second = issue(credentials, "shop", at=NOW + HOUR).credential
    first = issue(credentials, "operator", at=NOW).credential

    assert credentials.all("shop", "operator") == (first, second)
    assert credentials.all("operator") == (first,)


def test_no_token_is_stored_or_printed(credentials, database):
    issued = issue(credentials, "shop", at=NOW)

    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM credential").fetchall()

    assert issued.token not in repr(rows) + repr(issued)
    assert issued.credential.token_hash not in repr(issued)


def test_a_shopper_token_needs_a_shopper_and_a_shop_key_must_not_have_one(credentials, me):
    with pytest.raises(ValueError, match="bound to a shopper"):
        issue(credentials, "shopper", at=NOW)
    with pytest.raises(ValueError, match="bound to a shopper"):
        issue(credentials, "shop", at=NOW, subject=me)


def test_nobody_gets_a_token_for_an_unknown_shopper(credentials):
    with pytest.raises(UnknownShopper):
        issue(credentials, "shopper", at=NOW, subject=a_shopper_id(9))
