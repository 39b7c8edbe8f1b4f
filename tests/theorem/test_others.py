"""What a call does to one shopper, it does to nobody else: no row about another comes, goes or changes."""

import os
from random import Random

import pytest

from service.storage.tables import METADATA
from tests.theorem.calls import CALLS
from tests.theorem.state import COLUMNS

PAIRS = int(os.environ.get("PAIRS", "60"))
BY_OTHERS = {"they_take_over", "merge"}  # another's token; two shoppers become one
OF_ONE = [call for call in CALLS if call.name not in BY_OTHERS]
WHOSE = {
    table.name: COLUMNS[table.name].index(str(column.name))
    for table in METADATA.sorted_tables
    for column in table.columns
    if column.info["personal"] == "subject"
}


@pytest.mark.parametrize("call", OF_ONE, ids=lambda call: call.name)
def test_no_call_changes_what_is_stored_about_another_shopper(call, two_shops, world, keys):
    shop = two_shops.one
    for number in range(PAIRS // 4):
        rng = Random(f"others {call.name} {number}")
        shop.holds(world.pair(rng, "nothing").states[0])

        seen = shop.asked(call.request(rng, keys))

        assert about(world.others, seen.added) == []
        assert about(world.others, seen.removed) == []


def about(subjects, rows):
    return [row for table, place in WHOSE.items() for row in rows.get(table, ()) if row[place] in subjects]


def test_there_are_rows_about_others_that_could_go(two_shops, world):
    two_shops.one.holds(world.pair(Random(1), "nothing").states[0])

    assert len(about(world.others, two_shops.one.read())) > 20
