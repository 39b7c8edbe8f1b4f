"""How dialogues go, for whoever runs the shop; and the one thing about them that only a page knows."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from service.advice.figures import ROUNDED_TO, Figures, FiguresOfQuestion, figures_of
from service.advice.insights import WHOLE
from service.advice.shelf import UnknownQuestionnaire
from service.api import examples_of_insights as examples
from service.api.bearer import asked_by, operator
from service.api.blueprint import Blueprint
from service.api.operation import Operation
from service.api.problems import InvalidRequest, Unavailable
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.privacy.credentials import Credential

DAYS = timedelta(days=30)
LONGEST = timedelta(days=3660)

blueprint = Blueprint("insights", __name__, description="How dialogues go, without anybody in it.")


@dataclass(frozen=True, slots=True)
class Period:
    """The days asked for; None: whatever is usual."""

    since: date | None
    until: date | None


class InPeriod(Schema):
    """A query that names days."""

    since = fields.Date(load_default=None, data_key="from", metadata={"description": "First day, in UTC."})
    until = fields.Date(load_default=None, data_key="to", metadata={"description": "Last day, in UTC."})

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: object) -> None:
        """The days are in order, and not too far apart."""
        since, until = data.get("since"), data.get("until")
        if since and until and not timedelta(0) <= until - since <= LONGEST:
            raise ValidationError("'to' must not be before 'from', and ten years are the most.", "to")

    @post_load
    def period(self, data: dict[str, Any], **_: object) -> Period:
        """The period."""
        return Period(**data)


class ChoiceRequest(Schema):
    """A product that somebody went for."""

    sku = fields.String(required=True, metadata={"description": "The product's sku."})


PATH = {"in": "path", "description": "The questionnaire's id.", "example": "road-bike"}


@blueprint.route("/v1/insights/<questionnaire>", parameters=[PATH | {"name": "questionnaire"}])
@blueprint.describes(
    Operation(
        "getInsights",
        "How often each question of each version was shown, answered and left; the last 30 days unless told.",
        "Insights",
        examples.INSIGHTS,
        description="Nobody is in it: only counters are kept, by version, question, option and day, and figures are "
        f"rounded down to a multiple of {ROUNDED_TO}. `shown`, `conflicts` and `shortlist_shown` count every state "
        "given out, stateless advice included, where a page that asks again counts again; the others count sessions "
        "alone. `left_here` is known when a session has expired.",
        opened_by="operator",
        refuses=(UnknownQuestionnaire, InvalidRequest, Unavailable),
    )
)
@asked_by(operator)
@blueprint.arguments(InPeriod(), location="query")
def insights(asked: Period, questionnaire: str, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The counters, by version."""
    rooms = the_rooms()
    until = asked.until or max(rooms.clock().date(), asked.since or date.min)
    since = asked.since or until - DAYS
    published = rooms.shopfront().questionnaires.published.get(questionnaire)
    found = list(rooms.insights(questionnaire, since, until))
    if published is None and not found:
        raise UnknownQuestionnaire(questionnaire)
    in_force = None if published is None else published.version
    body = {
        "questionnaire": questionnaire,
        "from": since.isoformat(),
        "to": until.isoformat(),
        "rounded_to": ROUNDED_TO,
        "versions": [_version(each, in_force=each.version == in_force) for each in figures_of(found)],
    }
    return reply(body)


@blueprint.route("/v1/questionnaires/<id>/choices", methods=["POST"], parameters=[PATH | {"name": "id"}])
@blueprint.describes(
    Operation(
        "countChoice",
        "Somebody went for a product that this questionnaire showed: it is counted, and nothing else is kept.",
        "ChoiceCounted",
        {"counted": True},
        description="`counted` is false for a product that is not in the catalogue.",
        body=True,
        refuses=(UnknownQuestionnaire,),
    )
)
@blueprint.arguments(ChoiceRequest(), example={"sku": "RB-210-54"})
def count_choice(chosen: dict[str, str], id: str) -> Response:  # noqa: A002 - the address' own word
    """Count it."""
    rooms = the_rooms()
    front = rooms.shopfront()
    compiled = front.questionnaires.get(id)
    known = chosen["sku"] in front.catalogue
    if known:
        rooms.counting.count(compiled, rooms.clock(), [("product_chosen", WHOLE, chosen["sku"])])
    return reply({"counted": known})


def _version(figures: Figures, *, in_force: bool) -> dict[str, object]:
    return {
        "version": figures.version,
        "in_force": in_force,
        "questions": [_question(each) for each in figures.questions],
        "shortlist_shown": figures.shortlist_shown,
        "products_chosen": [{"sku": sku, "count": count} for sku, count in figures.products_chosen],
    }


def _question(figures: FiguresOfQuestion) -> dict[str, object]:
    options = [{"id": option, "answered": count} for option, count in figures.options]
    return asdict(figures) | {"options": options}
