"""A copy to be taken along: JSON whose parts our own imports take again, and CSV with one line for each field."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from service.privacy.consent_record import consent_records
from service.privacy.register import Register
from service.privacy.rights import Records
from service.privacy.subject import ShopperId

FORMAT = "begleiter-export-1"
HEADER = ("record", "number", "field", "value")
VALUE_FIELDS = ("attribute", "value", "source", "source_ref", "collected_at")


class NotACopy(Exception):
    """The file is none that `GET /v1/me/export` gave out."""

    def __init__(self) -> None:
        super().__init__("this is no copy as GET /v1/me/export gives it, in JSON or CSV")


def export(subject: ShopperId, records: Records, register: Register, *, at: datetime) -> dict[str, object]:
    """The whole copy. `values` and `grants` are what `begleiter import shoppers` takes; `records` is everything."""
    return {
        "format": FORMAT,
        "exported_at": at.isoformat(),
        "shopper": subject,
        "values": [{name: row[name] for name in VALUE_FIELDS} for row in records.get("profile_value", ())],
        "grants": list(_grants(records)),
        "consent_records": list(consent_records(records, register, subject)),
        "records": records,
    }


def as_csv(records: Records) -> str:
    """The records, losslessly: each field's value as JSON."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for name, rows in records.items():
        for number, row in enumerate(rows):
            writer.writerows((name, number, field, orjson.dumps(value).decode()) for field, value in row.items())
    return out.getvalue()


def from_csv(text: str) -> Records:
    """The records that `as_csv` wrote; tables without rows are not in it."""
    found: dict[str, dict[str, dict[str, object]]] = {}
    for name, number, field, value in list(csv.reader(io.StringIO(text)))[1:]:
        found.setdefault(name, {}).setdefault(number, {})[field] = orjson.loads(value)
    return {name: list(rows.values()) for name, rows in found.items()}


def copied_values(content: bytes) -> tuple[Mapping[str, object], ...]:
    """The profile values of a copy, in the order in which it tells them; raises NotACopy."""
    try:
        text = content.decode("utf-8-sig")
        if text.startswith(",".join(HEADER)):
            found: Sequence[Mapping[str, object]] = from_csv(text).get("profile_value", ())
        else:
            copy = orjson.loads(text)
            found = copy["values"] if copy["format"] == FORMAT else [{}]
        return tuple({name: each[name] for name in VALUE_FIELDS} for each in found)
    except (ValueError, KeyError, TypeError, csv.Error):
        raise NotACopy from None


def _grants(records: Records) -> Iterator[dict[str, object]]:
    """One for each attribute, purpose and source, under the notice of the event that gave it."""
    events: dict[object, Mapping[str, Any]] = {each["id"]: each for each in records.get("consent_event", ())}
    for row in records.get("consent_grant", ()):
        event = events.get(row["event_id"], {})
        notice = {part: event.get(f"notice_{part}") for part in ("id", "version", "language")}
        of_what = {name: row[name] for name in ("attribute", "purpose", "source")}
        yield of_what | {"given_at": row["given_at"], "notice": notice}
