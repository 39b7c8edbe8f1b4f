"""One thing wrong in a file: where it is, how bad it is, and what to do about it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import PurePath
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """A complaint as its reader sees it: ``file:line:column severity CODE message``."""

    at: Place
    severity: Severity
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.at} {self.severity} {self.code} {self.message}"

    @property
    def without_folder(self) -> str:
        """The same by the file's name alone, for readers whom it does not concern where on the machine that lies."""
        return str(replace(self, at=replace(self.at, file=PurePath(self.at.file).name)))


class Refused(Exception):
    """A file that is not taken into service, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Complaints:
    """Collects what is wrong while reading goes on; `within` adds words that say where in the content."""

    found: list[Problem] = field(default_factory=list)
    context: tuple[str, ...] = ()

    def within(self, where: str) -> "Complaints":
        """The same collection, whose messages begin with where: ``question 'lights', answer 'with': …``."""
        return Complaints(self.found, (*self.context, where))

    def add(self, at: Place, code: str, message: str, severity: Severity = "error") -> None:
        """Note one problem."""
        where = ", ".join(self.context)
        self.found.append(Problem(at, severity, code, f"{where}: {message}" if where else message))

    @contextmanager
    def to_the_end(self) -> Iterator[None]:
        """Whatever breaks a file off is one complaint more, behind those that were found before it."""
        try:
            yield
        except Refused as broken:
            self.found.extend(broken.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything noted so far, in the order of the file."""
        return tuple(sorted(self.found, key=lambda problem: problem.at))

    @property
    def has_errors(self) -> bool:
        """Whether one of the problems is an error; warnings and notes do not refuse a file."""
        return any(problem.severity == "error" for problem in self.found)

    def refuse(self) -> None:
        """Raise `Refused` with all problems if one of them is an error."""
        if self.has_errors:
            raise Refused(self.problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` for the nearest known word, or nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def shortened(text: str, longest: int = 40) -> str:
    """The text as a complaint quotes it: on one line and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
