"""Narrowing and counting by bits, proven against sets of skus."""

import random
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.catalogue.catalogue import Catalogue
from service.catalogue.sets import ProductSet
from service.catalogue.universe import NotANumber, Universe, UnknownAttribute
from tests.builders import a_catalogue, a_product, a_shop

SHOP = a_shop(attributes={"model": "text", "colour": "text", "use": "many", "weight": "number", "lights": "boolean"})
COLOURS = ("red", "blue", "green", "grey")
USES = ("daily", "racing", "touring")


@dataclass(frozen=True)
class World:
    """A universe, and its products by sku for brute force."""

    universe: Universe
    products: dict

    def those(self, holds):
        return {sku for sku, product in self.products.items() if holds(product)}

    def skus(self, product_set):
        return {product.sku for product in self.universe.products(product_set)}

    def models(self, skus):
        return len({self.products[sku].value("model") or sku for sku in skus})


@st.composite
def worlds(draw, largest=150):
    """Up to six models of up to `largest` variants, some products without a model, some unavailable, some pedals."""
    sizes = draw(st.lists(st.integers(1, largest) | st.sampled_from([63, 64, 65, 128, 129]), max_size=6))
    chance = random.Random(draw(st.integers(0, 1_000_000)))
    models = [f"m{number}" for number, size in enumerate(sizes) for _ in range(size)] + [None] * draw(
        st.integers(0, 70)
    )
    products = [any_product(f"S{number:04}", model, chance) for number, model in enumerate(models)]
    shown = {each.sku: each for each in products if each.available and each.category == "road_bike"}
    universe = Universe.of(Catalogue.of(SHOP, products), {"category": ("road_bike",)}, "model")
    return World(universe, shown)


def any_product(sku, model, chance):
    return a_product(
        sku,
        price=float(chance.randrange(20)),
        category="pedal" if chance.random() < 0.1 else "road_bike",
        available=chance.random() < 0.9,
        model=model,
        colour=chance.choice((*COLOURS, None)),
        use=tuple(chance.sample(USES, chance.randrange(1, 3))) if chance.random() < 0.8 else None,
        weight=chance.choice((None, float(chance.randrange(10)))),
        lights=chance.choice((True, False, None)),
    )


some_sets = st.lists(
    st.tuples(st.just("colour"), st.lists(st.sampled_from((*COLOURS, "unheard of"))))
    | st.tuples(st.just("use"), st.lists(st.sampled_from(USES)))
    | st.tuples(st.just("lights"), st.lists(st.booleans()))
    | st.tuples(st.just("weight"), st.lists(st.integers(0, 10).map(float))),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(worlds(), some_sets)
def test_and_across_and_or_within_attributes_narrow_as_sets_do(world, criteria):
    narrowed = world.universe.intersection(world.universe.equal_to(name, values) for name, values in criteria)

    expected = world.those(lambda product: all(product.is_any_of(name, values) for name, values in criteria))
    assert world.skus(narrowed) == expected
    assert narrowed.count() == len(narrowed) == len(expected)
    assert narrowed.is_empty == (not expected)
    assert world.universe.count_models(narrowed) == world.models(expected)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.none() | st.integers(-1, 11), st.none() | st.integers(-1, 11))
def test_between_takes_both_ends_and_leaves_out_what_is_not_stated(world, low, high):
    found = world.universe.between("weight", low, high)

    expected = world.those(
        lambda product: (
            (weight := product.value("weight")) is not None
            and (low is None or low <= weight)
            and (high is None or weight <= high)
        )
    )
    assert world.skus(found) == expected
    assert world.universe.count_models(found) == world.models(expected)


@settings(max_examples=60, deadline=None)
@given(worlds(), some_sets)
def test_union_difference_and_complement_stay_within_the_universe(world, criteria):
    universe = world.universe
    first, *others = [universe.equal_to(name, values) for name, values in criteria]
    rest = universe.union(others)

    everything = set(world.products)
    assert world.skus(universe.everything) == everything
    assert world.skus(first | rest) == world.skus(first) | world.skus(rest)
    assert world.skus(first.without(rest)) == world.skus(first) - world.skus(rest)
    assert world.skus(~first) == everything - world.skus(first)
    assert ~~first == first
    assert (~first & first).is_empty
    assert universe.count_models(~first) == world.models(everything - world.skus(first))


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_what_is_not_stated_is_missing_and_everything_else_known(world):
    for name in ("price", "category", "sku", *SHOP.attributes):
        expected = world.those(lambda product, name=name: product.value(name) is None)

        assert world.skus(world.universe.missing(name)) == expected
        assert world.skus(world.universe.known(name)) == set(world.products) - expected


@settings(max_examples=40, deadline=None)
@given(worlds(), some_sets, some_sets)
def test_counting_many_sets_at_once_counts_each(world, criteria, narrowing):
    universe = world.universe
    sets = [universe.equal_to(name, values) for name, values in criteria]
    within = universe.union(universe.equal_to(name, values) for name, values in narrowing)

    counts = universe.count_models_each(universe.stacked(sets), within)

    assert counts == [universe.count_models(one & within) for one in sets]


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_models_stand_together_by_their_cheapest_variant(world):
    found = list(world.universe.products(world.universe.everything))

    def own(product):
        return product.price, product.sku

    best = {}
    for product in sorted(world.products.values(), key=own):
        best.setdefault(product.value("model") or product.sku, own(product))
    assert found == sorted(found, key=lambda product: (best[product.value("model") or product.sku], own(product)))


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_positions_lead_to_products_and_back(world):
    universe = world.universe
    positions = universe.everything.positions().tolist()

    assert [universe.position_of(universe.product_at(position).sku) for position in positions] == positions
    assert list(universe.everything) == positions
    assert all(position in universe.everything for position in positions)
    assert len({universe.models[position] for position in positions}) == universe.count_models(universe.everything)
    nobody = set(range(-1, universe.ranks.size + 1)) - set(positions)
    assert not any(position in universe.everything for position in nobody)


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_a_model_of_at_most_64_variants_never_straddles_a_word(world):
    models = world.universe.models
    for model in range(models.max(initial=-1) + 1):
        positions = np.flatnonzero(models == model)

        assert positions[-1] - positions[0] == positions.size - 1
        assert positions.size > 64 or positions[0] // 64 == positions[-1] // 64


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_values_and_extent_tell_what_occurs(world):
    colours = [product.value("colour") for product in world.products.values() if product.value("colour")]
    weights = [product.value("weight") for product in world.products.values() if product.value("weight") is not None]

    assert world.universe.values("colour") == {colour: colours.count(colour) for colour in sorted(set(colours))}
    assert world.universe.extent("weight") == ((min(weights), max(weights)) if weights else None)
    assert world.universe.extent("weight", world.universe.nothing) is None


def test_a_column_of_many_values_narrows_like_one_of_few():
    products = [a_product(f"S{number:03}", price=1.0, model=f"m{number // 2}") for number in range(300)]
    universe = Universe.of(a_catalogue(*products), same_product="model")

    found = universe.equal_to("model", ["m7", "m100", "unheard of"])

    assert [product.sku for product in universe.products(found)] == ["S014", "S015", "S200", "S201"]
    assert universe.count_models(found) == 2
    assert universe.equal_to("model", []).is_empty


def test_a_product_is_found_by_its_sku():
    universe = Universe.of(a_catalogue())

    assert universe.products(universe.equal_to("sku", ["RB-2-54", "unheard of"]))[0].sku == "RB-2-54"
    assert universe.position_of("unheard of") is None


def test_without_same_product_every_product_counts():
    universe = Universe.of(a_catalogue(), {"category": ("road_bike",)})

    assert universe.count_models(universe.everything) == 3
    assert Universe.of(universe.catalogue, {"category": ("road_bike",)}, "model").count_models(universe.nothing) == 0


def test_unavailable_products_are_in_no_universe():
    catalogue = a_catalogue(a_product("A"), a_product("B", available=False))

    universe = Universe.of(catalogue)

    assert [product.sku for product in universe.products(universe.everything)] == ["A"]
    assert universe.position_of("B") is None


def test_a_universe_without_products_answers_too():
    universe = Universe.of(a_catalogue(), {"category": ("unheard of",)}, "model")

    assert universe.everything.is_empty
    assert (~universe.equal_to("frame", ["carbon"]) & universe.between("price", 0, None)).count() == 0
    assert universe.count_models(universe.everything) == 0
    assert universe.count_models_each(universe.stacked([universe.nothing]), universe.everything) == [0]
    assert universe.count_models_each(universe.stacked([]), universe.everything) == []


def test_nobody_can_write_into_a_universe():
    universe = Universe.of(a_catalogue())
    arrays = [
        universe.everything.words,
        universe.nothing.words,
        universe.equal_to("frame", ["carbon"]).words,
        (universe.everything & universe.known("frame")).words,
        universe.numbers("price"),
        universe.ranks,
        universe.models,
        universe.stacked([universe.everything]),
    ]

    assert not any(array.flags.writeable for array in arrays)


def test_sets_of_two_universes_are_never_mixed():
    one, other = Universe.of(a_catalogue()), Universe.of(a_catalogue())

    with pytest.raises(ValueError, match="different universes"):
        one.everything & other.everything
    assert one.everything != other.everything
    assert one.everything != "everything"
    assert hash(one.everything) == hash(~one.nothing)


@pytest.mark.parametrize(
    "asks",
    [
        lambda universe: universe.equal_to("has_light", ["yes"]),
        lambda universe: universe.between("has_light", 1, 2),
        lambda universe: universe.missing("has_light"),
        lambda universe: Universe.of(universe.catalogue, {"has_light": (True,)}),
        lambda universe: Universe.of(universe.catalogue, {}, "has_light"),
    ],
)
def test_an_attribute_that_nobody_declared_is_refused(asks):
    with pytest.raises(UnknownAttribute):
        asks(Universe.of(a_catalogue()))


def test_words_are_not_compared_and_numbers_not_listed():
    universe = Universe.of(a_catalogue())

    with pytest.raises(NotANumber):
        universe.between("frame", 1, 2)
    with pytest.raises(NotANumber):
        universe.values("price")


def test_a_position_where_nobody_stands_has_no_product():
    universe = Universe.of(a_catalogue())

    with pytest.raises(IndexError):
        universe.product_at(63)


def test_a_set_says_yes_or_no():
    universe = Universe.of(a_catalogue())

    assert universe.everything
    assert not universe.nothing
    assert isinstance(universe.everything, ProductSet)


def test_all_who_ask_alike_share_one_universe_for_as_long_as_one_of_them_holds_it():
    catalogue = a_catalogue()

    first = Universe.of(catalogue, {"category": ["road_bike", "pedal"]}, "model")

    assert Universe.of(catalogue, {"category": ("pedal", "road_bike")}, "model") is first
    assert Universe.of(catalogue, {"category": ("pedal", "road_bike")}) is not first
    assert Universe.of(a_catalogue(), {"category": ["road_bike", "pedal"]}, "model") is not first
    del first
    assert len(catalogue.compiled) == 0
