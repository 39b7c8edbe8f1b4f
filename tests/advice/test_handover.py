"""A code is made to be read aloud, and nothing but its keyed hash is kept."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from service.advice.handover import (
    ALPHABET,
    GOOD_FOR,
    GROUP,
    GROUPS,
    PARTS,
    WRONG_CODES,
    WRONG_CODES_WITHIN,
    code_hash,
    new_code,
    part_of,
    taken_over,
)
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


def test_a_code_is_four_groups_of_three_consonants():
    assert all(re.fullmatch(f"[{ALPHABET}]{{3}}(-[{ALPHABET}]{{3}}){{3}}", new_code()) for _ in range(200))
    assert not set(ALPHABET) & set("AEIOUY01")


def test_codes_do_not_repeat_themselves():
    assert len({new_code() for _ in range(2_000)}) == 2_000


def test_guessing_a_code_takes_a_thousand_years_however_many_guess_and_where_a_hundred_are_open_at_any_time():
    codes, open_at_a_time = len(ALPHABET) ** (GROUPS * GROUP), 100
    windows_a_year = timedelta(days=365) / WRONG_CODES_WITHIN

    hits_a_year = windows_a_year * WRONG_CODES * PARTS * open_at_a_time / codes

    assert 1 / hits_a_year > 1_900
    assert GOOD_FOR <= WRONG_CODES_WITHIN


def test_stopping_everybody_takes_hundreds_of_wrong_codes_a_second():
    assert PARTS * WRONG_CODES / WRONG_CODES_WITHIN.total_seconds() > 680


def test_wrong_codes_fall_into_all_parts_alike_whatever_they_are():
    fallen = Counter(part_of(code_hash(f"wrong-{number}", KEY)) for number in range(200_000))

    assert len(fallen) == PARTS
    assert max(fallen.values()) <= WRONG_CODES  # in ten minutes: half of what it takes to stop anybody


@pytest.mark.parametrize("typed", ["bcd-fgh-jkl-mnp", "BCDFGHJKLMNP", " bcd fgh jkl mnp ", "BCD--FGH JKL MNP"])
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert code_hash(typed, KEY) == code_hash("BCD-FGH-JKL-MNP", KEY)


def test_the_hash_hangs_on_the_key_and_on_every_letter():
    assert (
        len(
            {
                code_hash("BCD-FGH-JKL-MNP", KEY),
                code_hash("BCD-FGH-JKL-MNQ", KEY),
                code_hash("BCD-FGH-JKL-MNP", OTHER_KEY),
            }
        )
        == 3
    )


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
