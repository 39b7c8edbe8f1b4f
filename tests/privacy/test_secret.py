import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.privacy.secret import FILE_NAME, SecretUnusable, load_secret, rotate
from service.privacy.shoppers import pseudonym

GIVEN = "0123456789abcdef" * 2


def test_a_given_secret_is_used_and_no_file_is_made(tmp_path):
    load_secret(GIVEN, tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", [None, ""])
def test_without_one_a_file_is_made_that_its_owner_alone_may_read_and_that_lasts(tmp_path, given):
    first = load_secret(given, tmp_path / "new")

    path = tmp_path / "new" / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_secret(given, tmp_path / "new") == first
    assert [each.name for each in path.parent.iterdir()] == [FILE_NAME]


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path):
    with ThreadPoolExecutor(16) as threads:
        secrets = list(threads.map(lambda _: load_secret(None, tmp_path), range(64)))

    assert all(secret == secrets[0] for secret in secrets)
    assert [each.name for each in tmp_path.iterdir()] == [FILE_NAME]


def test_a_short_secret_is_refused_without_being_told(tmp_path):
    with pytest.raises(SecretUnusable) as refused:
        load_secret("canary", tmp_path)

    assert "canary" not in str(refused.value)


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / FILE_NAME).write_text("x\n")

    with pytest.raises(SecretUnusable, match=FILE_NAME.replace(".", r"\.")):
        load_secret(None, tmp_path)


def test_a_secret_is_not_printed(tmp_path):
    assert "0123" not in repr(load_secret(GIVEN, tmp_path))


def test_a_pseudonym_is_the_same_each_time_and_another_for_another_reference_or_secret(tmp_path):
    secret, other = load_secret(GIVEN, tmp_path), load_secret(GIVEN[::-1], tmp_path)

    assert pseudonym(secret, "customer 7") == pseudonym(secret, "customer 7")
    assert len({pseudonym(secret, "customer 7"), pseudonym(secret, "customer 8"), pseudonym(other, "customer 7")}) == 3
    assert "customer" not in pseudonym(secret, "customer 7")


def test_keys_for_different_uses_differ(tmp_path):
    secret = load_secret(GIVEN, tmp_path)

    assert secret.derived("a") != secret.derived("b")


def test_after_a_rotation_new_is_signed_anew_and_shoppers_are_found_as_before(tmp_path):
    before = load_secret(None, tmp_path)
    ledger, anna = before.derived("ledger"), pseudonym(before, "anna")

    assert (rotate(tmp_path), rotate(tmp_path)) == (2, 3)

    after = load_secret(None, tmp_path)
    assert len(set(after.every("ledger"))) == 3
    assert after.every("ledger")[0] == after.derived("ledger") != ledger
    assert after.every("ledger")[-1] == ledger
    assert pseudonym(after, "anna") == anna


def test_who_reads_the_file_again_finds_what_was_put_before_and_nothing_else(tmp_path):
    known = load_secret(None, tmp_path)
    file = tmp_path / FILE_NAME
    rotate(tmp_path)
    rotated = load_secret(None, tmp_path)

    assert known.reread() == rotated
    for content in ("x\n", f"{GIVEN}\n", ""):
        file.write_text(content)
        assert known.reread() == known
    file.unlink()
    assert known.reread() == known
    assert not file.exists()


def test_a_secret_that_was_given_is_not_looked_for_in_a_file(tmp_path):
    given = load_secret(GIVEN, tmp_path)
    (tmp_path / FILE_NAME).write_text(f"{GIVEN[::-1]}\n{GIVEN}\n")

    assert given.reread() == given


def test_a_rotated_file_is_still_its_owners_alone_and_nothing_lies_beside_it(tmp_path):
    rotate(tmp_path)

    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [FILE_NAME]


def test_of_rotations_at_once_none_is_lost(tmp_path):
    load_secret(None, tmp_path)

    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(lambda _: rotate(tmp_path), range(24)))

    assert sorted(counts) == list(range(2, 26))
    assert len(set(load_secret(None, tmp_path).every("any"))) == 25


def test_a_rotation_that_breaks_off_leaves_the_secret_as_it_was(tmp_path, monkeypatch):
    before = load_secret(None, tmp_path)
    monkeypatch.setattr("service.privacy.secret.os.fsync", failing)

    with pytest.raises(OSError, match="full"):
        rotate(tmp_path)

    assert load_secret(None, tmp_path) == before


def failing(_):
    raise OSError("full")


def test_the_environment_may_give_generations_and_none_may_be_short(tmp_path):
    old, rotated = load_secret(GIVEN, tmp_path), load_secret(f"{GIVEN[::-1]} {GIVEN}", tmp_path)

    assert rotated.every("ledger")[-1] == old.derived("ledger") != rotated.derived("ledger")
    assert pseudonym(rotated, "anna") == pseudonym(old, "anna")
    with pytest.raises(SecretUnusable):
        load_secret(f"{GIVEN} short", tmp_path)
