"""A code is made to be read aloud, and nothing but its keyed hash is kept."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from service.advice.handover import ALPHABET, GOOD_FOR, WRONG_CODES, WRONG_CODES_WITHIN, code_hash, new_code, taken_over
from service.advice.session import Session
from tests.builders import DAY, NOW, a_shopper_id

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ME, OTHER = a_shopper_id(1), a_shopper_id(2)


def a_session(**changed):
    answers = {"budget": {"to": 2000}, "height": None}
    made = Session("s1", "road-bike", "9f2c41d0", "de", "web", answers, None, NOW - DAY, NOW - DAY, NOW + DAY, 7)
    return replace(made, **changed)


def taken(handed, by):
    return taken_over(handed, session_id="s2", by=by, at=NOW, lifetime=2 * DAY)


def test_a_code_is_three_groups_of_three_consonants():
    assert all(re.fullmatch(f"[{ALPHABET}]{{3}}(-[{ALPHABET}]{{3}}){{2}}", new_code()) for _ in range(200))
    assert not set(ALPHABET) & set("AEIOUY01")


def test_codes_do_not_repeat_themselves():
    assert len({new_code() for _ in range(2_000)}) == 2_000


def test_guessing_a_code_takes_a_thousand_years_where_a_hundred_are_open_at_any_time():
    codes, open_at_a_time = len(ALPHABET) ** 9, 100
    windows_a_year = timedelta(days=365) / WRONG_CODES_WITHIN

    hits_a_year = windows_a_year * WRONG_CODES * open_at_a_time / codes

    assert 1 / hits_a_year > 950
    assert GOOD_FOR <= WRONG_CODES_WITHIN


@pytest.mark.parametrize("typed", ["bcd-fgh-jkl", "BCDFGHJKL", " bcd fgh jkl ", "BCD--FGH JKL"])
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert code_hash(typed, KEY) == code_hash("BCD-FGH-JKL", KEY)


def test_the_hash_hangs_on_the_key_and_on_every_letter():
    assert len({code_hash("BCD-FGH-JKL", KEY), code_hash("BCD-FGH-JKM", KEY), code_hash("BCD-FGH-JKL", OTHER_KEY)}) == 3


def test_the_answers_travel_and_the_new_session_has_a_time_of_its_own():
    new = taken(a_session(), None)

    assert (new.id, new.answers, new.questionnaire, new.version) == ("s2", a_session().answers, "road-bike", "9f2c41d0")
    assert (new.created_at, new.touched_at, new.expires_at, new.revision) == (NOW, NOW, NOW + 2 * DAY, 0)


@pytest.mark.parametrize(
    ("whose", "by", "then"),
    [(ME, ME, ME), (ME, OTHER, None), (ME, None, None), (None, ME, None), (None, None, None)],
)
def test_only_the_same_shopper_goes_on_as_themselves(whose, by, then):
    assert taken(a_session(subject=whose), by).subject == then
