"""A questionnaire that changes while people are in it."""

import pytest

from tests.api.conftest import QUESTIONNAIRE

CHEAPER = QUESTIONNAIRE.replace("How much?", "How much a month?")
EXTRA = QUESTIONNAIRE.replace("How tall?", "How tall are you?")
BEFORE_USE, FROM_USE = QUESTIONNAIRE.split("  - id: use")
WITHOUT_USE = BEFORE_USE + FROM_USE[FROM_USE.index("  - id: height") :]


@pytest.fixture
def change(folder):
    def replace(api, text):
        beside = folder / "questionnaires" / "beside"
        beside.write_text(text)
        beside.rename(folder / "questionnaires" / "road-bike.yaml")
        api.looks_at_the_files()

    return replace


@pytest.fixture
def session(api):
    """A session with two answers."""
    begun = api.post("/v1/sessions", {"questionnaire": "road-bike", "locale": "en"}).json
    path = f"/v1/sessions/{begun['id']}"
    api.put(f"{path}/answers/budget", {"value": {"to": 2000}}, token=begun["token"])
    api.put(f"{path}/answers/use", {"value": ["daily"]}, token=begun["token"])
    return path, begun["token"]


def test_a_session_keeps_the_version_that_it_began_with_while_that_is_loaded(api, session, change):
    path, token = session
    version = api.get(path, token=token).json["questionnaire"]["version"]

    for edit in (CHEAPER, EXTRA, WITHOUT_USE):
        change(api, edit)

        state = api.get(path, token=token).json
        assert state["questionnaire"]["version"] == version
        assert (state["answers"], state["outdated"]) == ({"budget": {"to": 2000}, "use": ["daily"]}, [])
    assert api.post("/v1/sessions", {"questionnaire": "road-bike"}).json["state"]["questionnaire"]["version"] != version


def test_when_the_version_is_gone_unchanged_answers_stay_and_the_others_are_named(serve, api, session, change):
    path, token = session
    change(api, CHEAPER)

    state = serve().get(path, token=token).json  # another worker, or a restart

    assert state["answers"] == {"use": ["daily"]}
    assert state["outdated"] == ["budget"]
    assert state["question"]["id"] == "budget"


def test_a_question_that_went_away_is_named_too(serve, api, session, change):
    path, token = session
    change(api, WITHOUT_USE)

    state = serve().get(path, token=token).json

    assert (state["answers"], state["outdated"]) == ({"budget": {"to": 2000}}, ["use"])


def test_a_change_of_other_questions_touches_no_answer(serve, api, session, change):
    path, token = session
    change(api, EXTRA.replace("choose: many", "choose: many\n    effect: prefer\n    weight: high"))

    state = serve().get(path, token=token).json

    assert (state["answers"], state["outdated"]) == ({"budget": {"to": 2000}, "use": ["daily"]}, [])


def test_with_the_next_answer_the_session_belongs_to_the_version_in_force(serve, api, session, change):
    path, token = session
    change(api, CHEAPER)
    later = serve()
    version = later.get("/v1/questionnaires/road-bike").json["version"]

    state = later.put(f"{path}/answers/height", {"value": 170}, token=token).json
    assert (state["outdated"], state["questionnaire"]["version"]) == (["budget"], version)
    assert state["answers"] == {"use": ["daily"], "height": 170}

    state = later.put(f"{path}/answers/budget", {"value": {"to": 150}}, token=token).json
    assert (state["outdated"], state["answers"]["budget"]) == ([], {"to": 150})
    assert later.get(path, token=token).json == state


def test_only_the_last_few_versions_stay_loaded(api, session, change):
    path, token = session
    version = api.get(path, token=token).json["questionnaire"]["version"]

    for month in "abcd":
        change(api, CHEAPER.replace("month", month))

    state = api.get(path, token=token).json
    assert state["questionnaire"]["version"] != version
    assert state["outdated"] == ["budget"]


def test_the_earlier_version_is_held_over_the_catalogue_of_now(api, folder, session, change):
    path, token = session
    change(api, CHEAPER)
    products = folder / "shop" / "products.csv"
    products.write_text(products.read_text().replace("900.00", "800.00"))
    api.looks_at_the_files()

    state = api.get(path, token=token).json

    assert (state["outdated"], state["shortlist"][0]["price"]) == ([], 800.0)
