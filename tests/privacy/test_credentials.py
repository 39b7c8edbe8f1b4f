from dataclasses import replace

import pytest

from service.privacy.credentials import BadToken, Credential, authenticate, fingerprint, new_token
from tests.builders import NOW


class Found:
    """Stands for the database: finds this credential, whatever is asked for."""

    def __init__(self, credential):
        self.credential = credential

    def find(self, token_hash):
        return self.credential


TOKEN = new_token("shop")
STORED = Credential("k1", "shop", fingerprint(TOKEN), NOW)


def test_what_the_database_finds_is_taken_if_it_is_right():
    assert authenticate(Found(STORED), TOKEN, "shop", at=NOW) == STORED


NEARLY = fingerprint(TOKEN)[:-1] + ("0" if fingerprint(TOKEN)[-1] != "0" else "1")


@pytest.mark.parametrize(
    "found",
    [
        None,
        replace(STORED, scope="operator"),
        replace(STORED, token_hash=fingerprint("another")),
        replace(STORED, token_hash=NEARLY),
    ],
)
def test_what_the_database_finds_is_looked_at_again(found):
    with pytest.raises(BadToken):
        authenticate(Found(found), TOKEN, "shop", at=NOW)


def test_a_token_with_the_prefix_of_another_scope_is_not_even_looked_for():
    token = new_token("session")

    with pytest.raises(BadToken):
        authenticate(Found(replace(STORED, token_hash=fingerprint(token))), token, "shop", at=NOW)


def test_no_two_tokens_are_alike():
    tokens = {new_token("session") for _ in range(1_000)}

    assert len(tokens) == 1_000
    assert all(token.startswith("bgs_") and len(token) == 47 for token in tokens)
