"""What is sensitive is never cross-sold and leads to nothing, whatever was consented to or bought."""

import json
import os
from random import Random

from tests.theorem.calls import CALLS, Request

PAIRS = int(os.environ.get("PAIRS", "60"))
SENSITIVE = "CU-1"


def test_a_sensitive_product_is_never_suggested(two_shops, world, keys):
    call, shop = next(each for each in CALLS if each.name == "cross_sell"), two_shops.one
    suggested = 0
    for number in range(PAIRS):
        rng = Random(f"sensitive {number}")
        shop.holds(world.pair(rng, "nothing").states[0])

        seen = shop.asked(call.request(rng, keys))

        if seen.status == 200:
            skus = [each["sku"] for each in json.loads(seen.body)["suggestions"]]
            suggested += len(skus)
            assert SENSITIVE not in skus
    assert suggested > PAIRS


def test_a_sensitive_product_in_the_basket_speaks_for_nothing(two_shops, world, keys):
    shop = two_shops.one
    shop.holds(world.pair(Random(1), "nothing").states[0])

    with_it, without = (asked(shop, basket) for basket in ([SENSITIVE], []))

    assert suggestions(with_it) == suggestions(without)
    assert SENSITIVE not in repr(suggestions(with_it))


def asked(shop, basket):
    body = json.dumps({"basket": basket}).encode()
    return shop.asked(Request("POST", "/v1/cross-sell", {"Content-Type": "application/json"}, body))


def suggestions(seen):
    return json.loads(seen.body)["suggestions"]
