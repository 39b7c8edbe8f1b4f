"""A withdrawal acts on the next request, whichever worker answers it; `make withdrawal` tries it 10,000 times."""

import os

from tests.theorem.withdrawal import prove

INTERLEAVINGS = int(os.environ.get("INTERLEAVINGS", "60"))


def test_no_request_that_began_after_the_reply_to_a_withdrawal_uses_the_value(database_url, tmp_path):
    found = prove(tmp_path, database_url, INTERLEAVINGS)

    assert found.wrong == []
    assert found.used_before > 0
    assert found.after >= 2 * INTERLEAVINGS
