"""The tables. Every column says what it tells about a person; export and erasure are derived from that."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.storage.columns import Counter, OrderedText, Personal, at_column, personal

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _shopper(*, primary_key: bool = False, nullable: bool = False, on_delete: str = "CASCADE") -> Column[str]:
    key = ForeignKey("shopper.id", ondelete=on_delete)
    return Column("shopper_id", String(64), key, primary_key=primary_key, nullable=nullable, info=personal("subject"))


def _text(
    name: str, kind: Personal, *, primary_key: bool = False, nullable: bool = False, unique: bool = False
) -> Column[str]:
    return Column(name, Text, primary_key=primary_key, nullable=nullable, unique=unique or None, info=personal(kind))


def _json(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable, info=personal("data", json=True))


shopper = Table(
    "shopper",
    METADATA,
    Column("id", String(64), primary_key=True, info=personal("subject")),
    at_column("created_at", "data"),
    # Random, made anew by triggers (migration 0004) whenever a consent or a value of the shopper changes.
    _text("mark", "no", nullable=True),
)

notice = Table(
    "notice",
    METADATA,
    _text("id", "no", primary_key=True),
    _text("version", "no", primary_key=True),
    _text("language", "no", primary_key=True),
    _text("hash", "no"),
    _text("text", "no"),
    at_column("first_seen_at", "no"),
)

# The ledger. Position orders it, the two hashes chain it. Erasure sets shopper_id, payload and salt to null, says so in
# `shredded`, and leaves the rest standing, which verifies as before: what is signed is the salted commitment.
consent_event = Table(
    "consent_event",
    METADATA,
    Column("position", Counter, primary_key=True, autoincrement=False, info=personal("proof")),
    _text("id", "proof", unique=True),
    _text("kind", "proof"),
    _shopper(nullable=True, on_delete="SET NULL"),
    at_column("at", "proof"),
    _text("notice_id", "proof", nullable=True),
    _text("notice_version", "proof", nullable=True),
    _text("notice_language", "proof", nullable=True),
    _text("notice_hash", "proof", nullable=True),
    _json("payload", nullable=True),
    _text("salt", "key", nullable=True),
    _text("commitment", "proof"),
    _text("key_id", "proof"),
    _text("previous_hash", "proof"),
    _text("entry_hash", "proof"),
    _text("shredded", "proof", nullable=True),
    Index(None, "shopper_id"),
)

# One row: where the ledger ends. Whoever appends locks it first.
ledger_head = Table(
    "ledger_head",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False, info=personal("no")),
    Column("position", Counter, nullable=False, info=personal("no")),
    _text("entry_hash", "no"),
    _text("key_id", "no"),
    _text("signature", "no"),
    CheckConstraint("one = 1", name="one"),
)

# Who asked to be erased, under a keyed pseudonym of a pseudonym: enough to do it again in a restored backup.
erasure = Table(
    "erasure",
    METADATA,
    _text("id", "proof", primary_key=True),
    _text("tag", "proof"),
    at_column("at", "proof"),
    _text("token_hash", "proof", nullable=True, unique=True),  # so that the same request gets the same receipt
    at_column("scrubbed_at", "no", nullable=True),
)

consent_grant = Table(
    "consent_grant",
    METADATA,
    _shopper(primary_key=True),
    _text("purpose", "data", primary_key=True),
    _text("attribute", "data", primary_key=True),
    _text("source", "data", primary_key=True),
    at_column("given_at", "data"),
    at_column("until", "data", nullable=True),
    Column("event_id", Text, ForeignKey("consent_event.id"), nullable=False, info=personal("data")),
    Index(None, "event_id"),
    sqlite_with_rowid=False,
)

profile_value = Table(
    "profile_value",
    METADATA,
    _shopper(primary_key=True),
    _text("attribute", "data", primary_key=True),
    _text("source", "data", primary_key=True),
    _json("value"),
    _text("source_ref", "data"),
    at_column("collected_at", "data"),
    at_column("stored_at", "data"),
    at_column("used_on", "data", nullable=True),  # the day of its last use, no closer: when is behaviour, too
    _text("used_for", "data", nullable=True),
    sqlite_with_rowid=False,
)

idempotency = Table(
    "idempotency",
    METADATA,
    _shopper(primary_key=True),
    _text("key", "key", primary_key=True),
    _text("request_hash", "key"),
    _text("result", "key"),
    at_column("at", "data", index=True),
)

session = Table(
    "session",
    METADATA,
    _text("id", "key", primary_key=True),
    _shopper(nullable=True),
    _text("questionnaire", "data"),
    _text("version", "data"),
    _text("locale", "data"),
    _text("channel", "data"),
    _json("answers"),
    at_column("created_at", "data"),
    at_column("touched_at", "data"),
    at_column("expires_at", "data", index=True),
    Column("revision", Integer, nullable=False, info=personal("no")),
    # At which revision it went on elsewhere; no moment, by which the two could be matched.
    Column("handed_over", Integer, nullable=True, info=personal("no")),
    Index(None, "shopper_id"),
)

# The latest code that hands a session over, until it is used, and how many were asked for since when.
handover = Table(
    "handover",
    METADATA,
    Column("session_id", Text, ForeignKey("session.id", ondelete="CASCADE"), primary_key=True, info=personal("key")),
    _shopper(nullable=True),
    _text("code_hash", "key", nullable=True, unique=True),
    at_column("expires_at", "data"),
    at_column("since", "data"),
    Column("made", Integer, nullable=False, info=personal("data")),
    Index(None, "shopper_id"),
)

# How many wrong codes of one part of all codes came from anybody, in the ten minutes from `since` on.
wrong_code = Table(
    "wrong_code",
    METADATA,
    _text("part", "no", primary_key=True),
    at_column("since", "no"),
    Column("count", Integer, nullable=False, info=personal("no")),
)

credential = Table(
    "credential",
    METADATA,
    _text("id", "key", primary_key=True),
    Column("scope", Text, nullable=False, info=personal("no")),
    _text("token_hash", "key", unique=True),
    _shopper(nullable=True),
    Column("session_id", Text, ForeignKey("session.id", ondelete="CASCADE"), nullable=True, info=personal("key")),
    _text("label", "no"),
    _text("acting", "data", nullable=True),
    at_column("created_at", "data"),
    at_column("expires_at", "data", nullable=True, index=True),
    at_column("revoked_at", "data", nullable=True),
    Index(None, "shopper_id"),
    Index(None, "session_id"),
    CheckConstraint("scope IN ('session', 'shopper', 'shop', 'operator')", name="scope"),
    CheckConstraint("acting IN ('minor', 'guardian')", name="acting"),
    CheckConstraint("(scope = 'shopper') = (shopper_id IS NOT NULL)", name="shopper"),
    CheckConstraint("(scope = 'session') = (session_id IS NOT NULL)", name="session"),
)

order_line = Table(
    "order_line",
    METADATA,
    Column("order_id", OrderedText, primary_key=True, info=personal("data")),
    Column("line", Integer, primary_key=True, autoincrement=False, info=personal("data")),
    _shopper(nullable=True, on_delete="SET NULL"),
    _text("sku", "data"),
    Column("quantity", Float, nullable=False, info=personal("data")),
    Column("unit_price", Float, nullable=True, info=personal("data")),
    at_column("ordered_at", "data"),
    Index(None, "shopper_id"),
)

# What a shopper let the shop capture. The key's hash stands here, so that it goes with what it was used for.
interaction = Table(
    "interaction",
    METADATA,
    _text("id", "key", primary_key=True),
    _shopper(),
    _text("kind", "data"),
    _text("sku", "data"),
    at_column("at", "data"),
    _text("key_hash", "key", nullable=True),
    UniqueConstraint("shopper_id", "key_hash"),
)

blocked_topic = Table(
    "blocked_topic",
    METADATA,
    _shopper(primary_key=True),
    _text("topic", "data", primary_key=True),
)

# What every question of a version asked, so that a session which began with it knows which of its answers still count.
questionnaire_version = Table(
    "questionnaire_version",
    METADATA,
    _text("questionnaire", "no", primary_key=True),
    _text("version", "no", primary_key=True),
    _text("questions", "no"),
    at_column("first_seen_at", "no"),
)

# Counters about dialogues, of which no row and no number of rows can be led back to one of them.
insight = Table(
    "insight",
    METADATA,
    _text("questionnaire", "no", primary_key=True),
    _text("version", "no", primary_key=True),
    _text("day", "no", primary_key=True),
    _text("event", "no", primary_key=True),
    _text("question", "no", primary_key=True),
    _text("option", "no", primary_key=True),
    Column("count", Integer, nullable=False, info=personal("no")),
)
