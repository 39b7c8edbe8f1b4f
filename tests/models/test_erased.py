"""Who was erased is nowhere in the artefact of the next training: no canary of theirs, in no file of it."""

from dataclasses import replace

import pytest

from service.privacy.consent import record_event
from service.privacy.profile import accept
from service.storage.orders import SqlOrders
from service.storage.profiles import SqlProfiles
from tests.builders import (
    NOW,
    a_decision,
    a_notice_ref,
    a_purpose,
    a_register,
    a_registered_attribute,
    a_shopper_id,
    an_incoming_value,
)
from tests.models.test_absence import (
    BEFORE,
    LINES,
    PRIVACY,
    SHOPPERS,
    World,
    a_world,  # noqa: F401  a fixture
    retrained,
)
from tests.models.worlds import lightfm_alone

ME, THEY, SOMEBODY = SHOPPERS[:3]
CROWD = [a_shopper_id(number) for number in range(100, 119)]
STYLES = {
    "canary-mine": (ME, *CROWD[:9]),  # ten shoppers, as few as a model learns a value of
    "canary-theirs": (THEY, *CROWD[9:]),
    "canary-alone": (SOMEBODY,),
}
STYLE = a_decision("riding_style", "model_training", source="crm")
REGISTER = a_register(
    attributes=[a_registered_attribute("riding_style", kind="text", purposes=("model_training",), sources=("crm",))],
    purposes=[a_purpose("model_training")],
)
DECLARED = """attributes:
  riding_style: {label: Style, why: To learn from., kind: text, purposes: [model_training], sources: [crm]}
"""


@pytest.fixture
def world(a_world):  # noqa: F811
    """Shoppers let models learn from how they ride: ten in one word, eleven in another, one in a word of their own."""
    made: World = a_world().holds([*SHOPPERS, *CROWD])
    (made.folder / "privacy.yaml").write_text(PRIVACY.replace("attributes:\n", DECLARED))
    orders = sorted({line.order_id for line in LINES})
    for number, shopper in enumerate(CROWD):
        same = (line for line in LINES if line.order_id == orders[number * 8])
        SqlOrders(made.database).add(replace(line, order_id=f"of-{number}", shopper=shopper) for line in same)
    for shopper, style in ((shopper, style) for style, shoppers in STYLES.items() for shopper in shoppers):
        record_event(made.consents, REGISTER, shopper, a_notice_ref(), [STYLE], at=BEFORE)
        came = [an_incoming_value("riding_style", style, source_ref="canary-place", collected_at=BEFORE)]
        assert accept(SqlProfiles(made.database), REGISTER, shopper, came, at=NOW).accepted == 1
    return made


def hits(files, *needles):
    whole = b"".join(text if isinstance(text, bytes) else str(text).encode() for text in files.values())
    return {needle for needle in needles if needle.encode() in whole}


@pytest.mark.parametrize("how", ["erased", "withdrawn"])
def test_nothing_of_who_was_erased_is_in_the_artefacts_of_the_next_training(world, monkeypatch, how):
    orders = sorted({line.order_id for line in LINES if line.shopper == ME})
    never = (ME, THEY, "canary-place", "canary-alone", *orders)
    monkeypatch.setattr("models.choice.choose", lightfm_alone)
    before = retrained(world, monkeypatch)
    assert hits(before, "canary-mine", "canary-theirs", *never) == {"canary-mine", "canary-theirs"}

    after = retrained(world.loses({ME: how}), monkeypatch)

    assert hits(after, "canary-mine", "canary-theirs", *never) == {"canary-theirs"}
