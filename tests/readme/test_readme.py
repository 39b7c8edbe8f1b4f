"""The README keeps its word: its commands run, its JSON is real, its tables are complete."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BIN = Path(sys.executable).parent
FRAME = """\
questionnaire: from-readme
languages: [de, en]
title: {de: Rad, en: Bike}
candidates: {category: [road_bike]}
"""


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def json_values(text):
    """Every JSON object in a stream of text, in order."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while (at := text.find("{", at)) >= 0:
        value, at = decoder.raw_decode(text, at)
        found.append(value)
    return found


def is_part_of(shown, real):
    """Whether what the README shows is what was replied, less what it leaves out."""
    if isinstance(shown, dict):
        return all(key in real and is_part_of(value, real[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return all(any(is_part_of(each, other) for other in real) for each in shown)
    if isinstance(shown, str) and isinstance(real, str):
        return shown == real.replace("\N{NO-BREAK SPACE}", " ")
    return shown == real


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BEGLEITER_")}
    return kept | {"BEGLEITER_DATA": str(tmp_path_factory.mktemp("var")), "PORT": str(port), "BEGLEITER_DEMO": "1"}


@pytest.fixture(scope="module")
def demo_shop(environment):
    """What `make serve` runs once it has installed everything."""
    subprocess.run([BIN / "begleiter", "demo"], cwd=ROOT, env=environment, check=True, capture_output=True)
    process = subprocess.Popen(
        [BIN / "begleiter", "serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    base = f"http://127.0.0.1:{environment['PORT']}"
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{base}/ready", timeout=5).close()
            break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    yield base
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def replies(demo_shop, environment):
    """Every JSON reply that the README's commands print, in order."""
    script = "set -euo pipefail\n" + "\n".join(blocks("bash")).replace(".venv/bin/", f"{BIN}/")
    outcome = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    assert outcome.returncode == 0, outcome.stdout[-2000:] + outcome.stderr[-2000:]
    return json_values(outcome.stdout)


def test_the_readme_s_commands_advise_a_beginner_to_three_bikes_with_pedals(replies):
    state = next(each for each in replies if "shortlist" in each and each["question"] is None)

    assert state["progress"]["answered"] == 6
    assert 0 < len(state["shortlist"]) <= 3
    assert all(product["fits"] for product in state["shortlist"])
    assert "PD-05" in [companion["sku"] for companion in state["companions"]]


def test_the_readme_s_json_is_what_the_service_replies(replies):
    states = [each for each in replies if "shortlist" in each]

    for shown in map(json.loads, blocks("json")):
        assert any(is_part_of(shown, state) for state in states)


def test_the_readme_s_commands_suggest_what_goes_with_the_chosen_bike(replies):
    reply = next(each for each in replies if "suggestions" in each)

    assert reply["degraded"] is None
    kinds = {each["kind"] for each in reply["suggestions"]}
    assert "must_have" in kinds
    assert kinds & {"bought_together", "similar_baskets"}


def test_the_readme_s_consent_prefills_the_height_and_withdrawn_it_is_asked_again(replies):
    prefilled, again = [each for each in replies if "shortlist" in each][-2:]

    assert {"question": "height", "because": "prefilled"} in prefilled["skipped"]
    assert again["question"]["id"] == "height"
    assert again["prefilled"] == {}


def test_the_readme_s_questionnaire_is_one(tmp_path, environment):
    for number, block in enumerate(blocks("yaml")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "from-readme.yaml").write_text(FRAME + block)

        outcome = subprocess.run(
            [BIN / "begleiter", "check", str(folder / "from-readme.yaml")],
            cwd=ROOT, env=environment, check=False, capture_output=True, text=True,
        )  # fmt: skip

        assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_readme_names_every_variable_and_no_other():
    read = set(
        re.findall(r'"((?:BEGLEITER_[A-Z_]+)|PORT|WEB_CONCURRENCY)"', (ROOT / "service/settings.py").read_text())
    )

    table = README.split("## Configuration")[1].split("## ")[0]

    assert set(re.findall(r"^\| .*", table, flags=re.MULTILINE))
    assert {
        name for row in re.findall(r"^\| (`.*?`) \|", table, flags=re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    } == read


def test_the_readme_names_every_call_and_no_other(demo_shop):
    with urllib.request.urlopen(f"{demo_shop}/openapi.json", timeout=10) as reply:
        paths = json.load(reply)["paths"]
    calls = {f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs if verb in VERBS}

    assert set(re.findall(r"^\| `((?:GET|POST|PUT|DELETE) [^`]+)`", README, flags=re.MULTILINE)) == calls


def test_the_folders_in_the_map_are_there():
    table = README.split("## Where things are")[1].split("## ")[0]

    for cell in re.findall(r"^\| (`.*?`) \|", table, flags=re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", cell):
            assert (ROOT / name).exists() or (ROOT / "service" / name).exists(), name


def test_make_names_the_readme_s_two_commands():
    makefile = (ROOT / "Makefile").read_text()

    for target in re.findall(r"^    make (\w+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
    assert (
        shutil.which("make") is None or subprocess.run(["make", "-n", "serve"], cwd=ROOT, check=False).returncode == 0
    )


VERBS = ("get", "post", "put", "delete")
