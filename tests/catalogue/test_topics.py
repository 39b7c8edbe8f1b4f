"""Sensitive topics are told by a category's words, unless the shop says otherwise openly."""

import pytest

from service.catalogue.shop import read_shop
from service.catalogue.topics import SENSITIVE_TOPICS, topics_of
from service.documents.problem import Complaints, Refused
from tests.builders import SHOP_YAML, a_shop_folder


def a_category(folder, said, noted=None):
    yaml = SHOP_YAML.replace("attributes:\n", f"  it: {{{said}}}\nattributes:\n", 1)
    return read_shop(a_shop_folder(folder, shop=yaml), noted).categories["it"]


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        ("Gesundheit", "health"),
        ("Health & beauty", "health"),
        ("Blutdruckmessgeräte", "health"),
        ("Hörgeräte", "health"),
        ("Psychologie", "mental_health"),
        ("Kondome", "sexuality"),
        ("Gay & lesbian books", "sexuality"),
        ("Schwangerschaftsmode", "pregnancy"),
        ("Maternity wear", "pregnancy"),
        ("Religiöse Bücher", "religion"),
        ("Bibles", "religion"),
        ("Esoterik", "belief"),
        ("Politics", "politics"),
        ("Politische Bücher", "politics"),
        ("Ethnic hair care", "ethnic_origin"),
        ("Gewerkschaftsbedarf", "trade_union"),
        ("Tabakwaren", "addiction"),
        ("Gambling", "addiction"),
        ("Trauerkarten", "grief"),
        ("Schuldnerberatung", "debt"),
        ("DNA-Tests", "biometrics"),
    ],
)
def test_a_category_counts_as_sensitive_by_its_words_in_german_and_english(tmp_path, label, topic):
    category = a_category(tmp_path, f'label: "{label}"')

    assert (category.topics, category.sensitive) == ((topic,), True)


@pytest.mark.parametrize(
    "label",
    [
        "Politur",
        "Werkzeug und Pflege",
        "Birthday cards",
        "Rennräder",
        "Race bikes",
        "Sextants",
        "Grab handles",
        "Cookers",
    ],
)
def test_words_that_only_look_alike_count_for_nothing(tmp_path, label):
    category = a_category(tmp_path, f'label: "{label}"')

    assert (category.topics, category.sensitive) == ((), False)


def test_the_id_and_every_language_of_the_label_are_looked_at(tmp_path):
    assert topics_of(["pregnancy_wear"]) == ("pregnancy",)
    assert a_category(tmp_path, "label: {de: Bücher, en: Religion}").sensitive
    assert topics_of(["Jüdische Küche".replace("ü", "u\u0308")]) == ("religion",)


def test_the_shop_overrules_the_list_openly_and_what_it_leaves_open_is_noted(tmp_path):
    open_, noted = Complaints(), Complaints()

    said_no = a_category(tmp_path / "no", "label: Kondome, sensitive: no", open_)
    unsaid = a_category(tmp_path / "unsaid", "label: Kondome", noted)

    assert (said_no.sensitive, said_no.topics) == (False, ("sexuality",))
    assert unsaid.sensitive
    assert not open_.problems
    assert [(each.code, each.severity) for each in noted.problems] == [("BG-S008", "note")]


def test_a_topic_that_the_shop_names_counts_like_one_that_its_words_tell(tmp_path):
    own = a_category(tmp_path / "own", "label: Hygiene, topics: [intimate]")
    listed = a_category(tmp_path / "listed", "label: Hygiene, topics: [health]")

    assert (own.topics, own.sensitive) == (("intimate",), False)
    assert (listed.topics, listed.sensitive) == (("health",), True)
    with pytest.raises(Refused):
        a_category(tmp_path / "bad", "label: Hygiene, topics: [Not an id]")


def test_topics_and_categories_are_what_may_be_blocked(tmp_path):
    yaml = SHOP_YAML.replace("{de: Rennräder, en: Road bikes}", "Rad, topics: [sport]", 1)
    shop = read_shop(a_shop_folder(tmp_path, shop=yaml))

    assert {"sport", "road_bike", "strap", *SENSITIVE_TOPICS} == shop.topics
    assert shop.categories_of(["sport"]) == {"road_bike"}
    assert shop.categories_of(["strap", "health"]) == {"strap"}
    assert shop.categories_of([]) == frozenset()
