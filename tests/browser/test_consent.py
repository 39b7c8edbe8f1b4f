"""Consent where it helps: asked with its reason, used at once, taken back with the same effort, and gone."""

import json
from pathlib import Path

from playwright.sync_api import expect


def consent_of(visitor):
    return visitor.page.locator("begleiter-consent")


def row(visitor, attribute, purpose):
    """The line of the overview for one attribute and one purpose."""
    section = (
        consent_of(visitor).locator("[part=attribute]").filter(has=visitor.page.get_by_text(attribute, exact=True))
    )
    return section.get_by_role("listitem").filter(has_text=purpose)


def test_a_consent_given_at_the_question_answers_it_and_taken_back_it_is_asked_again(visitor):
    visitor.signs_in("demo-0001")
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")
    visitor.presses("not_sure")
    visitor.is_asked("Wie groß")
    offer = visitor.advisor.locator("[part=offer]")
    expect(offer).to_contain_text("Damit wir dir nur Rahmen zeigen, die dir passen.")

    offer.get_by_role("button", name="Ja").click()

    visitor.is_asked("Wofür")
    assert visitor.answers[-1].startswith("164 cm")
    assert "(aus deinem Profil)" in visitor.advisor.locator("[part=answers] dd").last.inner_text()

    visitor.go("/demo/account")
    height = row(visitor, "Körpergröße", "Dich mit deinem Profil beraten")
    expect(height.get_by_role("button", name="Ja")).to_have_attribute("aria-pressed", "true")
    height.get_by_role("button", name="Nein").click()
    expect(height.get_by_role("button", name="Nein")).to_have_attribute("aria-pressed", "true")

    visitor.asks_for_advice()
    visitor.is_asked("Wie groß")


def test_no_is_as_easy_as_yes_and_is_not_asked_twice(visitor):
    visitor.signs_in("demo-0003")
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    offer = visitor.advisor.locator("[part=offer]")
    yes, no = (offer.get_by_role("button", name=name).bounding_box() for name in ("Ja", "Nein"))
    assert (yes["width"], yes["height"]) == (no["width"], no["height"])

    offer.get_by_role("button", name="Nein").click()

    expect(offer).to_have_count(0)
    visitor.is_asked("Wie viel Erfahrung")


def test_yes_and_no_look_alike_until_one_is_chosen(visitor):
    visitor.signs_in("demo-0003")
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    looks = [
        visitor.advisor.locator(f"[part=offer] [part={part}]").evaluate(
            "button => (({color, backgroundColor, fontWeight, borderColor}) =>"
            " [color, backgroundColor, fontWeight, borderColor])(getComputedStyle(button))"
        )
        for part in ("yes", "no")
    ]

    assert looks[0] == looks[1]


def test_the_overview_gives_each_reason_and_takes_everything_back_at_once(visitor):
    visitor.signs_in("demo-0004")
    consent = consent_of(visitor)
    expect(consent.locator("[part=attribute]")).to_have_count(5)
    expect(consent).to_contain_text("Damit die Beratung dort beginnt, wo du stehst.")
    for purpose in ("Dich mit deinem Profil beraten", "Dir vorschlagen, was zu dir"):
        row(visitor, "Erfahrung mit Rennrädern", purpose).get_by_role("button", name="Ja").click()
        expect(row(visitor, "Erfahrung mit Rennrädern", purpose)).to_contain_text("erlaubt seit")

    consent.get_by_role("button", name="Alles zurücknehmen").click()

    expect(consent.locator("[aria-pressed=true]", has_text="Ja")).to_have_count(0)
    expect(consent.get_by_role("button", name="Alles zurücknehmen")).to_have_count(0)


def test_a_decision_keeps_the_focus_and_is_read_out(visitor):
    visitor.signs_in("demo-0005")
    yes = row(visitor, "Körpergröße", "Dich mit deinem Profil beraten").get_by_role("button", name="Ja")

    yes.focus()
    visitor.page.keyboard.press("Enter")

    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(yes).to_be_focused()
    expect(consent_of(visitor).get_by_role("status").first).to_have_text("Gespeichert: Körpergröße: Erlaubt")


def test_a_guest_is_asked_for_no_consent(visitor):
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")

    assert visitor.advisor.locator("begleiter-consent").count() == 0


def test_whoever_signs_out_leaves_no_answer_behind(visitor):
    visitor.signs_in("demo-0006")
    visitor.asks_for_advice()
    visitor.spends_at_most(1500)
    visitor.is_asked("Wie viel Erfahrung")
    visitor.go("/demo/account").get_by_role("button", name="Abmelden").click()

    visitor.asks_for_advice()

    visitor.is_asked("Wie viel möchtest du")
    assert visitor.answers == []


def test_a_shop_that_cannot_say_who_is_signed_in_costs_no_answer(visitor):
    visitor.signs_in("demo-0006")
    visitor.asks_for_advice()
    visitor.spends_at_most(1500)
    visitor.is_asked("Wie viel Erfahrung")
    visitor.page.route("**/demo/token", lambda route: route.fulfill(status=500))

    visitor.asks_for_advice()

    visitor.is_asked("Wie viel Erfahrung")
    assert visitor.answers == ["bis 1.500 €"]


def test_a_guests_answers_stay_when_they_sign_in(visitor):
    visitor.asks_for_advice()
    visitor.spends_at_most(1500)
    visitor.is_asked("Wie viel Erfahrung")
    visitor.signs_in("demo-0006")

    visitor.asks_for_advice()

    visitor.is_asked("Wie viel Erfahrung")
    assert visitor.answers == ["bis 1.500 €"]


def test_the_token_never_stands_in_the_page(visitor):
    visitor.signs_in("demo-0002")
    visitor.asks_for_advice()

    held = visitor.page.evaluate(
        "document.documentElement.outerHTML + document.querySelector('begleiter-advisor').shadowRoot.innerHTML"
        " + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie"
    )

    assert "bgt_" not in held


def test_the_overview_says_what_is_known_and_gives_a_copy_of_it(visitor):
    visitor.signs_in("demo-0002")
    row(visitor, "Körpergröße", "Dich mit deinem Profil beraten").get_by_role("button", name="Ja").click()
    expect(consent_of(visitor).locator("[part=known]")).to_contain_text("Wir wissen: ")

    with visitor.page.expect_download() as started:
        consent_of(visitor).get_by_role("button", name="Meine Daten speichern").click()

    copy = json.loads(Path(started.value.path()).read_text("utf-8"))
    assert started.value.suggested_filename == "begleiter.json"
    assert "height_cm" in json.dumps(copy)


def test_whoever_wants_everything_deleted_is_asked_once_and_nothing_is_left(visitor):
    visitor.signs_in("demo-0002")
    consent = consent_of(visitor)
    row(visitor, "Körpergröße", "Dich mit deinem Profil beraten").get_by_role("button", name="Ja").click()
    expect(consent.locator("[part=known]")).to_have_count(1)

    consent.get_by_text("Alles über mich löschen").click()
    consent.get_by_role("button", name="Endgültig löschen").click()

    expect(consent.get_by_role("status").first).to_have_text("Alles über dich ist gelöscht.")
    expect(consent.locator("[part=known]")).to_have_count(0)
    visitor.page.reload()
    consent.locator("[part=attribute]").first.wait_for()
    expect(consent.locator("[aria-pressed=true]", has_text="Ja")).to_have_count(0)
    expect(consent.locator("[part=known]")).to_have_count(0)


def test_an_answer_is_remembered_only_after_a_yes_and_then_asked_no_more(visitor):
    visitor.signs_in("demo-0005")
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")
    visitor.presses("not_sure")
    visitor.is_asked("Wie groß")
    visitor.is_tall(183)
    visitor.is_asked("Wofür")
    offer = visitor.advisor.locator("[part=offer]")
    expect(offer).to_contain_text("Sollen wir uns „183 cm“ für das nächste Mal merken?")

    with visitor.page.expect_response("**/v1/me/remembered") as told:
        offer.get_by_role("button", name="Ja").click()

    assert told.value.json() == {"stored": True}
    expect(offer.filter(has_text="merken")).to_have_count(0)
    visitor.asks_for_advice("city-bike")
    expect(visitor.advisor.locator("[part=answers] dd", has_text="183 cm")).to_contain_text("aus deinem Profil")


def test_a_no_to_being_remembered_sends_no_answer(visitor):
    sent = []
    visitor.page.on("request", lambda request: sent.append(request.url))
    visitor.signs_in("demo-0004")
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")
    visitor.presses("not_sure")
    visitor.is_asked("Wie groß")
    visitor.is_tall(183)
    offer = visitor.advisor.locator("[part=offer]", has_text="merken")

    offer.get_by_role("button", name="Nein").click()

    expect(offer).to_have_count(0)
    visitor.is_asked("Wofür")
    assert [each for each in sent if each.endswith("/v1/me/remembered")] == []
