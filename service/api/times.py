"""Times on the wire."""

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """The moment in UTC, to the second, as RFC 3339 writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
