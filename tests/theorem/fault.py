"""One way to break the enforcement of consent, and the tests that are to find it."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Fault:
    """A piece of one file, what it is replaced by, and the tests that must fail then."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]

    def applied(self, text: str) -> str:
        """The file's text with the fault in it; raises ValueError if the code has moved on."""
        if text.count(self.before) != 1:
            raise ValueError(f"{self.name}: {self.file} holds this {text.count(self.before)} times: {self.before}")
        return text.replace(self.before, self.after)


def theorem(*calls: str) -> tuple[str, ...]:
    """The theorem for these calls, which are about a shopper."""
    name = "test_two_shops_that_agree_on_what_was_released_cannot_be_told_apart"
    return tuple(f"tests/theorem/test_theorem.py::{name}[{call}]" for call in calls)


def of_nobody(call: str) -> tuple[str, ...]:
    """The theorem for this call, which is about nobody."""
    name = "test_two_shops_that_agree_on_nothing_cannot_be_told_apart"
    return (f"tests/theorem/test_theorem_of_nobody.py::{name}[{call}]",)


def others(call: str) -> tuple[str, ...]:
    """What is stored about others stays as it is under this call."""
    return (f"tests/theorem/test_others.py::test_no_call_changes_what_is_stored_about_another_shopper[{call}]",)


def nobodies(call: str) -> tuple[str, ...]:
    """Guest and refused alike for this call."""
    name = "test_a_guest_and_somebody_who_refused_everything_get_the_same_bytes"
    return (f"tests/theorem/test_nobodies.py::{name}[{call}]",)


def restricted(call: str) -> tuple[str, ...]:
    """`Sec-GPC: 1` for this call."""
    name = "test_under_sec_gpc_nothing_that_was_released_makes_any_difference"
    return (f"tests/theorem/test_nobodies.py::{name}[{call}]",)
