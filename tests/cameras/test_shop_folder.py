"""The camera shop is read by the real readers, whole, and what is missing is counted."""

from service.privacy.register import read_register
from tests.cameras.columns import COLUMNS
from tests.cameras.gaps import table
from tests.cameras.shop_folder import read_rows, skus

NOT_UNDERSTOOD = {
    "battery": 65,
    "fastest_per_s": 4,
    "iso": 329,
    "screen_dots": 6,
    "slowest_s": 2,
    "tele_mm": 4,
    "thickness_mm": 4,
    "wide_mm": 4,
    "zoom": 64,
}


def test_every_camera_is_in_the_catalogue(cameras):
    assert len(cameras.products) == 3586


def test_a_camera_is_found_with_its_units_cleaned(cameras):
    camera = cameras.find("acer-cp-8660")

    assert camera.value("weight_g") == 180
    assert camera.value("zoom") == 6
    assert camera.value("sensor_width_mm") == 7.11
    assert camera.value("card") == ("sd",)
    assert camera.value("aperture_by_hand") is False
    assert camera.value("viewfinder") is None


def test_every_sku_is_its_own_and_stays_the_same():
    rows = [
        {"Brand": "Pentax", "Model": "*ist D"},
        {"Brand": "Pentax", "Model": "ist D"},
        {"Brand": "Sony", "Model": "A7+"},
    ]

    assert list(skus(rows)) == ["pentax-ist-d", "pentax-ist-d--2", "sony-a7-plus"]


def test_no_price_is_made_up(cameras):
    assert {product.price for product in cameras.products} == {0.0}


def test_the_register_lets_nothing_about_a_shopper_be_known(camera_folder):
    register = read_register(camera_folder[0] / "privacy.yaml")

    assert not register.attributes


def test_every_missing_value_is_counted_as_blank_or_not_understood(camera_folder, cameras):
    gaps = {gap.attribute: gap for gap in camera_folder[1]}

    for column in COLUMNS:
        stated = sum(product.value(column.name) is not None for product in cameras.products)
        assert stated == 3586 - gaps[column.name].blank - gaps[column.name].not_understood, column.name


def test_what_is_not_understood_is_known_to_the_last_value(camera_folder):
    assert {gap.attribute: gap.not_understood for gap in camera_folder[1] if gap.not_understood} == NOT_UNDERSTOOD


def test_two_thirds_of_the_cameras_lack_something_one_would_ask_about(camera_folder):
    asked = ("Optical zoom", "Weight", "Screen size", "Viewfinder", "Macro focus range", "ISO", "Battery")

    lacking = sum(not all(row[column] for column in asked) for row in read_rows())

    assert lacking / 3586 > 0.6


def test_the_table_names_every_attribute_with_its_share(camera_folder):
    lines = list(table(camera_folder[1]))

    assert len(lines) == 1 + len(COLUMNS)
    assert lines[-1].split() == ["video_lines", "85.9%", "3079", "0"]
