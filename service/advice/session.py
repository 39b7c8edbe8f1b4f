"""A dialogue kept between requests: the answers given so far, found again by its token alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.privacy.view import Marked, ShopperId


class UnknownSession(Exception):
    """There is no such session, it has expired, or the token opens another one; which of these is not told."""

    def __init__(self) -> None:
        super().__init__("there is no such session, or it has expired")


@dataclass(frozen=True, slots=True)
class Session:
    """Answers as they came over the wire, and what they belong to. Lives until `expires_at`, whatever happens.

    `mark` is the subject's, where the session was found by its token; it is not kept with it. `handed_over` is the
    revision at which somebody went on with it elsewhere.
    """

    id: str
    questionnaire: str
    version: str
    locale: str
    channel: str
    answers: Mapping[str, object]
    subject: ShopperId | None
    created_at: datetime
    touched_at: datetime
    expires_at: datetime
    revision: int = 0
    mark: str | None = None
    handed_over: int | None = None

    @property
    def went_on_elsewhere(self) -> bool:
        """Whether it was handed over, and nothing was answered here since."""
        return self.handed_over == self.revision

    @property
    def seen(self) -> Marked | None:
        """Whose it is, as the gate wants to be asked."""
        return None if self.subject is None else Marked(self.subject, self.mark)


class Sessions(Protocol):
    """Where sessions are kept. A token is stored as a hash only; two writers at once both keep their answers."""

    def start(self, session: Session, token: str) -> None:
        """Keep a new session, opened by the token."""
        ...

    def find(self, session_id: str, token: str, *, at: datetime) -> Session:
        """The session that this token opens; raises UnknownSession."""
        ...

    def answer(self, session_id: str, question: str, value: object, *, at: datetime) -> Session:
        """The session with one more or another answer (raw JSON); raises UnknownSession."""
        ...

    def take_back(self, session_id: str, question: str, *, at: datetime) -> Session:
        """The session without the answer, which need not exist; raises UnknownSession."""
        ...

    def move_on(self, session_id: str, version: str, outdated: Collection[str]) -> None:
        """Let the session belong to another version, without the answers that are outdated; gone is no error."""
        ...

    def end_expired(self, *, at: datetime, at_most: int) -> Sequence[Session]:
        """Forget sessions whose time is over, and hand each of them to one caller only."""
        ...

    def end(self, session_id: str) -> None:
        """Forget the session and every token that opens it; one that is gone already is no error."""
        ...
