"""What the shop may know of a shopper and what for, in words to be shown."""

from collections.abc import Iterable, Sequence

from flask import Response, request

from service.api import examples
from service.api.blueprint import Blueprint
from service.api.languages import language_for
from service.api.operation import Operation
from service.api.problems import InvalidRequest
from service.api.questionnaires import InLanguage
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.documents.texts import ANY_LANGUAGE, Texts
from service.privacy.declared import Processing
from service.privacy.register import Notice, UnknownNotice
from service.privacy.terms import TERMS

GPC_SINCE = "2026-11-22"

blueprint = Blueprint("register", __name__, description="What may be known of a shopper, and what for.")


@blueprint.route("/v1/purposes")
@blueprint.describes(
    Operation(
        "listPurposes",
        "What data may be used for.",
        "Purposes",
        examples.PURPOSES,
        refuses=(InvalidRequest,),
        headers=("Content-Language",),
    )
)
@blueprint.arguments(InLanguage(), location="query")
def purposes(asked: dict[str, str | None]) -> Response:
    """The declared purposes."""
    declared = the_rooms().shopfront().register.purposes.values()
    language = _language(asked["locale"], (each.text for each in declared))
    found = [
        {
            "id": each.id,
            "text": each.text.get(language),
            "example": each.example.get(language),
            "legal_basis": each.legal_basis,
            "valid_for_days": each.valid_for_days,
            "terms": {"dpv": TERMS[each.id].dpv, "fideslang": TERMS[each.id].fideslang},
        }
        for each in declared
    ]
    return reply({"purposes": found}, language=language, keeping="public, max-age=60")


@blueprint.route("/v1/attributes")
@blueprint.describes(
    Operation(
        "listAttributes",
        "What may be known of a shopper, and why.",
        "Attributes",
        examples.ATTRIBUTES,
        refuses=(InvalidRequest,),
        headers=("Content-Language",),
    )
)
@blueprint.arguments(InLanguage(), location="query")
def attributes(asked: dict[str, str | None]) -> Response:
    """The declared attributes."""
    declared = the_rooms().shopfront().register.attributes.values()
    language = _language(asked["locale"], (each.label for each in declared))
    found = [
        {
            "id": each.id,
            "label": each.label.get(language),
            "why": each.why.get(language),
            "kind": each.kind,
            "purposes": each.purposes,
            "sources": each.sources,
            "retention_days": each.retention_days,
            "sensitive": each.sensitive,
        }
        for each in declared
    ]
    return reply({"attributes": found}, language=language, keeping="public, max-age=60")


@blueprint.route("/v1/notices")
@blueprint.describes(
    Operation(
        "listNotices",
        "The notices in force: of each the version that is to be shown today.",
        "Notices",
        {"notices": [examples.NOTICE]},
        refuses=(InvalidRequest,),
        headers=("Content-Language",),
    )
)
@blueprint.arguments(InLanguage(), location="query")
def notices(asked: dict[str, str | None]) -> Response:
    """The notices under which consent may be given."""
    register = the_rooms().shopfront().register
    in_force = [register.in_force(each) for each in dict.fromkeys(notice.id for notice in register.notices)]
    language = _language(asked["locale"], [each.text for each in in_force])
    body = {"notices": [_shown(each, language) for each in in_force]}
    return reply(body, language=language, keeping="public, max-age=60")


@blueprint.route(
    "/v1/notices/<id>/<version>",
    parameters=[
        {"name": "id", "in": "path", "description": "The notice's id.", "example": "profile"},
        {"name": "version", "in": "path", "description": "Its version.", "example": "1"},
    ],
)
@blueprint.describes(
    Operation(
        "getNotice",
        "The wording to be shown before consent is asked for.",
        "Notice",
        examples.NOTICE,
        refuses=(UnknownNotice, InvalidRequest),
        headers=("Content-Language",),
    )
)
@blueprint.arguments(InLanguage(), location="query")
def notice(asked: dict[str, str | None], id: str, version: str) -> Response:  # noqa: A002 - the address' own word
    """One version of a notice in the nearest language."""
    found = the_rooms().shopfront().register.notice(id, version)
    body = _shown(found, _language(asked["locale"], [found.text]))
    return reply(body, language=str(body["language"]), keeping="public, max-age=60")


@blueprint.route("/.well-known/gpc.json")
@blueprint.describes(
    Operation("gpc", "Global Privacy Control is obeyed (W3C).", "Gpc", {"gpc": True, "lastUpdate": GPC_SINCE})
)
def gpc() -> Response:
    """That `Sec-GPC: 1` restricts a request to what a guest would get, and gives nothing."""
    return reply({"gpc": True, "lastUpdate": GPC_SINCE}, keeping="public, max-age=60")


def _shown(found: Notice, language: str) -> dict[str, object]:
    served = found.served(language)
    return {
        "id": served.id,
        "version": served.version,
        "language": served.language,
        "hash": served.hash,
        "text": found.text.by_locale[served.language],
        "processing": found.processing and _processing(found.processing, served.language),
    }


def _processing(found: Processing, language: str) -> dict[str, object]:
    return {
        "controller": found.controller,
        "contact": found.contact,
        "officer": found.officer,
        "authority": found.authority,
        "jurisdiction": found.jurisdiction,
        "recipients": found.recipients,
        "third_countries": found.third_countries,
        "withdrawal": found.withdrawal and found.withdrawal.get(language),
    }


def _language(wanted: str | None, texts: Iterable[Texts]) -> str:
    offered: Sequence[str] = list(
        dict.fromkeys(each for text in texts for each in text.by_locale if each != ANY_LANGUAGE)
    )
    shops = the_rooms().shopfront().catalogue.shop.locales
    return language_for(wanted, request.headers.get("Accept-Language"), offered or shops)
