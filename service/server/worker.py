"""gunicorn's threaded worker and log, made as discreet as the service: no address, line or header is repeated."""

import logging
import socket
import struct
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from service.api.log import Log, open_log, told_of
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


SILENT_SECONDS = 10
"""How long a thread waits for the rest of what a caller began to say."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """Answers what is not HTTP with a problem too, repeats nothing of it, and waits for nobody for long."""

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn's connection
        """Give a connection a thread once it says something: one that says nothing waits without one, and is closed.

        The kernel ends each wait for more (`SO_RCVTIMEO`), since gunicorn takes a socket's own timeout away again.
        """
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENT_SECONDS, 0))
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

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
        self._log.error("server failed", **told_of(error))


class _Lines(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; beside an exception its wording stays unfilled, since it may name an address."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, BlockingIOError):
            return  # a caller fell silent, which is none of ours
        if error is not None:
            self._log.error("server failed", **told_of(error))
        elif record.levelno >= logging.WARNING:
            self._log.warning("server", message=record.getMessage())
        else:
            self._log.info("server", message=record.getMessage())
