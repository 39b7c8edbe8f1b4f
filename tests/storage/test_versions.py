"""Versions of questionnaires, on each engine."""

import pytest

from service.storage.versions import SqlVersions
from tests.builders import DAY, NOW


@pytest.fixture
def versions(database):
    return SqlVersions(database)


def test_a_version_is_found_as_it_was_first_kept(versions):
    versions.keep("road-bike", "9f2c41d0", {"budget": "aa", "use": "bb"}, at=NOW)
    versions.keep("road-bike", "9f2c41d0", {"budget": "cc"}, at=NOW + DAY)

    assert versions.find("road-bike", "9f2c41d0") == {"budget": "aa", "use": "bb"}


def test_a_version_that_was_never_kept_is_none(versions):
    versions.keep("road-bike", "9f2c41d0", {}, at=NOW)

    assert versions.find("road-bike", "00000000") is None
    assert versions.find("city-bike", "9f2c41d0") is None
