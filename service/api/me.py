"""A shopper's rights: to see what is kept, to take it along, to have it erased."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from service.api import examples_of_rights as examples
from service.api.audit import head_json
from service.api.bearer import asked_by, bearer_token, shopper
from service.api.blueprint import Blueprint
from service.api.operation import Operation
from service.api.problems import InvalidRequest, Unauthorised, Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.api.times import rfc3339
from service.privacy.credentials import fingerprint
from service.privacy.golden_record import Conflict, GoldenRecord, golden_record, served
from service.privacy.ledger import LedgerBroken
from service.privacy.portable import as_csv, export
from service.privacy.rights import Erased, HeldValue, erase
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId

CSV = "text/csv"

blueprint = Blueprint("my-data", __name__, description="What is kept of a shopper, for the shopper.")


class ExportForm(Schema):
    """Which form the copy is wanted in."""

    format = fields.String(
        load_default=None,
        validate=validate.OneOf(["json", "csv"]),
        metadata={"description": "json or csv; Accept counts where it is absent."},
    )


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who wants to be erased, or with which receipt that was done before."""

    subject: ShopperId | None
    token_hash: str
    done: Erased | None = None


def leaving() -> Leaving:
    """The shopper of the token, or the erasure that was asked for with it before."""
    token_hash = fingerprint(bearer_token())
    try:
        return Leaving(shopper(), token_hash)
    except Unauthorised:
        done = the_rooms().stores.rights.erased_by(token_hash)
        if done is None:
            raise
        return Leaving(None, token_hash, done)


@blueprint.route("/v1/me/data")
@blueprint.describes(
    Operation(
        "myData",
        "Every value that is kept of the shopper: where from, since when, for what, and when it was last used.",
        "MyData",
        examples.MY_DATA,
        description="The last use is told to the day. Of several sources' values of one attribute the first by the "
        "register's order counts, among those that the purpose may use: `counts_for` says for which purposes a value "
        "is the one, `conflicts` which others are not the same. `records` counts everything that is kept; the export "
        "has it.",
        opened_by="shopper",
        refuses=(Unavailable,),
    )
)
@asked_by(shopper)
def data(who: ShopperId) -> Response:
    """The overview."""
    rooms = the_rooms()
    now, register = rooms.clock(), rooms.shopfront().register
    values = rooms.stores.rights.held(who, at=now)
    golden = golden_record(register, values, at=now)
    counts = {name: len(rows) for name, rows in rooms.stores.rights.records(who).items()}
    return reply(
        {
            "values": [_held(each, golden, served(register, each, at=now)) for each in values],
            "conflicts": [_conflict(each) for each in golden.conflicts],
            "records": counts,
        }
    )


@blueprint.route("/v1/me/export")
@blueprint.describes(
    Operation(
        "myExport",
        "A copy of everything that is kept of the shopper, to be taken along.",
        "Export",
        examples.EXPORT,
        description="`values` and `grants` are as `PUT /v1/shoppers/{ref}/attributes` and `begleiter import shoppers` "
        "take them; `records` is everything, table by table. As CSV: one line for each field of `records`.",
        opened_by="shopper",
        refuses=(Unavailable, InvalidRequest),
        also_as=((CSV, examples.EXPORT_CSV),),
    )
)
@asked_by(shopper)
@blueprint.arguments(ExportForm(), location="query")
def copy(asked: dict[str, Any], who: ShopperId) -> Response:
    """The copy."""
    rooms = the_rooms()
    records = rooms.stores.rights.records(who)
    wants_csv = asked["format"] == "csv" or (asked["format"] is None and _accepts_csv())
    if wants_csv:
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="my-data.csv"'}
        return Response(as_csv(records), headers=headers, content_type=f"{CSV}; charset=utf-8")
    return reply(export(who, records, rooms.shopfront().register, at=rooms.clock()))


@blueprint.route("/v1/me", methods=["DELETE"])
@blueprint.describes(
    Operation(
        "eraseMe",
        "Erase everything that is kept of the shopper.",
        "Erasure",
        examples.ERASURE,
        description="Done when the reply comes: profile, consents, sessions, orders, tokens. The ledger keeps that "
        "something was decided, and nothing of whom or what. The same token gets the same receipt again.",
        status=202,
        opened_by="shopper",
        refuses=(UnknownShopper, LedgerBroken, Unavailable),
    )
)
@asked_by(leaving)
def erase_me(who: Leaving) -> Response:
    """Erase, or show the receipt again."""
    rooms = the_rooms()
    if who.subject is None or who.done is not None:
        return reply(_receipt(who.done), status=202)
    try:
        done = erase(rooms.stores.rights, rooms.secret, who.subject, at=rooms.clock(), token_hash=who.token_hash)
    except UnknownShopper:  # the same request at the same moment was faster
        return reply(_receipt(rooms.stores.rights.erased_by(who.token_hash)), status=202)
    return reply(_receipt(done), status=202)


def _accepts_csv() -> bool:
    return request.accept_mimetypes.best_match(["application/json", CSV], default="application/json") == CSV


def _receipt(done: Erased | None) -> dict[str, object]:
    if done is None:
        raise Unauthorised(token_sent=True)
    return {"id": done.erasure.id, "at": rfc3339(done.erasure.at), "head": head_json(done.head)}


def _held(value: HeldValue, golden: GoldenRecord, purposes: tuple[str, ...]) -> dict[str, object]:
    return {
        "attribute": value.attribute,
        "value": value.value,
        "source": value.source,
        "source_ref": value.source_ref,
        "collected_at": rfc3339(value.collected_at),
        "stored_at": rfc3339(value.stored_at),
        "purposes": purposes,
        "counts_for": golden.counting.get((value.attribute, value.source), ()),
        "last_use": None
        if value.used_on is None
        else {"on": value.used_on.date().isoformat(), "purpose": value.used_for},
    }


def _conflict(found: Conflict) -> dict[str, object]:
    return {
        "attribute": found.attribute,
        "purpose": found.purpose,
        "counts": found.counts,
        "differ": found.differ,
    }
