"""Serve an application until a signal ends it."""

import gc
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from flask import Flask
from gunicorn.app.base import BaseApplication
from prometheus_client.multiprocess import mark_process_dead

from service.api.rooms import Chore, Rooms
from service.server.chores import Chores
from service.server.worker import JsonLog, Worker
from service.settings import Settings

THREADS = 4


def serve(app: Flask, settings: Settings, when_ready: Callable[[], None]) -> None:
    """Run gunicorn with this application in the foreground; SIGTERM and Ctrl-C finish running requests first.

    The application is built before the fork: a broken shop stops the start with its complaints, and workers share the
    catalogue's memory. Nothing in it may have opened a database or started a thread by then.
    """
    _Server(app, settings, when_ready).run()


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, settings: Settings, when_ready: Callable[[], None]) -> None:
        self._app = app
        self._options = options(settings, when_ready, _chores(app))
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def _chores(app: Flask) -> Sequence[Chore]:
    """What the service does beside its requests; another application (a yardstick's) has nothing of the kind."""
    rooms = cast("Rooms | None", app.extensions.get("begleiter"))
    return rooms.chores if rooms else ()


def options(
    settings: Settings, when_ready: Callable[[], None] = lambda: None, chores: Sequence[Chore] = ()
) -> dict[str, Any]:
    """What gunicorn is told, by its own names. Each worker does the chores in a thread that it starts itself."""
    beside = Chores(chores)
    return {
        "bind": f"{settings.host}:{settings.port}",
        "worker_class": Worker,
        "workers": settings.workers,
        "threads": THREADS,
        "preload_app": True,
        "graceful_timeout": 20,
        "timeout": 60,
        "keepalive": 5,
        "limit_request_line": 2048,
        "limit_request_fields": 60,
        "limit_request_field_size": 8190,
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 - gunicorn's heartbeat file
        "control_socket_disable": True,
        "logger_class": JsonLog,
        "loglevel": settings.log_level,
        "accesslog": None,
        "when_ready": lambda _server: when_ready(),
        "pre_fork": _freeze,
        "post_worker_init": lambda _worker: beside.begin(),
        "worker_exit": lambda _server, _worker: beside.end(),
        "child_exit": _forget,
    }


def _freeze(_server: object, _worker: object) -> None:
    gc.freeze()  # what exists before the fork is not touched by collection, so its memory stays shared


def _forget(_server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn's worker
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
