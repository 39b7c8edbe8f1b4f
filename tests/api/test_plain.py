"""A plain schema takes and refuses what marshmallow alone would, with the same words; it is only quicker."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, validate

from service.api.cross_sell import CrossSellRequest
from service.api.plain import PlainSchema

JUDGED_BY_MARSHMALLOW = type("Ordinary", (Schema,), dict(CrossSellRequest._declared_fields))()
SKUS = st.one_of(st.text(max_size=3), st.sampled_from(["x" * 100, "x" * 101]), st.integers(), st.none(), st.booleans())
BASKETS = st.one_of(st.lists(st.text(min_size=1, max_size=3)), st.lists(SKUS), st.just(["a"] * 101), SKUS)
ODD = st.one_of(st.none(), st.booleans(), st.integers(-1, 60), st.floats(), st.text(max_size=4), st.lists(SKUS))
BODIES = st.one_of(
    ODD,
    st.fixed_dictionaries(
        {},
        optional={
            "basket": BASKETS,
            "occasion": st.sampled_from(["product", "basket", "after_purchase"]) | ODD,
            "limit": st.integers(0, 51) | ODD,
            "locale": st.sampled_from(["de", "en-GB", "de\n", "", "deutschland"]) | ODD,
            "more": ODD,
        },
    ),
)


def loaded(load, body):
    """What is made of a body, or what is said against it."""
    try:
        return load(body)
    except ValidationError as refused:
        return refused.normalized_messages()


@example(body={"basket": ["A"], "limit": True})
@example(body={"basket": ["A"], "limit": 2.0})
@example(body={"basket": ("A",), "locale": None})
@given(body=BODIES)
def test_every_body_is_taken_or_refused_as_by_marshmallow_alone(body):
    schema = CrossSellRequest()

    alone = loaded(lambda sent: schema.wanted(JUDGED_BY_MARSHMALLOW.load(sent)), body)

    assert loaded(schema.load, body) == alone


def test_a_plain_body_does_not_trouble_marshmallow(monkeypatch):
    schema = CrossSellRequest()
    monkeypatch.setattr(Schema, "_deserialize", lambda *_, **__: pytest.fail("marshmallow was asked"))

    asked, locale = schema.load({"basket": ["A", "B"], "limit": 3, "locale": "de"})

    assert (asked.basket, asked.occasion, asked.limit, locale) == (("A", "B"), "basket", 3, "de")


@pytest.mark.parametrize(
    "field",
    [
        fields.Boolean(),
        fields.Raw(),
        fields.List(fields.Float()),
        fields.String(data_key="other"),
        fields.String(load_default=str),
    ],
)
def test_a_kind_of_field_that_it_does_not_know_is_refused_when_it_is_declared(field):
    declared = type("Declared", (PlainSchema,), {"field": field})

    with pytest.raises(TypeError):
        declared()


def test_what_a_check_takes_is_what_the_validators_take():
    declared = type("Declared", (PlainSchema,), {"field": fields.Integer(strict=True, validate=validate.Range(1, 3))})
    load = declared().load

    assert [number for number in range(6) if loaded(load, {"field": number}) == {"field": number}] == [1, 2, 3]
