"""The merchandiser's preview in a real browser: a broken file is told line by line, mended, played and compared."""

import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from service.privacy.credentials import issue
from service.storage.credentials import SqlCredentials
from service.storage.database import open_database
from tests.acceptance.running import ROOT
from tests.browser.test_accessible import WIDTHS, axe, complaints_at  # noqa: F401  axe is a fixture
from tests.builders import NOW
from tests.conftest import needed

FILE = ROOT / "questionnaires" / "road-bike.yaml"
GOOD = FILE.read_text()
BROKEN = GOOD.replace("geometry: [endurance]", "geometrie: [endurance]", 1).replace(
    "effect: prefer", "effect: prefers", 1
)
MISNAMED = GOOD.replace("geometry: [endurance]", "geometrie: [endurance]", 1)
EVIL = '<img src=x onerror="document.documentElement.dataset.hacked=1">'


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


@pytest.fixture(scope="session")
def key(demo_environment):
    """An operator's key of the running service."""
    database = open_database(f"sqlite:///{demo_environment['BEGLEITER_DATA']}/begleiter.sqlite3")
    token = issue(SqlCredentials(database), "operator", at=NOW).token
    database.close()
    return token


class Merchandiser:
    """Somebody before the preview, who speaks German."""

    def __init__(self, visitor, key):
        self.visitor = visitor
        self.page = visitor.go("/preview")
        self.enters(key)
        self.page.get_by_role("tab", name="Text").wait_for()

    def enters(self, key):
        self.page.get_by_label("Betreiberschlüssel").fill(key)
        self.page.get_by_role("button", name="Öffnen").click()

    def drops(self, text, name="road-bike.yaml"):
        """Drop a file on the page, as a hand does."""
        transfer = self.page.evaluate_handle(
            "([text, name]) => { const d = new DataTransfer(); d.items.add(new File([text], name)); return d; }",
            [text, name],
        )
        self.page.locator("main").dispatch_event("drop", {"dataTransfer": transfer})

    def chooses(self, text, name="road-bike.yaml"):
        files = {"name": name, "mimeType": "text/yaml", "buffer": text if isinstance(text, bytes) else text.encode()}
        self.page.locator("input[type=file]").set_input_files(files)

    def writes(self, text):
        self.page.get_by_label("Text der Datei").fill(text)

    def looks_at(self, view):
        self.page.get_by_role("tab", name=view, exact=True).click()
        return self.page.get_by_role("tabpanel", name=view, exact=True)

    def may_publish(self):
        """Wait until the check has found no error."""
        expect(self.page.locator(".verdict .status.good")).to_be_visible()

    @property
    def verdict(self):
        return self.page.locator(".verdict [role=status]")

    @property
    def notes(self):
        return self.page.locator(".notes li")


@pytest.fixture
def merchandiser(visitor, key):
    return Merchandiser(visitor, key)


def test_a_broken_file_is_told_line_by_line_mended_and_played_to_a_shortlist(merchandiser):
    merchandiser.drops(BROKEN)

    expect(merchandiser.verdict).to_contain_text("Fehler")
    expect(merchandiser.verdict).to_contain_text("würde die Datei nicht übernommen")
    note = merchandiser.notes.filter(has_text="BG-Y025")
    expect(note).to_be_in_viewport()
    expect(note).to_contain_text("did you mean 'prefer'")
    line = line_of(BROKEN, "effect: prefers")
    assert note.get_attribute("data-line") == str(line)
    number = merchandiser.page.locator(f".gutter span:nth-child({line})")
    assert abs(number.bounding_box()["y"] - note.bounding_box()["y"]) < 12

    merchandiser.writes(GOOD)
    expect(merchandiser.verdict).not_to_contain_text("Fehler")
    played = merchandiser.looks_at("Ausprobieren")
    played.get_by_role("spinbutton", name="Höchstens").fill("2000")
    played.get_by_role("button", name="Weiter").click()
    played.get_by_role("button", name="Ich fange gerade an").click()
    for _ in range(8):
        if played.locator("form").count() == 0:
            break
        before = played.locator("legend").inner_text()
        played.get_by_role("button", name="Weiß ich nicht").click()
        expect(played.locator("legend", has_text=before)).to_have_count(0)

    assert played.locator("[part=product]").count() == 3
    expect(played.locator("[part=product] .fits").first).to_be_visible()
    expect(played.get_by_text("Dieses Rad wird ohne Pedale geliefert").first).to_be_visible()


def test_looking_at_another_view_while_the_text_is_checked_loses_nothing(merchandiser):
    merchandiser.drops(BROKEN)
    expect(merchandiser.verdict).to_contain_text("Fehler")
    held = []
    merchandiser.page.route("**/v1/preview/check", lambda route: held.append(route))  # noqa: PLW0108  a built-in cannot be hung on
    with merchandiser.page.expect_request("**/v1/preview/check"):
        merchandiser.writes(GOOD)
    played = merchandiser.looks_at("Ausprobieren")
    expect(played.get_by_role("button", name="Fehler zeigen")).to_be_visible()

    held[0].continue_()

    expect(played.get_by_role("spinbutton", name="Höchstens")).to_be_visible()


def test_a_view_that_could_not_be_drawn_can_be_tried_again(merchandiser):
    merchandiser.drops(GOOD)
    merchandiser.may_publish()
    busy = {"status": 503, "json": {"detail": "busy"}}
    merchandiser.page.route("**/v1/preview/graph", lambda route: route.fulfill(**busy), times=1)
    seen = merchandiser.looks_at("Ablauf")

    seen.get_by_role("button", name="Noch einmal versuchen").click()

    seen.locator("li.card").first.wait_for()
    expect(merchandiser.page.locator(".verdict [role=alert]")).to_be_empty()


def test_a_complaint_leads_to_its_line(merchandiser):
    merchandiser.chooses(MISNAMED)
    line = line_of(MISNAMED, "geometrie")

    merchandiser.page.get_by_role("button", name=f"Zu Zeile {line}").click()

    area = merchandiser.page.get_by_label("Text der Datei")
    expect(area).to_be_focused()
    assert "geometrie" in area.evaluate("a => a.value.slice(a.selectionStart, a.selectionEnd)")


def test_back_change_conflict_and_ways_out_are_there_as_for_a_shopper(merchandiser):
    merchandiser.drops(GOOD)
    merchandiser.may_publish()
    played = merchandiser.looks_at("Ausprobieren")
    played.get_by_role("spinbutton", name="Höchstens").fill("1")
    played.get_by_role("button", name="Weiter").click()
    expect(played.get_by_text("Zu allen Antworten zusammen passt nichts")).to_be_visible()

    played.locator("[part=way-out]").first.click()

    expect(played.locator("legend", has_text="ausgeben")).to_be_focused()
    played.get_by_role("button", name="Weiß ich nicht").click()
    played.locator("legend", has_text="Erfahrung").wait_for()
    played.get_by_role("button", name="Zurück").click()
    expect(played.locator("legend", has_text="ausgeben")).to_be_visible()


def test_with_errors_the_views_lead_back_to_the_text(merchandiser):
    merchandiser.drops(BROKEN)
    merchandiser.notes.first.wait_for()

    view = merchandiser.looks_at("Zahlen")
    view.get_by_role("button", name="Fehler zeigen").click()

    expect(merchandiser.page.get_by_label("Text der Datei")).to_be_visible()


def test_figures_tell_shares_gaps_and_what_is_never_shown(merchandiser):
    merchandiser.drops(GOOD)
    merchandiser.may_publish()

    view = merchandiser.looks_at("Zahlen")

    expect(view.get_by_role("heading", name="Lücken im Sortiment")).to_be_visible()
    expect(view.get_by_role("heading", name="Nie gezeigt")).to_be_visible()
    expect(view.locator(".share").first).to_contain_text("Produkt")


def test_the_graph_shows_conditions_in_words_and_leads_to_the_line(merchandiser):
    merchandiser.drops(GOOD)
    merchandiser.may_publish()

    view = merchandiser.looks_at("Ablauf")

    expect(view.locator("li.card")).to_have_count(GOOD.count("\n    ask:"))
    expect(view.locator(".only-if").first).to_contain_text("Nur wenn:")
    assert view.locator("svg path").count() >= 2
    view.get_by_role("button", name="Zu Zeile").first.click()
    expect(merchandiser.page.get_by_label("Text der Datei")).to_be_focused()


def test_a_comparison_shows_what_differs_and_both_outcomes(merchandiser):
    merchandiser.drops(GOOD)
    merchandiser.may_publish()
    merchandiser.looks_at("Vergleich")
    expect(merchandiser.page.get_by_text("Bedeutet dasselbe wie die Fassung in Kraft")).to_be_visible()
    merchandiser.looks_at("Text")

    merchandiser.writes(
        GOOD.replace("Ich fange gerade an", "Ganz am Anfang").replace("show_at_most: 3", "show_at_most: 2")
    )
    merchandiser.may_publish()
    view = merchandiser.looks_at("Vergleich")

    expect(view.get_by_text("2 Unterschiede zur Fassung in Kraft")).to_be_visible()
    expect(view.locator(".altered").nth(1)).to_contain_text("Ganz am Anfang")
    assert [each.locator("li").count() for each in view.locator(".both article").all()] == [3, 2]


def test_a_wrong_key_opens_nothing_and_locking_forgets_the_right_one(visitor, key):
    page = visitor.go("/preview")
    page.get_by_label("Betreiberschlüssel").fill("bgk_wrong")
    page.get_by_role("button", name="Öffnen").click()
    expect(page.get_by_role("alert")).to_contain_text("öffnet hier nichts")

    merchandiser = Merchandiser(visitor, key)
    assert key not in page.url
    page.reload()
    merchandiser.page.get_by_role("tab", name="Text").wait_for()
    page.get_by_role("button", name="Abschließen").click()
    page.reload()

    expect(page.get_by_label("Betreiberschlüssel")).to_be_visible()
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_a_file_that_is_no_text_or_too_large_is_told(merchandiser):
    merchandiser.chooses(b"\xff\xfe\x00")
    expect(merchandiser.page.locator(".verdict [role=alert]")).to_contain_text("kein UTF-8")

    merchandiser.chooses("#" * 300_000)
    expect(merchandiser.page.locator(".verdict [role=alert]")).to_contain_text("zu groß")


def test_markup_in_a_text_stays_text_in_every_view(merchandiser):
    evil = GOOD.replace("Ich fange gerade an", f"'{EVIL}'").replace("de: Wie viel Erfahrung hast du?", f"de: '{EVIL}'")
    merchandiser.page.route("**/x", pytest.fail)
    merchandiser.drops(evil)
    merchandiser.may_publish()

    for view in ("Ausprobieren", "Zahlen", "Ablauf", "Vergleich"):
        merchandiser.looks_at(view)
        merchandiser.page.wait_for_load_state("networkidle")
        assert merchandiser.page.locator("img[onerror]").count() == 0
    expect(merchandiser.page.locator("[data-view=compare]").get_by_text(EVIL).first).to_be_visible()

    assert merchandiser.page.evaluate("document.documentElement.dataset.hacked") is None


def test_tabs_are_walked_by_arrows_and_english_is_spoken_on_request(merchandiser):
    merchandiser.drops(GOOD)
    merchandiser.may_publish()
    merchandiser.page.get_by_role("tab", name="Text", exact=True).focus()

    merchandiser.page.keyboard.press("ArrowRight")
    expect(merchandiser.page.get_by_role("tab", name="Ausprobieren")).to_be_focused()
    merchandiser.page.get_by_label("Sprache dieser Seite").select_option("en")

    expect(merchandiser.page.get_by_role("tab", name="Compare")).to_be_visible()
    expect(merchandiser.page.locator("textarea")).to_have_value(GOOD)
    assert merchandiser.page.evaluate("document.documentElement.lang") == "en"


def at_the_door(merchandiser):
    merchandiser.page.get_by_role("button", name="Abschließen").click()


def with_complaints(merchandiser):
    merchandiser.drops(MISNAMED)
    merchandiser.notes.first.wait_for()


def playing(merchandiser):
    merchandiser.drops(GOOD)
    merchandiser.may_publish()
    merchandiser.looks_at("Ausprobieren").locator("legend").wait_for()


def seeing_figures(merchandiser):
    playing(merchandiser)
    merchandiser.looks_at("Zahlen").locator(".share").first.wait_for()


def seeing_the_graph(merchandiser):
    playing(merchandiser)
    merchandiser.looks_at("Ablauf").locator("li.card").first.wait_for()


def comparing(merchandiser):
    playing(merchandiser)
    merchandiser.looks_at("Text")
    merchandiser.writes(GOOD.replace("Ich fange gerade an", "Ganz am Anfang"))
    merchandiser.may_publish()
    merchandiser.looks_at("Vergleich").locator(".changes li").first.wait_for()


STATES = (at_the_door, with_complaints, playing, seeing_figures, seeing_the_graph, comparing)


@pytest.mark.parametrize("reach", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_in_the_preview_at_any_width(merchandiser, axe, reach):  # noqa: F811
    reach(merchandiser)

    found = {width: complaints_at(width, merchandiser.page, axe) for width in WIDTHS}

    assert {width: each for width, each in found.items() if each} == {}


def test_the_pages_scripts_are_typed():
    tsc = shutil.which("tsc")
    if tsc is None:
        needed("no tsc is installed (Debian: apt-get install node-typescript)")

    checked = subprocess.run(
        [tsc, "-p", ROOT / "service" / "api" / "static" / "preview"], capture_output=True, text=True, check=False
    )

    assert checked.stdout == ""


@pytest.mark.parametrize("name", ["preview/page.html", "component/advisor.js", "../web.py", "preview/tsconfig.json"])
def test_no_other_file_is_given_away(service, name):
    assert service.get(f"/preview/assets/{name}").status == 404
