"""What an edited questionnaire would do, for whoever is about to publish it: nothing is stored, counted or served."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request
from marshmallow import Schema, ValidationError, fields, post_load, validate

from service.advice.advise import advise, parse_answers
from service.advice.comparing import changes
from service.advice.compiled import Compiled
from service.advice.coverage import coverage_of
from service.advice.graph import Graph
from service.advice.reply import BadReply, UnknownOption, UnknownQuestion
from service.advice.state import State
from service.advice.trial import QuestionnaireRefused, Trial, understood
from service.api import examples_of_preview as examples
from service.api import preview_replies as replies
from service.api.advice import MOST_ANSWERS
from service.api.bearer import asked_by, operator
from service.api.blueprint import Blueprint
from service.api.fields import Answers, locale
from service.api.languages import language_for
from service.api.operation import Operation
from service.api.patience import PreviewBusy, TookTooLong
from service.api.problems import Unavailable
from service.api.questionnaires import heading, whole
from service.api.replies import reply
from service.api.rooms import Rooms, Shopfront, the_rooms
from service.api.shapes.words import ANSWER
from service.api.trials import Draft
from service.privacy.credentials import Credential
from service.privacy.view import AdviceView

LARGEST_BODY = 256 * 1024
LONGEST_NAME = 200
OF_EXAMINING = (TookTooLong, PreviewBusy, Unavailable)
OF_SHOWING = (QuestionnaireRefused, *OF_EXAMINING)

View = TypeVar("View", bound=Callable[..., object])

blueprint = Blueprint("preview", __name__, description="An edited questionnaire, seen before shoppers see it.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text, and what is wanted to be known of it."""

    draft: Draft
    locale: str | None
    answers: Mapping[str, object] = field(default_factory=dict)


def _plain_name(name: str) -> None:
    """A file's name and no way to one; nothing of this name is ever opened."""
    if any(character in "/\\" or not character.isprintable() for character in name):
        raise ValidationError("A file's name without its folder is expected.")


class PreviewRequest(Schema):
    """A questionnaire's text as it would be saved."""

    yaml = fields.String(required=True, metadata={"description": "The whole file's text."})
    name = fields.String(
        load_default=None,
        validate=[validate.Length(min=1, max=LONGEST_NAME), _plain_name],
        metadata={"description": "The file's name, which is held against the questionnaire's id.", "example": "a.yaml"},
    )
    locale = locale()

    @post_load
    def wanted(self, data: dict[str, Any], **_: object) -> Wanted:
        """The text with its name, and the rest."""
        return Wanted(Draft(data.pop("yaml"), data.pop("name")), **data)


class PlayedRequest(PreviewRequest):
    """The same with a shopper's answers."""

    answers = Answers(
        load_default=dict,
        validate=validate.Length(max=MOST_ANSWERS),
        metadata={"type": "object", "description": "question -> answer", "additionalProperties": ANSWER},
    )


def takes_whole_files(view: View) -> Callable[..., object]:
    """Let this call's body be as long as a questionnaire may be."""

    @wraps(view)
    def raised(**named: Any) -> object:  # noqa: ANN401 - whatever the guards give
        request.max_content_length = LARGEST_BODY
        return view(**named)

    return raised


@blueprint.route("/v1/preview")
@blueprint.describes(
    Operation(
        "getPreview",
        "What a preview is held against: the questionnaires and products in force.",
        "Preview",
        examples.PREVIEW,
        opened_by="operator",
        refuses=(Unavailable,),
    )
)
@asked_by(operator)
def preview(who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """What is in force."""
    rooms = the_rooms()
    front = rooms.shopfront()
    published = front.questionnaires.published
    body = {
        "questionnaires": [
            heading(published[each].questionnaire, _language(None, published[each])) for each in sorted(published)
        ],
        "products": len(front.catalogue.products),
        "largest_bytes": LARGEST_BODY,
        "seconds": rooms.trials.patience.seconds,
    }
    return reply(body)


@blueprint.route("/v1/preview/check", methods=["POST"])
@blueprint.describes(
    Operation(
        "checkPreview",
        "Everything that `begleiter check` says about this text, with its places.",
        "PreviewCheck",
        examples.CHECK,
        description="A text with errors is answered with 200 too: its complaints are the reply. `complete` is false if "
        "the time did not suffice to look for everything that may be odd.",
        body=True,
        opened_by="operator",
        refuses=OF_EXAMINING,
    )
)
@asked_by(operator)
@takes_whole_files
@blueprint.arguments(PreviewRequest(), example=examples.REQUEST)
def check_preview(wanted: Wanted, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The complaints."""
    rooms, front, trial = _tried(wanted)
    problems, complete = rooms.trials.complaints(trial)
    found = trial.questionnaire
    published = None if found is None else front.questionnaires.published.get(found.id)
    language = None if found is None else language_for(wanted.locale, _accepted(), found.languages)
    body = {
        "questionnaire": None if found is None else heading(found, language or ""),
        "problems": [replies.problem(each) for each in problems],
        "playable": trial.compiled is not None,
        "publishable": not any(each.severity == "error" for each in problems),
        "complete": complete,
        "published": published and published.version,
    }
    return reply(body, language=language)


@blueprint.route("/v1/preview/questionnaire", methods=["POST"])
@blueprint.describes(
    Operation(
        "getPreviewQuestionnaire",
        "The texts of the questionnaire in this text, as `GET /v1/questionnaires/{id}` gives those in force.",
        "Questionnaire",
        examples.QUESTIONNAIRE,
        body=True,
        opened_by="operator",
        refuses=OF_SHOWING,
        headers=("Content-Language",),
    )
)
@asked_by(operator)
@takes_whole_files
@blueprint.arguments(PreviewRequest(), example=examples.REQUEST)
def preview_questionnaire(wanted: Wanted, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The questionnaire."""
    _, front, trial = _tried(wanted)
    compiled = trial.playable()
    language = _language(wanted.locale, compiled)
    return reply(whole(compiled, language, front.catalogue.shop), language=language)


@blueprint.route("/v1/preview/advice", methods=["POST"])
@blueprint.describes(
    Operation(
        "playPreview",
        "The state that these answers would lead a guest to. Nothing is stored or counted.",
        "State",
        examples.STATE,
        body=True,
        opened_by="operator",
        refuses=(*OF_SHOWING, UnknownQuestion, UnknownOption, BadReply),
        headers=("Content-Language",),
    )
)
@asked_by(operator)
@takes_whole_files
@blueprint.arguments(PlayedRequest(), example=examples.PLAYED_REQUEST)
def play_preview(wanted: Wanted, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The advice state."""
    rooms, front, trial = _tried(wanted)
    compiled = trial.playable()
    answers = parse_answers(compiled, wanted.answers)
    language, guest = _language(wanted.locale, compiled), _guest(rooms, front)
    state = rooms.trials.bounded(lambda: advise(compiled, answers, guest, language))
    return reply(state.as_json(), language=language)


@blueprint.route("/v1/preview/coverage", methods=["POST"])
@blueprint.describes(
    Operation(
        "coverPreview",
        "How the answers part the products, which are never shown, and what the assortment lacks.",
        "PreviewCoverage",
        examples.COVERAGE,
        body=True,
        opened_by="operator",
        refuses=OF_SHOWING,
        headers=("Content-Language",),
    )
)
@asked_by(operator)
@takes_whole_files
@blueprint.arguments(PreviewRequest(), example=examples.REQUEST)
def cover_preview(wanted: Wanted, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The coverage."""
    rooms, _, trial = _tried(wanted)
    compiled = trial.playable()
    language = _language(wanted.locale, compiled)
    return reply(replies.coverage(rooms.trials.bounded(lambda: coverage_of(compiled, language))), language=language)


@blueprint.route("/v1/preview/graph", methods=["POST"])
@blueprint.describes(
    Operation(
        "drawPreview",
        "What is asked after what, and what only under which condition.",
        "PreviewGraph",
        examples.GRAPH,
        body=True,
        opened_by="operator",
        refuses=OF_SHOWING,
        headers=("Content-Language",),
    )
)
@asked_by(operator)
@takes_whole_files
@blueprint.arguments(PreviewRequest(), example=examples.REQUEST)
def draw_preview(wanted: Wanted, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """The graph."""
    _, _, trial = _tried(wanted)
    found = trial.playable().questionnaire
    language = _language(wanted.locale, trial.playable())
    return reply(replies.graph(Graph.of(found, language), found, language), language=language)


@blueprint.route("/v1/preview/comparison", methods=["POST"])
@blueprint.describes(
    Operation(
        "comparePreview",
        "What this text means differently from the version in force, and where the same answers lead in both.",
        "PreviewComparison",
        examples.COMPARISON,
        description="Answers that one of the two does not take are left out there and named in `not_taken`.",
        body=True,
        opened_by="operator",
        refuses=OF_SHOWING,
        headers=("Content-Language",),
    )
)
@asked_by(operator)
@takes_whole_files
@blueprint.arguments(PlayedRequest(), example=examples.PLAYED_REQUEST)
def compare_preview(wanted: Wanted, who: Credential) -> Response:  # noqa: ARG001 - that the operator asks is enough
    """Both, side by side."""
    rooms, front, trial = _tried(wanted)
    compiled = trial.playable()
    language, guest = _language(wanted.locale, compiled), _guest(rooms, front)
    published = front.questionnaires.published.get(compiled.questionnaire.id)
    differing = () if published is None else changes(published.questionnaire, compiled.questionnaire)
    body = {
        "version": compiled.version,
        "published": published and published.version,
        "same": published is not None and published.version == compiled.version,
        "changes": [replies.change(each) for each in differing],
        "before": published and _outcome(rooms, published, wanted, language, guest),
        "after": _outcome(rooms, compiled, wanted, language, guest),
    }
    return reply(body, language=language)


def _outcome(rooms: Rooms, compiled: Compiled, wanted: Wanted, language: str, guest: AdviceView) -> dict[str, object]:
    answers, refused = understood(compiled, wanted.answers)
    state: State = rooms.trials.bounded(lambda: advise(compiled, answers, guest, language))
    return {"state": state.as_json(), "not_taken": refused}


def _guest(rooms: Rooms, front: Shopfront) -> AdviceView:
    """What a guest lets the service see: nothing."""
    return front.gate.view(None, "advice_profile", rooms.clock())


def _tried(wanted: Wanted) -> tuple[Rooms, Shopfront, Trial]:
    rooms = the_rooms()
    front = rooms.shopfront()
    return rooms, front, rooms.trials.of(wanted.draft, front.catalogue, front.register)


def _language(wanted: str | None, compiled: Compiled) -> str:
    return language_for(wanted, _accepted(), compiled.questionnaire.languages)


def _accepted() -> str | None:
    return request.headers.get("Accept-Language")
