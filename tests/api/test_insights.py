"""How dialogues go, counted without anybody in it."""

import json
from datetime import timedelta

import pytest

from service.storage.database import open_database
from service.storage.tables import insight

HOURS = timedelta(hours=49)


@pytest.fixture
def written(api):
    """Lets the worker's thread do all that it does beside requests."""

    def do():
        for chore in reversed(api.client.application.extensions["begleiter"].chores):
            chore.do()

    return do


@pytest.fixture
def figures(api, keys, written):
    """What the operator sees, after it was written."""

    def ask(query=""):
        written()
        reply = api.get(f"/v1/insights/road-bike{query}", token=keys["operator"])
        assert reply.status_code == 200
        return reply.json

    return ask


def a_dialogue(api, *answers, choose=None):
    begun = api.post("/v1/sessions", {"questionnaire": "road-bike"}).json
    path = f"/v1/sessions/{begun['id']}/answers/"
    for question, value in answers:
        if value is None:
            api.delete(path + question, token=begun["token"])
        else:
            api.put(path + question, {"value": value}, token=begun["token"])
    if choose:
        api.post("/v1/questionnaires/road-bike/choices", {"sku": choose})
    return begun


def question(figures, name):
    (version,) = figures["versions"]
    return next(each for each in version["questions"] if each["id"] == name)


def test_questions_are_counted_as_shown_answered_not_sure_and_taken_back(api, figures):
    for _ in range(5):
        a_dialogue(api, ("budget", {"to": 2000}), ("use", ["daily"]), ("use", None), ("use", "not_sure"))

    found = figures()

    (version,) = found["versions"]
    assert (version["version"], version["in_force"]) == (
        api.get("/v1/questionnaires/road-bike").json["version"],
        True,
    )
    budget, use = question(found, "budget"), question(found, "use")
    assert (budget["shown"], budget["answered"], budget["options"]) == (5, 5, [])
    assert (use["shown"], use["answered"], use["not_sure"], use["taken_back"]) == (10, 5, 5, 5)
    assert use["options"] == [{"id": "daily", "answered": 5}]


def test_a_conflict_and_the_way_out_are_counted(api, figures):
    for _ in range(5):
        a_dialogue(api, ("budget", {"to": 950}), ("use", ["racing"]), ("budget", None))

    found = figures()

    assert (question(found, "budget")["conflicts"], question(found, "use")["conflicts"]) == (5, 5)
    assert (question(found, "budget")["ways_out_taken"], question(found, "use")["ways_out_taken"]) == (5, 0)


def test_a_way_out_that_refuses_the_profiles_answer_is_counted(api, keys, folder, shopper, figures):
    asked = folder / "questionnaires" / "road-bike.yaml"
    asked.write_text(asked.read_text().replace("effect: require", "effect: filter"))
    api.looks_at_the_files()
    notice = {"id": "profile", "version": "2", "language": "de"}
    decision = {"attribute": "height_cm", "purpose": "advice_profile", "given": True}
    api.post("/v1/me/consent-events", {"notice": notice, "decisions": [decision]}, token=shopper)
    tall = {"attribute": "height_cm", "value": 190, "source": "crm", "source_ref": "a"}
    value = tall | {"collected_at": "2026-02-01T00:00:00Z"}
    api.put("/v1/shoppers/customer-1/attributes", {"values": [value]}, token=keys["shop"])

    for _ in range(5):
        begun = api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=shopper).json
        path = f"/v1/sessions/{begun['id']}/answers"
        api.put(f"{path}/use", {"value": ["racing"]}, token=begun["token"])
        for _ in range(2):  # the second one refuses what is refused already
            state = api.put(f"{path}/height", {"value": None}, token=begun["token"]).json
            assert state["conflict"] is None

    height = question(figures(), "height")
    assert (height["conflicts"], height["ways_out_taken"], height["taken_back"]) == (5, 5, 0)


def test_an_answer_that_is_replaced_by_a_refusal_is_taken_back(api, figures):
    for _ in range(5):
        begun = a_dialogue(api, ("height", 170))
        api.put(f"/v1/sessions/{begun['id']}/answers/height", {"value": None}, token=begun["token"])

    height = question(figures(), "height")

    assert (height["answered"], height["taken_back"], height["ways_out_taken"]) == (5, 5, 0)


def test_the_shortlist_at_the_end_and_the_product_chosen_are_counted(api, figures):
    for _ in range(6):
        a_dialogue(api, ("budget", {"to": 2000}), ("use", "not_sure"), ("height", "not_sure"), choose="RB-2-54")

    (version,) = figures()["versions"]

    assert version["shortlist_shown"] == 5
    assert version["products_chosen"] == [{"sku": "RB-2-54", "count": 5}]


def test_a_choice_outside_the_catalogue_is_not_counted(api, figures):
    assert api.post("/v1/questionnaires/road-bike/choices", {"sku": "RB-2-54"}).json == {"counted": True}
    assert api.post("/v1/questionnaires/road-bike/choices", {"sku": "secret"}).json == {"counted": False}
    assert api.post("/v1/questionnaires/kayak/choices", {"sku": "RB-2-54"}).status_code == 404


def test_stateless_advice_knows_what_was_shown_and_no_more(api, figures):
    for _ in range(5):
        api.post("/v1/advice", {"questionnaire": "road-bike", "answers": {"budget": {"to": 2000}}})

    use = question(figures(), "use")

    assert (use["shown"], use["answered"]) == (5, 0)


def test_where_a_session_was_left_is_known_when_it_has_expired(api, figures, clock, keys):
    for _ in range(5):
        begun = a_dialogue(api, ("budget", {"to": 2000}))
    a_dialogue(api, ("budget", {"to": 2000}), ("use", "not_sure"), ("height", "not_sure"))
    assert question(figures(), "use")["left_here"] == 0

    clock.goes_on(hours=49)

    assert question(figures(), "use")["left_here"] == 5
    assert question(figures(), "use")["left_here"] == 5
    assert api.get(f"/v1/sessions/{begun['id']}", token=begun["token"]).status_code == 404


@pytest.mark.parametrize(("goes_on_here_too", "left"), [(False, 5), (True, 10)])
def test_a_dialogue_that_went_on_elsewhere_is_left_there_alone(api, figures, clock, goes_on_here_too, left):
    for _ in range(5):
        begun = a_dialogue(api, ("budget", {"to": 2000}))
        path = f"/v1/sessions/{begun['id']}"
        code = api.post(f"{path}/handover", token=begun["token"]).json["code"]
        assert api.post(f"/v1/handovers/{code}").status_code == 201
        if goes_on_here_too:
            api.put(f"{path}/answers/budget", {"value": {"to": 1900}}, token=begun["token"])

    clock.goes_on(hours=49)

    assert question(figures(), "use")["left_here"] == left


def test_a_code_that_nobody_used_leaves_a_dialogue_where_it_is(api, figures, clock):
    for _ in range(5):
        begun = a_dialogue(api, ("budget", {"to": 2000}))
        api.post(f"/v1/sessions/{begun['id']}/handover", token=begun["token"])

    clock.goes_on(hours=49)

    assert question(figures(), "use")["left_here"] == 5


def test_figures_are_rounded_down_so_that_none_tells_of_a_single_person(api, figures):
    for _ in range(9):
        a_dialogue(api, ("budget", {"to": 2000}))

    found = figures()

    assert (found["rounded_to"], question(found, "budget")["answered"]) == (5, 5)


def test_days_are_counted_apart(api, figures, clock):
    for _ in range(5):
        a_dialogue(api, ("budget", {"to": 2000}))
    first = clock.now.date()
    figures()
    clock.goes_on(days=1)
    for _ in range(10):
        a_dialogue(api)

    assert question(figures(f"?from={first}&to={first}"), "budget")["shown"] == 5
    assert question(figures(f"?from={clock.now.date()}"), "budget")["shown"] == 10
    assert question(figures(), "budget")["shown"] == 15


@pytest.mark.parametrize("query", ["?from=2026-03-02&to=2026-03-01", "?from=soon"])
def test_days_that_make_no_sense_are_refused(api, keys, query):
    assert api.get(f"/v1/insights/road-bike{query}", token=keys["operator"]).status_code == 422


def test_insights_are_for_the_operator_alone(api, keys):
    assert api.get("/v1/insights/road-bike").status_code == 401
    assert api.get("/v1/insights/road-bike", token=keys["shop"]).status_code == 401
    assert api.get("/v1/insights/kayak", token=keys["operator"]).status_code == 404


def test_no_row_names_a_session_a_shopper_or_a_value(api, folder, figures, shopper):
    begun = api.post("/v1/sessions", {"questionnaire": "road-bike"}, token=shopper).json
    api.put(f"/v1/sessions/{begun['id']}/answers/budget", {"value": {"to": 1234.5}}, token=begun["token"])
    figures()

    database = open_database(f"sqlite:///{folder}/begleiter.sqlite3")
    with database.reading() as connection:
        rows = [tuple(row) for row in connection.execute(insight.select())]
    database.close()

    told = json.dumps(rows)
    assert rows
    assert not [secret for secret in (begun["id"], begun["token"], shopper, "customer-1", "1234") if secret in told]


def test_what_cannot_be_written_now_is_written_later(api, figures, written, log_stream, monkeypatch):
    from service.storage.database import StorageFailed  # noqa: PLC0415
    from service.storage.insights import SqlInsights  # noqa: PLC0415

    def fails(*_):
        raise StorageFailed("OperationalError: locked")

    a_dialogue(api)
    with monkeypatch.context() as broken:
        broken.setattr(SqlInsights, "add", fails)
        written()
    for _ in range(4):
        a_dialogue(api)

    assert question(figures(), "budget")["shown"] == 5
    assert b"chore failed" in log_stream.getvalue()


@pytest.fixture
def adaptive(folder, api):
    path = folder / "questionnaires" / "road-bike.yaml"
    path.write_text(path.read_text().replace("same_product: model", "same_product: model\norder: adaptive"))
    api.looks_at_the_files()


def first_question(api):
    return api.post("/v1/advice", {"questionnaire": "road-bike", "answers": {}}).json["question"]["id"]


def test_adaptive_order_puts_off_what_shoppers_could_not_answer_from_the_next_day_on(api, adaptive, written, clock):
    first = first_question(api)
    for _ in range(100):
        a_dialogue(api, (first, "not_sure"))
    written()
    assert first_question(api) == first

    clock.goes_on(days=1)
    written()

    assert first_question(api) != first


def test_adaptive_order_does_not_follow_a_few_shoppers(api, adaptive, written, clock):
    first = first_question(api)
    for _ in range(99):
        a_dialogue(api, (first, "not_sure"))
    written()
    clock.goes_on(days=1)
    written()

    assert first_question(api) == first


def test_an_answer_of_several_options_is_one_answer(api, figures):
    for _ in range(5):
        a_dialogue(api, ("use", ["daily", "racing"]))

    assert question(figures(), "use")["answered"] == 5
