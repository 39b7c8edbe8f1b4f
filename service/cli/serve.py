"""`begleiter serve`: the service under gunicorn."""

from dataclasses import replace

import click

from service.server.environment import prepare_environment
from service.settings import Settings, SettingsRefused, read_settings


@click.command()
@click.option("--host", help="The address to listen on; BEGLEITER_HOST, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on; PORT, else 8000.")
@click.option("--workers", type=click.IntRange(1), help="Processes; WEB_CONCURRENCY, else one per core.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the API until Ctrl-C or SIGTERM, which let running requests finish.

    A broken questionnaire or model is left out and named by /ready. Without a catalogue there is nothing to serve:
    then every complaint is printed, and the exit code is 1.
    """
    try:
        found = read_settings()
    except SettingsRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    prepare_environment()
    wanted = {"host": host, "port": port, "workers": workers}
    _serve(replace(found, **{name: value for name, value in wanted.items() if value is not None}))  # type: ignore[arg-type]


def _serve(settings: Settings) -> None:
    from service.app import create_app, remember_notices  # noqa: PLC0415 - numpy reads the environment on import
    from service.cli.greeting import greet  # noqa: PLC0415 - the same
    from service.cli.plainly import plainly  # noqa: PLC0415 - the same
    from service.server.run import serve as serve_app  # noqa: PLC0415 - so does the Prometheus client

    with plainly():
        app = create_app(settings)
        remember_notices(settings, app)
        serve_app(app, settings, lambda: greet(settings, app))
