"""What happens to a dialogue when the network, the service, the session or the shopper's patience fails."""

import json

import pytest
from playwright.sync_api import expect

from tests.acceptance.running import environment_of, serving


def with_two_answers(visitor):
    visitor.asks_for_advice()
    visitor.spends_at_most(2000)
    visitor.presses("Ich fange gerade an")
    visitor.is_asked("Wie groß")


def test_after_a_reload_the_shopper_goes_on_where_they_were(visitor):
    with_two_answers(visitor)

    visitor.page.reload()

    visitor.is_asked("Wie groß")
    assert visitor.answers == ["bis 2.000 €", "Ich fange gerade an"]


def test_offline_it_says_so_keeps_the_answer_and_goes_on_by_itself(visitor):
    with_two_answers(visitor)
    visitor.context.set_offline(True)

    visitor.is_tall(178)
    visitor.advisor.get_by_role("alert").filter(has_text="Du bist offline. Nichts geht verloren").wait_for()
    visitor.context.set_offline(False)

    visitor.is_asked("Wofür")
    expect(visitor.advisor.locator("[part=notice]")).to_be_hidden()
    assert visitor.answers[-1] == "178 cm"


def test_an_answer_given_offline_survives_a_reload(visitor):
    with_two_answers(visitor)
    visitor.page.route("**/answers/**", lambda route: route.abort())
    visitor.is_tall(178)
    visitor.advisor.get_by_text("Wir erreichen den Shop gerade nicht").wait_for()
    visitor.page.unroute("**/answers/**")

    visitor.page.reload()

    visitor.is_asked("Wofür")
    assert visitor.answers[-1] == "178 cm"


def test_a_stopped_service_is_waited_for_until_it_is_back(browser, visit, tmp_path, demo_environment, sqlite_template):
    environment = environment_of(tmp_path, BEGLEITER_DEMO=1) | {
        "BEGLEITER_DATABASE_URL": f"sqlite:///{tmp_path / 'kept.sqlite3'}",
        "BEGLEITER_DATA": str(tmp_path),
    }
    (tmp_path / "kept.sqlite3").write_bytes(sqlite_template.read_bytes())
    with serving(environment) as service:
        visitor = visit(base=service.base)
        with_two_answers(visitor)
    visitor.is_tall(178)
    visitor.advisor.get_by_text("Wir erreichen den Shop gerade nicht").wait_for()

    with serving(environment):
        visitor.advisor.get_by_role("button", name="Jetzt versuchen").click()

        visitor.is_asked("Wofür")
        assert visitor.answers == ["bis 2.000 €", "Ich fange gerade an", "178 cm"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_service_that_asks_for_patience_is_tried_again(visitor, status):
    with_two_answers(visitor)
    tries = []

    def busy_twice(route):
        tries.append(route.request.method)
        if len(tries) < 3:
            route.fulfill(
                status=status, content_type="application/problem+json", body='{"type": "/problems/unavailable"}'
            )
        else:
            route.continue_()

    visitor.page.route("**/answers/**", busy_twice)
    visitor.is_tall(178)

    visitor.is_asked("Wofür")
    assert tries == ["PUT", "PUT", "PUT"]


def test_a_double_click_answers_one_question_once(visitor):
    visitor.asks_for_advice()
    sent = []
    visitor.page.on("request", lambda request: sent.append(request.url) if "/answers/" in request.url else None)
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")
    sent.clear()

    visitor.advisor.get_by_role("button", name="Ich fange gerade an").dblclick()
    visitor.is_asked("Wie groß")
    visitor.page.wait_for_timeout(300)

    assert [each.rsplit("/", 1)[1] for each in sent] == ["experience"]
    assert visitor.question == "Wie groß bist du?"


def test_an_impatient_double_click_does_not_answer_the_question_that_follows(visitor):
    visitor.asks_for_advice()
    visitor.presses("not_sure")
    visitor.is_asked("Wie viel Erfahrung")
    visitor.presses("Ich fahre viel und gern schnell")
    for question in ("Wie groß", "Wofür", "Welche Bremsen"):
        visitor.is_asked(question)
        visitor.presses("not_sure")
    visitor.is_asked("Woraus soll der Rahmen sein")
    box = visitor.advisor.get_by_role("button", name="Carbon, leicht").bounding_box()

    visitor.page.mouse.move(box["x"] + 20, box["y"] + 20)
    for count in (1, 2):
        visitor.page.mouse.down(click_count=count)
        visitor.page.mouse.up(click_count=count)
        visitor.is_asked("Wie möchtest du schalten")
    visitor.page.wait_for_timeout(300)

    assert visitor.question == "Wie möchtest du schalten?"


def held(visitor):
    """Keeps answers on their way; gives those that wait."""
    waiting = []
    visitor.page.route("**/answers/**", lambda route: waiting.append(route))  # noqa: PLW0108 - no built-in
    return waiting


def test_while_an_answer_is_under_way_the_question_shows_it_and_takes_no_other(visitor):
    with_two_answers(visitor)
    waiting = held(visitor)
    visitor.is_tall(178)
    asked = visitor.advisor.locator("[part=dialogue]")
    expect(asked).to_have_attribute("aria-busy", "true")

    visitor.advisor.get_by_role("button", name="Weiß ich nicht").click()
    waiting[0].continue_()

    visitor.is_asked("Wofür")
    expect(asked).not_to_have_attribute("aria-busy", "true")
    assert visitor.answers[-1] == "178 cm"
    assert len(waiting) == 1


def test_a_product_chosen_while_an_answer_is_under_way_stays_chosen(visitor):
    with_two_answers(visitor)
    waiting = held(visitor)
    visitor.is_tall(178)
    expect(visitor.advisor.locator("[part=dialogue]")).to_have_attribute("aria-busy", "true")

    visitor.advisor.get_by_role("button", name="Das nehme ich").first.click()
    visitor.advisor.get_by_text("Deine Wahl").wait_for()
    waiting[0].continue_()

    expect(visitor.advisor.locator("[part=answers] dd")).to_have_count(3)
    expect(visitor.advisor.get_by_text("Deine Wahl")).to_be_visible()


def test_an_expired_session_begins_again_with_the_answers_kept(visitor):
    with_two_answers(visitor)
    kept = json.loads(visitor.page.evaluate(f"localStorage.getItem('{key_of(visitor)}')"))
    kept["token"] = "bgs_" + "x" * 43
    visitor.page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key_of(visitor), json.dumps(kept)])

    visitor.is_tall(178)

    visitor.is_asked("Wofür")
    expect(visitor.advisor.locator("[part=notice]")).to_contain_text("Dein Besuch war abgelaufen")
    assert visitor.answers == ["bis 2.000 €", "Ich fange gerade an", "178 cm"]


def key_of(visitor):
    return visitor.page.evaluate("Object.keys(localStorage).find(key => key.startsWith('begleiter:'))")


def test_two_tabs_go_through_one_dialogue(visitor):
    with_two_answers(visitor)
    first, visitor.page = visitor.page, visitor.new_tab()
    visitor.asks_for_advice()
    visitor.is_asked("Wie groß")
    visitor.is_tall(178)
    visitor.is_asked("Wofür")

    visitor.page = first
    first.bring_to_front()

    visitor.is_asked("Wofür")
    assert visitor.answers == ["bis 2.000 €", "Ich fange gerade an", "178 cm"]


def test_starting_again_forgets_every_answer(visitor):
    with_two_answers(visitor)

    visitor.presses("Neu anfangen")

    visitor.is_asked("Wie viel möchtest du")
    assert visitor.answers == []
    visitor.page.reload()
    visitor.is_asked("Wie viel möchtest du")


def test_without_storage_advice_works_until_the_page_is_left(visitor):
    visitor.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError') }})"
    )

    with_two_answers(visitor)

    assert visitor.answers == ["bis 2.000 €", "Ich fange gerade an"]


def test_a_slow_answer_is_said_to_take_longer(visitor):
    with_two_answers(visitor)
    waiting = held(visitor)

    visitor.is_tall(178)

    visitor.advisor.get_by_text("Das dauert länger als sonst").wait_for()
    waiting[0].continue_()
    visitor.is_asked("Wofür")
    expect(visitor.advisor.locator("[part=notice]")).to_be_hidden()


def test_a_questionnaire_that_does_not_exist_is_said_to_be_out_of_reach(visitor):
    visitor.page.route("**/v1/sessions", lambda route: route.fulfill(status=404, body="{}"))

    visitor.go("/demo/advice/road-bike")

    visitor.advisor.get_by_text("Die Beratung ist gerade nicht erreichbar").wait_for()
