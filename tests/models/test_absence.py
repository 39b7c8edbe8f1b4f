"""Who withdrew or was erased is absent from the next model: it is what it would be had they never been there.

Neither their orders nor what they let the shop capture is in it, and no count tells of it. The same holds for what a
shopper blocks.
"""

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from models.baskets import Counted, facts_of
from models.parts import Training
from models.retrain import retrain
from models.source import from_database
from models.train import fit_and_write
from service.catalogue.catalogue import load_catalogue
from service.privacy.consent import record_event
from service.privacy.erasure_list import ErasureList
from service.privacy.interactions import Interaction
from service.privacy.rights import erase
from service.settings import read_settings
from service.storage.blocking import SqlBlockedTopics
from service.storage.consents import SqlConsents
from service.storage.database import open_database
from service.storage.interactions import SqlInteractions
from service.storage.ledger import SqlLedger
from service.storage.orders import SqlOrders
from service.storage.rights import SqlRights
from service.storage.shoppers import SqlShoppers
from service.storage.tables import ledger_head
from tests.builders import (
    DAY,
    LEDGER,
    NOW,
    SECRET,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_registered_attribute,
    a_shopper_id,
)
from tests.models.worlds import BAG, FACTS, KINDS, QUICK, checkerboard

SECRET_TEXT = "s" * 40
BRIEF = replace(QUICK, epochs=2, components=4)
SHOPPERS = [a_shopper_id(number) for number in range(8)]
LINES = list(checkerboard(160, shopper_of=lambda number: [*SHOPPERS, None][number // 5 % 9]))
BEFORE, LATER, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=20), NOW + timedelta(days=30)
ALLOWED, CAPTURED = a_decision("orders", "model_training"), a_decision("orders", "behaviour_capture")
PURPOSES = ("model_training", "behaviour_capture")
REGISTER = a_register(
    attributes=[a_registered_attribute("orders", kind="behaviour", purposes=PURPOSES, sources=("shop",))],
    purposes=[a_purpose(name) for name in PURPOSES],
)
DEEDS = [
    (shopper, Interaction(kind, line.sku, line.ordered_at + timedelta(days=days)))
    for shopper in SHOPPERS
    for line in checkerboard(8)
    for kind, days in (("purchase", 9 + int(shopper, 16) % 3), ("purchase", 1), ("view", 9))
]
PRIVACY = """anonymous_orders: yes
languages: [en]
purposes:
  model_training: {text: Learning, example: What goes together., legal_basis: consent}
  behaviour_capture: {text: Keeping, example: What you buy., legal_basis: consent}
attributes:
  orders: {label: Orders, why: To learn from., kind: behaviour, purposes: [model_training, behaviour_capture]}
notices:
  - {id: profile, version: 1, text: A notice.}
"""

OF_TOPIC = {"shine": ("polish", BAG), "carrying": (BAG,), "laces": ("laces",)}  # the beginnings of skus of a topic
WITHDRAWN = {"withdrawn": ALLOWED, "uncaptured": CAPTURED}

few = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
departures = st.dictionaries(
    st.sampled_from(SHOPPERS), st.sampled_from(["withdrawn", "uncaptured", "erased"]), min_size=1, max_size=5
)


class World:
    """A shop that may learn from anonymous orders, its database, and how its shoppers come and go."""

    def __init__(self, folder, template):
        self.folder = folder
        folder.mkdir()
        shutil.copy(template, folder / "begleiter.sqlite3")
        self.url = f"sqlite:///{folder / 'begleiter.sqlite3'}"
        self.database = open_database(self.url)
        self.consents = SqlConsents(self.database, LEDGER)
        topics = {"polish": "[shine]", BAG: "[shine, carrying]"}
        categories = "".join(
            f"  {kind}: {{label: {kind}, topics: {topics.get(kind, '[]')}}}\n" for kind in (BAG, *KINDS)
        )
        (folder / "shop.yaml").write_text(f"currency: EUR\ncountry: DE\nlocales: [en]\ncategories:\n{categories}")
        rows = "".join(f"{sku},{sku},{facts.category},9.99\n" for sku, facts in FACTS.items())
        (folder / "products.csv").write_text(f"sku,name:en,category,price\n{rows}")
        (folder / "privacy.yaml").write_text(PRIVACY)

    @property
    def settings(self):
        return replace(read_settings(), data=self.folder, shop=self.folder, database_url=self.url, secret=SECRET_TEXT)

    @property
    def facts(self):
        return facts_of(load_catalogue(self.folder))

    def holds(self, shoppers, capturing=None, *, without=frozenset()):
        """These shoppers let models learn from their orders, which are there beside the anonymous ones.

        They, or so many of them, also let the shop capture what they do. `without` are shoppers' skus that are not
        there, neither ordered nor captured.
        """
        lines = (line for line in LINES if line.shopper is None or line.shopper in shoppers)
        for shopper in shoppers:
            SqlShoppers(self.database).ensure(shopper, at=BEFORE)
            self.decides(shopper, ALLOWED, at=BEFORE)
        SqlOrders(self.database).add(line for line in lines if (line.shopper, line.sku) not in without)
        for shopper in shoppers if capturing is None else capturing:
            self.decides(shopper, CAPTURED, at=BEFORE)
        for shopper, deed in DEEDS:
            if (shopper, deed.sku) not in without:
                SqlInteractions(self.database).keep(shopper, deed, None)
        return self

    def blocks(self, topics_of):
        """Some block topics; what was captured of these stays, as if the shop had given a category its topic later."""
        for shopper, topics in sorted(topics_of.items()):
            SqlBlockedTopics(self.database).put(shopper, topics, lambda _: False)
        return self

    def decides(self, shopper, decision, *, at=LATER):
        record_event(self.consents, REGISTER, shopper, a_notice_ref(), [decision], at=at)

    def loses(self, departures):
        """Some withdraw from training or from being captured, and some have everything about them erased."""
        for shopper, how in sorted(departures.items()):
            if how in WITHDRAWN:
                self.decides(shopper, replace(WITHDRAWN[how], given=False))
            else:
                rights = SqlRights(self.database, LEDGER, ErasureList(self.folder / "erased.jsonl"))
                erase(rights, SECRET, shopper, at=LATER)
        return self

    after = AFTER

    def gathered(self):
        return from_database(self.settings, self.facts, AFTER)


@pytest.fixture
def a_world(tmp_path_factory, sqlite_template):
    made = []

    def a_world():
        made.append(World(tmp_path_factory.mktemp("world") / "shop", sqlite_template))
        return made[-1]

    yield a_world
    for world in made:
        world.database.close()


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(departures)
@few
def test_training_after_withdrawals_and_erasures_equals_training_without_the_shoppers(a_world, departures):
    gone = {shopper for shopper, how in departures.items() if how != "uncaptured"}
    left = a_world().holds(SHOPPERS).loses(departures)
    absent = a_world().holds(set(SHOPPERS) - gone, set(SHOPPERS) - set(departures))

    models = [
        fit_and_write(Training(world.gathered().gathered, world.facts, BRIEF), world.folder / "models")
        for world in (left, absent)
    ]

    assert contents(models[0]) == contents(models[1])


@given(st.dictionaries(st.sampled_from(SHOPPERS), st.sets(st.sampled_from(sorted(OF_TOPIC)), min_size=1), min_size=1))
@example({SHOPPERS[0]: {"laces"}, SHOPPERS[3]: {"shine"}})
@few
def test_training_beside_what_shoppers_block_equals_training_without_those_lines(a_world, topics_of):
    gone = {
        (shopper, sku)
        for shopper, topics in topics_of.items()
        for sku in FACTS
        if any(sku.startswith(OF_TOPIC[topic]) for topic in topics)
    }
    blocking, absent = a_world().holds(SHOPPERS).blocks(topics_of), a_world().holds(SHOPPERS, without=gone)

    models = [
        fit_and_write(Training(world.gathered().gathered, world.facts, BRIEF), world.folder / "models")
        for world in (blocking, absent)
    ]

    assert contents(models[0]) == contents(models[1])


def test_what_one_shopper_blocks_is_learnt_from_others(a_world):
    me = SHOPPERS[0]
    everything, of_others = a_world().holds(SHOPPERS), a_world().holds(SHOPPERS, without={(me, BAG)})

    found = a_world().holds(SHOPPERS).blocks({me: ["carrying"]}).gathered().gathered

    assert list(found.baskets) == list(of_others.gathered().gathered.baskets)
    assert found.lines.used < everything.gathered().gathered.lines.used
    assert any(BAG in basket.skus for basket in found.baskets)


@pytest.mark.parametrize("how", ["withdrawn", "erased"])
def test_what_retrain_writes_tells_of_the_absent_by_the_ledgers_head_alone(a_world, monkeypatch, how):
    gone = dict.fromkeys(SHOPPERS[2:5], how)

    left = retrained(a_world().holds(SHOPPERS).loses(gone), monkeypatch)
    absent = retrained(a_world().holds(set(SHOPPERS) - set(gone)), monkeypatch)

    assert left["manifest.json"].pop("consent_ledger") != absent["manifest.json"].pop("consent_ledger")
    assert left == absent


def retrained(world, monkeypatch):
    """Every file that the command writes: the manifest read, the cards without what the version and the head make."""
    _, files = retraining(world, monkeypatch)
    manifest = json.loads(files["manifest.json"])
    head, version = manifest["consent_ledger"], manifest.pop("version")
    told = f"{head['position']} ({head['hash'][:16]}…)"
    cards = {name: files[name].decode().replace(version, "").replace(told, "") for name in ("card.md", "card.html")}
    return {**files, **cards, "manifest.json": manifest}


def retraining(world, monkeypatch):
    """What the command says, and every file that it writes."""
    for name, value in (("DATA", world.folder), ("SHOP", world.folder), ("SECRET", SECRET_TEXT)):
        monkeypatch.setenv(f"BEGLEITER_{name}", str(value))
    monkeypatch.setenv("BEGLEITER_DATABASE_URL", world.url)
    done = CliRunner().invoke(retrain, ["--force", "--epochs", "2", "--components", "4"])
    assert done.exit_code == 0, done.output
    return done, contents(world.folder / "models" / done.stdout.strip())


def test_a_ledger_that_does_not_verify_is_told_and_not_taken_for_a_file(a_world, monkeypatch):
    world = a_world().holds(SHOPPERS)
    with world.database.writing() as connection:
        connection.execute(update(ledger_head).values(signature="forged"))

    done, files = retraining(world, monkeypatch)

    manifest, card = json.loads(files["manifest.json"]), files["card.md"].decode()
    assert (manifest["consent_ledger"], manifest["orders_from"]) == (None, "database")
    assert "The consent ledger did not verify" in card
    assert "from a file" not in card
    assert "begleiter audit verify" in done.stderr


def test_purchases_that_were_captured_are_learnt_from_beside_imported_orders(a_world):
    found = a_world().holds(SHOPPERS).gathered().gathered

    assert found.lines.used == len(LINES)
    assert found.captured.used > 0
    assert found.captured.left_out["not_a_purchase"] == len(DEEDS) / 3
    assert found.captured.left_out["in_imported_orders"] >= len(DEEDS) / 3


def test_what_the_register_does_not_foresee_is_not_learnt_from(a_world):
    world = a_world().holds(SHOPPERS)
    unforeseen = []

    for purpose in PURPOSES:
        changed = PRIVACY.replace("[model_training, behaviour_capture]", f"[{purpose}]")
        (world.folder / "privacy.yaml").write_text(changed)
        unforeseen.append(world.gathered().gathered.captured)

    assert unforeseen == [Counted(), Counted()]


def test_nothing_past_its_retention_is_learnt_from_though_nobody_purged_it(a_world):
    world = a_world().holds(SHOPPERS)
    (world.folder / "privacy.yaml").write_text(
        PRIVACY.replace("kind: behaviour,", "kind: behaviour, retention_days: 24,")
    )

    found = world.gathered().gathered

    kept = [line for line in LINES if line.ordered_at > AFTER - 24 * DAY]
    assert 0 < found.lines.used == len(kept) < len(LINES)
    assert found.captured.used + sum(found.captured.left_out.values()) == len(DEEDS) * 2 / 3, "a third was on day 1"


def test_who_withdraws_while_the_orders_are_read_is_beyond_the_ledgers_head(a_world, monkeypatch):
    world = a_world().holds(SHOPPERS)
    head = SqlLedger(world.database, LEDGER).head()
    lines_of = SqlOrders.consented_lines

    def meanwhile(orders, **asked):
        lines = list(lines_of(orders, **asked))
        world.loses({SHOPPERS[0]: "withdrawn"})
        return lines

    monkeypatch.setattr(SqlOrders, "consented_lines", meanwhile)
    source = world.gathered()

    assert source.gathered.lines.used == len(LINES)
    assert source.ledger_head == {"position": head.position, "hash": head.hash}
