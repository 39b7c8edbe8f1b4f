"""That the theorem says something: it reaches every call, and what was released does make a difference."""

from random import Random

import pytest

from service.storage.tables import METADATA
from tests.theorem.calls import CALLS, Request
from tests.theorem.pairs import Pair
from tests.theorem.world import DRAWN

TRIES = 40
OPERATORS_OWN = {
    "/alive",
    "/ready",
    "/metrics",
    "/v1/models",
    "/v1/models/<version>",
    "/v1/models/<version>/activate",
    "/v1/models/prune",
    "/v1/audit/head",
    "/v1/insights/<questionnaire>",
    "/v1/preview",
    "/v1/preview/check",
    "/v1/preview/questionnaire",
    "/v1/preview/advice",
    "/v1/preview/coverage",
    "/v1/preview/graph",
    "/v1/preview/comparison",
}
"""Calls that no shopper makes: an operator's key, or nobody's, opens them."""
FILES = (
    "/openapi.json",
    "/docs",
    "/.well-known/gpc.json",
    "/problems",
    "/begleiter.js",
    "/begleiter-qr.js",
    "/preview",
)
"""Pages and files that are the same for everybody, read from the disk."""
SAME_ROWS = {"shopper", "consent_event", "ledger_head", "session", "credential", "idempotency", "handover"}
"""Tables about shoppers whose rows stay the same in a pair: who may ask, and what was decided before."""


def test_every_route_is_in_the_theorem_or_named_as_no_shoppers_own(two_shops):
    rules = two_shops.one.client.application.url_map.iter_rules()
    routes = {(rule.rule, method) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}

    left = {(rule, method) for rule, method in routes if rule not in OPERATORS_OWN and not rule.startswith(FILES)}

    reached = {(call.route, call.method) for call in CALLS}
    assert left - reached == set(), "add a line to CALLS in tests/theorem/calls.py, with what the reply may depend on"


def test_every_table_about_a_shopper_is_drawn_or_named(world):
    about = {
        table.name
        for table in METADATA.sorted_tables
        if any(column.info["personal"] == "subject" for column in table.columns)
    }

    assert about - SAME_ROWS - set(DRAWN) == set()


@pytest.mark.parametrize(
    "name", ["advice", "resume_session", "answer_budget", "start_session", "take_over", "cross_sell"]
)
def test_what_was_released_for_the_purpose_changes_the_reply(name, two_shops, world, keys):
    call = next(each for each in CALLS if each.name == name)
    changed = 0
    for number in range(TRIES):
        rng = Random(f"reach {name} {number}")
        request, pair = call.request(rng, keys), world.pair(rng, "nothing")
        changed += two_shops.difference(pair, request) is not None

    assert changed > TRIES // 5


@pytest.mark.parametrize(
    "name", ["list_consents", "decide", "withdraw_all", "remember", "interact", "my_topics", "merge"]
)
def test_what_was_decided_changes_the_reply(name, two_shops, world, keys):
    call = next(each for each in CALLS if each.name == name)
    changed = 0
    for number in range(TRIES):
        rng = Random(f"reach {name} {number}")
        request, pair = call.request(rng, keys), world.pair(rng, "nothing")
        changed += two_shops.difference(pair, request) is not None

    assert changed > TRIES // 8  # most pairs of people may not be merged at all


def test_a_difference_in_what_is_stored_is_found_by_itself(two_shops, world, keys):
    pair = world.pair(Random(1), "nothing")

    assert two_shops.difference(Pair(pair.base, {}), Request("GET", "/alive", {})) is None
    assert pair.differing()


def test_whatever_a_call_wrote_a_shop_then_holds_what_it_is_given_and_nothing_else(two_shops, world, keys):
    shop, writing = two_shops.one, set()
    for number, call in enumerate(CALLS * 3):
        rng = Random(f"held {number}")
        before, after = world.pair(rng, "nothing").states
        shop.holds(before)
        seen = shop.asked(call.request(rng, keys))
        writing |= {call.name} if seen.added or seen.removed else set()

        shop.holds(after)

        assert shop.read() == after
    assert len(writing) > len(CALLS) // 3


def test_a_shop_that_holds_the_same_again_remembers_no_view_from_before(two_shops, world):
    shop, (held, _) = two_shops.one, world.pair(Random(1), "nothing").states
    shop.holds(held)
    before = marks(shop)

    shop.holds(held)

    assert marks(shop).isdisjoint(before)
    assert None not in marks(shop)


def marks(shop):
    return {mark for (mark,) in shop.raw.execute("SELECT mark FROM shopper")}
