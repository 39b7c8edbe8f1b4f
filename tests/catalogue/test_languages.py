"""The shop's texts in the language that somebody asks for: the nearest one that there is (RFC 4647, lookup)."""

import orjson
import pytest

from service.catalogue.catalogue import load_catalogue
from service.catalogue.shop import read_shop
from service.documents.problem import Refused
from tests.builders import a_shop_folder

SHOP = """\
currency: EUR
country: DE
locales: [de, de-simple, en, en-GB, zh-Hant]
categories:
  road_bike: {label: {de: Rennräder, de-simple: Räder für die Straße, en: Road bikes}}
attributes:
  weight_kg: {type: number, unit: kg, label: {de: Gewicht, en: Weight, zh-Hant: 重量}}
  model: {type: text, label: Modell}
  colour: {type: text}
"""
PRODUCTS = """\
sku,name:de,name:de-simple,name:en,name:en-GB,name:zh-Hant,category,price
RB-1,Rennrad,Rad,Road bike,Racing cycle,公路車,road_bike,900
RB-2,Rennrad zwei,,,,,road_bike,950
RB-3,Rennrad drei,,Road bike three,,,road_bike,990
"""


@pytest.fixture
def catalogue(tmp_path):
    return load_catalogue(a_shop_folder(tmp_path, shop=SHOP, csv=PRODUCTS))


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("de", ["Rennrad", "Rennrad zwei", "Rennrad drei"]),
        ("de-AT", ["Rennrad", "Rennrad zwei", "Rennrad drei"]),
        ("de-simple", ["Rad", "Rennrad zwei", "Rennrad drei"]),
        ("DE-Simple", ["Rad", "Rennrad zwei", "Rennrad drei"]),
        ("en-GB", ["Racing cycle", "Rennrad zwei", "Road bike three"]),
        ("en-US-x-pirate", ["Road bike", "Rennrad zwei", "Road bike three"]),
        ("zh-Hant-TW", ["公路車", "Rennrad zwei", "Rennrad drei"]),
        ("fr", ["Rennrad", "Rennrad zwei", "Rennrad drei"]),
    ],
)
def test_each_product_is_called_by_the_nearest_name_that_it_has(catalogue, wanted, names):
    assert [orjson.loads(catalogue.json(sku, wanted))["name"] for sku in ("RB-1", "RB-2", "RB-3")] == names
    assert [product.name.get(wanted) for product in catalogue.products] == names


@pytest.mark.parametrize(
    ("wanted", "labels"),
    [
        ("de-simple", ["Räder für die Straße", "Gewicht", "Modell", "colour"]),
        ("en-GB", ["Road bikes", "Weight", "Modell", "colour"]),
        ("zh-Hant", ["Rennräder", "重量", "Modell", "colour"]),
        ("fr", ["Rennräder", "Gewicht", "Modell", "colour"]),
    ],
)
def test_labels_fall_back_one_by_one(catalogue, wanted, labels):
    shop = catalogue.shop
    texts = [shop.categories["road_bike"].label, *(shop.attributes[name].label for name in shop.attributes)]

    assert [each.get(wanted) for each in texts] == labels


def test_a_language_is_named_once_however_it_is_spelt(tmp_path):
    a_shop_folder(tmp_path, shop=SHOP.replace("en-GB,", "en-GB, en-gb,"))

    with pytest.raises(Refused) as refused:
        read_shop(tmp_path)

    assert [(problem.code, problem.at.line) for problem in refused.value.problems] == [("BG-S003", 3)]
