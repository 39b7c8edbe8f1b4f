"""What may stand in the database about somebody: grants and values, good, expired, foreign, malformed or absent."""

import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from service.storage.columns import micros
from tests.builders import NOW

Row = dict[str, object]
Key = tuple[str, ...]

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
PURPOSES = ("advice_profile", "cross_sell", "behaviour_capture", "model_training", "profile_merge")
KINDS = {"height_cm": "number", "seat": "text", "has_basket": "boolean", "night_rider": "boolean"}
SOURCES = {
    "height_cm": ("shopper", "crm"),
    "seat": ("crm", "shopper"),
    "has_basket": ("shopper",),
    "night_rider": ("crm",),
}
SERVES = {
    "advice_profile": ("height_cm", "seat", "has_basket"),
    "cross_sell": ("height_cm", "seat", "night_rider", "orders"),
}
CAPTURE = ("orders", "behaviour_capture", "shop")
RETENTION = {"height_cm": 730 * DAY, "orders": 900 * DAY}
GOOD = {
    "height_cm": [150, 160, 172, 178, 178.5, 190, 205, 300, -1],
    "seat": ["upright", "sporty", "lying"],
    "has_basket": [True, False],
    "night_rider": [True, False],
}
MALFORMED = (
    "",
    "{",
    "null",
    "[178]",
    '{"value": 178}',
    "NaN",
    "1e999",
    '"',
    "\x00",
    "Infinity",
    '""',
    '"' + "x" * 201 + '"',
)
LARGEST, LONGEST = 1e300, 200
ODD_ATTRIBUTES = ("shoe_size", "*", "HEIGHT_CM", "height_cm ", "")
ODD_SOURCES = ("broker", "*", "", "CRM")


def holds(row: Row | None) -> bool:
    """Whether a grant is in force now."""
    if row is None:
        return False
    now, until = micros(NOW), row["until"]
    return row["given_at"] <= now and (until is None or until > now)


def grant(rng: Random, subject: str, key: Key, event: str) -> Row | None:
    """Nothing, or a grant that holds, is over, or has not begun, close to the edge as well."""
    attribute, purpose, source = key
    edges = [
        (-10 * DAY, None),
        (-10 * DAY, 30 * DAY),
        (-10 * DAY, TICK),
        (timedelta(0), None),
        (-10 * DAY, timedelta(0)),
        (-10 * DAY, -DAY),
        (-10 * DAY, -TICK),
        (TICK, None),
        (DAY, 30 * DAY),
    ]
    if rng.random() < 0.3:
        return None
    begin, end = rng.choice(edges)
    return {
        "shopper_id": subject,
        "purpose": purpose,
        "attribute": attribute,
        "source": source,
        "given_at": micros(NOW + begin),
        "until": None if end is None else micros(NOW + end),
        "event_id": event,
    }


def value(rng: Random, subject: str, attribute: str, source: str) -> Row | None:
    """Nothing, or a value: of the right kind, of another one, no JSON at all, new or too old."""
    ages = [DAY, timedelta(0), 729 * DAY, 730 * DAY, 5000 * DAY]
    if rng.random() < 0.2:
        return None
    return {
        "shopper_id": subject,
        "attribute": attribute,
        "source": source,
        "value": _stored(rng, attribute),
        "source_ref": f"ref-{rng.randrange(1000)}",
        "collected_at": micros(NOW - rng.choice(ages)),
        "stored_at": micros(NOW - rng.randrange(100) * DAY),
    }


def _stored(rng: Random, attribute: str) -> str:
    if rng.random() < 0.2:
        return rng.choice(MALFORMED)
    kind = rng.choice(list(GOOD)) if rng.random() < 0.1 else attribute
    return json.dumps(rng.choice(GOOD.get(kind, [43])))


def usable(row: Row | None) -> bool:
    """Whether a stored row stands for a value: not if it is malformed, of another kind or too old."""
    if row is None:
        return False
    limit = RETENTION.get(row["attribute"])
    if limit is not None and row["collected_at"] <= micros(NOW - limit):
        return False
    try:
        return _is_of(KINDS.get(row["attribute"]), json.loads(row["value"], parse_constant=lambda _: None))
    except ValueError:
        return False


def _is_of(kind: str | None, found: object) -> bool:
    match found:
        case bool():
            return kind == "boolean"
        case int() | float():
            return kind == "number" and abs(found) < LARGEST
        case str():
            return kind == "text" and 0 < len(found) <= LONGEST
        case _:
            return False


def order(rng: Random, subject: str, number: int, skus: tuple[str, ...]) -> Row | None:
    """Nothing, or something bought: long ago, lately, or by a clock that is ahead."""
    ages = [DAY, 40 * DAY, 899 * DAY, 900 * DAY, 2000 * DAY, -DAY]
    if rng.random() < 0.4:
        return None
    return {
        "order_id": f"{subject[-4:]}-{number}",
        "line": 1,
        "shopper_id": subject,
        "sku": rng.choice(skus),
        "quantity": float(rng.randrange(1, 4)),
        "unit_price": rng.choice([None, 9.5]),
        "ordered_at": micros(NOW - rng.choice(ages)),
    }


def interaction(rng: Random, subject: str, number: int, skus: tuple[str, ...]) -> Row | None:
    """Nothing, or something done, under no key: what was done under one is no chance."""
    if rng.random() < 0.4:
        return None
    return {
        "id": f"{subject[-4:]}-{number}",
        "shopper_id": subject,
        "kind": rng.choice(("view", "basket", "purchase")),
        "sku": rng.choice(skus),
        "at": micros(NOW - rng.choice([DAY, 899 * DAY, 900 * DAY, timedelta(0)])),
        "key_hash": None,
    }


def in_window(row: Row | None) -> object:
    """What of an order a purpose may see that reads past orders."""
    if row is None or not micros(NOW - RETENTION["orders"]) < row["ordered_at"] <= micros(NOW):
        return None
    return (row["sku"], row["ordered_at"])


def bought(row: Row | None) -> object:
    """What of an interaction a purpose may see that reads past orders."""
    if row is None or row["kind"] != "purchase":
        return None
    return in_window({**row, "ordered_at": row["at"]})


def grant_keys(rng: Random) -> Iterator[Key]:
    """Some triples of attribute, purpose and source: those that mean something, and those that never should."""
    for attribute, sources in (*SOURCES.items(), ("orders", ("shop",))):
        for source in sources:
            for purpose in PURPOSES:
                if purpose in ("advice_profile", "cross_sell") or attribute == "orders" or rng.random() < 0.3:
                    yield (attribute, purpose, source)
    for _ in range(rng.randrange(4)):
        odd = rng.choice(ODD_ATTRIBUTES), rng.choice((*PURPOSES, "*", "")), rng.choice(("crm", *ODD_SOURCES))
        real = rng.choice(list(SOURCES)), rng.choice(PURPOSES), rng.choice(ODD_SOURCES)
        for_all = rng.choice(list(SOURCES)), "*", rng.choice(("crm", "shopper"))
        yield rng.choice((odd, real, for_all))


def value_keys(rng: Random) -> Iterator[tuple[str, str]]:
    """Some pairs of attribute and source."""
    for attribute, sources in SOURCES.items():
        for source in (*sources, *rng.sample(ODD_SOURCES, 1)):
            yield (attribute, source)
    yield (rng.choice(ODD_ATTRIBUTES), "crm")
