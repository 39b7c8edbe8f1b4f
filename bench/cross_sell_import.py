"""How long `begleiter import orders` takes, and how much memory: simulated lines, a third of whose shoppers allow it.

python bench/cross_sell_import.py                     a million lines of CSV
python bench/cross_sell_import.py --lines 10000000    the size of the acceptance
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.cross_sell_model import PRIVACY, sku, write_shop
from service.storage.schema import upgrade

PRODUCTS, SHOPPERS, LINES_OF_AN_ORDER = 10_000, 30_000, 4
TRAINING = """  model_training:
    text: Lernen
    example: Was zusammen gekauft wird.
    legal_basis: consent
"""
NOTICE = {"id": "profile", "version": "1", "language": "de"}
MEGABYTE = 1024


def write_files(folder: Path, lines: int) -> None:
    """The shop, its shoppers of whom every third allows training, and their orders; every tenth order is anonymous."""
    write_shop(folder, PRODUCTS)
    privacy = PRIVACY.replace("attributes:", f"{TRAINING}attributes:").replace("[cross_sell]", "[model_training]")
    (folder / "shop" / "privacy.yaml").write_text(f"anonymous_orders: yes\n{privacy}", encoding="utf-8")
    given = "2024-01-01T00:00:00Z"
    grants = [{"attribute": "orders", "purpose": "model_training", "given_at": given, "notice": NOTICE}]
    with (folder / "shoppers.jsonl").open("w", encoding="utf-8") as file:
        for number in range(0, SHOPPERS, 3):
            file.write(json.dumps({"ref": f"s{number}", "values": [], "grants": grants}) + "\n")
    dice = random.Random(7)
    with (folder / "orders.csv").open("w", encoding="utf-8") as file:
        file.write("order_id,line,shopper_ref,sku,quantity,unit_price,ordered_at\n")
        for number in range(lines // LINES_OF_AN_ORDER):
            shopper = "" if number % 10 == 0 else f"s{dice.randrange(SHOPPERS)}"
            at = f"2025-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}T{dice.randint(0, 23):02}:30:00Z"
            for line in range(1, LINES_OF_AN_ORDER + 1):
                file.write(f"o{number:09},{line},{shopper},{sku(dice.randrange(PRODUCTS))},1,9.90,{at}\n")


def run(folder: Path, *arguments: str) -> tuple[float, float, str]:
    """A command's seconds, the largest peak memory of any command so far in MB, and what it said."""
    environment = os.environ | {
        "BEGLEITER_SHOP": str(folder / "shop"),
        "BEGLEITER_DATA": str(folder),
        "BEGLEITER_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
    }
    begin = time.perf_counter()
    command = [sys.executable, "-m", "service.cli", *arguments]
    root = Path(__file__).parents[1]
    told = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    if told.returncode:
        raise RuntimeError(told.stderr[-2000:])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEGABYTE
    return time.perf_counter() - begin, peak, " ".join(told.stdout.split())


def main() -> None:
    """Make the files, import them twice, and print time and memory."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder, wanted.lines)
        upgrade(f"sqlite:///{folder}/bench.sqlite3")
        run(folder, "import", "shoppers", str(folder / "shoppers.jsonl"))
        for what in ("first", "again"):
            seconds, peak, told = run(folder, "import", "orders", str(folder / "orders.csv"))
            print(f"{wanted.lines:,} lines, {what}: {seconds:.0f} s, peak {peak:.0f} MB; {told}")


if __name__ == "__main__":
    main()
