"""A real browser before the real service: the demo shop under gunicorn, with a few simulated shoppers and no model."""

import os
import shutil
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from shop.simulate import simulate, write
from tests.acceptance.running import ROOT, a_data_folder, environment_of, free_port, serving
from tests.browser.pages import Visitor
from tests.conftest import needed

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PATIENCE = 30_000  # milliseconds, for a busy machine
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser():
    """Chromium as Debian packages it."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        needed("no Chromium is installed (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415  not everybody has it
    except ImportError:
        needed("Playwright is not installed (pip install -e '.[dev]')")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield started
        started.close()


@pytest.fixture(scope="session")
def other_port():
    """Where a shop of another origin is served."""
    return free_port()


@pytest.fixture
def another_shop(other_port):
    """Serves one page from another origin; gives its address."""
    pages, policies = [], []

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policies[0])
            self.end_headers()
            self.wfile.write(pages[0].encode() if self.path == "/" else b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", other_port), Shop)
    Thread(target=server.serve_forever, daemon=True).start()

    def serve(page, policy=""):
        pages[:], policies[:] = [page], [policy]
        return f"http://localhost:{other_port}/"

    yield serve
    server.shutdown()
    server.server_close()


@pytest.fixture
def say(capsys):
    """Prints a figure past pytest's capture."""

    def print_it(line):
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return print_it


@pytest.fixture(scope="session")
def demo_environment(tmp_path_factory, sqlite_template, other_port):
    """A data folder with simulated shoppers, and the settings of a demo shop that another origin may use, too."""
    data = a_data_folder(tmp_path_factory.mktemp("var"), sqlite_template)
    write(simulate(ROOT / "shop", shoppers=6, guests=0), data / "demo")
    return environment_of(data, BEGLEITER_DEMO=1, BEGLEITER_ORIGINS=f"http://localhost:{other_port}")


@pytest.fixture(scope="session")
def service(demo_environment):
    """The running service."""
    with serving(demo_environment) as started:
        yield started


@pytest.fixture
def visit(browser, service, request):
    """Opens a browser profile of its own at the demo shop; fails where the page complains of itself."""
    visitors = []

    def open_visitor(width=1280, language="de", base=None):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=language[:2], reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, base or service.base, language))
        return visitors[-1]

    yield open_visitor
    complaints = [each for visitor in visitors for each in visitor.complaints]
    for visitor in visitors:
        visitor.page.unroute_all(behavior="ignoreErrors")  # a reply may still be under way
        visitor.context.close()
    assert complaints == []


@pytest.fixture
def visitor(visit):
    """Somebody at a wide screen who reads German."""
    return visit()
