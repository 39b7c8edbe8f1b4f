"""Topics that a shopper does not want to meet: told here, and obeyed wherever something is suggested."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from service.advice.state import State
from service.api import examples_of_rights as examples
from service.api.bearer import asked_by, shopper
from service.api.blueprint import Blueprint
from service.api.fields import LONGEST_ID
from service.api.operation import Operation
from service.api.problems import FieldError, InvalidRequest, Unavailable
from service.api.replies import reply
from service.api.rooms import Rooms, Shopfront, the_rooms
from service.catalogue.catalogue import Catalogue
from service.privacy.shoppers import UnknownShopper
from service.privacy.subject import ShopperId

MOST_TOPICS = 1_000

blueprint = Blueprint("blocked-topics", __name__, description="What a shopper does not want to meet.")


class TopicsRequest(Schema):
    """All topics that are to be blocked from now on."""

    topics = fields.List(
        fields.String(validate=validate.Length(min=1, max=LONGEST_ID)),
        required=True,
        validate=validate.Length(max=MOST_TOPICS),
        metadata={"description": "Topics or categories; `may_be_blocked` of the reply names them."},
    )


@blueprint.route("/v1/me/blocked-topics")
@blueprint.describes(
    Operation(
        "blockedTopics",
        "What the shopper blocks, and what may be blocked.",
        "BlockedTopics",
        examples.BLOCKED_TOPICS,
        opened_by="shopper",
        refuses=(Unavailable,),
    )
)
@asked_by(shopper)
def blocked_topics(who: ShopperId) -> Response:
    """The list."""
    rooms = the_rooms()
    return _told(rooms.shopfront(), rooms.stores.blocked_topics.of(who))


@blueprint.route("/v1/me/blocked-topics", methods=["PUT"])
@blueprint.describes(
    Operation(
        "blockTopics",
        "Block these topics and no others.",
        "BlockedTopics",
        examples.BLOCKED_TOPICS,
        description="Products of a blocked topic or category are not suggested to the shopper by cross-sell nor as a "
        "companion, lead to nothing in a basket, and are not kept as interactions; those that were kept are deleted. "
        "They may answer a questionnaire's explicit question. No consent is needed for that.",
        body=True,
        opened_by="shopper",
        refuses=(UnknownShopper, Unavailable),
    )
)
@asked_by(shopper)
@blueprint.arguments(TopicsRequest(), example={"topics": ["pregnancy", "tube"]})
def block_topics(body: dict[str, Any], who: ShopperId) -> Response:
    """Put them in place of the former ones."""
    rooms = the_rooms()
    front, topics = rooms.shopfront(), body["topics"]
    known = front.catalogue.shop.topics
    wrong = [
        FieldError("No topic or category has this id.", f"/topics/{number}")
        for number, topic in enumerate(topics)
        if topic not in known
    ]
    if wrong:
        raise InvalidRequest(wrong)
    rooms.stores.blocked_topics.put(who, topics, blocked_by(front, topics))
    return _told(front, frozenset(topics))


def blocked_by(front: Shopfront, topics: Collection[str]) -> Callable[[str], bool]:
    """Which skus these topics block."""
    blocked = front.catalogue.shop.categories_of(topics)
    return lambda sku: _category(front.catalogue, sku) in blocked


def blocked_categories(rooms: Rooms, front: Shopfront, who: ShopperId | None) -> frozenset[str]:
    """The categories of which nothing is suggested to this shopper; none for a guest."""
    return frozenset() if who is None else front.catalogue.shop.categories_of(rooms.stores.blocked_topics.of(who))


def unblocked(state: State, rooms: Rooms, front: Shopfront, who: ShopperId | None) -> State:
    """The state without companions that the shopper blocks; what answers the questions stays."""
    blocked = blocked_categories(rooms, front, who) if state.companions else frozenset()
    if not blocked:
        return state
    kept = tuple(each for each in state.companions if _category(front.catalogue, each.sku) not in blocked)
    return replace(state, companions=kept)


def _category(catalogue: Catalogue, sku: str) -> str | None:
    return catalogue.find(sku).category if sku in catalogue else None


def _told(front: Shopfront, topics: frozenset[str]) -> Response:
    return reply({"topics": sorted(topics), "may_be_blocked": sorted(front.catalogue.shop.topics)})
