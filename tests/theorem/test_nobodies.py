"""A guest, somebody who refused everything, and somebody whose browser says `Sec-GPC: 1` get the same bytes."""

import os
from dataclasses import replace

import pytest

from tests.theorem.calls import CALLS, Request
from tests.theorem.pairs import Pair

PAIRS = int(os.environ.get("PAIRS", "250"))
OPEN_TO_GUESTS = [
    call for call in CALLS if call.name in ("advice", "start_session", "cross_sell", "outcome", "interact")
]

USING_VALUES = [call for call in CALLS if call.relation in ("advice_profile", "cross_sell")]
pytestmark = pytest.mark.no_cover  # as in the theorem


@pytest.mark.parametrize("call", OPEN_TO_GUESTS, ids=lambda call: call.name)
def test_a_guest_and_somebody_who_refused_everything_get_the_same_bytes(call, together, two_shops, world, request):
    shop = two_shops.one

    def difference(_, asked, pair):
        shop.holds(without_grants(pair, world.me).states[0])
        refused = shop.asked(_plain(asked))
        shop.holds(pair.states[0])
        guest = shop.asked(_without(_plain(asked), "Authorization"))
        return None if refused.told() == guest.told() else (refused, guest)

    assert together.first_wrong(request.node, difference, pairs=PAIRS, agreed="nothing") is None


@pytest.mark.parametrize("call", OPEN_TO_GUESTS, ids=lambda call: call.name)
def test_whoever_sends_sec_gpc_gets_the_bytes_of_a_guest_whatever_they_allowed(call, together, two_shops, request):
    def difference(_, asked, pair):
        for shop, held in zip((two_shops.one, two_shops.other), pair.states, strict=True):
            shop.holds(held)
        restricted = two_shops.one.asked(_restricted(asked))
        guest = two_shops.other.asked(_without(_plain(asked), "Authorization"))
        alike = (restricted.told(), restricted.added) == (guest.told(), guest.added)
        return None if alike else (restricted, guest)

    assert together.first_wrong(request.node, difference, pairs=PAIRS, agreed="nothing") is None


@pytest.mark.parametrize("call", USING_VALUES, ids=lambda call: call.name)
def test_under_sec_gpc_nothing_that_was_released_makes_any_difference(call, together, two_shops, request):
    def difference(_, asked, pair):
        return two_shops.difference(pair, _restricted(asked))

    assert together.first_wrong(request.node, difference, pairs=PAIRS, agreed="nothing") is None


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


def _restricted(request):
    return replace(request, headers={**request.headers, "Sec-GPC": "1"})


def _without(request, header):
    headers = {name: text for name, text in request.headers.items() if name != header}
    return Request(request.method, request.path, headers, request.body)
