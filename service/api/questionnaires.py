"""Which questionnaires there are, and what one asks."""

from flask import Response, request
from marshmallow import Schema

from service.advice.compiled import Compiled
from service.advice.phrases import Phrase
from service.advice.questionnaire import Question, Questionnaire
from service.advice.shelf import UnknownQuestionnaire
from service.api import examples
from service.api.blueprint import Blueprint
from service.api.fields import locale
from service.api.languages import language_for
from service.api.operation import Operation
from service.api.problems import InvalidRequest
from service.api.replies import reply
from service.api.rooms import the_rooms
from service.catalogue.shop import Shop

blueprint = Blueprint("questionnaires", __name__, description="What may be asked.")


class InLanguage(Schema):
    """A query that names a language."""

    locale = locale()


@blueprint.route("/v1/questionnaires")
@blueprint.describes(
    Operation(
        "listQuestionnaires",
        "All questionnaires in force.",
        "Questionnaires",
        examples.QUESTIONNAIRES,
        refuses=(InvalidRequest,),
        headers=("Content-Language",),
    )
)
@blueprint.arguments(InLanguage(), location="query")
def every_questionnaire(asked: dict[str, str | None]) -> Response:
    """All questionnaires, titles in the wanted language."""
    front = the_rooms().shopfront()
    language = _language(asked["locale"], front.catalogue.shop.locales)
    found = [front.questionnaires.published[each].questionnaire for each in sorted(front.questionnaires.published)]
    body = {"questionnaires": [heading(each, language) for each in found]}
    return reply(body, language=language, keeping="public, max-age=60")


@blueprint.route(
    "/v1/questionnaires/<id>",
    parameters=[{"name": "id", "in": "path", "description": "The questionnaire's id.", "example": "road-bike"}],
)
@blueprint.describes(
    Operation(
        "getQuestionnaire",
        "One questionnaire, all its texts in the wanted language.",
        "Questionnaire",
        examples.QUESTIONNAIRE,
        refuses=(UnknownQuestionnaire, InvalidRequest),
        headers=("Content-Language",),
    )
)
@blueprint.arguments(InLanguage(), location="query")
def one_questionnaire(asked: dict[str, str | None], id: str) -> Response:  # noqa: A002 - the address' own word
    """One questionnaire."""
    front = the_rooms().shopfront()
    compiled = front.questionnaires.get(id)
    language = _language(asked["locale"], compiled.questionnaire.languages)
    return reply(whole(compiled, language, front.catalogue.shop), language=language, keeping="public, max-age=60")


def whole(compiled: Compiled, language: str, shop: Shop) -> dict[str, object]:
    """A questionnaire with its texts in one of its languages."""
    found = compiled.questionnaire
    phrases = compiled.phrases(language)
    questions = [_question(each, phrases.questions[each.id]) for each in found.questions]
    labels = {name: each.label.get(language) for name, each in shop.attributes.items()}
    return heading(found, language) | {"locale": language, "questions": questions, "attributes": labels}


def _language(wanted: str | None, offered: tuple[str, ...]) -> str:
    return language_for(wanted, request.headers.get("Accept-Language"), offered)


def heading(found: Questionnaire, language: str) -> dict[str, object]:
    """What it is called, in which version and languages."""
    return {
        "id": found.id,
        "version": found.version,
        "title": found.title.get(language),
        "languages": found.languages,
    }


def _question(question: Question, phrase: Phrase) -> dict[str, object]:
    wish = question.from_profile
    return {
        "id": question.id,
        "text": phrase.text,
        "help": phrase.help,
        "choose": question.choose,
        "effect": question.effect,
        "not_sure": question.not_sure,
        "unit": phrase.unit,
        "from_profile": wish and {"attribute": wish.attribute.text, "purpose": wish.purpose.text},
        "options": [{"id": option, "text": text} for option, text in phrase.options],
    }
