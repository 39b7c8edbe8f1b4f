"""The catalogue: order, look-up, JSON and version."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalogue.catalogue import Catalogue, UnknownSku, load_catalogue
from service.documents.problem import Refused
from tests.builders import PRODUCTS_CSV, a_catalogue, a_product, a_shop, a_shop_folder


def test_products_stand_in_order_of_price_and_sku():
    catalogue = a_catalogue(a_product("C", price=1.0), a_product("B", price=2.0), a_product("A", price=2.0))

    assert [product.sku for product in catalogue.products] == ["C", "A", "B"]
    assert [catalogue.position(sku) for sku in ("C", "A", "B")] == [0, 1, 2]


def test_a_product_is_found_by_sku_even_if_it_is_not_available():
    catalogue = a_catalogue(a_product("A", available=False))

    assert catalogue.find("A").sku == catalogue.by_sku["A"].sku == "A"
    assert ("A" in catalogue, "B" in catalogue, "B" in catalogue.by_sku) == (True, False, False)
    assert (list(catalogue.by_sku), len(catalogue.by_sku), catalogue.by_sku.get("B")) == (["A"], 1, None)


@pytest.mark.parametrize("asks", [Catalogue.find, Catalogue.position, lambda catalogue, sku: catalogue.json(sku, "de")])
def test_an_unknown_sku_is_refused_without_repeating_it(asks):
    with pytest.raises(UnknownSku) as refused:
        asks(a_catalogue(), "secret")

    assert str(refused.value) == "no product has this sku"
    assert refused.value.sku == "secret"


def test_json_has_its_fields_in_order_and_speaks_the_locale():
    catalogue = a_catalogue(a_product("A", name={"de": "Rad ü", "en": 'Bike "x"'}, price=1799.0))

    assert catalogue.json("A", "de") == (
        '{"sku":"A","name":"Rad ü","price":1799.0,"currency":"EUR","url":null,"image":null}'.encode()
    )
    assert orjson.loads(catalogue.json("A", "en-GB"))["name"] == 'Bike "x"'
    assert catalogue.json("A", "de-simple") == catalogue.json("A", "fr") == catalogue.json("A", "de")


def test_two_products_with_one_sku_are_no_catalogue():
    with pytest.raises(ValueError, match="same sku"):
        a_catalogue(a_product("A"), a_product("A", price=2.0))


@given(st.permutations(["A", "B", "C", "D"]))
def test_the_version_does_not_depend_on_the_order_of_the_feed(skus):
    assert a_catalogue(*map(a_product, skus)).version == a_catalogue(*map(a_product, "ABCD")).version


@pytest.mark.parametrize(
    "other",
    [
        a_catalogue(a_product("A", price=1001.0)),
        a_catalogue(a_product("A", frame="steel")),
        a_catalogue(a_product("A", name="other")),
        a_catalogue(a_product("A", available=False)),
        a_catalogue(a_product("A"), a_product("B")),
        a_catalogue(a_product("A"), shop=a_shop(currency="CHF")),
        a_catalogue(a_product("A"), shop=a_shop(sensitive=("strap",))),
    ],
)
def test_the_version_changes_with_the_content(other):
    assert other.version != a_catalogue(a_product("A")).version


def test_a_folder_is_loaded_whole(tmp_path):
    catalogue = load_catalogue(a_shop_folder(tmp_path))

    assert [product.sku for product in catalogue.products] == ["RB-2", "RB-1"]
    assert catalogue.version == load_catalogue(tmp_path).version


def test_a_folder_with_one_broken_row_is_not_loaded_at_all(tmp_path):
    with pytest.raises(Refused):
        load_catalogue(a_shop_folder(tmp_path, csv=PRODUCTS_CSV + "RB-3,cut off"))
