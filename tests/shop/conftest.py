"""The demo shop as it is shipped, read once, and its simulated orders, made once."""

from pathlib import Path

import pytest

from service.catalogue.catalogue import Catalogue, load_catalogue
from service.privacy.register import Register, read_register
from shop.simulate import Simulation, simulate

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "shop")


@pytest.fixture(scope="session")
def register() -> Register:
    return read_register(ROOT / "shop" / "privacy.yaml")


@pytest.fixture(scope="session")
def simulation() -> Simulation:
    return simulate(ROOT / "shop", seed=7)
