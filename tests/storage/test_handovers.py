"""Handover codes on each engine: one use whoever comes at the same time, and few wrong ones."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.advice.handover import (
    CODES_AN_HOUR,
    GOOD_FOR,
    HOUR,
    WRONG_CODES,
    WRONG_CODES_WITHIN,
    TooManyCodes,
    TooManyGuesses,
    UnknownCode,
    part_of,
    taken_over,
)
from service.advice.session import Session, UnknownSession
from service.advice.shelf import UnknownQuestionnaire
from service.privacy.credentials import new_token
from service.privacy.shoppers import UnknownShopper
from service.storage.database import open_database
from service.storage.handovers import SqlHandovers
from service.storage.sessions import SqlSessions
from service.storage.shoppers import SqlShoppers
from service.storage.tables import handover, session, wrong_code
from tests.builders import DAY, NOW, a_shopper_id

ME = a_shopper_id(1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def handovers(database):
    return SqlHandovers(database)


@pytest.fixture
def sessions(database):
    return SqlSessions(database)


def a_session(name="s1", **changed):
    made = Session(name, "road-bike", "1", "de", "web", {"budget": {"to": 2000}}, None, NOW, NOW, NOW + 2 * DAY, 0)
    return replace(made, **changed)


@pytest.fixture
def begun(sessions):
    sessions.start(a_session(), "token")


def begin(number=2, by=None, at=NOW):
    return lambda handed: taken_over(handed, session_id=f"s{number}", by=by, at=at, lifetime=2 * DAY)


def rows(database, table):
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def test_a_code_leads_to_a_session_of_its_own_with_the_answers_so_far(handovers, sessions, begun):
    handovers.offer("s1", "hash", at=NOW)
    sessions.answer("s1", "height", 178, at=NOW)

    new = handovers.redeem("hash", begin(), "new token", by=None, at=NOW)

    assert new.answers == {"budget": {"to": 2000}, "height": 178}
    assert sessions.find("s2", "new token", at=NOW) == new
    with pytest.raises(UnknownSession):
        sessions.find("s2", "token", at=NOW)
    sessions.answer("s2", "height", 160, at=NOW)
    assert sessions.find("s1", "token", at=NOW).answers["height"] == 178


def test_a_code_is_good_once_and_for_ten_minutes(handovers, begun):
    until = handovers.offer("s1", "used", at=NOW)
    handovers.redeem("used", begin(2), "t2", by=None, at=until - INSTANT)
    handovers.offer("s1", "over", at=NOW)

    assert until == NOW + GOOD_FOR
    for code, at in (("used", NOW), ("over", NOW + GOOD_FOR), ("never made", NOW)):
        with pytest.raises(UnknownCode):
            handovers.redeem(code, begin(3), "t3", by=None, at=at)


def test_a_newer_code_ends_an_older_one(handovers, begun):
    handovers.offer("s1", "older", at=NOW)
    handovers.offer("s1", "newer", at=NOW)

    with pytest.raises(UnknownCode):
        handovers.redeem("older", begin(), "t2", by=None, at=NOW)
    assert handovers.redeem("newer", begin(), "t2", by=None, at=NOW)


def test_of_many_workers_with_one_code_one_gets_a_session(database_url, handovers, begun, database):
    workers = [SqlHandovers(open_database(database_url)) for _ in range(2)]
    for turn in range(10):
        handovers.offer("s1", f"hash {turn}", at=NOW + turn * HOUR / 5)
        together = threading.Barrier(6)

        def redeem(number, turn=turn, together=together):
            together.wait()
            try:
                at = NOW + turn * HOUR / 5
                workers[number % 2].redeem(
                    f"hash {turn}", begin(f"{turn}-{number}", at=at), new_token("session"), by=None, at=at
                )
            except UnknownCode:
                return 0
            return 1

        with ThreadPoolExecutor(6) as threads:
            assert sum(threads.map(redeem, range(6))) == 1
    assert rows(database, session) == 11
    for worker in workers:
        worker._database.close()


def test_offering_codes_and_using_them_at_the_same_time_do_not_entangle(database_url, begun):
    rounds = 40
    codes = [[f"{letter}{turn} right" for turn in range(rounds)] for letter in "ab"]
    offering, using = (SqlHandovers(open_database(database_url)) for _ in range(2))
    together = threading.Barrier(2, timeout=20)

    def offers():
        for turn, pair in enumerate(zip(*codes, strict=True)):
            offering.offer("s1", pair[0], at=NOW + turn * HOUR / 5)
            together.wait()
            offering.offer("s1", pair[1], at=NOW + turn * HOUR / 5)
            together.wait()

    def uses():
        used = 0
        for turn in range(rounds):
            at = NOW + turn * HOUR / 5
            together.wait()
            try:
                using.redeem(codes[0][turn], begin(f"turn {turn}", at=at), f"t{turn}", by=None, at=at)
                used += 1
            except UnknownCode:
                pass
            together.wait()
        return used

    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(each) for each in (offers, uses)]
        outcomes = [each.result(timeout=120) for each in done]

    assert 0 <= outcomes[1] <= rounds
    for worker in (offering, using):
        worker._database.close()


def test_a_code_of_a_session_that_ended_opens_nothing(handovers, sessions, begun):
    sessions.start(a_session("short", expires_at=NOW + timedelta(minutes=1)), "t")
    handovers.offer("s1", "gone", at=NOW)
    handovers.offer("short", "over", at=NOW)
    sessions.end("s1")

    for code in ("gone", "over"):
        with pytest.raises(UnknownCode):
            handovers.redeem(code, begin(), "t2", by=None, at=NOW + timedelta(minutes=2))


def test_a_session_that_is_not_there_is_not_handed_over(handovers, begun):
    for name, at in (("nothing", NOW), ("s1", NOW + 2 * DAY)):
        with pytest.raises(UnknownSession):
            handovers.offer(name, "hash", at=at)


def test_a_session_gets_few_codes_an_hour(handovers, begun):
    for number in range(CODES_AN_HOUR):
        handovers.offer("s1", f"hash {number}", at=NOW + number * INSTANT)

    with pytest.raises(TooManyCodes) as refused:
        handovers.offer("s1", "one more", at=NOW + HOUR / 2)

    assert refused.value.seconds == 1800
    assert handovers.offer("s1", "later", at=NOW + HOUR)


def guess_wrongly(handovers, part, times=WRONG_CODES, at=NOW):
    for number in range(times):
        with pytest.raises(UnknownCode):
            handovers.redeem(f"{part} {number}", begin(at=at), "t2", by=None, at=at)


def test_after_many_wrong_codes_of_a_part_none_of_it_is_tried_until_the_time_is_over(handovers, begun):
    handovers.offer("s1", "abc right", at=NOW)
    guess_wrongly(handovers, "abc")

    with pytest.raises(TooManyGuesses) as refused:
        handovers.redeem("abc right", begin(), "t2", by=None, at=NOW)

    assert refused.value.seconds == WRONG_CODES_WITHIN.total_seconds()
    handovers.offer("s1", "abc another", at=NOW + WRONG_CODES_WITHIN)
    assert handovers.redeem("abc another", begin(), "t2", by=None, at=NOW + WRONG_CODES_WITHIN)


def test_who_sends_wrong_codes_stops_nobody_whose_code_is_of_another_part(handovers, begun):
    handovers.offer("s1", "fed right", at=NOW)
    for part in ("abc", "abd", "fee"):
        guess_wrongly(handovers, part)

    assert handovers.redeem("fed right", begin(), "t2", by=None, at=NOW)


def test_many_guessers_at_once_get_no_more_tries_than_one(database_url, handovers, begun, database):
    workers = [SqlHandovers(open_database(database_url)) for _ in range(2)]

    def guess(number):
        try:
            workers[number % 2].redeem(f"wrong {number}", begin(), "t2", by=None, at=NOW)
        except UnknownCode:
            return 1
        except TooManyGuesses:
            return 0

    with ThreadPoolExecutor(8) as threads:
        tried = sum(threads.map(guess, range(WRONG_CODES + 40)))

    assert tried == WRONG_CODES
    for worker in workers:
        worker._database.close()


def test_right_codes_count_for_nothing_and_old_counts_go(handovers, begun, database):
    for turn in range(3):
        at = NOW + turn * WRONG_CODES_WITHIN
        with pytest.raises(UnknownCode):
            handovers.redeem("wrong", begin(), "t", by=None, at=at)
        handovers.offer("s1", f"hash {turn}", at=at)
        handovers.redeem(f"hash {turn}", begin(f"new {turn}", at=at), f"t{turn}", by=None, at=at)

    with database.reading() as connection:
        counted = {row.part: row.count for row in connection.execute(select(wrong_code))}
    assert counted == {part_of("wrong"): 1, part_of("hash"): 0}


def test_a_code_stays_good_if_the_new_session_cannot_begin(handovers, begun, database):
    handovers.offer("s1", "hash", at=NOW)

    def refuse(handed):
        raise UnknownQuestionnaire("road-bike")

    with pytest.raises(UnknownQuestionnaire):
        handovers.redeem("hash", refuse, "t2", by=None, at=NOW)

    assert rows(database, session) == 1
    assert handovers.redeem("hash", begin(), "t2", by=None, at=NOW)


def test_a_shopper_who_is_gone_goes_on_nowhere(handovers, begun):
    handovers.offer("s1", "hash", at=NOW)

    with pytest.raises(UnknownShopper):
        handovers.redeem("hash", begin(by=ME), "t2", by=ME, at=NOW)


def test_a_shoppers_own_session_goes_on_as_theirs(handovers, sessions, database):
    SqlShoppers(database).ensure(ME, at=NOW)
    sessions.start(a_session(subject=ME), "token")
    handovers.offer("s1", "hash", at=NOW)

    handovers.redeem("hash", begin(by=ME), "t2", by=ME, at=NOW)

    assert sessions.find("s2", "t2", at=NOW).subject == ME


def test_the_row_of_a_handover_goes_with_its_session(handovers, sessions, begun, database):
    handovers.offer("s1", "hash", at=NOW)

    sessions.end("s1")

    assert rows(database, handover) == 0
