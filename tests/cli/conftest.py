"""The `begleiter` command in a folder of its own."""

import pytest
from click.testing import CliRunner

from service.cli import main
from tests.api.conftest import a_service_folder


@pytest.fixture
def folder(tmp_path):
    return a_service_folder(tmp_path)


@pytest.fixture
def begleiter(folder):
    """Runs the command with the folder's shop, questionnaires and database."""
    environment = {
        "BEGLEITER_SHOP": str(folder / "shop"),
        "BEGLEITER_QUESTIONNAIRES": str(folder / "questionnaires"),
        "BEGLEITER_DATA": str(folder / "var"),
        "BEGLEITER_DATABASE_URL": f"sqlite:///{folder}/begleiter.sqlite3",
        "BEGLEITER_SECRET": "s" * 40,
    }

    def run(*arguments, **changed):
        return CliRunner().invoke(main, list(map(str, arguments)), env=environment | changed)

    return run
