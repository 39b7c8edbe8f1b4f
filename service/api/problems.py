"""Every error on the wire, in one form (RFC 9457): which status an exception gets, and the body that tells of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from service.advice.handover import TooManyCodes, TooManyGuesses, UnknownCode
from service.advice.reply import AnswerRefused, BadReply, UnknownOption, UnknownQuestion
from service.advice.session import UnknownSession
from service.advice.shelf import UnknownQuestionnaire
from service.advice.trial import QuestionnaireRefused
from service.api.body import MalformedJson
from service.api.gpc import OptedOut
from service.api.patience import PreviewBusy, TookTooLong
from service.cross_sell.life import UnknownModel
from service.cross_sell.refusal import ArtefactRefused
from service.privacy.age import GuardianNeeded
from service.privacy.bundles import Bundled
from service.privacy.consent import DecidedTwice, NothingDecided, NoticeOutdated, PurposeNotServed, SourceNotDeclared
from service.privacy.idempotency import KeyReused
from service.privacy.ledger import KeyUnknown, LedgerBroken
from service.privacy.merging import MergeNotConsented, SameShopper
from service.privacy.register import UnknownAttribute, UnknownNotice, UnknownPurpose
from service.privacy.shoppers import A_REFERENCE, UnknownShopper

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"
MOST_ERRORS = 50
LONGEST_POINTER = 200


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: its JSON pointer (RFC 6901) in the body, or the name of a query parameter."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def as_json(self) -> dict[str, str]:
        """The entry in a problem's `errors`."""
        place = {"parameter": self.parameter} if self.pointer is None else {"pointer": self.pointer}
        return {key: value for key, value in place.items() if value is not None} | {"detail": self.detail}


class InvalidRequest(Exception):
    """The request is readable, and some of its fields are not what the documented schema asks for."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("Some fields are missing, unknown or of the wrong kind; see errors.")
        self.errors = tuple(errors)


class WrongMediaType(Exception):
    """The body is declared as something else than JSON."""

    def __init__(self) -> None:
        super().__init__("Send the body as application/json.")


class Unauthorised(Exception):
    """No token, or one that opens nothing here."""

    def __init__(self, *, token_sent: bool) -> None:
        self.token_sent = token_sent
        super().__init__(
            "This token is unknown, expired or of another kind."
            if token_sent
            else "This call needs a token: send it as 'Authorization: Bearer …'."
        )


class NoSuchQuestion(Exception):
    """The session's questionnaire has no question of this id."""

    def __init__(self) -> None:
        super().__init__("The questionnaire has no such question.")


class NoSuchShopper(Exception):
    """A shopper's reference that cannot be one."""

    def __init__(self) -> None:
        super().__init__(f"This is not {A_REFERENCE}, in UTF-8.")


class BadIdempotencyKey(Exception):
    """An Idempotency-Key that is empty, too long or not printable ASCII."""

    def __init__(self) -> None:
        super().__init__("An Idempotency-Key has 1 to 200 printable ASCII characters.")


class Unavailable(Exception):
    """The database does not answer; nothing was changed, and another try may do."""

    def __init__(self) -> None:
        super().__init__("The database does not answer. Nothing was changed; try again.")


class InternalError(Exception):
    """Something in the service failed; the log says where, the reply says no more."""

    def __init__(self) -> None:
        super().__init__("Something failed inside the service. The log has an entry under this X-Request-Id.")


STATUS: dict[type[Exception], int] = {
    BadIdempotencyKey: 400,
    MalformedJson: 400,
    Unauthorised: 401,
    GuardianNeeded: 403,
    NoSuchQuestion: 404,
    NoSuchShopper: 404,
    UnknownCode: 404,
    UnknownModel: 404,
    UnknownNotice: 404,
    UnknownQuestionnaire: 404,
    UnknownSession: 404,
    UnknownShopper: 404,
    ArtefactRefused: 409,
    KeyReused: 409,
    MergeNotConsented: 409,
    NoticeOutdated: 409,
    OptedOut: 409,
    WrongMediaType: 415,
    BadReply: 422,
    Bundled: 422,
    DecidedTwice: 422,
    InvalidRequest: 422,
    NothingDecided: 422,
    PurposeNotServed: 422,
    QuestionnaireRefused: 422,
    SameShopper: 422,
    SourceNotDeclared: 422,
    TookTooLong: 422,
    UnknownAttribute: 422,
    UnknownOption: 422,
    UnknownPurpose: 422,
    UnknownQuestion: 422,
    TooManyCodes: 429,
    TooManyGuesses: 429,
    InternalError: 500,
    LedgerBroken: 503,
    KeyUnknown: 503,
    PreviewBusy: 503,
    Unavailable: 503,
}

SLUGS: dict[type[BaseException], str] = {Bundled: "consent/bundled", KeyUnknown: "ledger-broken"}
DETAIL_OF_STATUS = {
    400: "The request cannot be understood.",
    404: "There is nothing at this address.",
    405: "This address does not answer that method; see the Allow header.",
    413: "The body is larger than this call takes: 64 KiB, a preview 256 KiB.",
    431: "The request's headers are too large.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What goes wrong for a caller, ready to be written."""

    slug: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The problem's kind in words."""
        return re.sub("[-/]", " ", self.slug).capitalize()

    def as_json(self) -> dict[str, object]:
        """The members of RFC 9457, and `errors`."""
        return {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [error.as_json() for error in self.errors[:MOST_ERRORS]],
        }

    def as_reply(self) -> Response:
        """The HTTP reply."""
        return Response(self.as_bytes(), self.status, self.headers, content_type=MEDIA_TYPE)

    def as_bytes(self) -> bytes:
        """The body."""
        return orjson.dumps(self.as_json())


def slug_of(kind: type[BaseException]) -> str:
    """An exception's name as the last part of its problem's type: `UnknownOption` -> `unknown-option`."""
    return SLUGS.get(kind) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


def pointer_to(*steps: object) -> str:
    """The JSON pointer along these keys; cut to the parent where a key that somebody sent is too long to repeat."""
    pointer = ""
    for step in steps:
        longer = f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}"
        if len(longer) > LONGEST_POINTER:
            break
        pointer = longer
    return pointer


def is_foreseen(error: Exception) -> bool:
    """Whether a caller can be told what happened."""
    return isinstance(error, HTTPException) or type(error) in STATUS


def problem_of(error: Exception) -> Problem:
    """What a foreseen exception means on the wire."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    kind = type(error)
    return Problem(slug_of(kind), STATUS[kind], _sentence(str(error)), _errors_of(error), _headers_of(error))


def _of_http(error: HTTPException) -> Problem:
    code = error.code or 500
    headers = tuple((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return Problem(slug_of(type(error)), code, DETAIL_OF_STATUS.get(code, error.name + "."), (), headers)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…")) else ".")


def _errors_of(error: Exception) -> tuple[FieldError, ...]:
    match error:
        case InvalidRequest():
            return error.errors
        case QuestionnaireRefused():
            return tuple(
                FieldError(f"{each.at.line}:{each.at.column} {each.code} {each.message}", "/yaml")
                for each in error.problems
            )
        case AnswerRefused():
            return (FieldError(_sentence(str(error)), _answer_pointer(error.question)),)
        case (
            Bundled()
            | UnknownAttribute()
            | UnknownPurpose()
            | PurposeNotServed()
            | SourceNotDeclared()
            | DecidedTwice()
        ):
            return (FieldError(_sentence(str(error)), f"/decisions/{error.index}"),)
        case _:
            return ()


def _answer_pointer(question: str) -> str:
    """An answer is the body's `value` where the address names the question, else one of the `answers`."""
    return "/value" if (request.view_args or {}).get("question") == question else pointer_to("answers", question)


def _headers_of(error: Exception) -> tuple[tuple[str, str], ...]:
    if isinstance(error, Unauthorised):
        reason = ', error="invalid_token"' if error.token_sent else ""
        return (("WWW-Authenticate", f'Bearer realm="begleiter"{reason}'),)
    if isinstance(error, TooManyCodes | TooManyGuesses):
        return (("Retry-After", str(error.seconds)),)
    return (("Retry-After", RETRY_AFTER),) if STATUS.get(type(error)) == HTTPStatus.SERVICE_UNAVAILABLE else ()
