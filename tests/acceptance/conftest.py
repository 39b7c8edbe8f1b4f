"""A data folder with an empty database, and a place to write a model for the demo shop."""

import shutil

import pytest

from tests.acceptance.running import ROOT, a_data_folder


@pytest.fixture(scope="module")
def data(tmp_path_factory, sqlite_template):
    """A data folder for one started service."""
    return a_data_folder(tmp_path_factory.mktemp("var"), sqlite_template)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A copy of the demo shop's folder, to be spoilt."""
    folder = tmp_path_factory.mktemp("shop") / "shop"
    shutil.copytree(ROOT / "shop", folder)
    return folder


@pytest.fixture(scope="module")
def questionnaires(tmp_path_factory):
    """A copy of the demo shop's questionnaires, to be spoilt."""
    folder = tmp_path_factory.mktemp("questionnaires") / "questionnaires"
    shutil.copytree(ROOT / "questionnaires", folder)
    return folder
