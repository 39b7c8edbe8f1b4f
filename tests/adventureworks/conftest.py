"""The AdventureWorks test shop, written once per test run."""

import os

import pytest

from tests.adventureworks.shop_folder import AdventureWorks, data_folder, write_all


@pytest.fixture(scope="session")
def adventureworks_shop(tmp_path_factory) -> AdventureWorks:
    if not (data_folder() / "products.csv").is_file():
        reason = "needs the AdventureWorks sample data in ../shared (or in BEGLEITER_SHARED)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return write_all(tmp_path_factory.mktemp("adventureworks"))
