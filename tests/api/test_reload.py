"""Files that change while the service runs: taken whole, or refused with the reason while the old ones stay."""

import json
import os

import pytest

from tests.api.conftest import PRIVACY_YAML, PRODUCTS_CSV, QUESTIONNAIRE

ADVICE = {"questionnaire": "road-bike", "answers": {}}
LINES = PRODUCTS_CSV.splitlines(keepends=True)
FEWER = "".join(line for line in LINES if not line.startswith(("RB-1-58", "RB-3-54")))


@pytest.fixture
def change(folder):
    """Replaces a file as a careful tool does: written beside, then renamed."""

    def replace(name, text):
        path = folder / name
        beside = path.with_suffix(".new")
        beside.write_text(text)
        beside.rename(path)

    return replace


def refused_by(api):
    ready = api.get("/ready")
    assert ready.status_code == 200
    return ready.json["catalogue"]["refused"] + ready.json["questionnaires"]["refused"]


def remaining(api):
    return api.post("/v1/advice", ADVICE).json["remaining"]


def logged(log_stream, event):
    return [line for line in map(json.loads, log_stream.getvalue().splitlines()) if line["event"] == event]


def test_new_products_are_served_without_a_restart(api, change):
    change("shop/products.csv", PRODUCTS_CSV + "RB-4-54,Rennrad Vier,,road_bike,100.00,four,daily,165,180,yes\n")

    api.looks_at_the_files()

    state = api.post("/v1/advice", ADVICE).json
    assert (state["remaining"], state["shortlist"][0]["sku"]) == (4, "RB-4-54")
    assert api.get("/ready").json["catalogue"]["products"] == 6
    assert refused_by(api) == []


def test_a_questionnaire_is_changed_added_and_withdrawn(api, change, folder):
    change("questionnaires/road-bike.yaml", QUESTIONNAIRE.replace("How much?", "Your budget?"))
    change("questionnaires/other.yaml", QUESTIONNAIRE.replace("questionnaire: road-bike", "questionnaire: other"))
    api.looks_at_the_files()

    assert api.post("/v1/advice", ADVICE | {"locale": "en"}).json["question"]["text"] == "Your budget?"
    assert api.get("/ready").json["questionnaires"]["published"] == ["other", "road-bike"]

    (folder / "questionnaires" / "other.yaml").unlink()
    api.looks_at_the_files()

    assert api.get("/ready").json["questionnaires"]["published"] == ["road-bike"]


@pytest.mark.parametrize(
    "broken",
    [
        "questionnaire: road-bike\nquestions: [",
        QUESTIONNAIRE.replace("attribute: price", "attribute: prize"),
        QUESTIONNAIRE.replace("[racing]", "[raceing]"),
        "",
    ],
)
def test_a_broken_edit_leaves_the_last_good_version_serving(api, change, log_stream, broken):
    before = api.post("/v1/advice", ADVICE).data

    change("questionnaires/road-bike.yaml", broken)
    api.looks_at_the_files()

    assert api.post("/v1/advice", ADVICE).data == before
    assert "road-bike.yaml" in refused_by(api)[0]
    assert "road-bike.yaml" in logged(log_stream, "refused")[-1]["complaint"]
    assert 'begleiter_refused{code="BG-' in api.get("/metrics").data.decode()

    change("questionnaires/road-bike.yaml", QUESTIONNAIRE)
    api.looks_at_the_files()

    assert refused_by(api) == []
    figures = api.get("/metrics").data.decode()
    assert all(line.endswith(" 0.0") for line in figures.splitlines() if line.startswith("begleiter_refused{"))


def test_a_feed_that_lost_too_many_products_is_refused(api, change, log_stream):
    change("shop/products.csv", FEWER)

    api.looks_at_the_files()

    assert remaining(api) == 3
    assert "BG-S040 2 of 5 products are gone" in refused_by(api)[0]
    assert 'begleiter_refused{code="BG-S040",part="catalogue"} 1.0' in api.get("/metrics").data.decode()
    assert "BG-S040" in logged(log_stream, "refused")[-1]["complaint"]


def test_how_much_a_feed_may_lose_is_a_setting(serve, change):
    api = serve(feed_may_lose=50)
    change("shop/products.csv", FEWER)

    api.looks_at_the_files()

    assert (remaining(api), refused_by(api)) == (2, [])


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda csv: csv.replace("900.00", "cheap", 1), "BG-S024"),
        (lambda csv: csv[:-30], "BG-S015"),
        (lambda csv: csv.replace("racing", "gravel"), "BG-S041"),
    ],
)
def test_a_feed_that_is_broken_or_breaks_a_questionnaire_is_refused(api, change, edit, code):
    before = api.post("/v1/advice", ADVICE).data

    change("shop/products.csv", edit(PRODUCTS_CSV))
    api.looks_at_the_files()

    assert api.post("/v1/advice", ADVICE).data == before
    assert code in refused_by(api)[0]

    change("shop/products.csv", PRODUCTS_CSV.replace("3900", "3800"))
    api.looks_at_the_files()

    assert refused_by(api) == []
    assert api.post("/v1/advice", ADVICE).data != before


def test_a_catalogue_and_its_questionnaire_may_change_together_in_any_order(api, change):
    change("shop/products.csv", PRODUCTS_CSV.replace("racing", "gravel"))
    api.looks_at_the_files()
    assert refused_by(api) != []

    change("questionnaires/road-bike.yaml", QUESTIONNAIRE.replace("racing", "gravel"))
    api.looks_at_the_files()

    assert refused_by(api) == []
    assert api.post("/v1/advice", ADVICE | {"answers": {"use": ["gravel"]}}).json["remaining"] == 2


def test_a_catalogue_must_suit_the_version_that_a_broken_edit_leaves_in_force(api, change):
    change("questionnaires/road-bike.yaml", "nonsense")
    change("shop/products.csv", PRODUCTS_CSV.replace("racing", "gravel"))

    api.looks_at_the_files()

    assert any("BG-S041" in complaint for complaint in refused_by(api))
    assert api.post("/v1/advice", ADVICE | {"answers": {"use": ["racing"]}}).json["remaining"] == 2


def test_a_file_is_not_taken_while_it_is_being_written(api, folder):
    path = folder / "shop" / "products.csv"
    chore = api.client.application.extensions["begleiter"].chores[0]
    lines = (PRODUCTS_CSV + "RB-4-54,Rennrad Vier,,road_bike,100.00,four,daily,165,180,yes\n").splitlines(keepends=True)

    with path.open("w") as file:
        for number, line in enumerate(lines):
            file.write(line)
            file.flush()
            os.utime(path, ns=(number, number))
            chore.do()
            assert (remaining(api), refused_by(api)) == (3, [])

    chore.do()
    assert remaining(api) == 4


def test_a_file_that_changes_while_it_is_read_is_read_again(api, folder, change, monkeypatch):
    from service.shopfront.opening import Opening  # noqa: PLC0415  to stand between looking and reading

    after = Opening.after

    def interrupted(*given):
        taken = after(*given)
        os.utime(folder / "shop" / "products.csv", ns=(7, 7))
        return taken

    change("shop/products.csv", PRODUCTS_CSV.replace("3900", "3800"))
    monkeypatch.setattr(Opening, "after", interrupted)
    version = api.get("/ready").json["catalogue"]["version"]
    api.looks_at_the_files()
    assert api.get("/ready").json["catalogue"]["version"] == version

    monkeypatch.setattr(Opening, "after", after)
    api.looks_at_the_files()

    assert api.get("/ready").json["catalogue"]["version"] != version


def test_a_request_keeps_the_shopfront_that_it_began_with(api, change):
    rooms = api.client.application.extensions["begleiter"]
    begun_with = rooms.shopfront()

    change("shop/products.csv", PRODUCTS_CSV.replace("3900", "3800"))
    api.looks_at_the_files()

    assert rooms.shopfront() is not begun_with
    assert begun_with.catalogue.find("RB-3-54").price == 3900.0
    assert begun_with.questionnaires.get("road-bike").catalogue is begun_with.catalogue


def test_a_register_is_taken_or_refused_by_itself(api, change):
    change("shop/privacy.yaml", "purposes: nonsense")
    api.looks_at_the_files()

    assert "privacy.yaml" in refused_by(api)[0]
    assert [each["id"] for each in api.get("/v1/attributes").json["attributes"]] == ["height_cm", "riding_style"]

    change("shop/privacy.yaml", PRIVACY_YAML.replace("Körpergröße", "Größe"))
    api.looks_at_the_files()

    assert refused_by(api) == []
    assert "Größe" in [each["label"] for each in api.get("/v1/attributes?locale=de").json["attributes"]]


def test_anybody_may_see_which_file_was_refused_and_only_the_log_says_where_it_lies(api, folder, change, log_stream):
    change("shop/privacy.yaml", "purposes: nonsense")
    change("questionnaires/road-bike.yaml", "nonsense")
    change("shop/products.csv", PRODUCTS_CSV.replace("racing", "gravel"))
    api.looks_at_the_files()

    told = refused_by(api)

    for file in ("privacy.yaml", "road-bike.yaml", "products.csv"):
        assert any(complaint.startswith(f"{file}:") for complaint in told)
    assert str(folder) not in " ".join(told)
    assert str(folder) in log_stream.getvalue().decode()


def test_a_register_whose_notice_was_altered_under_its_version_is_refused(api, change, log_stream):
    change("shop/privacy.yaml", PRIVACY_YAML + "\n")
    api.looks_at_the_files()

    change("shop/privacy.yaml", PRIVACY_YAML.replace("de: Hinweis.", "de: Ein anderer Hinweis."))
    api.looks_at_the_files()

    assert "BG-P040" in refused_by(api)[0]
    assert api.get("/v1/notices/profile/2?locale=de").json["text"] == "Hinweis."


def test_whatever_goes_wrong_inside_is_logged_and_the_old_files_stay(api, change, log_stream, monkeypatch):
    monkeypatch.setattr("service.shopfront.opening.load_catalogue", lambda folder: folder.no_such_thing)
    change("shop/products.csv", PRODUCTS_CSV.replace("3900", "3800"))

    api.looks_at_the_files()

    assert remaining(api) == 3
    assert logged(log_stream, "reload failed")[-1]["error"] == "AttributeError"


def test_nothing_is_read_again_while_nothing_changes(api, monkeypatch):
    monkeypatch.setattr("service.shopfront.opening.Opening.after", lambda *_: pytest.fail("read again"))

    api.looks_at_the_files()
    api.looks_at_the_files()
