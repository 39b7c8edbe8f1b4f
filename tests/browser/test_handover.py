"""Going on elsewhere: a code on one device, read aloud, typed or scanned, and the same answers on another."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.conftest import needed


@pytest.fixture
def read():
    """Reads the QR codes in rows of light and dark squares."""
    try:
        import zxingcpp  # noqa: PLC0415  not everybody has it
    except ImportError:
        needed("zxing-cpp, which reads QR codes, is not installed (pip install -e '.[dev]')")

    def texts(rows):
        dark = np.pad(np.array(rows, bool), 4).repeat(3, 0).repeat(3, 1)
        return [found.text for found in zxingcpp.read_barcodes(np.where(dark, 0, 255).astype(np.uint8))]

    return texts


def with_two_answers(visitor):
    visitor.asks_for_advice()
    visitor.spends_at_most(2000)
    visitor.presses("Ich fange gerade an")
    visitor.is_asked("Wie groß")


def code_of(visitor):
    visitor.presses("An einem anderen Gerät weitermachen")
    code = visitor.advisor.locator("strong[part=code]")
    code.wait_for()
    return code.inner_text()


def enters(visitor, code):
    visitor.advisor.get_by_text("Ich habe einen Code").click()
    visitor.advisor.get_by_label("Code", exact=True).fill(code)
    visitor.advisor.locator("[part=go-on]").click()


SQUARES = """() => {
  const svg = document.querySelector("begleiter-advisor").shadowRoot.querySelector("svg");
  const size = Number(svg.getAttribute("viewBox").split(" ")[2]) - 8;
  const rows = Array.from({length: size}, () => new Array(size).fill(false));
  for (const [, x, y] of svg.querySelector("path").getAttribute("d").matchAll(/M(\\d+) (\\d+)/g)) rows[y][x] = true;
  return rows;
}"""


def test_the_scanned_code_goes_on_in_another_browser_with_the_same_answers(visit, read):
    here, there = visit(), visit(width=320)
    with_two_answers(here)
    code = code_of(here)
    here.advisor.get_by_role("img", name="QR-Code").wait_for()

    (address,) = read(here.page.evaluate(SQUARES))
    there.page.goto(address)

    there.is_asked("Wie groß")
    assert address == f"{here.base}/demo/advice/road-bike#begleiter-handover=road-bike/{code}"
    assert there.answers == here.answers == ["bis 2.000 €", "Ich fange gerade an"]
    assert "#" not in there.page.url
    there.is_tall(178)
    there.is_asked("Wofür")
    here.page.reload()
    here.is_asked("Wie groß")


def test_a_code_typed_by_hand_goes_on_and_what_was_answered_there_gives_way(visit):
    here, there = visit(), visit()
    with_two_answers(here)
    code = code_of(here)
    there.asks_for_advice()
    there.spends_at_most(1500)
    there.is_asked("Wie viel Erfahrung")

    enters(there, code.lower().replace("-", " "))

    there.is_asked("Wie groß")
    assert there.answers == ["bis 2.000 €", "Ich fange gerade an"]
    there.page.reload()
    there.is_asked("Wie groß")


def test_whoever_goes_on_in_another_language_is_asked_in_theirs(visit):
    here, there = visit(), visit(language="en")
    with_two_answers(here)

    there.speaks("en")
    there.go(f"/demo/advice/road-bike#begleiter-handover=road-bike/{code_of(here)}")

    there.is_asked("How tall are you")
    assert there.answers == ["up to 2,000 €", "I am just starting"]


def test_a_code_is_good_once_and_whoever_comes_late_is_told_and_loses_nothing(visit):
    here, there = visit(), visit()
    with_two_answers(here)
    code = code_of(here)
    there.asks_for_advice()
    enters(there, code)
    there.is_asked("Wie groß")

    late = visit()
    late.asks_for_advice()
    late.spends_at_most(1500)
    late.is_asked("Wie viel Erfahrung")
    enters(late, code)

    expect(late.advisor.locator("[part=notice]")).to_contain_text("Dieser Code gilt nicht mehr")
    late.is_asked("Wie viel Erfahrung")
    assert late.answers == ["bis 1.500 €"]
    late.go(f"/demo/advice/road-bike#begleiter-handover=road-bike/{code}")
    late.page.reload()
    late.is_asked("Wie viel Erfahrung")


def test_without_the_pictures_module_the_code_can_still_be_typed(visitor):
    visitor.page.route("**/begleiter-qr.js", lambda route: route.abort())
    with_two_answers(visitor)

    assert re.fullmatch("[A-Z]{3}(-[A-Z]{3}){3}", code_of(visitor))
    expect(visitor.advisor.get_by_role("img", name="QR-Code")).to_have_count(0)


def test_qr_codes_of_every_size_can_be_read(visitor, read):
    texts = ["".join(chr(33 + (7 * at + length) % 90) for at in range(length)) for length in range(1, 667, 9)]
    page = visitor.go("/demo")

    drawn = page.evaluate("async texts => texts.map((await import('/begleiter-qr.js')).squares)", texts)

    assert [text for text, rows in zip(texts, drawn, strict=True) if read(rows) != [text]] == []
    assert {len(rows) for rows in drawn} == {17 + 4 * version for version in range(1, 21)}
    assert page.evaluate("async text => (await import('/begleiter-qr.js')).squares(text)", "x" * 667) is None
