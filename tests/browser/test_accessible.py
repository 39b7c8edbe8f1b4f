"""For everybody: axe-core finds nothing at any width, the keyboard is enough, and changes are read out."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_advice import into_a_conflict
from tests.conftest import needed

WIDTHS = (320, 768, 1280)


@pytest.fixture(scope="session")
def axe():
    try:
        from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415  not everybody has it
    except ImportError:
        needed("axe-playwright-python, which carries axe-core, is not installed (pip install -e '.[dev]')")
    return Axe()


def a_question(visitor):
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")


def a_range(visitor):
    visitor.asks_for_advice()


def several(visitor):
    visitor.asks_for_advice()
    visitor.spends_at_most(1200)
    for question in ("Wie viel Erfahrung", "Wie groß"):
        visitor.is_asked(question)
        visitor.presses("not_sure")
    visitor.is_asked("Wofür")


def a_wrong_number(visitor):
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")
    visitor.presses("not_sure")
    visitor.is_asked("Wie groß")
    visitor.is_tall(20)


def a_choice(visitor):
    visitor.asks_for_advice()
    visitor.is_not_sure_of_anything_else()
    visitor.presses("choose")
    visitor.advisor.locator("[part=needed], [part=nice]").first.wait_for()


def an_offer_of_consent(visitor):
    visitor.signs_in("demo-0003")
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.advisor.locator("[part=offer]").wait_for()


def an_offer_to_remember(visitor):
    an_offer_of_consent(visitor)
    visitor.presses("Ich fange gerade an")
    visitor.advisor.locator("[part=offer]", has_text="merken").wait_for()


def offline(visitor):
    visitor.asks_for_advice()
    visitor.context.set_offline(True)
    visitor.presses("not_sure")
    visitor.advisor.get_by_role("alert").filter(has_text="offline").wait_for()


def handing_over(visitor):
    visitor.asks_for_advice()
    visitor.presses("An einem anderen Gerät weitermachen")
    visitor.advisor.get_by_role("img", name="QR-Code").wait_for()
    visitor.advisor.get_by_text("Ich habe einen Code").click()


def consents(visitor):
    visitor.signs_in("demo-0004")
    visitor.page.locator("begleiter-consent [part=attribute]").first.wait_for()


def products(visitor):
    visitor.go("/demo")


def a_product(visitor):
    visitor.go("/demo/products/RB-110-54").locator("begleiter-suggestions [part=needed]").wait_for()


def a_basket(visitor):
    visitor.go("/demo/products/RB-110-54").get_by_role("button", name="In den Warenkorb").first.click()
    visitor.page.locator("begleiter-suggestions [part=needed]").wait_for()


def signing_in(visitor):
    visitor.go("/demo/account")


STATES = (
    a_question,
    a_range,
    several,
    a_wrong_number,
    into_a_conflict,
    a_choice,
    an_offer_of_consent,
    an_offer_to_remember,
    offline,
    handing_over,
    consents,
    products,
    a_product,
    a_basket,
    signing_in,
)


@pytest.mark.parametrize("reach", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_and_nothing_is_cut_off_at_any_width(visitor, axe, reach):
    reach(visitor)

    found = {width: complaints_at(width, visitor.page, axe) for width in WIDTHS}

    assert {width: each for width, each in found.items() if each} == {}


def complaints_at(width, page, axe):
    page.set_viewport_size({"width": width, "height": 900})
    violations = axe.run(page).response["violations"]
    complaints = [(each["id"], node["target"]) for each in violations for node in each["nodes"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return complaints + ([("too wide", wide)] if wide > width else [])


def test_the_keyboard_is_enough_from_the_first_question_to_the_basket(visitor):
    visitor.asks_for_advice()
    keys = visitor.page.keyboard

    def reach(name):
        for _ in range(60):
            if name in visitor.page.evaluate(NAME_OF_THE_FOCUS):
                return
            keys.press("Tab")
        raise AssertionError(f"the keyboard never came to {name!r}")

    reach("Höchstens")
    keys.press("Tab")
    reach("Höchstens")
    keys.type("2000")
    keys.press("Enter")
    visitor.is_asked("Wie viel Erfahrung")
    reach("Ich fange gerade an")
    keys.press("Enter")
    visitor.is_asked("Wie groß")
    keys.press("Tab")
    keys.type("178")
    keys.press("Enter")
    visitor.is_asked("Wofür")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    visitor.is_asked("Möchtest du auch bei Regen")
    reach("Das nehme ich")
    keys.press("Space")
    visitor.advisor.get_by_text("Deine Wahl").wait_for()
    reach("In den Warenkorb")
    visitor.page.wait_for_timeout(500)  # suggestions that come in meanwhile may take the button's place
    reach("In den Warenkorb")
    keys.press("Enter")

    expect(visitor.page.locator("#basket-count")).to_have_text("(2)")


NAME_OF_THE_FOCUS = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const label = at.id && at.getRootNode().querySelector(`label[for="${at.id}"]`);
  return at.getAttribute("aria-label") ?? label?.innerText ?? at.innerText ?? "";
}"""


def test_after_an_answer_the_focus_is_on_the_next_question_and_the_count_is_read_out(visitor):
    visitor.asks_for_advice()

    visitor.spends_at_most(1500)

    expect(visitor.advisor.locator("legend", has_text="Wie viel Erfahrung")).to_be_focused()
    expect(visitor.advisor.get_by_role("status").first).to_have_text("5 Produkte passen. Frage 2 von höchstens 8")


def test_a_change_elsewhere_does_not_disturb_what_is_being_typed(visitor):
    visitor.asks_for_advice()
    field = visitor.advisor.get_by_role("spinbutton", name="Höchstens")
    field.fill("17")

    visitor.page.evaluate("document.querySelector('begleiter-advisor').refresh()")
    visitor.page.wait_for_timeout(300)

    expect(field).to_be_focused()
    assert field.input_value() == "17"


def test_whoever_wants_less_motion_gets_none(visitor):
    visitor.asks_for_advice()

    moving = visitor.advisor.get_by_role("button", name="Weiter", exact=True).evaluate(
        "b => getComputedStyle(b).transitionDuration"
    )

    assert moving == "0s"
