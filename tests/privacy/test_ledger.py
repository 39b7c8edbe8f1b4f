"""The ledger's chain: whatever is changed, taken out, swapped or cut off is found."""

import os
from dataclasses import fields, replace
from itertools import combinations

import pytest

from service.privacy.consent import Decided
from service.privacy.declared import ServedNotice
from service.privacy.keyring import Keyring
from service.privacy.ledger import (
    Entry,
    Happening,
    KeyUnknown,
    LedgerBroken,
    Link,
    canonical,
    chained,
    faults,
    head_of,
    joined,
    shred_mark,
)
from service.privacy.payload import Payload, replayed
from service.privacy.secret import Secret
from service.privacy.settlement import Effect
from tests.builders import DAY, LEDGER, NOW, a_shopper_id

OTHER = Keyring.of(Secret(b"another secret of enough characters"))
NOTICE = ServedNotice("profile", "1", "de", "ab" * 32)
EVERYTHING = os.environ.get("BEGLEITER_EVERY_CHANGE") == "1"  # `make ledger` tries every single byte
ROWS = 200


def a_payload(subject=None, *, attribute="height_cm", given=True):
    decided = Decided(attribute, "advice_profile", None, "given" if given else "withdrawn")
    effect = Effect(decided, ("shopper", "crm") if given else (), NOW + DAY if given else None)
    return Payload(subject or a_shopper_id(), "shopper", (effect,))


def a_happening(number=1, subject=None, **changed):
    subject = subject or a_shopper_id(number % 7)
    given = {
        "id": f"event-{number}",
        "kind": "decision",
        "at": NOW + number * DAY,
        "subject": subject,
        "notice": NOTICE if number % 3 else None,
        "payload": a_payload(subject, given=number % 2 == 0).as_text(),
    }
    return Happening(**(given | changed))


def a_chain(length=ROWS, keys=LEDGER):
    """Some of its entries are shredded, and one says that an erasure took place."""
    erasure = a_happening(length, kind="erasure", notice=None, payload=None)
    happenings = [*(a_happening(number) for number in range(length - 1)), replace(erasure, subject=None)]
    entries = chained(keys, Link(), happenings)
    return tuple(shredded(entry, keys) if entry.position % 10 == 0 else entry for entry in entries)


def shredded(entry, keys=LEDGER):
    return replace(entry, subject=None, payload=None, salt=None, shredded=shred_mark(keys, entry.hash))


def head(entries, keys=LEDGER):
    return head_of(keys, Link(entries[-1].position, entries[-1].hash) if entries else Link())


def found(entries, head, **given):
    return [str(fault) for fault in faults(entries, head, LEDGER, **given)]


def stored_values(entry):
    """Every stored column of an entry with its text, the notice's four among them."""
    for field in fields(Entry):
        value = getattr(entry, field.name)
        if isinstance(value, ServedNotice):
            yield from (((field.name, part.name), getattr(value, part.name)) for part in fields(ServedNotice))
        elif value is not None:
            yield (field.name,), str(value)


def with_text(entry, path, text):
    if len(path) > 1:
        return replace(entry, notice=replace(entry.notice, **{path[1]: text}))
    number = path[0] in {"position", "at"}
    return replace(entry, **{path[0]: int(text) if number else text})


def single_byte_changes(entry):
    """Every stored byte of the entry, one at a time, as another one."""
    for path, text in stored_values(entry):
        for index, sign in enumerate(text):
            other = str((int(sign) + 1) % 10) if path[0] in {"position", "at"} else chr(ord(sign) ^ 1)
            yield with_text(entry, path, text[:index] + other + text[index + 1 :])


def test_an_untouched_ledger_has_no_fault():
    entries = a_chain()

    assert found(entries, head(entries)) == []
    assert found((), None) == found((), head(())) == []


def test_every_single_byte_change_is_found(record_property):
    entries = a_chain()
    links = [Link(), *(Link(entry.position, entry.hash) for entry in entries)]
    chosen = range(ROWS) if EVERYTHING else (0, 9, 17, 65, 130, ROWS - 2, ROWS - 1)
    tried = 0

    for index in chosen:
        for changed in single_byte_changes(entries[index]):
            rest = (changed, *entries[index + 1 : index + 2])  # a change shows at its entry, or where the next joins on
            assert next(faults(rest, None, LEDGER, after=links[index]), None), (index, changed)
            tried += 1

    record_property("changes tried", tried)
    print(f"{tried} single-byte changes tried, {tried} found")  # noqa: T201  `make ledger` shows it
    assert tried > (100_000 if EVERYTHING else 2_000)


@pytest.mark.parametrize("column", [field.name for field in fields(Entry)])
def test_nothing_can_be_emptied(column):
    entries = a_chain(12)

    for index, entry in enumerate(entries):
        if getattr(entry, column) is not None and column not in {"position", "at"}:
            empty = None if column in {"subject", "payload", "salt", "notice", "shredded"} else ""
            changed = replace(entry, **{column: empty})
            assert found((*entries[:index], changed, *entries[index + 1 :]), head(entries)), entry


def test_every_row_taken_out_is_found():
    entries = a_chain()

    for index in range(ROWS):
        assert found((*entries[:index], *entries[index + 1 :]), head(entries))


def test_every_tail_cut_off_is_found_by_the_head():
    entries = a_chain()

    for length in range(ROWS):
        assert any("cut" in each for each in found(entries[:length], head(entries)))


def test_a_tail_cut_off_together_with_the_head_is_found_by_a_head_that_was_kept_elsewhere():
    entries = a_chain(30)
    kept = head(entries[:20])

    assert found(entries, head(entries), anchors=[kept]) == []
    for length in range(20):
        old_head = head(entries[:length]) if length else None
        assert found(entries[:length], old_head) == []
        assert any("elsewhere" in each for each in found(entries[:length], old_head, anchors=[kept]))


def test_every_swap_of_two_rows_is_found():
    entries = a_chain()
    pairs = list(combinations(range(ROWS), 2))

    for one, other in pairs if EVERYTHING else pairs[::97]:
        swapped = list(entries)
        swapped[one], swapped[other] = entries[other], entries[one]
        assert next(faults(swapped[one:], None, LEDGER, after=Link(one, entries[one].previous)), None)
        numbered = list(entries)
        numbered[one] = replace(entries[other], position=one + 1)
        numbered[other] = replace(entries[one], position=other + 1)
        assert next(faults(numbered[one:], None, LEDGER, after=Link(one, entries[one].previous)), None)


def test_a_ledger_that_somebody_else_chained_anew_is_found():
    entries = a_chain(5, OTHER)

    assert found(entries, head(entries, OTHER))
    assert found(entries, head(entries))


def test_a_payload_taken_away_without_an_erasure_is_found():
    entries = a_chain(5)
    marked = shredded(entries[2], OTHER)

    assert found(
        (*entries[:2], replace(entries[2], payload=None, salt=None, subject=None), *entries[3:]), head(entries)
    )
    assert found((*entries[:2], marked, *entries[3:]), head(entries)) == [
        "entry 3: is marked as erased by somebody else"
    ]


def test_an_erased_entry_tells_nothing_and_leaves_the_chain_whole():
    entries = a_chain(5)
    gone = tuple(map(shredded, entries))

    assert found(gone, head(entries)) == []
    assert not any(a_shopper_id(number) in str(gone) for number in range(1, 7))
    assert "height_cm" not in str(gone)


def test_the_same_payload_is_committed_to_differently_each_time():
    one, other = chained(LEDGER, Link(), [a_happening(1), a_happening(1)])

    assert one.payload == other.payload
    assert one.commitment != other.commitment


def test_former_keys_still_verify_and_the_first_signs():
    both = Keyring((OTHER.keys[0], *LEDGER.keys))
    entries = a_chain(5)
    more = chained(both, Link(5, entries[-1].hash), [a_happening(6)])

    assert list(faults((*entries, *more), head((*entries, *more), both), both)) == []
    assert more[0].key == OTHER.current


def test_nothing_is_joined_on_to_a_head_that_is_not_ours():
    entries = a_chain(5)

    with pytest.raises(LedgerBroken):
        joined(LEDGER, replace(head(entries), position=4))
    with pytest.raises(KeyUnknown):
        joined(OTHER, head(entries))


def test_the_ledgers_keys_are_not_those_of_pseudonyms():
    secret = Secret(b"s" * 40)

    assert len({secret.derived("ledger"), secret.derived("shopper pseudonym"), secret.derived("erasure list")}) == 3


def test_a_payload_is_read_as_it_was_written():
    payload = a_payload()

    assert Payload.read(payload.as_text()) == payload
    assert canonical({"b": 1, "a": "ä"}) == '{"a":"ä","b":1}'


def test_the_replay_gives_what_is_granted_source_by_source():
    shopper = a_shopper_id()
    crm_ended = Payload(shopper, "shopper", (Effect(Decided("height_cm", "advice_profile", "crm", "withdrawn")),))

    assert set(replayed([a_payload()])) == {("height_cm", "advice_profile", each) for each in ("shopper", "crm")}
    assert set(replayed([a_payload(), crm_ended])) == {("height_cm", "advice_profile", "shopper")}
    assert replayed([a_payload(), Payload(shopper, "shopper", (), everything=True)]) == {}


def test_entries_of_two_histories_cannot_be_mixed():
    common = chained(LEDGER, Link(), [a_happening(1), a_happening(2)])
    after = Link(2, common[-1].hash)
    ours = chained(LEDGER, after, [a_happening(3), a_happening(4)])
    theirs = chained(LEDGER, after, [a_happening(5), a_happening(6)])

    mixed = (*common, ours[0], replace(theirs[1], previous=ours[0].hash))

    assert found((*common, *theirs), head(theirs)) == []
    assert found(mixed, head(theirs)) == ["entry 4: was changed"]
