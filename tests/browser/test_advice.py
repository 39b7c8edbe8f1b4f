"""The running example in a browser: from the first question to pedals in the basket, with every way back."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_beginner_gets_three_bikes_that_fit_and_does_not_forget_the_pedals(visit, width):
    visitor = visit(width)
    visitor.asks_for_advice()
    visitor.spends_at_most(2000)
    visitor.presses("Ich fange gerade an")
    visitor.is_asked("Wie groß")
    visitor.is_tall(178)
    visitor.is_asked("Wofür")
    visitor.ticks("Für lange Touren")
    visitor.is_not_sure_of_anything_else()
    assert 1 <= len(visitor.shortlist) <= 3
    assert "bequeme Haltung, gut für den Anfang" in visitor.advisor.locator("[part=fits]").all_inner_texts()[1]

    visitor.presses("choose")
    needed = visitor.advisor.locator("[part=needed]")
    needed.get_by_text("Dieses Rad wird ohne Pedale geliefert").wait_for()
    needed.get_by_role("button", name="In den Warenkorb").click()
    expect(visitor.page.locator("#basket-count")).to_have_text("(2)")

    visitor.go("/demo/basket")
    expect(visitor.page.locator(".lines")).to_contain_text("Klickpedale")


def test_an_option_that_leaves_nothing_says_so_and_cannot_be_chosen(visitor):
    visitor.asks_for_advice()
    visitor.spends_at_most(1200)
    visitor.presses("not_sure")
    visitor.is_asked("Wie groß")
    visitor.is_tall(178)
    visitor.is_asked("Wofür")

    racing = visitor.advisor.get_by_label("Für Rennen")

    expect(racing).to_have_attribute("aria-disabled", "true")
    expect(visitor.advisor.locator("[part=option]", has_text="Für Rennen")).to_contain_text("bliebe nichts übrig")
    racing.focus()
    visitor.page.keyboard.press("Space")
    expect(racing).not_to_be_checked()


def test_an_earlier_answer_is_changed_and_the_later_ones_stay(visitor):
    visitor.asks_for_advice()
    visitor.spends_at_most(2000)
    visitor.presses("Ich fange gerade an")
    visitor.is_asked("Wie groß")
    visitor.is_tall(178)
    visitor.is_asked("Wofür")

    visitor.presses("Ändern: Wie viel Erfahrung")
    visitor.is_asked("Wie viel Erfahrung")
    expect(visitor.advisor.get_by_role("button", name="Ich fange gerade an")).to_have_attribute("aria-pressed", "true")
    visitor.presses("Ich fahre viel und gern schnell")

    visitor.is_asked("Wofür")
    assert visitor.answers == ["bis 2.000 €", "Ich fahre viel und gern schnell", "178 cm"]


def test_back_shows_the_answer_before_and_leaving_it_changes_nothing(visitor):
    visitor.asks_for_advice()
    visitor.spends_at_most(2000)
    visitor.is_asked("Wie viel Erfahrung")

    visitor.presses("back")
    visitor.is_asked("Wie viel möchtest du")
    assert visitor.advisor.get_by_role("spinbutton", name="Höchstens").input_value() == "2000"
    visitor.presses("So lassen")

    visitor.is_asked("Wie viel Erfahrung")


def test_the_slider_and_the_number_fields_say_the_same(visitor):
    visitor.asks_for_advice()
    field = visitor.advisor.get_by_role("spinbutton", name="Höchstens")
    handle = visitor.advisor.get_by_role("slider", name="Höchstens")
    expect(handle).to_have_attribute("aria-valuetext", "egal")

    handle.focus()
    visitor.page.keyboard.press("ArrowLeft")
    assert field.input_value() == "4400"
    field.fill("1500")
    assert handle.input_value() == "1500"
    handle.focus()
    visitor.page.keyboard.press("End")

    assert field.input_value() == ""


@pytest.mark.parametrize(("wrong", "said"), [("", "Bitte gib eine Zahl ein."), ("90", "von 120 bis 220")])
def test_a_number_that_cannot_be_is_said_to_be_so(visitor, wrong, said):
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")
    visitor.presses("not_sure")
    visitor.is_asked("Wie groß")

    visitor.is_tall(wrong)

    expect(visitor.advisor.get_by_role("alert").filter(has_text=said)).to_be_visible()
    visitor.is_tall(178)
    visitor.is_asked("Wofür")


def test_a_conflict_offers_its_ways_out_as_buttons(visitor):
    into_a_conflict(visitor)

    ways = visitor.advisor.locator("[part=way-out]")
    assert [each.split("\n")[-1] for each in ways.all_inner_texts()] == [
        "dann passen 6 Produkte",
        "dann passt 1 Produkt",
    ]
    ways.first.click()

    visitor.is_asked("Welche Bremsen")
    assert len(visitor.shortlist) == 3


def into_a_conflict(visitor):
    """Ask for a racing bike for 950 euros: first the bike, then the money."""
    visitor.asks_for_advice()
    visitor.spends_at_most(3000)
    visitor.presses("not_sure")
    visitor.is_asked("Wie groß")
    visitor.is_tall(178)
    visitor.is_asked("Wofür")
    visitor.ticks("Für Rennen")
    visitor.is_asked("Welche Bremsen")
    visitor.presses("Ändern: Wie viel möchtest du")
    visitor.is_asked("Wie viel möchtest du")
    visitor.spends_at_most(950)
    visitor.advisor.get_by_text("Zu allen Antworten zusammen passt nichts").wait_for()


def test_the_shops_page_hears_of_answers_shortlists_and_choices(visitor):
    visitor.asks_for_advice()
    visitor.page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["answer", "shortlist", "chosen"]) {
            document.addEventListener(`begleiter:${name}`, ({type, detail}) => {
              const {question, value, remaining, sku, kind} = detail;
              heard.push({type, question, value, remaining, sku, kind});
            });
          }
        }"""
    )

    visitor.spends_at_most(1500)
    visitor.is_asked("Wie viel Erfahrung")
    visitor.presses("choose")
    visitor.advisor.get_by_text("Deine Wahl").wait_for()

    heard = visitor.page.evaluate("heard")
    assert ("begleiter:answer", "budget", {"to": 1500}, 5) in told(heard, "type", "question", "value", "remaining")
    assert ("begleiter:shortlist", 5) in told(heard, "type", "remaining")
    assert ("begleiter:chosen", "RB-130-48", "product") in told(heard, "type", "sku", "kind")


def told(heard, *names):
    return [tuple(each.get(name) for name in names) for each in heard]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Find your road bike", "Question 2 of at most", "How much experience", "I'm not sure", "Best so far"]),
        ("de-simple", ["Finde dein Rennrad", "Es sind höchstens", "Wie viel Erfahrung", "Das weiß ich nicht"]),
    ],
)
def test_the_advisor_speaks_the_pages_language(visit, language, words):
    visitor = visit(language=language)
    visitor.speaks(language)

    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.advisor.locator("legend", has_text=words[2]).wait_for()

    text = visitor.advisor.locator("section").first.inner_text()
    assert [each for each in words if each not in text] == []
