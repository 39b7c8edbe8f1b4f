"""A guest, somebody who refused everything, and somebody whose browser says `Sec-GPC: 1` get the same bytes."""

import os
from dataclasses import replace
from random import Random

import pytest

from tests.theorem.calls import CALLS, Request
from tests.theorem.pairs import Pair

PAIRS = int(os.environ.get("PAIRS", "60"))
OPEN_TO_GUESTS = [
    call for call in CALLS if call.name in ("advice", "start_session", "cross_sell", "outcome", "interact")
]

USING_VALUES = [call for call in CALLS if call.relation in ("advice_profile", "cross_sell")]


@pytest.mark.parametrize("call", OPEN_TO_GUESTS, ids=lambda call: call.name)
def test_a_guest_and_somebody_who_refused_everything_get_the_same_bytes(call, two_shops, world, keys):
    for number in range(PAIRS):
        rng = Random(f"refused {call.name} {number}")
        request, pair = _plain(call.request(rng, keys)), world.pair(rng, "nothing")
        shop = two_shops.one

        shop.holds(without_grants(pair, world.me).rows(0))
        refused = shop.asked(request)
        shop.holds(pair.rows(0))
        guest = shop.asked(_without(request, "Authorization"))

        assert refused.told() == guest.told()


@pytest.mark.parametrize("call", OPEN_TO_GUESTS, ids=lambda call: call.name)
def test_whoever_sends_sec_gpc_gets_the_bytes_of_a_guest_whatever_they_allowed(call, two_shops, world, keys):
    for number in range(PAIRS):
        rng = Random(f"gpc {call.name} {number}")
        request, pair = _plain(call.request(rng, keys)), world.pair(rng, "nothing")
        shop = two_shops.one

        shop.holds(pair.rows(0))
        restricted = shop.asked(replace(request, headers={**request.headers, "Sec-GPC": "1"}))
        shop.holds(pair.rows(1))
        guest = shop.asked(_without(request, "Authorization"))

        assert restricted.told() == guest.told()
        assert restricted.added == guest.added


@pytest.mark.parametrize("call", USING_VALUES, ids=lambda call: call.name)
def test_under_sec_gpc_nothing_that_was_released_makes_any_difference(call, two_shops, world, keys):
    for number in range(PAIRS):
        rng = Random(f"gpc pair {call.name} {number}")
        request, pair = _plain(call.request(rng, keys)), world.pair(rng, "nothing")

        difference = two_shops.difference(pair, replace(request, headers={**request.headers, "Sec-GPC": "1"}))

        assert difference is None


def without_grants(pair, subject):
    """As if the shopper had refused everything and blocked nothing: their values may be there, their grants are not."""
    refused = {
        place: (None, None) if place[0] in ("consent_grant", "blocked_topic") and place[1][0] == subject else rows
        for place, rows in pair.cells.items()
    }
    return Pair(pair.base, refused)


def _plain(request):
    """Without a signal of its own."""
    return _without(request, "Sec-GPC")


def _without(request, header):
    headers = {name: text for name, text in request.headers.items() if name != header}
    return Request(request.method, request.path, headers, request.body)
