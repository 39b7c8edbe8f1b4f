"""The camera shop, written once per test run."""

import os

import pytest

from service.catalogue.catalogue import Catalogue, load_catalogue
from tests.cameras.shop_folder import data_file, write_shop


@pytest.fixture(scope="session")
def camera_folder(tmp_path_factory):
    """The shop folder and what is missing in it."""
    if not data_file().is_file():
        reason = "needs the camera data in ../shared (or in BEGLEITER_SHARED)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("cameras")
    return folder, write_shop(folder)


@pytest.fixture(scope="session")
def cameras(camera_folder) -> Catalogue:
    return load_catalogue(camera_folder[0])
