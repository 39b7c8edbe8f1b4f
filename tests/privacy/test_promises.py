"""docs/privacy.md keeps its word: each promise names a test that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`(tests/[^`]+)`", (ROOT / "docs" / "privacy.md").read_text())


def test_there_are_promises():
    assert len(NAMED) > 20


@pytest.mark.parametrize("named", NAMED)
def test_the_test_behind_each_promise_exists(named):
    file, _, name = named.partition("::")

    assert (ROOT / file).is_file()
    assert not name or f"def {name}(" in (ROOT / file).read_text()
