"""`begleiter retrain`: one command from orders to the model in service, or to a reason why not."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from models.retrain import retrain
from service.cross_sell.pointer import current, publish, published
from service.cross_sell.shelf import ModelShelf
from service.privacy.consent import record_event
from service.storage.consents import SqlConsents
from service.storage.database import open_database
from service.storage.orders import SqlOrders
from service.storage.schema import upgrade
from service.storage.shoppers import SqlShoppers
from tests.builders import LEDGER, NOW, a_decision, a_notice_ref, a_register, a_shopper_id
from tests.cross_sell.artefacts import an_artefact
from tests.models.worlds import BAG, FACTS, KINDS, checkerboard, noise

ME, OTHER = a_shopper_id(1), a_shopper_id(2)
BRIEFLY = ["--epochs", "12", "--components", "12"]


@pytest.fixture
def models(tmp_path, monkeypatch):
    """The models folder of a shop that sells the checkerboard."""
    shop = tmp_path / "shop"
    shop.mkdir()
    categories = "".join(f"  {kind}: {{label: {kind}}}\n" for kind in (BAG, *KINDS))
    (shop / "shop.yaml").write_text(f"currency: EUR\ncountry: DE\nlocales: [en]\ncategories:\n{categories}")
    rows = "".join(f"{sku},{sku},{facts.category},9.99\n" for sku, facts in FACTS.items())
    (shop / "products.csv").write_text(f"sku,name:en,category,price\n{rows}")
    for name in ("SHOP", "DATA", "DATABASE_URL"):
        monkeypatch.delenv(f"BEGLEITER_{name}", raising=False)
    monkeypatch.setenv("BEGLEITER_SHOP", str(shop))
    monkeypatch.setenv("BEGLEITER_DATA", str(tmp_path / "var"))
    return tmp_path / "var" / "models"


@pytest.fixture
def orders_file(tmp_path):
    def written(lines):
        rows = "".join(f"{line.order_id},{line.sku},{line.ordered_at.isoformat()}\n" for line in lines)
        path = tmp_path / "orders.csv"
        path.write_text(f"order_id,sku,ordered_at\n{rows}")
        return str(path)

    return written


@pytest.fixture
def database(models):
    models.parent.mkdir()
    url = f"sqlite:///{models.parent / 'begleiter.sqlite3'}"
    upgrade(url)
    opened = open_database(url)
    yield opened
    opened.close()


def run(*arguments):
    return CliRunner().invoke(retrain, [*BRIEFLY, *arguments])


def test_orders_from_a_file_become_the_model_in_service(models, orders_file):
    done = run("--orders", orders_file(checkerboard()))

    assert done.exit_code == 0, done.output
    assert current(models) == done.stdout.strip()
    assert "popularity" in done.stderr
    assert ModelShelf(models).refused is None


def test_only_consented_orders_in_the_database_are_learnt_from(models, database):
    before = NOW - timedelta(days=1)
    for shopper in (ME, OTHER):
        SqlShoppers(database).ensure(shopper, at=before)
    allowed = [a_decision("orders", "model_training")]
    record_event(SqlConsents(database, LEDGER), a_register(), ME, a_notice_ref(), allowed, at=before)
    SqlOrders(database).add(checkerboard(shopper_of=lambda number: ME if number % 2 else OTHER))

    done = run()

    assert done.exit_code == 0, done.output
    assert ModelShelf(models).artefact.manifest.orders == 200


def test_without_any_consented_order_nothing_is_published_and_the_exit_code_says_so(models, database):
    done = run()

    assert done.exit_code == 1
    assert "nothing was published: no order holds two products" in done.output
    assert current(models) is None


def test_a_weak_model_leaves_the_one_in_service_untouched(models, orders_file):
    good = an_artefact(models)
    publish(models, good)

    done = run("--orders", orders_file(noise()))

    assert done.exit_code == 1
    assert "does not clearly beat popularity" in done.output
    assert (current(models), published(models)) == (good.name, [good.name])


def test_a_weak_model_can_be_forced_and_is_told_so(models, orders_file):
    done = run("--force", "--orders", orders_file(noise()))

    assert done.exit_code == 0, done.output
    assert "published all the same" in done.output
    assert ModelShelf(models).artefact.manifest.everything["forced"] is not None


def test_only_the_newest_models_are_kept(models, orders_file):
    old = [an_artefact(models, f"sku-{number}").name for number in range(3)]

    done = run("--keep", "2", "--orders", orders_file(checkerboard()))

    assert done.stdout.strip() in published(models)
    assert len(published(models)) == 2
    assert len(set(published(models)) & set(old)) == 1


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("BEGLEITER_SHOP", "nowhere", "shop.yaml"),
        ("BEGLEITER_DATABASE_URL", "nonsense", "BEGLEITER_DATABASE_URL"),
        ("PORT", "many", "PORT"),
    ],
)
def test_what_is_set_wrongly_is_named_without_a_traceback(models, monkeypatch, variable, value, reason):
    monkeypatch.setenv(variable, value)

    done = run()

    assert done.exit_code == 1
    assert reason in done.output
    assert "Traceback" not in done.output


def test_the_help_says_what_will_happen():
    told = CliRunner().invoke(retrain, ["--help"]).output

    assert "exit code is 1" in " ".join(told.split())
    for option in ("--orders", "--epochs", "--components", "--seed", "--force", "--keep"):
        assert option in told
