import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from service.advice.session import Session, UnknownSession
from service.privacy.credentials import BadToken, authenticate, new_token
from service.privacy.shoppers import UnknownShopper
from service.storage.credentials import SqlCredentials
from service.storage.sessions import SqlSessions
from service.storage.shoppers import SqlShoppers
from service.storage.tables import session
from tests.builders import NOW, a_shopper_id

HOUR = timedelta(hours=1)


def a_session(name="s1", **changed):
    new = Session(
        id=name,
        questionnaire="road-bike",
        version="9f2c41d0",
        locale="de",
        channel="web",
        answers={},
        subject=None,
        created_at=NOW,
        touched_at=NOW,
        expires_at=NOW + 48 * HOUR,
    )
    return replace(new, **changed)


@pytest.fixture
def sessions(database):
    return SqlSessions(database)


@pytest.fixture
def token(sessions):
    """Opens the session s1."""
    token = new_token("session")
    sessions.start(a_session(), token)
    return token


def test_a_session_is_found_by_its_token_as_it_was_started(sessions, token):
    assert sessions.find("s1", token, at=NOW) == a_session()


def test_a_session_may_belong_to_a_shopper(sessions, database):
    SqlShoppers(database).ensure(a_shopper_id(), at=NOW)
    token = new_token("session")

    sessions.start(a_session(subject=a_shopper_id()), token)

    assert sessions.find("s1", token, at=NOW).subject == a_shopper_id()


def test_a_session_of_an_unknown_shopper_is_not_started(sessions):
    with pytest.raises(UnknownShopper):
        sessions.start(a_session(subject=a_shopper_id()), new_token("session"))


@pytest.mark.parametrize(
    "value", ["beginner", ["daily", "long"], 178, {"from": 500, "to": None}, "not_sure", None, "\0ü"]
)
def test_an_answer_comes_back_as_it_was_given(sessions, token, value):
    changed = sessions.answer("s1", "q", value, at=NOW + HOUR)

    assert changed.answers == {"q": value}
    assert changed.touched_at == NOW + HOUR
    assert sessions.find("s1", token, at=NOW + HOUR) == changed


def test_answers_are_corrected_and_taken_back(sessions, token):
    sessions.answer("s1", "a", 1, at=NOW)
    sessions.answer("s1", "b", 2, at=NOW)
    sessions.answer("s1", "a", 3, at=NOW)

    sessions.take_back("s1", "b", at=NOW)
    sessions.take_back("s1", "never given", at=NOW)

    assert sessions.find("s1", token, at=NOW).answers == {"a": 3}


def test_each_change_counts_the_revision_up(sessions, token):
    sessions.answer("s1", "a", 1, at=NOW)

    assert sessions.take_back("s1", "a", at=NOW).revision == 2


def test_somebody_elses_token_opens_nothing(sessions, token):
    other = new_token("session")
    sessions.start(a_session("s2"), other)

    for session_id, wrong in (("s1", other), ("s2", token), ("s1", "bgs_x"), ("nothing\0", token)):
        with pytest.raises(UnknownSession):
            sessions.find(session_id, wrong, at=NOW)


def test_a_session_ends_at_its_own_time_even_if_its_token_lasts_longer(sessions, database, token):
    with database.writing() as connection:
        connection.execute(update(session).values(expires_at=NOW + HOUR))

    assert sessions.find("s1", token, at=NOW + HOUR - timedelta(microseconds=1))
    with pytest.raises(UnknownSession):
        sessions.find("s1", token, at=NOW + HOUR)


def test_a_session_ends_on_time_for_reading_and_writing(sessions, token):
    end = NOW + 48 * HOUR

    assert sessions.find("s1", token, at=end - timedelta(microseconds=1))
    with pytest.raises(UnknownSession):
        sessions.find("s1", token, at=end)
    with pytest.raises(UnknownSession):
        sessions.answer("s1", "a", 1, at=end)


def test_an_ended_session_takes_its_token_with_it(sessions, token, database):
    sessions.end("s1")
    sessions.end("s1")

    with pytest.raises(UnknownSession):
        sessions.find("s1", token, at=NOW)
    with pytest.raises(BadToken):
        authenticate(SqlCredentials(database), token, "session", at=NOW)


def test_a_session_whose_token_was_revoked_is_not_found(sessions, token, database):
    credentials = SqlCredentials(database)

    credentials.revoke(credentials.all("session")[0].id, at=NOW)

    with pytest.raises(UnknownSession):
        sessions.find("s1", token, at=NOW)


def test_the_token_is_not_stored(token, database):
    with database.reading() as connection:
        rows = [connection.exec_driver_sql(f"SELECT * FROM {name}").fetchall() for name in ("session", "credential")]

    assert token not in repr(rows)


def test_writers_at_the_same_time_lose_no_answer(sessions, token):
    together = threading.Barrier(8)

    def answer(number):
        together.wait()
        for turn in range(5):
            sessions.answer("s1", f"q{number}-{turn}", number, at=NOW)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(answer, range(8)))

    kept = sessions.find("s1", token, at=NOW)
    assert len(kept.answers) == kept.revision == 40


def test_a_session_moves_on_to_another_version_without_what_is_outdated(sessions):
    token = new_token("session")
    sessions.start(a_session(answers={"budget": 1, "use": "daily"}), token)

    sessions.move_on("s1", "00000001", ["budget", "height"])
    sessions.move_on("gone", "00000001", [])

    moved = sessions.find("s1", token, at=NOW)
    assert (moved.version, moved.answers, moved.revision) == ("00000001", {"use": "daily"}, 1)


def test_expired_sessions_are_handed_out_once_and_forgotten(sessions):
    tokens = [new_token("session") for _ in range(4)]
    for number, token in enumerate(tokens):
        sessions.start(a_session(f"s{number}", expires_at=NOW + number * HOUR), token)

    first = sessions.end_expired(at=NOW + 2 * HOUR, at_most=2)
    second = sessions.end_expired(at=NOW + 2 * HOUR, at_most=2)

    assert (sorted(each.id for each in first), [each.id for each in second]) == (["s0", "s1"], ["s2"])
    assert sessions.end_expired(at=NOW + 2 * HOUR, at_most=2) == ()
    assert sessions.find("s3", tokens[3], at=NOW).id == "s3"
