"""What happens around every request: its id, its log line, its figures, its errors and the headers of every reply."""

import secrets
from collections.abc import Callable
from time import perf_counter

from flask import Flask, Response, g, request

from service.api.log import Log, code_places
from service.api.metrics import Metrics
from service.api.problems import InternalError, Unavailable, is_foreseen, problem_of

NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
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
        unavailable: tuple[type[Exception], ...] = (),
        request_id: Callable[[], str] = new_request_id,
    ) -> None:
        self._log = log
        self._unavailable = unavailable
        self._metrics = metrics
        self._request_id = request_id

    def around(self, app: Flask) -> None:
        """Attach to the app."""
        app.before_request(self.begin)
        app.after_request(self.finish)
        app.register_error_handler(Exception, self.tell)

    def begin(self) -> None:
        """Note when the request came."""
        g.request_id = self._request_id()
        g.started = perf_counter()

    def finish(self, response: Response) -> Response:
        """Complete the reply's headers; write the log line and the figures."""
        _protect(response)
        response.headers.add("X-Request-Id", g.request_id)
        rule = request.url_rule
        route = UNMATCHED if rule is None else rule.rule
        method = request.method if request.method in METHODS else "OTHER"
        seconds = perf_counter() - g.started
        self._metrics.answered(method, route, response.status_code, seconds)
        self._log.info(
            "request",
            method=method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 2),
            request=g.request_id,
        )
        return response

    def tell(self, error: Exception) -> Response:
        """An error as a problem; what nobody foresaw is logged by its type and place, and told as nothing more."""
        if is_foreseen(error):
            return problem_of(error).as_reply()
        self._log.error("failed", error=type(error).__name__, where=code_places(error), request=g.get("request_id"))
        unforeseen = Unavailable() if isinstance(error, self._unavailable) else InternalError()
        return problem_of(unforeseen).as_reply()


def _protect(response: Response) -> None:
    headers = response.headers
    headers.add("X-Content-Type-Options", "nosniff")
    headers.add("Referrer-Policy", "no-referrer")
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Content-Security-Policy", NO_CONTENT_POLICY)
