"""The protocol of bench/quality.py: its known baselines, and what the model must reach on AdventureWorks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
ADVENTUREWORKS = ROOT.parent / "shared" / "data" / "adventureworks"
LINE = re.compile(r"(\S+) (A|A2|A3) HR@5=(\d\.\d{3}) HR@10=(\d\.\d{3}) MRR=(\d\.\d{3})")


@pytest.fixture(scope="module")
def figures():
    if not ADVENTUREWORKS.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"needed under CI: {ADVENTUREWORKS}")
        pytest.skip("the AdventureWorks data is not there")
    done = subprocess.run(
        [sys.executable, "bench/quality.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )  # fmt: skip
    rows = [LINE.fullmatch(line).groups() for line in done.stdout.splitlines()]
    return {(name, task): np.array([float(figure) for figure in told]) for name, task, *told in rows}


@pytest.mark.parametrize(
    ("name", "task", "known"),
    [
        ("popularity", "A", (0.304, 0.513, 0.203)),
        ("popularity", "A2", (0.364, 0.615, 0.238)),
        ("popularity", "A3", (0.338, 0.617, 0.231)),
        ("item-cosine", "A", (0.587, 0.745, 0.449)),
        ("ease", "A", (0.651, 0.781, 0.488)),
        ("ease", "A3", (0.739, 0.857, 0.602)),
    ],
)
def test_the_baselines_reach_the_figures_that_are_known_for_this_protocol(figures, name, task, known):
    assert figures[name, task] == pytest.approx(known, abs=0.0015)


def test_the_model_as_served_keeps_its_promise_on_task_a(figures):
    _, hit_10, reciprocal_rank = figures["begleiter", "A"]

    assert hit_10 >= 0.82
    assert reciprocal_rank >= 0.50


@pytest.mark.parametrize("task", ["A", "A2", "A3"])
def test_the_model_beats_every_baseline_on_every_task(figures, task):
    others = [figures[name, task] for name in ("popularity", "item-cosine", "ease")]

    assert all((figures["begleiter", task] > other).all() for other in others)
