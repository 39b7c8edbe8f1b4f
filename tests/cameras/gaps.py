"""Prints which share of the cameras lacks which attribute: `python -m tests.cameras.gaps`, from the project's root."""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.cameras.shop_folder import Gap, write_shop


def table(gaps: Iterable[Gap]) -> Iterator[str]:
    """A line per attribute, the fullest first."""
    yield f"{'attribute':<18} {'missing':>8} {'blank':>6} {'not understood':>15}"
    for gap in sorted(gaps, key=lambda each: (each.share, each.attribute)):
        yield f"{gap.attribute:<18} {gap.share:>8.1%} {gap.blank:>6} {gap.not_understood:>15}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write("\n".join(table(write_shop(Path(folder)))) + "\n")
