"""gunicorn's threaded worker and log, made as discreet as the service: no address, line or header is repeated."""

import logging
from http import HTTPStatus
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from service.api.log import Log, code_places, open_log
from service.api.problems import MEDIA_TYPE, Problem

STATUS: dict[type[Exception], tuple[int, str]] = {
    LimitRequestLine: (HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long."),
    LimitRequestHeaders: (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's headers are too large."),
    ParseException: (HTTPStatus.BAD_REQUEST, "This is not an HTTP request that can be understood."),
}


def refusal(error: BaseException) -> Problem:
    """What somebody is told whose request never reached the application."""
    status, detail = next(
        (told for kind, told in STATUS.items() if isinstance(error, kind)),
        (HTTPStatus.INTERNAL_SERVER_ERROR, "Something failed inside the service."),
    )
    return Problem(HTTPStatus(status).phrase.lower().replace(" ", "-"), status, detail)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Answers what is not HTTP with a problem too, and repeats nothing of it."""

    def handle_error(self, _req: object, client: Any, _addr: object, exc: BaseException) -> None:  # noqa: ANN401
        """Tell and log a request that could not be read."""
        problem = refusal(exc)
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.failed(exc)
        body = problem.as_bytes()
        head = (
            f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}\r\nConnection: close\r\n"
            f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            client.sendall(head.encode("ascii") + body)
        except OSError:
            self.log.debug("The client had gone.")


class JsonLog(Logger):  # type: ignore[misc]
    """gunicorn's messages as JSON lines; there is no access log beside the service's own."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn's settings carry no types
        """Take over gunicorn's own logger."""
        self.cfg = cfg
        self._log: Log = open_log(cfg.loglevel)
        self._access_log_enabled = False
        self.error_log.setLevel(logging.INFO)
        self.error_log.handlers = [_Lines(self._log)]

    def failed(self, error: BaseException) -> None:
        """Something failed outside the application."""
        self._log.error("server failed", error=type(error).__name__, where=code_places(error))


class _Lines(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; beside an exception its wording stays unfilled, since it may name an address."""
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            self._log.error("server failed", error=type(error).__name__, where=code_places(error))
        elif record.levelno >= logging.WARNING:
            self._log.warning("server", message=record.getMessage())
        else:
            self._log.info("server", message=record.getMessage())
