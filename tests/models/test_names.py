"""Training knows shoppers by names of its own: they lead nowhere, and leave no trace in a model."""

import hmac
from dataclasses import replace

import pytest

from models import source
from models.parts import Training
from models.train import fit_and_write
from service.privacy.secret import Secret
from service.privacy.shoppers import pseudonym
from service.privacy.training import training_id
from tests.builders import a_shopper_id
from tests.models.test_absence import BRIEF, SHOPPERS, a_world, contents  # noqa: F401  a fixture

OLD, NEW = b"o" * 40, b"n" * 40
USES = ("ledger", "shopper pseudonym", "erasure list", "handover code")


def test_a_name_leads_neither_to_the_reference_nor_to_the_pseudonym_nor_to_any_other_keyed_hash():
    secret = Secret(NEW, (OLD,))
    shopper = pseudonym(secret, "CUST-1")

    name = training_id(secret, shopper)

    keys = [key for use in USES for key in secret.every(use)]
    known = {hmac.digest(key, each.encode(), "sha256").hex() for key in keys for each in ("CUST-1", shopper)}
    assert not any(each.startswith(name) for each in (*known, shopper, "CUST-1"))


def test_a_name_is_the_same_until_the_secret_is_rotated():
    me, other = a_shopper_id(1), a_shopper_id(2)
    before, after = Secret(OLD), Secret(NEW, (OLD,))

    assert training_id(before, me) == training_id(Secret(OLD), me)
    assert len({training_id(before, me), training_id(before, other), training_id(after, me)}) == 3


@pytest.fixture
def told(monkeypatch):
    """Whoever is named to the trainer."""
    names = []
    gather = source.gather

    def spying(lines, facts, values_of, captured):
        lines, captured = list(lines), list(captured)
        names.extend([line.shopper for line in lines] + [whose for whose, _ in captured])
        return gather(lines, facts, values_of, captured)

    monkeypatch.setattr(source, "gather", spying)
    return names


def test_nothing_that_the_database_calls_a_shopper_reaches_the_trainer(a_world, told):  # noqa: F811
    a_world().holds(SHOPPERS).gathered()

    named = {name for name in told if name is not None}
    assert len(named) == len(SHOPPERS)
    assert not named & set(SHOPPERS)


def test_no_name_leaves_a_trace_in_a_model_whatever_the_secret(a_world, told):  # noqa: F811
    world = a_world().holds(SHOPPERS)

    def model(secret):
        gathered = source.from_database(replace(world.settings, secret=secret), world.facts, world.after).gathered
        return contents(fit_and_write(Training(gathered, world.facts, BRIEF), world.folder / secret[0]))

    one, other = model("a" * 40), model("b" * 40)

    assert one == other
    assert len(set(told)) == 2 * len(SHOPPERS) + 1
    for name in {*SHOPPERS, *filter(None, told)}:
        assert not any(name.encode() in content for content in one.values())
