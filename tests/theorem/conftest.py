"""Two shops and who there is in them, for all the theorem's tests."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.theorem.shop_folder import write_shop
from tests.theorem.together import Together
from tests.theorem.twins import twins
from tests.theorem.world import a_world


@pytest.fixture(scope="session")
def theorem_folder():
    """A folder in memory where there is one: thousands of small transactions need no disk."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="begleiter-theorem-", dir=memory if os.access(memory, os.W_OK) else None))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def theorem_settings(theorem_folder):
    return write_shop(theorem_folder)


@pytest.fixture(scope="session")
def world_and_keys(theorem_settings, sqlite_template, theorem_folder):
    return a_world(theorem_settings, sqlite_template, theorem_folder)


@pytest.fixture(scope="session")
def world(world_and_keys):
    return world_and_keys[0]


@pytest.fixture(scope="session")
def keys(world_and_keys):
    return world_and_keys[1]


@pytest.fixture(scope="module")
def two_shops(theorem_settings, sqlite_template, theorem_folder, world):
    with twins(theorem_settings, sqlite_template, theorem_folder) as both:
        yield both


@pytest.fixture(scope="module")
def together(request, world, keys):
    """What tries the calls of a test on the same pairs; only those that this run selects."""
    return Together(request.session.items, world, keys)
