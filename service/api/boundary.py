"""What happens around every request: its id, its log line, its figures, its errors and the headers of every reply."""

import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Any

from flask import Flask, Response, request

from service.api.log import Log, told_of
from service.api.metrics import Metrics
from service.api.origins import Origins
from service.api.problems import InternalError, Unavailable, is_foreseen, problem_of

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
UNMATCHED = "unmatched"


def new_request_id() -> str:
    """A name for one request, for its log lines and the caller who asks about it."""
    return secrets.token_hex(8)


class Boundary:
    """Stands around the views of one app. Nothing of path, body or headers reaches the log: only route templates."""

    def __init__(
        self,
        log: Log,
        metrics: Metrics,
        origins: Origins,
        unavailable: tuple[type[Exception], ...] = (),
        request_id: Callable[[], str] = new_request_id,
    ) -> None:
        self._log = log
        self._metrics = metrics
        self._origins = origins
        self._unavailable = unavailable
        self._request_id = request_id

    def around(self, answer: Callable[[], Response]) -> Response:
        """One request: answered or refused, then counted and logged."""
        started = perf_counter()
        request_id = self._request_id()
        try:
            response = answer()
        except Exception as error:  # noqa: BLE001 - whatever happens, the caller gets a problem and the log its place
            response = self._tell(error, request_id)
        headers = response.headers
        headers.add("X-Request-Id", request_id)
        headers.add("X-Content-Type-Options", "nosniff")
        if "Cache-Control" not in headers:
            headers.add("Cache-Control", "no-store")
        self._origins.admit(response)
        self._note(response.status_code, perf_counter() - started, request_id)
        return response

    def _note(self, status: int, seconds: float, request_id: str) -> None:
        rule = request.url_rule
        route = UNMATCHED if rule is None else rule.rule
        method = request.method
        if method not in METHODS:
            method = "OTHER"
        self._metrics.answered(method, route, status, seconds)
        self._log.info(
            "request", method=method, route=route, status=status, ms=round(seconds * 1000, 2), request=request_id
        )

    def _tell(self, error: Exception, request_id: str) -> Response:
        """An error as a problem; what nobody foresaw is logged by its type and place, and told as nothing more."""
        if is_foreseen(error):
            return problem_of(error).as_reply()
        self._log.error("failed", **told_of(error), request=request_id)
        unforeseen = Unavailable() if isinstance(error, self._unavailable) else InternalError()
        return problem_of(unforeseen).as_reply()


class Web(Flask):
    """Flask with one boundary instead of hooks, signals and cookies, none of which this service has."""

    boundary: Boundary

    def full_dispatch_request(self, *context: Any) -> Response:  # noqa: ANN401 - later versions of Flask pass one
        """Answer the request of the current context."""
        return self.boundary.around(lambda: self.make_response(self.dispatch_request(*context)))
