"""A writer killed in the middle (SIGKILL): nothing acknowledged is lost, and ledger and grants agree."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import select

from service.storage.columns import micros
from service.storage.ledger import SqlLedger
from service.storage.tables import consent_event, profile_value
from tests.builders import DAY, LEDGER, NOW

ROOT = Path(__file__).parents[2]
WRITES = int(os.environ.get("BEGLEITER_WRITES", "60"))  # `make killed` kills after each of a thousand writes
WRITER = """
import sys
from service.privacy.consent import record_event
from service.privacy.profile import accept
from service.storage.consents import SqlConsents
from service.storage.database import open_database
from service.storage.profiles import SqlProfiles
from service.storage.shoppers import SqlShoppers
from tests.builders import LEDGER, NOW, a_decision, a_notice_ref, a_register, a_shopper_id, an_incoming_value

database, register = open_database(sys.argv[1]), a_register()
consents, profiles, shoppers = SqlConsents(database, LEDGER), SqlProfiles(database), SqlShoppers(database)
for number in range(int(sys.argv[2]), 1_000_000):
    who = a_shopper_id(number % 20)
    shoppers.ensure(who, at=NOW)
    given = number % 3 != 2
    receipt = record_event(consents, register, who, a_notice_ref(), [a_decision(given=given)], at=NOW)
    print("event", receipt.event.id, receipt.head.position, receipt.head.hash, flush=True)
    value = an_incoming_value("height_cm", number, source_ref=f"write {number}")
    if accept(profiles, register, who, [value], at=NOW).accepted:
        print("value", who, number, receipt.head.position, flush=True)
"""


class Writer:
    """Writes in a process of its own until it is killed, and says each thing once it is acknowledged."""

    def __init__(self, url):
        self.url = url
        self.said = []
        self.kills = 0
        self.cycle = 0

    def writes_and_is_killed(self, acknowledgements):
        """Kill it right after it acknowledged so many things, in the middle of the next."""
        self.cycle += 1
        command = [sys.executable, "-c", WRITER, self.url, str(self.cycle * 10_000)]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        for _ in range(acknowledgements):
            self.said.append(process.stdout.readline().split())
        time.sleep(0.0005 * (self.cycle % 7))  # not always at the same place
        process.send_signal(signal.SIGKILL)
        self.said += [
            line.split() for line in process.stdout.read().splitlines() if line.endswith(tuple("0123456789abcdef"))
        ]
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
        self.kills += 1


def is_withdrawn(entries, who, after):
    return any(row.shopper_id == who and row.position > after and '"withdrawn"' in row.payload for row in entries)


def test_a_killed_writer_loses_nothing_that_it_acknowledged(database, database_url):
    writer = Writer(database_url)

    while len(writer.said) < WRITES:
        writer.writes_and_is_killed(5 + 17 * (writer.kills % 5))

    assert list(SqlLedger(database, LEDGER).faults(at=micros(NOW + DAY))) == []
    with database.reading() as connection:
        entries = connection.execute(select(consent_event)).all()
        values = {row.shopper_id: int(row.value) for row in connection.execute(select(profile_value))}
    written = {(row.id, str(row.position), row.entry_hash) for row in entries}
    assert {tuple(words[1:]) for words in writer.said if words[0] == "event"} <= written
    for _, who, number, position in (words for words in writer.said if words[0] == "value"):
        assert values.get(who, -1) >= int(number) or is_withdrawn(entries, who, int(position))
    print(f"{len(writer.said)} acknowledged, {writer.kills} kills, 0 lost")  # noqa: T201  `make killed` shows it
