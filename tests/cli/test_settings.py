"""What the operator may set, and what is refused."""

from pathlib import Path

import pytest

from service.settings import Settings, SettingsRefused, read_settings

VARIABLES = (
    "BEGLEITER_SHOP",
    "BEGLEITER_QUESTIONNAIRES",
    "BEGLEITER_DATA",
    "BEGLEITER_DATABASE_URL",
    "BEGLEITER_ORIGINS",
    "BEGLEITER_LOG_LEVEL",
    "BEGLEITER_DEMO",
    "BEGLEITER_SESSION_HOURS",
    "BEGLEITER_SECRET",
    "BEGLEITER_HOST",
    "PORT",
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEB_CONCURRENCY", "1")


def test_without_any_variable_the_defaults_of_the_design_hold():
    assert read_settings() == Settings()


def test_the_database_lies_in_the_data_folder_unless_it_is_named(monkeypatch):
    monkeypatch.setenv("BEGLEITER_DATA", "/srv/begleiter")

    settings = read_settings()

    assert settings.database_url == "sqlite:////srv/begleiter/begleiter.sqlite3"
    assert settings.models == Path("/srv/begleiter/models")


def test_origins_are_parted_by_commas(monkeypatch):
    monkeypatch.setenv("BEGLEITER_ORIGINS", "https://shop.example, http://localhost:3000")

    assert read_settings().origins == ("https://shop.example", "http://localhost:3000")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight"),
        ("PORT", "70000"),
        ("BEGLEITER_LOG_LEVEL", "loud"),
        ("BEGLEITER_DEMO", "maybe"),
        ("BEGLEITER_SESSION_HOURS", "0"),
        ("BEGLEITER_ORIGINS", "*"),
        ("BEGLEITER_ORIGINS", "https://shop.example/path"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_the_variables_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsRefused, match=name):
        read_settings()


def test_every_bad_variable_is_named_at_once(monkeypatch):
    monkeypatch.setenv("PORT", "eight")
    monkeypatch.setenv("BEGLEITER_DEMO", "maybe")

    with pytest.raises(SettingsRefused) as refused:
        read_settings()

    assert "PORT" in str(refused.value)
    assert "BEGLEITER_DEMO" in str(refused.value)
