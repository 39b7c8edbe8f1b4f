"""Break the enforcement of consent in every way that we know, one at a time, and see the tests find it.

    python tests/theorem/faults.py [WORD …]                 only faults whose name holds one of these words
    PART=1/2 python tests/theorem/faults.py [WORD …]        every second of them, for two machines or two processors

Works on a copy of the code. The exit code is 1 if a fault survives.
"""

import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.theorem import (
    faults_of_behaviour,
    faults_of_consent,
    faults_of_imports,
    faults_of_orders,
    faults_of_profiles,
    faults_of_the_gate,
    faults_of_the_web,
)
from tests.theorem.fault import ROOT, Fault

FAULTS = (
    *faults_of_the_gate.FAULTS,
    *faults_of_consent.FAULTS,
    *faults_of_imports.FAULTS,
    *faults_of_the_web.FAULTS,
    *faults_of_orders.FAULTS,
    *faults_of_profiles.FAULTS,
    *faults_of_behaviour.FAULTS,
)
COPIED = ("service", "models", "tests", "questionnaires", "shop", "docs", "pyproject.toml", "README.md")
QUICKLY = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-k", "not postgresql")
OUR_OWN = ("service", "models", "tests")
BESIDES = (
    "alembic.config",
    "babel",
    "flask_smorest",
    "hypothesis",
    "jsonschema",
    "numpy",
    "prometheus_client",
    "rfc8785",
)
FAILED = 1  # pytest's exit code where a test failed
PATIENCE = 1_800  # seconds, for the tests of all faults together on a busy machine


@dataclass(frozen=True)
class Finding:
    """What came of one fault."""

    fault: Fault
    found_by: str | None
    seconds: float

    def __str__(self) -> str:
        verdict = "found   " if self.found_by else "SURVIVED"
        return f"{verdict} {self.seconds:5.1f} s  {self.fault.name}: {self.found_by or ''}"


def main(words: list[str]) -> int:
    """Try the faults; says how many survive."""
    part, parts = map(int, os.environ.get("PART", "1/1").split("/"))
    faults = [each for each in FAULTS if not words or any(word in each.name for word in words)][part - 1 :: parts]
    survivors = 0
    for name in (*BESIDES, "ruamel.yaml", "sqlalchemy", "structlog", "werkzeug.test"):
        importlib.import_module(name)
    with a_copy() as folder:
        if (failed := first_failure(sound(faults), folder)) is not None:
            print(f"without any fault {failed} fails already")  # noqa: T201
            return 1
        for fault in faults:
            finding = tried(fault, folder)
            survivors += finding.found_by is None
            print(finding, flush=True)  # noqa: T201 - what this script is for
    print(f"{len(faults)} faults, {len(faults) - survivors} found, {survivors} survived")  # noqa: T201
    return 1 if survivors else 0


@contextmanager
def a_copy() -> Iterator[Path]:
    """A copy of what the tests need, in a folder of its own that goes again."""
    folder = Path(tempfile.mkdtemp(prefix="begleiter-faults-"))
    try:
        for name in COPIED:
            source, target = ROOT / name, folder / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "var"))
            else:
                shutil.copy(source, target)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sound(faults: Sequence[Fault]) -> Fault:
    """No fault at all: every test that is to find one must pass."""
    return Fault("none", "", "", "", tuple(dict.fromkeys(test for fault in faults for test in fault.tests)))


def tried(fault: Fault, folder: Path) -> Finding:
    """The fault alone in the copy: which test finds it."""
    path, begun = folder / fault.file, time.monotonic()
    before = path.read_text(encoding="utf-8")
    changed(path, fault.applied(before))
    try:
        found_by = first_failure(fault, folder)
    finally:
        changed(path, before)
    return Finding(fault, found_by, time.monotonic() - begun)


def changed(path: Path, text: str) -> None:
    """Write the file with a time that no earlier version had: Python tells by it whether to compile it again."""
    newer = int(path.stat().st_mtime) + 1
    path.write_text(text, encoding="utf-8")
    os.utime(path, (newer, newer))


class Failures:
    """A plugin of pytest that passes on which test failed."""

    def __init__(self, out: int):
        self.out = out

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._pass_on(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._pass_on(report)

    def _pass_on(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed:
            os.write(self.out, f"{report.nodeid}\n".encode())


def first_failure(fault: Fault, folder: Path) -> str | None:
    """The first test that fails; None if all pass. Raises RuntimeError if they cannot be run at all.

    In a child process, which finds everything imported already but the project itself.
    """
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        signal.alarm(PATIENCE)
        os._exit(_tested(fault, folder, writable))
    os.close(writable)
    with os.fdopen(readable) as told:
        failures = told.read().splitlines()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended == FAILED and failures:
        return failures[0].rpartition("/")[2] if "::" in failures[0] else failures[0]
    if ended:
        raise RuntimeError(f"{fault.name}: pytest ended with {ended}, see {folder / 'said.txt'}")
    return None


def _tested(fault: Fault, folder: Path, out: int) -> int:
    said = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(folder)
    sys.path[:] = [
        str(folder),
        *(path for path in sys.path if Path(path).resolve() not in (ROOT, Path(__file__).parent)),
    ]
    for name in [name for name in sys.modules if name.partition(".")[0] in OUR_OWN]:
        del sys.modules[name]
    os.environ |= {"PAIRS": os.environ.get("PAIRS", "120"), "SHRINK": "no", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return int(pytest.main([*QUICKLY, *fault.tests], plugins=[Failures(out)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
