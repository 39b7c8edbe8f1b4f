"""What read_shop makes of shop.yaml, and what it refuses."""

import pytest

from service.catalogue.shop import read_shop
from service.documents.problem import Refused
from tests.builders import SHOP_YAML, a_shop, a_shop_folder


def complaints_about(folder, shop_yaml):
    with pytest.raises(Refused) as refused:
        read_shop(a_shop_folder(folder, shop=shop_yaml))
    return [f"{problem.at.line}:{problem.at.column} {problem.code}" for problem in refused.value.problems]


def test_a_shop_knows_its_words(tmp_path):
    shop = read_shop(a_shop_folder(tmp_path))

    assert (shop.currency, shop.country, shop.locales) == ("EUR", "DE", ("de", "en"))
    assert {name: attribute.kind for name, attribute in shop.attributes.items()} == {
        "model": "text",
        "use": "many",
        "weight_kg": "number",
        "ships_with_pedals": "boolean",
    }
    assert shop.attributes["weight_kg"].unit == "kg"
    assert shop.attributes["weight_kg"].label.get("de") == "weight kg"
    assert shop.categories["road_bike"].label.get("en") == "Road bikes"
    assert [name for name, category in shop.categories.items() if category.sensitive] == ["strap"]


def test_a_shop_says_what_is_used_up_and_what_is_never_suggested(tmp_path):
    tube, cards = "tube: {label: Tubes, lasts_days: 365}", "gift_card: {label: Cards, suggest: no}"
    yaml = SHOP_YAML.replace("  road_bike:", f"  {tube}\n  {cards}\n  road_bike:") + "never_suggest: [RB-2, RB-9]\n"

    shop = read_shop(a_shop_folder(tmp_path, shop=yaml))

    assert [(each.lasts_days, each.suggested) for each in shop.categories.values()][:3] == [
        (365, True),
        (None, False),
        (None, True),
    ]
    assert shop.never_suggested == ("RB-2", "RB-9")
    assert read_shop(a_shop_folder(tmp_path / "plain")).never_suggested == ()


@pytest.mark.parametrize("days", ["0", "36501", "1.5", "long"])
def test_a_consumable_lasts_a_number_of_days(tmp_path, days):
    yaml = SHOP_YAML.replace("sensitive: yes", f"lasts_days: {days}")

    assert len(complaints_about(tmp_path, yaml)) == 1


def test_the_attributes_of_every_product_are_known_too():
    shop = a_shop(attributes={"frame": "text"})

    assert [shop.attribute(name).kind for name in shop.attribute_names] == ["number", "text", "text", "text"]
    assert shop.attribute("price").unit == "EUR"
    assert shop.attribute("unheard_of") is None


@pytest.mark.parametrize(
    ("kind", "text", "value"), [("number", "1.5", 1.5), ("boolean", "no", False), ("many", "a", "a")]
)
def test_a_text_is_typed_by_its_attribute(kind, text, value):
    assert a_shop(attributes={"x": kind}).attributes["x"].typed(text) == value


@pytest.mark.parametrize(("kind", "text"), [("number", "heavy"), ("boolean", "maybe"), ("text", "")])
def test_a_text_that_its_attribute_cannot_hold_is_none(kind, text):
    assert a_shop(attributes={"x": kind}).attributes["x"].typed(text) is None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("currency: EUR", "currency: EURO"), "1:11 BG-S001"),
        (("country: DE", "country: Germany"), "2:10 BG-S002"),
        (("[de, en]", "[german]"), "3:11 BG-S003"),
        (("[de, en]", "[]"), "3:1 BG-S003"),
        (("type: many", "type: lots"), "9:15 BG-Y025"),
        (("type: many", "tipe: many"), "9:9 BG-Y020"),
        (("  use:", "  Use:"), "9:8 BG-S004"),
        (("  use:", "  price:"), "9:10 BG-S004"),
        (("sensitive: yes", "sensitive: very"), "6:40 BG-Y024"),
        (("{type: boolean}", "{type: boolean, unit: kg}"), "11:38 BG-S005"),
        (("{type: text}", "text"), "8:10 BG-Y027"),
        (("attributes:", "atributes:"), "7:1 BG-Y020"),
    ],
)
def test_a_shop_file_with_a_defect_is_refused_at_its_place(tmp_path, change, complaint):
    assert complaint in complaints_about(tmp_path, SHOP_YAML.replace(*change))


def test_all_defects_of_a_shop_file_are_said_at_once(tmp_path):
    broken = SHOP_YAML.replace("EUR", "EURO").replace("type: many", "type: lots").replace("sensitive", "senstive")

    assert complaints_about(tmp_path, broken) == ["1:11 BG-S001", "6:29 BG-Y020", "9:15 BG-Y025"]


def test_an_absent_shop_file_is_a_complaint(tmp_path):
    assert complaints_about(tmp_path, None) == ["1:1 BG-Y001"]
