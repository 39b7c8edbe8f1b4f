"""Counting: bounded, and nothing is lost that could not be written."""

import pytest

from service.advice import insights
from service.advice.compiled import compile_questionnaire
from service.advice.insights import Counting, Insight
from tests.builders import NOW, a_catalogue, a_questionnaire


class NotWritten(Exception):
    pass


class Store:
    def __init__(self):
        self.counts = {}
        self.works = True

    def add(self, counts):
        if not self.works:
            raise NotWritten
        for key, count in counts.items():
            self.counts[key] = self.counts.get(key, 0) + count


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def compiled():
    return compile_questionnaire(a_questionnaire(), a_catalogue())


def test_counts_wait_until_they_are_handed_over(store, compiled):
    counting = Counting(store)
    for _ in range(3):
        counting.count(compiled, NOW, [("shown", "use", "")])
    assert store.counts == {}

    counting.hand_over()
    counting.hand_over()

    assert store.counts == {Insight("road-bike", compiled.version, NOW.date(), "shown", "use"): 3}


def test_what_could_not_be_handed_over_waits_for_the_next_time(store, compiled):
    counting = Counting(store)
    counting.count(compiled, NOW, [("shown", "use", "")])
    store.works = False
    with pytest.raises(NotWritten):
        counting.hand_over()
    counting.count(compiled, NOW, [("shown", "use", "")])

    store.works = True
    counting.hand_over()

    assert list(store.counts.values()) == [2]


def test_no_more_counters_wait_than_memory_is_meant_for(store, compiled, monkeypatch):
    monkeypatch.setattr(insights, "MOST_KEYS", 3)
    counting = Counting(store)

    counting.count(compiled, NOW, [("shown", f"q{number}", "") for number in range(9)])
    counting.count(compiled, NOW, [("shown", "q0", "")])
    counting.hand_over()

    assert sorted(store.counts.values()) == [1, 1, 2]
