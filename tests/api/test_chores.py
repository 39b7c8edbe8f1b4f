"""What a worker does beside its requests."""

import threading
import time

from service.api.rooms import Chore
from service.server.chores import Chores
from service.server.run import options
from service.settings import Settings


def test_a_chore_is_done_again_and_again_until_the_end():
    done = threading.Semaphore(0)
    chores = Chores([Chore(0.001, done.release), Chore(3600, lambda: None)])

    chores.begin()
    assert all(done.acquire(timeout=10) for _ in range(3))
    chores.end()

    while done.acquire(blocking=False):
        pass
    time.sleep(0.02)
    assert not done.acquire(blocking=False)


def test_what_is_to_be_done_at_the_end_is_done_once_more():
    done = []
    chores = Chores(
        [Chore(3600, lambda: done.append("looked")), Chore(3600, lambda: done.append("wrote"), at_end=True)]
    )

    chores.begin()
    chores.end()

    assert done == ["wrote"]


def test_a_worker_without_chores_has_no_thread():
    before = threading.active_count()

    Chores([]).begin()

    assert threading.active_count() == before


def test_each_worker_begins_its_chores_after_the_fork_and_ends_them_with_itself():
    done = threading.Semaphore(0)
    told = options(Settings(), chores=[Chore(0.001, done.release, at_end=True)])

    told["post_worker_init"](None)
    assert done.acquire(timeout=10)
    told["worker_exit"](None, None)

    assert not any(each.name == "chores" for each in threading.enumerate())
