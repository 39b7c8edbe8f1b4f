"""Break the enforcement of consent in every way that we know, one at a time, and see the tests find it.

    python tests/theorem/faults.py [WORD …]     only faults whose name holds one of these words

Works on a copy of the code. The exit code is 1 if a fault survives.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.theorem import faults_of_consent, faults_of_orders, faults_of_the_gate, faults_of_the_web
from tests.theorem.fault import ROOT, Fault

FAULTS = (
    *faults_of_the_gate.FAULTS,
    *faults_of_consent.FAULTS,
    *faults_of_the_web.FAULTS,
    *faults_of_orders.FAULTS,
)
COPIED = ("service", "models", "tests", "questionnaires", "shop", "pyproject.toml", "README.md")
QUICKLY = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-k", "not postgresql")
FAILED = 1  # pytest's exit code where a test failed
PATIENCE = 300


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
    faults = [each for each in FAULTS if not words or any(word in each.name for word in words)]
    survivors = 0
    with a_copy() as folder:
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


def tried(fault: Fault, folder: Path) -> Finding:
    """The fault alone in the copy: which test finds it."""
    path, begun = folder / fault.file, time.monotonic()
    sound = path.read_text(encoding="utf-8")
    changed(path, fault.applied(sound))
    try:
        found_by = first_failure(fault, folder)
    finally:
        changed(path, sound)
    return Finding(fault, found_by, time.monotonic() - begun)


def changed(path: Path, text: str) -> None:
    """Write the file with a time that no earlier version had: Python tells by it whether to compile it again."""
    newer = int(path.stat().st_mtime) + 1
    path.write_text(text, encoding="utf-8")
    os.utime(path, (newer, newer))


def first_failure(fault: Fault, folder: Path) -> str | None:
    """The first test that fails; None if all pass. Raises RuntimeError if they cannot be run at all."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *QUICKLY, *fault.tests],
        cwd=folder,
        env=environment | {"PAIRS": os.environ.get("PAIRS", "60"), "SHRINK": "no"},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    failures = [line.split(" ")[1] for line in ran.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    if ran.returncode == FAILED and failures:
        return failures[0].partition("::")[2]
    if ran.returncode:
        raise RuntimeError(f"{fault.name}: pytest ended with {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
