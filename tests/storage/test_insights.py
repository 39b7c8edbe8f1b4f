"""Counters, on each engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from service.advice.insights import Insight
from service.storage.insights import SqlInsights

DAY = date(2026, 3, 1)


@pytest.fixture
def insights(database):
    return SqlInsights(database)


def shown(question="budget", **changed):
    return Insight(
        **({"questionnaire": "road-bike", "version": "v1", "day": DAY, "event": "shown"} | changed), question=question
    )


def read(insights, since=DAY, until=DAY):
    return dict(insights.read("road-bike", since, until))


def test_counts_are_added_up(insights):
    insights.add({shown(): 2, shown("use"): 1})
    insights.add({shown(): 3})

    assert read(insights) == {shown(): 5, shown("use"): 1}


def test_only_the_days_and_the_questionnaire_asked_for_are_read(insights):
    later, other = shown(day=DAY + timedelta(days=1)), shown(questionnaire="city-bike")
    insights.add({shown(): 1, later: 2, other: 4})

    assert read(insights) == {shown(): 1}
    assert read(insights, until=DAY + timedelta(days=5)) == {shown(): 1, later: 2}


def test_nothing_is_written_where_nothing_was_counted(insights):
    insights.add({})

    assert read(insights) == {}


def test_several_workers_count_without_losing_anything(insights):
    counts = {shown(f"q{number}"): 1 for number in range(20)}

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: insights.add(counts), range(20)))

    assert set(read(insights).values()) == {20}
