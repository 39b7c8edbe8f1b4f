"""Orders from a file: read as they stand, or refused with the lines named."""

import gzip
from datetime import UTC, datetime

import pytest

from models.order_file import OrderFileRefused, order_lines


@pytest.fixture
def file(tmp_path):
    def written(content, name="orders.csv"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
        return path

    return written


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz"])
def test_lines_are_read_and_nobody_with_them(file, name):
    path = file(
        "order_id,sku,quantity,ordered_at,shopper_id\n1,A,2,2026-03-01T10:00:00+01:00,me\n1,B,,2026-03-01,\n", name
    )

    one, other = order_lines(path)

    assert (one.order_id, one.sku, one.quantity, one.shopper) == ("1", "A", 2.0, None)
    assert one.ordered_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert (other.quantity, other.ordered_at) == (1.0, datetime(2026, 3, 1, tzinfo=UTC))


def test_a_date_column_will_do_and_so_will_a_byte_order_mark(file):
    [line] = order_lines(file("\ufefforder_id,sku,date\n1,A,2026-03-01\n"))

    assert line.ordered_at == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("header", ["", "sku,ordered_at", "order_id,sku", "order_id;sku;ordered_at"])
def test_a_missing_column_is_refused_at_once(file, header):
    with pytest.raises(OrderFileRefused, match=r"orders\.csv:1 must name the columns"):
        list(order_lines(file(f"{header}\n1,A,2026-03-01\n")))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"order_id,sku,date\n1,A,\xff\n"])
def test_what_is_no_text_is_refused(tmp_path, content):
    (tmp_path / "orders.csv").write_bytes(content)

    with pytest.raises(OrderFileRefused, match="is not CSV in UTF-8"):
        list(order_lines(tmp_path / "orders.csv"))


@pytest.mark.parametrize("name", ["orders.txt", "orders.jsonl", "orders"])
def test_a_file_of_another_ending_is_refused(file, name):
    with pytest.raises(OrderFileRefused, match=r"ends neither in \.csv nor in \.csv\.gz"):
        list(order_lines(file("order_id,sku,date\n1,A,2026-03-01\n", name)))


def test_all_bad_lines_are_named_without_what_is_in_them(file):
    bad = ["1,,2026-03-01,1", ",A,2026-03-01,1", "1,A,SECRET,1", "1,A,2026-03-01,SECRET", "1"]
    path = file("order_id,sku,date,quantity\n1,A,2026-03-01,1\n" + "\n".join(bad))

    with pytest.raises(OrderFileRefused) as refused:
        list(order_lines(path))

    assert all(f"orders.csv:{number}" in str(refused.value) for number in range(3, 8))
    assert "SECRET" not in str(refused.value)
