"""The module that a shop loads: one, small, typed, without a word of markup from data, and at home on any origin."""

import gzip
import re
import shutil
import subprocess
import time

import pytest

from service.api.component import ON_DEMAND, PARTS, one_module
from service.api.storefront_pages import Pages
from tests.acceptance.running import ROOT
from tests.conftest import needed

FOLDER = ROOT / "service" / "api" / "static" / "component"
LARGEST = 20 * 1024
EVIL = '<img src=x onerror="document.documentElement.dataset.hacked=1">'
TWO_LINES = """\
<script type="module" src="{service}/begleiter.js"></script>
<begleiter-advisor questionnaire="road-bike" locale="en"></begleiter-advisor>
"""


def test_it_is_one_module_of_at_most_twenty_kibibytes(service, say):
    reply = service.get("/begleiter.js", accept_encoding="gzip")

    assert reply.headers["content-encoding"] == "gzip"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert gzip.decompress(reply.body).decode() == one_module()
    assert not re.search(r"^(import|export) ", one_module(), re.MULTILINE)
    assert len(reply.body) <= LARGEST
    say(f"component: {len(reply.body)} bytes compressed, {len(one_module().encode())} as it is")


def test_whoever_has_it_already_is_told_so(service):
    first = service.get("/begleiter.js")

    assert service.get("/begleiter.js", if_none_match=first.headers["etag"]).status == 304
    assert "content-encoding" not in first.headers


def test_every_part_is_in_it_once():
    assert sorted((*PARTS, *ON_DEMAND.values())) == sorted(path.stem for path in FOLDER.glob("*.js"))


def test_no_part_can_turn_data_into_markup_or_code():
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|setHTML|srcdoc"

    assert [path.name for path in FOLDER.glob("*.js") if re.search(forbidden, path.read_text("utf-8"))] == []


def test_every_word_is_used_and_stands_in_german_and_in_english():
    texts = (FOLDER / "texts.js").read_text("utf-8")
    others = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.js") if path.name != "texts.js")
    words = {
        language: set(re.findall(r'(\w+): "', block))
        for language, block in re.findall(r'^  "?([\w-]+)"?: \{\n(.*?)^  \},', texts, re.DOTALL | re.MULTILINE)
    }

    assert words["en"] == words["de"]
    assert words["de-simple"] <= words["de"]
    assert {word for word in words["en"] if f'"{word}"' not in others} == set()


def test_its_comments_are_types_that_hold():
    tsc = shutil.which("tsc") or ROOT / "node_modules" / ".bin" / "tsc"
    if shutil.which(tsc) is None:
        needed("no tsc is installed (Debian: apt-get install node-typescript)")

    checked = subprocess.run([tsc, "-p", FOLDER], capture_output=True, text=True, check=False)

    assert checked.stdout == ""


def test_two_lines_put_a_working_advisor_into_an_empty_page_of_another_origin(browser, service, another_shop, say):
    lines = TWO_LINES.format(service=service.base)
    context = browser.new_context()
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    began = time.perf_counter()
    page.goto(another_shop(f"<!doctype html><title>Shop</title><body>{lines}"))
    page.locator("begleiter-advisor legend").wait_for()
    took = time.perf_counter() - began
    page.get_by_role("button", name="I'm not sure").click()
    page.locator("begleiter-advisor legend", has_text="How much experience").wait_for()

    context.close()
    assert complaints == []
    say(f"component: {len(lines.splitlines())} lines to write, first question after {took * 1000:.0f} ms")


def test_a_script_that_comes_late_begins_although_a_picture_is_still_loading(browser, service, another_shop):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/slow.png", lambda route: None)
    html = TWO_LINES.splitlines()[1] + '<img src="/slow.png" alt="">'

    page.goto(another_shop(f"<!doctype html><title>Shop</title><body>{html}"), wait_until="domcontentloaded")
    page.evaluate("address => { import(address) }", f"{service.base}/begleiter.js")

    page.locator("begleiter-advisor legend").wait_for()
    assert page.evaluate("document.readyState") == "interactive"
    context.close()


def spoilt(value):
    """The reply with every text that is shown made malicious, and every address, too."""
    match value:
        case dict():
            return {key: spoilt_field(key, each) for key, each in value.items()}
        case list():
            return [spoilt(each) for each in value]
        case _:
            return value


def spoilt_field(key, value):
    if key in {"text", "name", "title", "help", "because", "label", "why", "example"} and isinstance(value, str):
        return EVIL
    if key in {"url", "image"}:
        return "javascript:document.documentElement.dataset.hacked=1"
    return ["colour", EVIL] if key == "unknown" else spoilt(value)


def test_malicious_names_and_addresses_stay_text(visitor):
    visitor.page.route("**/v1/**", lambda route: route.fulfill(json=spoilt(route.fetch().json())))
    visitor.page.route("**/x", pytest.fail)
    visitor.asks_for_advice()

    visitor.presses("not_sure")
    visitor.page.wait_for_timeout(300)
    visitor.presses("choose")
    visitor.advisor.locator("[part=companion]").first.wait_for()

    assert EVIL in visitor.advisor.locator("[part=name]").first.inner_text()
    assert visitor.advisor.locator("img[onerror], a[href^='javascript'], img[src^='javascript']").count() == 0
    assert visitor.page.evaluate("document.documentElement.dataset.hacked") is None


@pytest.mark.parametrize("page", ["product", "advice"])
def test_the_storefronts_pages_escape_what_they_show(page):
    visit = type("Visit", (), {"basket": (), "customer": None})
    shown = {
        "sku": EVIL,
        "heading": EVIL,
        "price": EVIL,
        "category": EVIL,
        "facts": [(EVIL, EVIL)],
        "variants": [(EVIL, EVIL)],
    }

    text = Pages().render(page, "de", visit=visit, here=page, questionnaires=[EVIL], questionnaire=EVIL, **shown)

    assert "<img src=x" not in text
    assert 'onerror="' not in text
