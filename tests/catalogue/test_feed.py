"""What read_products makes of a products file, and what it refuses."""

import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.catalogue.feed import MOST_COMPLAINTS, read_products
from service.catalogue.shop import read_shop
from service.documents.problem import Refused
from tests.builders import PRODUCTS_CSV, a_shop, a_shop_folder

HEADER, FIRST, SECOND = PRODUCTS_CSV.splitlines(keepends=True)


def products_in(folder, **files):
    a_shop_folder(folder, **files)
    return read_products(folder, read_shop(folder))


def complaints_about(folder, **files):
    with pytest.raises(Refused) as refused:
        products_in(folder, **files)
    return [f"{problem.at.line}:{problem.at.column} {problem.code}" for problem in refused.value.problems]


def test_a_row_becomes_a_product(tmp_path):
    first, second = products_in(tmp_path)

    assert (first.sku, first.price, first.category, first.available) == ("RB-1", 1799.0, "road_bike", True)
    assert (first.name.get("de"), first.name.get("en"), second.name.get("en")) == (
        "Rennrad",
        "Road bike",
        "Rennrad zwei",
    )
    assert first.attributes == {
        "model": "alba",
        "use": ("daily", "racing"),
        "weight_kg": 8.4,
        "ships_with_pedals": False,
    }
    assert (first.url, first.image) == ("https://shop.example/rb-1", "/rb-1.jpg")
    assert (second.attributes, second.url, second.image, second.available) == ({}, None, None, True)
    assert second.value("weight_kg") is None


def test_json_lines_say_the_same_as_csv(tmp_path):
    lines = [
        {
            "sku": "RB-1",
            "name": {"de": "Rennrad", "en": "Road bike"},
            "category": "road_bike",
            "price": 1799,
            "url": "https://shop.example/rb-1",
            "image": "/rb-1.jpg",
            "model": "alba",
            "use": ["daily", "racing"],
            "weight_kg": 8.4,
            "ships_with_pedals": False,
        },
        {"sku": "RB-2", "name": "Rennrad zwei", "category": "road_bike", "price": "999", "model": None},
    ]
    jsonl = "\n".join(map(json.dumps, lines))

    assert products_in(tmp_path / "a", csv=None, jsonl=jsonl) == products_in(tmp_path / "b")


def test_a_byte_order_mark_semicolons_and_windows_line_ends_are_accepted(tmp_path):
    csv = "\ufeff" + PRODUCTS_CSV.replace(",", ";").replace("\n", "\r\n")

    assert products_in(tmp_path / "a", csv=csv) == products_in(tmp_path / "b")


def test_lines_that_are_blank_are_passed_over(tmp_path):
    csv = HEADER + "\n" + FIRST + "," * (HEADER.count(",")) + "\n" + SECOND + "\n"

    assert [product.sku for product in products_in(tmp_path, csv=csv)] == ["RB-1", "RB-2"]


@pytest.mark.parametrize(
    ("csv", "complaints"),
    [
        ("", ["1:1 BG-S017"]),
        (HEADER, ["1:1 BG-S017"]),
        (FIRST, ["1:1 BG-S013", *["1:1 BG-S012"] * 4, *[f"1:{column} BG-S013" for column in range(2, 13)]]),
        (HEADER.replace("sku,", "sku2,") + FIRST, ["1:1 BG-S013", "1:1 BG-S012"]),
        (HEADER.replace("name:de", "name:fr") + FIRST, ["1:1 BG-S012", "1:2 BG-S013"]),
        (HEADER.replace("weight_kg", "wieght_kg") + FIRST, ["1:11 BG-S013"]),
        (HEADER.replace("weight_kg", "use") + FIRST, ["1:11 BG-S014"]),
        (HEADER + FIRST + FIRST, ["3:1 BG-S021"]),
        (HEADER + FIRST.replace("RB-1,", " ,"), ["2:1 BG-S020"]),
        (HEADER + FIRST.replace("RB-1,", "RB\x07,"), ["2:1 BG-S020"]),
        (HEADER + FIRST.replace("RB-1,", "R" * 201 + ","), ["2:1 BG-S020"]),
        (HEADER + FIRST.replace("Rennrad", " "), ["2:2 BG-S022"]),
        (HEADER + FIRST.replace("road_bike,", "road_bikes,"), ["2:4 BG-S023"]),
        (HEADER + FIRST.replace("1799.00", "-1"), ["2:5 BG-S024"]),
        (HEADER + FIRST.replace("1799.00", "nan"), ["2:5 BG-S024"]),
        (HEADER + FIRST.replace("1799.00", "inf"), ["2:5 BG-S024"]),
        (HEADER + FIRST.replace("1799.00", "1e308"), ["2:5 BG-S024"]),
        (HEADER + FIRST.replace("1799.00", "1000000000000001"), ["2:5 BG-S024"]),
        (HEADER + FIRST.replace("1799.00", ""), ["2:5 BG-S024"]),
        (HEADER + FIRST.replace("1799.00", "1.799 €"), ["2:5 BG-S024"]),
        (HEADER + FIRST.replace("8.4", "light"), ["2:11 BG-S025"]),
        (HEADER + FIRST.replace("8.4", "NaN"), ["2:11 BG-S025"]),
        (HEADER + FIRST.replace(",no", ",nope"), ["2:12 BG-S026"]),
        (HEADER + FIRST.replace(",yes,", ",perhaps,"), ["2:8 BG-S026"]),
        (HEADER + FIRST.replace("https:", "javascript:"), ["2:6 BG-S028"]),
        (HEADER + FIRST + SECOND[:-4], ["3:1 BG-S015"]),
        (HEADER + FIRST.replace("Rennrad", "Rennrad, rot"), ["2:1 BG-S015"]),
        (HEADER + FIRST + SECOND.rstrip("\n"), ["3:1 BG-S015"]),
        (HEADER + FIRST.replace("no\n", '"n\n'), ["2:1 BG-S016"]),
        (HEADER + FIRST + SECOND.replace("Rennrad zwei", '"Rennrad\nzwei"').rstrip("\n"), ["3:1 BG-S015"]),
        (HEADER + FIRST + SECOND.replace("Rennrad", '"Rennrad'), ["3:1 BG-S016"]),
        (HEADER + FIRST.replace("Rennrad", '"Renn"rad') + SECOND, ["2:1 BG-S016"]),
        ((HEADER + FIRST + "RB-3,Rennräder").encode("latin-1"), ["3:11 BG-S011"]),
    ],
)
def test_a_products_file_with_a_defect_is_refused_at_its_place(tmp_path, csv, complaints):
    assert complaints_about(tmp_path, csv=csv) == complaints


def test_all_defects_are_said_at_once_in_words_that_help(tmp_path):
    rows = [
        FIRST.replace("1799.00", "-1").replace("8.4", "x"),
        SECOND.replace("road_bike", "roadbike"),
        SECOND[:9] + "\n",
    ]

    with pytest.raises(Refused) as refused:
        products_in(tmp_path, csv="".join([HEADER, *rows]))

    file = tmp_path / "products.csv"
    no_number = "is not a number; write it like 1234.5, or leave it blank"
    no_category = "no category 'roadbike' in shop.yaml; did you mean 'road_bike'?"
    assert [str(problem) for problem in refused.value.problems] == [
        f"{file}:2:5 error BG-S024 product 'RB-1', column 'price': a price is never negative",
        f"{file}:2:11 error BG-S025 product 'RB-1', column 'weight_kg': 'x' {no_number}",
        f"{file}:3:4 error BG-S023 product 'RB-2', column 'category': {no_category}",
        f"{file}:4:1 error BG-S015 the row has 2 cells, the header 12; is the file cut off?",
    ]


@pytest.mark.parametrize(
    ("lines", "complaints"),
    [
        ("", ["1:1 BG-S017"]),
        ("\n\n", ["1:1 BG-S017"]),
        ('{"sku": "A", "name": "a", "category": "road_bike", "price": 1}\n{"sku": "B", "na', ["2:1 BG-S016"]),
        ("[1]", ["1:1 BG-S016"]),
        ('{"sku": "A", "name": "a", "category": "road_bike", "price": NaN}', ["1:1 BG-S016"]),
        ('{"sku": "A", "name": "a", "category": "road_bike", "price": {"eur": 1}}', ["1:1 BG-S016"]),
        ('{"sku": "A", "name": "a", "category": "road_bike", "price": [1, 2]}', ["1:1 BG-S027"]),
        ('{"sku": "A", "name": "a", "category": "road_bike", "price": 1e999}', ["1:1 BG-S016"]),
        ('{"name": "a", "category": "road_bike", "price": 1}', ["1:1 BG-S020"]),
        ('{"sku": "A", "name": {"fr": "a"}, "category": "road_bike", "price": 1}', ["1:1 BG-S022", "1:1 BG-S013"]),
        ('{"sku": "A", "name": "a", "category": "road_bike", "price": 1, "modle": "x"}', ["1:1 BG-S013"]),
    ],
)
def test_broken_json_lines_are_refused_at_their_line(tmp_path, lines, complaints):
    assert complaints_about(tmp_path, csv=None, jsonl=lines) == complaints


def test_no_products_file_or_two_of_them_are_refused(tmp_path):
    assert complaints_about(tmp_path / "none", csv=None) == ["1:1 BG-S010"]
    assert complaints_about(tmp_path / "two", jsonl="{}") == ["1:1 BG-S010"]


def test_a_hopeless_file_is_given_up_after_a_thousand_complaints(tmp_path):
    csv = HEADER + "".join(SECOND.replace("RB-2", f"R{number}").replace("999", "x") for number in range(3000))

    complaints = complaints_about(tmp_path, csv=csv)

    assert len(complaints) == MOST_COMPLAINTS + 1
    assert complaints[-1] == f"{MOST_COMPLAINTS + 2}:1 BG-S019"


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(min_value=0, max_value=len(PRODUCTS_CSV.encode()) - 1))
def test_a_file_cut_anywhere_is_refused_or_loses_whole_rows_only(tmp_path_factory, cut):
    folder = tmp_path_factory.mktemp("shop")
    whole = read_products(a_shop_folder(folder), shop := read_shop(folder))

    (folder / "products.csv").write_bytes(PRODUCTS_CSV.encode()[:cut])

    try:
        found = read_products(folder, shop)
    except Refused:
        return
    assert found == whole[: len(found)]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='",;\r\n|aRB-1 {}[]:\\', max_size=100).map(str.encode))
def test_any_bytes_are_products_or_complaints(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("shop")

    for name in ("csv", "jsonl"):
        folder_of_one = a_shop_folder(folder / name, csv=None)
        (folder_of_one / f"products.{name}").write_bytes(content)
        with pytest.raises(Refused):
            read_products(folder_of_one, a_shop())


def test_parquet_says_the_same_as_csv(tmp_path):
    write_parquet(tmp_path / "a", a_table())

    assert read_products(tmp_path / "a", read_shop(tmp_path / "a")) == products_in(tmp_path / "b")


def test_a_truncated_parquet_file_is_refused(tmp_path):
    path = write_parquet(tmp_path, a_table())
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(Refused, match=r"BG-S011 not a whole Parquet file"):
        read_products(tmp_path, read_shop(tmp_path))


def test_a_parquet_file_whose_data_is_damaged_is_refused(tmp_path):
    path = write_parquet(tmp_path, a_table())
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(content)

    with pytest.raises(Refused, match=r"BG-S011 not a whole Parquet file"):
        read_products(tmp_path, read_shop(tmp_path))


def test_a_defect_in_parquet_names_the_row(tmp_path):
    write_parquet(tmp_path, a_table() | {"price": [1799.0, -1.0]})

    with pytest.raises(Refused, match=r"products\.parquet:2:4 error BG-S024"):
        read_products(tmp_path, read_shop(tmp_path))


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    write_parquet(tmp_path, a_table())
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(Refused, match=r"BG-S018 .*pip install 'begleiter\[parquet\]'"):
        read_products(tmp_path, read_shop(tmp_path))


def a_table():
    return {
        "sku": ["RB-1", "RB-2"],
        "name": [{"de": "Rennrad", "en": "Road bike"}, {"de": "Rennrad zwei", "en": None}],
        "category": ["road_bike", "road_bike"],
        "price": [1799.0, 999.0],
        "url": ["https://shop.example/rb-1", None],
        "image": ["/rb-1.jpg", None],
        "model": ["alba", None],
        "use": [["daily", "racing"], None],
        "weight_kg": [8.4, None],
        "ships_with_pedals": [False, None],
    }


def write_parquet(folder, columns):
    pyarrow = pytest.importorskip("pyarrow", reason="reading Parquet is an extra")
    from pyarrow import parquet  # noqa: PLC0415  only where pyarrow is installed

    path = a_shop_folder(folder, csv=None) / "products.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    return path
