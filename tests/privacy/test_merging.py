"""What is left of two people's grants: only what both allow, and never longer than either did."""

from hypothesis import given
from hypothesis import strategies as st

from service.privacy.consent import Decided
from service.privacy.merging import PROFILE_MERGE, intersection
from service.privacy.payload import Payload, replayed
from service.privacy.settlement import Effect, GrantRow
from tests.builders import DAY, NOW, a_shopper_id

KEYS = st.tuples(
    st.sampled_from(["height_cm", "seat"]),
    st.sampled_from(["advice_profile", PROFILE_MERGE]),
    st.sampled_from(["crm", "shopper"]),
)
ENDS = st.sampled_from([None, NOW - DAY, NOW, NOW + DAY, NOW + 2 * DAY])
GRANTS = st.dictionaries(KEYS, ENDS).map(lambda found: [GrantRow(*key, until) for key, until in found.items()])


def after(rows, left):
    """The rows once the merge was written, by what is ended and shortened, and by the ledger's replay."""
    ended = {row.key for row in left.ended}
    kept = {row.key: row for row in rows if row.key not in ended} | {row.key: row for row in left.shortened}
    return {row for row in kept.values() if row.holds(NOW)}


@given(GRANTS, GRANTS)
def test_exactly_what_both_allow_is_left_until_the_earlier_end(mine, theirs):
    left = intersection(mine, theirs, at=NOW)

    for moment in (NOW, NOW + DAY, NOW + 2 * DAY):
        both = {row.key for row in mine if row.holds(moment)} & {row.key for row in theirs if row.holds(moment)}
        assert {row.key for row in after(mine, left) if row.holds(moment)} == both


def _given(row):
    return Effect(Decided(row.attribute, row.purpose, row.source, "given"), (row.source,), row.until)


@given(GRANTS, GRANTS)
def test_the_ledgers_replay_gives_the_same(mine, theirs):
    left = intersection(mine, theirs, at=NOW)

    given = Payload(a_shopper_id(), "shopper", tuple(_given(row) for row in mine))
    merged = Payload.read(Payload(a_shopper_id(), "service", left.effects).as_text())
    assert {row for row in replayed([given, merged]).values() if row.holds(NOW)} == after(mine, left)


@given(GRANTS, GRANTS)
def test_only_what_both_let_be_brought_together_is_bridged(mine, theirs):
    left = intersection(mine, theirs, at=NOW)

    asked = [{row.key for row in rows if row.holds(NOW) and row.purpose == PROFILE_MERGE} for rows in (mine, theirs)]
    assert left.bridged == {(attribute, source) for attribute, _, source in asked[0] & asked[1]}
