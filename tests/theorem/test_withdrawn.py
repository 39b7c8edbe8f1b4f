"""After a withdrawal nothing is left that no grant covers; an event and what follows from it stand or fall together."""

import os
from random import Random

import pytest

from service.storage import consents as storage
from tests.theorem import cells
from tests.theorem.calls import CALLS

PAIRS = int(os.environ.get("PAIRS", "60"))


@pytest.mark.parametrize("name", ["withdraw_all", "decide"])
def test_after_an_event_every_value_that_is_left_is_covered_by_a_grant_in_force(name, two_shops, world, keys):
    call, shop = next(each for each in CALLS if each.name == name), two_shops.one
    written = 0
    for number in range(PAIRS):
        rng = Random(f"left {name} {number}")
        request = call.request(rng, keys)
        shop.holds(world.pair(rng, "nothing").states[0])

        seen = shop.asked(request)

        written += seen.status < 300
        if seen.status < 300:
            assert uncovered(shop, world.me) == set()
            assert captured(shop, world.me) == 0 or may_capture(shop, world.me)
    assert written > PAIRS // 4


def uncovered(shop, subject):
    """Attributes and sources of the subject's values that no grant covers which is not over."""
    values = shop.raw.execute("SELECT attribute, source FROM profile_value WHERE shopper_id = ?", (subject,))
    grants = shop.raw.execute(
        "SELECT attribute, source FROM consent_grant WHERE shopper_id = ? AND (until IS NULL OR until > ?)",
        (subject, cells.micros(cells.NOW)),
    )
    return set(values.fetchall()) - set(grants.fetchall())


def captured(shop, subject):
    """How many interactions of the subject are there."""
    return shop.raw.execute("SELECT count(*) FROM interaction WHERE shopper_id = ?", (subject,)).fetchone()[0]


def may_capture(shop, subject):
    """Whether the grant is in force under which they may be."""
    grants = shop.raw.execute(
        "SELECT given_at, until FROM consent_grant WHERE (shopper_id, attribute, purpose) = (?, ?, ?)",
        (subject, "orders", "behaviour_capture"),
    )
    return any(cells.holds({"given_at": given, "until": until}) for given, until in grants)


@pytest.mark.parametrize("failing", ["_write_grants", "delete_uncovered", "grants_of"])
def test_if_any_part_of_an_event_fails_nothing_of_it_stands(failing, two_shops, world, keys, monkeypatch):
    call, shop = next(each for each in CALLS if each.name == "withdraw_all"), two_shops.one
    rng = Random("whole")
    request = call.request(rng, keys)
    shop.holds(world.pair(rng, "nothing").states[0])

    def fail(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(storage, failing, fail)

    seen = shop.asked(request)

    assert seen.status == 500
    assert (seen.added, seen.removed) == ({}, {})
