"""Models that are damaged: refused by name, the service alive, and the one in service kept until a good one comes."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from service.app import create_app
from service.cross_sell.pointer import publish
from service.settings import Settings
from tests.acceptance.running import (
    ROOT,
    a_data_folder,
    answers,
    environment_of,
    members_of_session,
    serving,
    wait_until,
)
from tests.cross_sell.artefacts import an_artefact, some_arrays

BIKE, SHOES = "RB-110-54", "SH-110-41"
SKUS = ("PD-05", BIKE, SHOES)
LEARNT = {"goes": {BIKE: {SHOES: 3.0}}, "pairs": [(BIKE, SHOES, 25)], "categories": ("road_bike",)}
BY_RULE = {"must_have", "nice_to_have"}
BASKET = {"basket": [BIKE], "locale": "de"}


def a_model(models, until, **changed):
    return an_artefact(models, *SKUS, until=until, **(LEARNT | changed))


def flip(path: Path, at=-1):
    """Turn one bit over: in the last byte unless told, which belongs to the numbers."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.fixture(scope="module")
def template(tmp_path_factory, sqlite_template):
    """A data folder with one whole model in service."""
    folder = a_data_folder(tmp_path_factory.mktemp("template"), sqlite_template)
    publish(folder / "models", a_model(folder / "models", "2026-01-31"))
    return folder


FILES = ("manifest.json", *(f"{name}.npy" for name in some_arrays(*SKUS)))


def client_of(folder):
    settings = Settings(data=folder, database_url=f"sqlite:///{folder}/begleiter.sqlite3", log_level="error")
    return create_app(settings).test_client()


def test_every_file_of_an_artefact_is_damaged_below(template):
    (folder,) = (template / "models").glob("2026-*")

    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("at", [9, -1], ids=["early", "last"])
def test_a_flipped_bit_in_any_file_refuses_the_model_and_the_rules_go_on(template, tmp_path, name, at):
    folder = tmp_path / "var"
    shutil.copytree(template, folder)
    (model,) = (folder / "models").glob("2026-*")
    flip(model / name, at)
    client = client_of(folder)

    ready, reply = client.get("/ready"), client.post("/v1/cross-sell", json=BASKET)

    assert (ready.status_code, ready.json["model"]["version"]) == (200, None)
    assert f"model {model.name} is refused: " in ready.json["model"]["refused"]
    assert ("manifest" if name == "manifest.json" else name) in ready.json["model"]["refused"]
    assert (reply.status_code, reply.json["model"], reply.json["degraded"]) == (200, None, "no_model")
    assert "must_have" in {each["kind"] for each in reply.json["suggestions"]} <= BY_RULE


def test_a_whole_model_is_told_from_a_damaged_one(template):
    reply = client_of(template).post("/v1/cross-sell", json=BASKET)

    assert (reply.json["model"] is None, reply.json["degraded"]) == (False, None)
    assert SHOES in [each["sku"] for each in reply.json["suggestions"]]


class Story:
    """One service that runs while models are published; `versions` in order."""

    def __init__(self, service, models):
        self.service, self.models, self.first_process = service, models, service.process.pid

    def publish(self, until, *, damaged=None, **changed):
        folder = a_model(self.models, until, **changed)
        if damaged:
            flip(folder / damaged)
        publish(self.models, folder)
        return folder.name

    def seen(self):
        """The model in service, why another was refused, and what is suggested, which must agree."""
        ready = self.service.get("/ready").json["model"]
        found = self.service.post("/v1/cross-sell", BASKET).json
        told = found["model"] and found["model"]["version"]
        assert told == ready["version"]
        return ready["version"], ready["refused"], found


@pytest.fixture(scope="module")
def story(tmp_path_factory, sqlite_template):
    """Started with a damaged model, on two workers."""
    folder = a_data_folder(tmp_path_factory.mktemp("var"), sqlite_template)
    models = folder / "models"
    model = a_model(models, "2026-01-31")
    flip(model / "lightfm_items.npy")
    publish(models, model)
    environment = environment_of(folder, BEGLEITER_SHOP=ROOT / "shop", WEB_CONCURRENCY=2)
    with serving(environment) as running:
        yield Story(running, models)


def test_models_come_and_go_while_the_service_runs(story):
    version, refused, found = story.seen()
    assert (version, found["degraded"]) == (None, "no_model")
    assert "lightfm_items.npy" in refused

    good = story.publish("2026-02-28")
    assert [story.seen()[:2] for _ in range(8)] == [(good, None)] * 8
    assert SHOES in [each["sku"] for each in story.seen()[2]["suggestions"]]

    for day, name in enumerate(("manifest.json", "products.npy", "lightfm_context.npy"), start=1):
        bad = story.publish(f"2026-03-{day:02d}", damaged=name)
        for version, refused, found in (story.seen() for _ in range(4)):
            assert (version, found["degraded"]) == (good, None)
            assert bad in refused

    (story.models / "CURRENT").write_text("../../etc\n")
    assert [story.seen()[0] for _ in range(4)] == [good] * 4

    better = story.publish("2026-04-30", pairs=[(BIKE, SHOES, 30)])
    assert [story.seen()[:2] for _ in range(8)] == [(better, None)] * 8
    assert story.service.is_running


def test_the_log_names_what_was_refused_and_what_was_taken_up(story):
    said = [json.loads(line) for line in story.service.said.splitlines() if line.startswith("{")]
    complaints = [each["complaint"] for each in said if each["event"] == "refused"]

    assert any("lightfm_items.npy" in complaint for complaint in complaints)
    assert any("lightfm_context.npy" in complaint for complaint in complaints)
    assert any(each["event"] == "model" and each["model"].startswith("2026-04-30") for each in said)


@pytest.fixture(params=["in the worker that mapped it", "in a worker forked afterwards"])
def cut_short(request, tmp_path, sqlite_template):
    """A service with one worker, all of whose model's arrays somebody cut to nothing, in place, under it."""
    folder = a_data_folder(tmp_path / "var", sqlite_template)
    model = a_model(folder / "models", "2026-01-31")
    publish(folder / "models", model)
    with serving(environment_of(folder, BEGLEITER_SHOP=ROOT / "shop")) as service:
        assert service.post("/v1/cross-sell", BASKET).json["degraded"] is None
        for array in model.glob("*.npy"):
            os.truncate(array, 0)
        if request.param == "in a worker forked afterwards":
            (worker,) = set(members_of_session(service.process.pid)) - {service.process.pid}
            os.kill(worker, signal.SIGKILL)
            wait_until(lambda: worker not in members_of_session(service.process.pid) and answers(service))
        yield service


def degraded(service, number):
    """What is missing from the suggestions for a basket that nobody asked for yet; None where the worker died of it."""
    try:
        return service.post("/v1/cross-sell", BASKET | {"limit": number}).json["degraded"]
    except OSError:
        return None


def test_a_model_cut_short_under_the_service_is_refused_and_kills_no_worker_for_long(cut_short):
    begun = time.monotonic()
    wait_until(lambda: degraded(cut_short, 1) == "no_model")
    waited = time.monotonic() - begun

    assert waited < 30
    assert [degraded(cut_short, number) for number in range(2, 12)] == ["no_model"] * 10
    ready = cut_short.get("/ready")
    assert (ready.status, ready.json["model"]["version"]) == (200, None)
    assert ".npy has not the size that the manifest declares" in ready.json["model"]["refused"]
