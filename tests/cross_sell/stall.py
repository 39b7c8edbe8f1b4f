"""A shop with a model made by hand, which can be asked for suggestions."""

from service.catalogue.companions import Companions
from service.cross_sell.artefact import open_artefact
from service.cross_sell.assortment import Assortment
from service.cross_sell.request import Request
from service.cross_sell.suggest import suggest
from tests.builders import NOW, a_catalogue, a_product
from tests.cross_sell.artefacts import a_cross_sell_view, an_artefact

PRODUCTS = (
    a_product("RB-1", name={"de": "Rennrad", "en": "Road bike"}),
    a_product("RB-2"),
    a_product("GB-1", category="gravel_bike"),
    a_product("HE-1", category="helmet"),
    a_product("HE-2", category="helmet"),
    a_product("BO-1", category="bottle"),
    a_product("BO-2", category="bottle", available=False),
    a_product("PD-1", category="pedal", price=30.0),
    a_product("PD-2", category="pedal", price=90.0),
    a_product("ST-1", category="strap"),
)
CATEGORIES = ("bottle", "gravel_bike", "helmet", "pedal", "road_bike")
SUBSTITUTES = [("road_bike", "road_bike"), ("road_bike", "gravel_bike"), ("helmet", "helmet")]
NOBODY = a_cross_sell_view()


def everything_but(*skus, strength=1.0):
    """What speaks for every product but these."""
    return {product.sku: strength for product in PRODUCTS if product.sku not in skus}


class Stall:
    """Asked with a basket; keyword arguments change the model (`no_model` takes it away)."""

    def __init__(self, folder, shop, products=PRODUCTS):
        self.folder, self.shop, self.products = folder, shop, products

    def assortment(self, *, rules=(), no_model=False, skus=None, **model):
        catalogue = a_catalogue(*self.products, shop=self.shop)
        given = {"categories": CATEGORIES, "never": SUBSTITUTES} | model
        known = [product.sku for product in self.products] if skus is None else skus
        artefact = None if no_model else open_artefact(an_artefact(self.folder, *known, **given))
        return Assortment.of(catalogue, Companions.of(rules, catalogue), artefact)

    def __call__(self, *basket, view=NOBODY, locale="en", limit=5, occasion="basket", at=NOW, **changed):
        return suggest(Request(basket, occasion, limit), self.assortment(**changed), view, locale, at)


def found(suggestions):
    return [suggestion.product.sku for suggestion in suggestions.found]


def kinds(suggestions):
    return [suggestion.kind for suggestion in suggestions.found]
