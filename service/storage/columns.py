"""Column types and annotations: moments as microseconds, and what each column tells about a person."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import BigInteger, Column, Dialect, Integer, Text, TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Personal = Literal["no", "subject", "data", "key", "proof"]
"""What a column is to a person, from which export and erasure follow.

no: about nobody.
subject: says whose row it is.
data: about the subject; exported, erased.
key: opens or finds something of the subject; erased, never exported.
proof: exported, and kept after erasure, when the row names its subject no more.

A column of JSON says so by `json=True`: export then gives what it means.
"""

Counter = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only for its own INTEGER


OrderedText = Text().with_variant(Text(collation="C"), "postgresql")  # sorted by code point on every engine


def personal(kind: Personal, *, json: bool = False) -> dict[str, object]:
    """The annotation that every column carries: `Column(…, info=personal("data"))`."""
    return {"personal": kind, "json": json}


def micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (moment - EPOCH) // _MICROSECOND


def moment(micros_since_epoch: int) -> datetime:
    """The moment, in UTC."""
    return EPOCH + timedelta(microseconds=micros_since_epoch)


class Moment(TypeDecorator[datetime]):
    """A moment with its zone, kept as microseconds: exact, comparable and the same on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002  SQLAlchemy's
        """To the database."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        return None if value is None else moment(value)


def at_column(name: str, kind: Personal, *, nullable: bool = False, index: bool = False) -> Column[datetime]:
    """A column that holds a moment."""
    return Column(name, Moment, nullable=nullable, index=index, info=personal(kind))
