"""What the demo shop promises: enough products, models with variants, names in two languages, gaps on purpose."""

from collections import Counter

import pytest

BIKES = ("road_bike", "gravel_bike", "city_bike")
OF_EVERY_BIKE = ("model", "size", "color", "geometry", "rider_min_cm", "rider_max_cm", "frame_shape", "tyre_size",
                 "tube_size", "ships_with_pedals", "pedal_system", "shifting", "motor")  # fmt: skip


def _of(catalogue, *categories):
    return [product for product in catalogue.products if product.category in categories]


def test_the_shop_has_at_least_two_hundred_products_in_every_category_that_it_names(catalogue):
    sold = Counter(product.category for product in catalogue.products)

    assert len(catalogue.products) >= 200
    assert set(sold) == set(catalogue.shop.categories)


def test_every_product_has_a_german_and_an_english_name_of_its_own(catalogue):
    for locale in ("de", "en"):
        names = [product.name.by_locale[locale] for product in catalogue.products]

        assert len(set(names)) == len(names)


@pytest.mark.parametrize("category", BIKES)
def test_bikes_are_models_with_variants_in_sizes_and_colours(catalogue, category):
    bikes = _of(catalogue, category)

    assert len({bike.value("model") for bike in bikes}) * 2 < len(bikes)
    assert len({bike.value("size") for bike in bikes}) >= 3
    assert len({bike.value("color") for bike in bikes}) >= 4


def test_every_bike_states_what_advice_cannot_do_without(catalogue):
    for bike in _of(catalogue, *BIKES):
        assert not [name for name in OF_EVERY_BIKE if bike.value(name) is None], bike.sku
        assert bike.value("rider_min_cm") < bike.value("rider_max_cm")


def test_variants_of_a_model_cost_the_same_and_belong_to_one_category(catalogue):
    models = {}
    for product in catalogue.products:
        models.setdefault(product.value("model"), set()).add((product.category, product.price))

    assert [model for model, kinds in models.items() if len(kinds) > 1] == []


def test_a_beginner_finds_the_bike_of_the_running_example_below_1500_euros(catalogue):
    bike = catalogue.find("RB-110-54")

    assert (bike.value("geometry"), bike.value("ships_with_pedals"), bike.available) == ("endurance", False, True)
    assert bike.price < 1500
    assert catalogue.find("RB-210-54").price == 1799.0


def test_every_bike_without_pedals_has_pedals_and_every_bike_a_tube_to_go_with_it(catalogue):
    for bike in _of(catalogue, *BIKES):
        goes_with = [
            {
                other.category
                for other in catalogue.products
                if other.available and other.value(name) == bike.value(name)
            }
            for name in ("pedal_system", "tube_size")
        ]

        assert {"pedal"} <= goes_with[0]
        assert {"tube"} <= goes_with[1]


def test_the_pedals_of_the_running_example_are_the_cheapest_of_their_system_that_can_be_had(catalogue):
    system = catalogue.find("RB-210-54").value("pedal_system")
    pedals = [pedal for pedal in _of(catalogue, "pedal") if pedal.available and pedal.value("pedal_system") == system]

    assert min(pedals, key=lambda pedal: pedal.price).sku == "PD-05"


@pytest.mark.parametrize("name", ["weight_kg", "brakes", "gears", "frame_material", "uses"])
def test_some_bikes_leave_something_unsaid_on_purpose(catalogue, name):
    silent = [bike for bike in _of(catalogue, *BIKES) if bike.value(name) is None]

    assert 0 < len(silent) < len(_of(catalogue, *BIKES)) / 4


def test_some_products_are_not_available(catalogue):
    assert 5 <= sum(not product.available for product in catalogue.products) <= 30


def test_health_aids_and_nothing_else_are_sensitive(catalogue):
    assert [category.id for category in catalogue.shop.categories.values() if category.sensitive] == ["health_aid"]


def test_the_register_declares_the_shipped_purposes_in_both_languages(register):
    assert set(register.purposes) == {
        "advice_session", "advice_profile", "cross_sell", "behaviour_capture", "model_training", "profile_merge"
    }  # fmt: skip
    for texts in [purpose.text for purpose in register.purposes.values()] + [
        notice.text for notice in register.notices
    ]:
        assert set(texts.by_locale) == {"de", "en"}
