"""Blocked topics on each engine: put as a whole, each shopper's own, with the interactions that they forbid."""

import pytest
from sqlalchemy import select

from service.privacy.interactions import Interaction
from service.privacy.shoppers import UnknownShopper
from service.storage.blocking import SqlBlockedTopics
from service.storage.interactions import SqlInteractions
from service.storage.tables import interaction
from tests.builders import NOW, a_shopper_id
from tests.storage.test_interactions import ME, OTHER, allow, interactions  # noqa: F401  fixtures


def nothing(_):
    return False


def test_topics_are_put_as_a_whole_for_one_shopper(database, interactions):  # noqa: F811
    blocked = SqlBlockedTopics(database)
    blocked.put(OTHER, ["health"], nothing)

    blocked.put(ME, ["pedal", "health", "pedal"], nothing)
    first = blocked.of(ME)
    blocked.put(ME, [], nothing)

    assert first == {"pedal", "health"}
    assert (blocked.of(ME), blocked.of(OTHER)) == (frozenset(), {"health"})


def test_what_everybody_blocks_is_told_by_shopper(database, interactions):  # noqa: F811
    blocked = SqlBlockedTopics(database)
    assert blocked.every() == {}

    blocked.put(ME, ["pedal", "health"], nothing)
    blocked.put(OTHER, ["health"], nothing)

    assert blocked.every() == {ME: {"pedal", "health"}, OTHER: {"health"}}


def test_blocking_deletes_interactions_of_that_shopper_with_what_is_blocked(database, interactions, allow):  # noqa: F811
    for subject in (ME, OTHER):
        allow(subject=subject)
        for sku in ("PD-1", "RB-1"):
            interactions.keep(subject, Interaction("view", sku, NOW), None)

    SqlBlockedTopics(database).put(ME, ["pedal"], lambda sku: sku == "PD-1")

    with database.reading() as connection:
        left = connection.execute(select(interaction.c.shopper_id, interaction.c.sku)).all()
    assert sorted(map(tuple, left)) == sorted([(ME, "RB-1"), (OTHER, "PD-1"), (OTHER, "RB-1")])


def test_nothing_of_a_blocked_topic_is_kept_whoever_else_allows_it(database, interactions, allow):  # noqa: F811
    for subject in (ME, OTHER):
        allow(subject=subject)
    SqlBlockedTopics(database).put(ME, ["pedal"], nothing)
    done = Interaction("view", "PD-1", NOW)

    kept = [interactions.keep(who, done, None, frozenset({"pedal", "sport"})) for who in (ME, OTHER)]

    assert kept == [False, True]
    assert interactions.keep(ME, done, None, frozenset({"sport"}))


def test_somebody_unknown_blocks_nothing(database):
    with pytest.raises(UnknownShopper):
        SqlBlockedTopics(database).put(a_shopper_id(9), ["pedal"], nothing)
    assert SqlInteractions(database).keep(a_shopper_id(9), Interaction("view", "x", NOW), None) is False
