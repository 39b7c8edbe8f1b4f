"""One tick for several things is refused, whatever form it takes."""

import pytest

from service.privacy.age import acting, age_of_consent
from service.privacy.bundles import Bundled, refuse_bundles

ONE = {"attribute": "height_cm", "purpose": "advice_profile", "given": True}


@pytest.mark.parametrize(
    "changed",
    [
        {"attribute": ["height_cm", "riding_style"]},
        {"purpose": ["advice_profile", "cross_sell"]},
        {"attribute": ["height_cm"]},
        {"purpose": {"advice_profile": True}},
        {"attribute": "*"},
        {"purpose": "*"},
        {"source": "*"},
        {"attribute": "height_*"},
        {"purpose": "all"},
        {"purpose": "ALLES"},
        {"purpose": "advice_profile,cross_sell"},
        {"purposes": ["advice_profile"]},
        {"attributes": "height_cm"},
        {"sources": []},
    ],
)
def test_a_bundle_is_refused_with_its_place(changed):
    with pytest.raises(Bundled) as refused:
        refuse_bundles([ONE, ONE | changed])

    assert refused.value.index == 1


@pytest.mark.parametrize("sent", [[ONE], [], None, "x", [1, None], [{"attribute": 5}]])
def test_what_is_no_bundle_is_left_to_the_schema(sent):
    refuse_bundles(sent)


def test_every_state_has_an_age_between_13_and_16():
    assert (age_of_consent("DE"), age_of_consent("AT"), age_of_consent("fr"), age_of_consent("XX")) == (16, 14, 15, 16)


@pytest.mark.parametrize(
    ("age", "guardian", "expected"),
    [(None, False, None), (16, False, None), (15, False, "minor"), (15, True, "guardian"), (None, True, "guardian")],
)
def test_below_the_age_somebody_is_a_minor_unless_a_guardian_acts(age, guardian, expected):
    assert acting("DE", age, guardian=guardian) == expected
