"""Blocked topics in the database: put as a whole under the shopper's lock, with what goes along with them."""

from collections.abc import Callable, Collection, Mapping
from itertools import groupby

from sqlalchemy import Connection, bindparam, delete, insert, select

from service.privacy.subject import ShopperId
from service.storage.database import Database
from service.storage.shoppers import locked
from service.storage.tables import blocked_topic, interaction


class SqlBlockedTopics:
    """Keeps what shoppers block."""

    def __init__(self, database: Database) -> None:
        self._database = database
        mine = blocked_topic.c.shopper_id == bindparam("subject")
        self._of = database.prepare(select(blocked_topic.c.topic).where(mine))

    def of(self, subject: ShopperId) -> frozenset[str]:
        """The subject's; none of somebody unknown."""
        return frozenset(topic for (topic,) in self._of({"subject": subject}))

    def every(self) -> Mapping[ShopperId, frozenset[str]]:
        """Everybody's who blocks anything."""
        blocked = blocked_topic.c
        rows = select(blocked.shopper_id, blocked.topic).order_by(blocked.shopper_id)
        with self._database.reading() as connection:
            by_shopper = groupby(connection.execute(rows), key=lambda row: ShopperId(row.shopper_id))
            return {shopper: frozenset(row.topic for row in some) for shopper, some in by_shopper}

    def put(self, subject: ShopperId, topics: Collection[str], is_blocked: Callable[[str], bool]) -> None:
        """Block these and no others, and forget interactions with what is blocked then; raises UnknownShopper."""
        with self._database.writing() as connection:
            locked(connection, subject)
            put_topics(connection, subject, topics, is_blocked)


def put_topics(
    connection: Connection, subject: ShopperId, topics: Collection[str], is_blocked: Callable[[str], bool]
) -> None:
    """The same within a transaction that has locked the shopper."""
    connection.execute(delete(blocked_topic).where(blocked_topic.c.shopper_id == subject))
    if topics:
        rows = [{"shopper_id": subject, "topic": topic} for topic in sorted(set(topics))]
        connection.execute(insert(blocked_topic), rows)
    mine = interaction.c.shopper_id == subject
    skus = connection.execute(select(interaction.c.sku).where(mine).distinct()).scalars()
    gone = [{"gone": sku} for sku in skus if is_blocked(sku)]
    if gone:
        connection.execute(delete(interaction).where(mine, interaction.c.sku == bindparam("gone")), gone)
