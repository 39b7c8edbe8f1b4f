"""The reference for drift: what the service counts for baskets like those of the orders, and not for others."""

from collections import Counter

import numpy as np
import pytest

from models.baskets import facts_of
from models.judge import split
from models.train import fit_and_write
from service.catalogue.companions import Companions
from service.cross_sell.artefact import open_artefact
from service.cross_sell.assortment import Assortment
from service.cross_sell.drift import SHIFTED, SHIFTING, STRENGTHS, reference_in, stability_index
from service.cross_sell.request import OCCASIONS, Request
from service.cross_sell.suggest import suggest
from tests.builders import a_catalogue, a_product, a_shop
from tests.cross_sell.artefacts import a_cross_sell_view
from tests.models.worlds import BAG, FACTS, KINDS, QUICK, a_training, an_order, checkerboard

ORDERS = 600
CATALOGUE = a_catalogue(
    *(a_product(sku, category=facts.category) for sku, facts in FACTS.items()), shop=a_shop(categories=(BAG, *KINDS))
)


@pytest.fixture(scope="module")
def artefact(tmp_path_factory):
    training = a_training(checkerboard(ORDERS), facts=facts_of(CATALOGUE))
    return open_artefact(fit_and_write(training, tmp_path_factory.mktemp("models")))


@pytest.fixture(scope="module")
def reference(artefact):
    return reference_in(artefact.manifest.everything)


@pytest.fixture(scope="module")
def counted(artefact):
    """The strengths, by bucket, that the service counts for these baskets."""
    assortment = Assortment.of(CATALOGUE, Companions.of((), CATALOGUE), artefact)

    def counted(occasion, baskets):
        buckets = Counter()
        for basket in baskets:
            found = suggest(Request(tuple(basket), occasion), assortment, a_cross_sell_view(), "en", None).found
            strengths = [each.strength for each in found if each.strength is not None]
            if strengths:
                buckets[int(np.searchsorted(STRENGTHS, max(strengths)))] += 1
        return [buckets[bucket] for bucket in range(len(STRENGTHS) + 1)]

    return counted


def orders():
    """The baskets of as many orders again, as shoppers go on buying them."""
    lines = list(checkerboard(ORDERS // 4))
    return [tuple(line.sku for line in lines if line.order_id == each) for each in {line.order_id for line in lines}]


MET = {
    "product": [(sku,) for basket in orders() for sku in basket],
    "basket": [tuple(set(basket) - {sku}) for basket in orders() for sku in basket],
    "after_purchase": orders(),
}


@pytest.mark.parametrize("occasion", MET)
def test_the_service_counts_for_baskets_like_those_of_the_orders_what_the_reference_says(reference, counted, occasion):
    assert stability_index(reference.met[occasion].strengths, counted(occasion, MET[occasion])) < SHIFTING


def test_baskets_of_another_kind_are_seen_to_have_shifted(reference, counted):
    others = [(f"laces-{one}", f"polish-{other}") for one in ("red", "blue") for other in ("green", "white")] * 50

    assert stability_index(reference.met["basket"].strengths, counted("basket", others)) >= SHIFTED


def test_only_the_latest_fifth_counts_and_unknown_is_what_nobody_had_bought_before(tmp_path):
    lines = [line for line in checkerboard(98) if "white" not in line.sku]
    late = [line for number in (98, 99) for line in an_order(number, "shoes-red", "polish-white")]
    training = a_training([*lines, *late], recipe=QUICK)

    found = reference_in(open_artefact(fit_and_write(training, tmp_path)).manifest.everything)

    _, later = split(training.gathered.baskets)
    assert found.since == later[0].ordered_at.date().isoformat()
    assert found.met["after_purchase"].baskets == len(later)
    assert found.met["product"].baskets == sum(len(basket.skus) for basket in later)
    assert [found.met[occasion].unknown for occasion in OCCASIONS] == [2, 2, 2]
