"""Instructions that POST /v1/cross-sell takes beside a bare view: a figure that other work on the machine can't change.

    python bench/cross_sell_instructions.py     about two minutes; needs valgrind, which Debian has

Each is asked by the test client in a process of its own, for few requests and for many; the difference is what one
takes. It says nothing of caches: how long those instructions take, `bench/cross_sell.py` says.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import bench.cross_sell as in_process
from bench.cross_sell import FRESH, PAGES

AT_FIRST, FEW, MANY = 300, 50, 650
OURS, BARE = "ours", "bare"
COUNTED = re.compile(rb"I\s+refs:\s+([\d,]+)")


def main() -> None:
    """Print the ratio, for baskets never asked before and for pages asked again."""
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not installed")
    wanted = [(who, what, count) for who in (OURS, BARE) for what in (FRESH, PAGES) for count in (FEW, MANY)]
    with ThreadPoolExecutor(os.cpu_count()) as several:
        found = dict(zip(wanted, several.map(_counted, wanted), strict=True))
    for what in (FRESH, PAGES):
        mine, bar = ((found[who, what, MANY] - found[who, what, FEW]) / (MANY - FEW) / 1e6 for who in (OURS, BARE))
        print(f"{what:<28}{mine:5.2f} million instructions, bare view {bar:5.2f}, ratio {mine / bar:5.2f}")


def _counted(wanted: tuple[str, str, int]) -> int:
    """The instructions of a whole process that answers so many requests."""
    counting = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
    asking = (sys.executable, __file__, *map(str, wanted))
    told = subprocess.run(
        (*counting, *asking), capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": "0"}
    )
    counted = COUNTED.search(told.stderr)
    assert counted is not None, told.stderr
    return int(counted[1].replace(b",", b""))


def _ask(who: str, bodies: Sequence[bytes], count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, in_process.service(Path(folder), in_process.SERVED) as app:
        sample = app.test_client().post("/v1/cross-sell", data=bodies[0], content_type=in_process.JSON).get_data()
        ask = in_process.by_client(app if who == OURS else in_process.bare_view(sample))
        for body in islice(cycle(bodies), AT_FIRST + count):
            ask(body)


def _bodies(what: str) -> list[bytes]:
    return in_process.pages() if what == PAGES else in_process.fresh_baskets(AT_FIRST + MANY, seed=3)


if __name__ == "__main__":
    if sys.argv[1:]:
        _ask(sys.argv[1], _bodies(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
