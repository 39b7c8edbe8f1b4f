"""The service never imports the trainer: not at its start, not while it serves, not in its commands."""

import json
import subprocess
import sys

from service.cross_sell.pointer import publish
from tests.acceptance.running import ROOT, environment_of
from tests.cross_sell.artefacts import an_artefact

SERVES = """
import importlib, json, sys
import service.app, service.cli
from service.cli import COMMANDS
from service.settings import read_settings

for command in COMMANDS.values():
    importlib.import_module(command.partition(":")[0])
import service.server.run
client = service.app.create_app(read_settings()).test_client()
advised = client.post("/v1/advice", json={"questionnaire": "road-bike"})
suggested = client.post("/v1/cross-sell", json={"basket": ["RB-110-54"]})
heavy = {"lightfm", "scipy", "models", "sklearn"} & {name.partition(".")[0] for name in sys.modules}
print(json.dumps([advised.status_code, suggested.status_code, suggested.json["degraded"], sorted(heavy)]))
"""


def test_serving_advice_and_suggestions_imports_neither_lightfm_nor_scipy(data):
    publish(data / "models", an_artefact(data / "models", "RB-110-54", "PD-05"))

    outcome = subprocess.run(
        [sys.executable, "-c", SERVES],
        cwd=ROOT, env=environment_of(data), check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert outcome.returncode == 0, outcome.stderr
    assert json.loads(outcome.stdout.splitlines()[-1]) == [200, 200, None, []]
