"""Equal orders give equal bytes, whoever withdrew is absent, and no bit of a model changes unnoticed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.parts import Training
from models.source import from_database
from models.train import fit_and_write
from service.cross_sell.artefact import open_artefact
from service.cross_sell.refusal import ArtefactRefused
from service.privacy.consent import record_event
from service.settings import read_settings
from service.storage.consents import SqlConsents
from service.storage.database import open_database
from service.storage.orders import SqlOrders
from service.storage.schema import upgrade
from service.storage.shoppers import SqlShoppers
from tests.builders import LEDGER, NOW, a_decision, a_notice_ref, a_register, a_shopper_id
from tests.models.worlds import FACTS, QUICK, a_training, checkerboard

BRIEF = replace(QUICK, epochs=2, components=4)
SHOPPERS = [a_shopper_id(number) for number in range(8)]
LINES = list(checkerboard(160, shopper_of=lambda number: SHOPPERS[number // 5 % 8]))
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=30)

few = settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(st.randoms(use_true_random=False))
@few
def test_the_order_of_lines_changes_no_byte(tmp_path, random):
    turned = random.sample(LINES, len(LINES))

    one = fit_and_write(a_training(LINES, recipe=BRIEF), tmp_path / "one")
    other = fit_and_write(a_training(turned, recipe=BRIEF), tmp_path / "other")

    assert contents(one) == contents(other)


@given(gone=st.sets(st.sampled_from(SHOPPERS), min_size=1, max_size=5))
@few
def test_training_after_a_withdrawal_equals_training_without_the_shopper(tmp_path_factory, gone):
    folder = tmp_path_factory.mktemp("withdrawn")

    withdrawn = learnt(folder / "one", SHOPPERS, withdrawing=gone)
    absent = learnt(folder / "other", [shopper for shopper in SHOPPERS if shopper not in gone], withdrawing=())

    assert contents(withdrawn) == contents(absent)


def learnt(folder, shoppers, withdrawing):
    """The model of a database in which these shoppers allowed to learn from them, and some withdrew again."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'shop.sqlite3'}"
    upgrade(url)
    database = open_database(url)
    consents, allowed = SqlConsents(database, LEDGER), a_decision("orders", "model_training")
    for shopper in shoppers:
        SqlShoppers(database).ensure(shopper, at=BEFORE)
        record_event(consents, a_register(), shopper, a_notice_ref(), [allowed], at=BEFORE)
    SqlOrders(database).add(line for line in LINES if line.shopper in shoppers)
    for shopper in sorted(withdrawing):
        taken_back = [a_decision("orders", "model_training", given=False)]
        record_event(consents, a_register(), shopper, a_notice_ref(), taken_back, at=NOW + timedelta(days=20))
    database.close()
    source = from_database(replace(read_settings(), data=folder, database_url=url, shop=folder), FACTS, AFTER)
    return fit_and_write(Training(source.gathered, FACTS, BRIEF), folder / "models")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return fit_and_write(a_training(LINES, recipe=BRIEF), tmp_path_factory.mktemp("models"))


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_flipped_bit_of_a_trained_model_is_refused(trained, data):
    names = sorted(path.name for path in trained.iterdir() if not path.name.startswith("card."))
    path = trained / data.draw(st.sampled_from(names))
    content = path.read_bytes()
    place, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
    path.write_bytes(content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :])

    try:
        with pytest.raises(ArtefactRefused):
            open_artefact(trained)
    finally:
        path.write_bytes(content)
