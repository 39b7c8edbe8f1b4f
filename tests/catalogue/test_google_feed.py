"""What read_products makes of a Google Merchant product feed, as a table and as XML, and what it refuses."""

import os
from datetime import UTC, datetime

import pytest

from service.catalogue.feed import read_products
from service.catalogue.shop import read_shop
from service.documents.problem import Refused
from tests.builders import SHOP_YAML, a_shop_folder

SHOP = (
    SHOP_YAML
    + """\
  frame: {type: text}
  colour: {type: many}
  gears: {type: number}
google_feed:
  categories:
    Sport > Fahrräder > Rennräder: road_bike
    Sport > Fahrräder > Rennräder > Zubehör: strap
    "3618": strap
  attributes:
    frame: material
    colour: color
    use: {field: custom_label_0, split_at: ","}
    weight_kg: product_weight
    gears: {product_detail: Gänge, section: Antrieb}
    ships_with_pedals: {product_detail: Pedale, values: {dabei: yes, ohne: no}}
"""
)
COLUMNS = (
    "id\ttitle\tdescription\tlink\timage link\tavailability\tprice\tsale_price\tsale_price_effective_date\t"
    "product_type\tgoogle_product_category\titem_group_id\tmaterial\tcolor\tcustom_label_0\tproduct_weight\t"
    "product_detail(section_name:attribute_name:attribute_value)\n"
)
RB_1 = (
    "RB-1\tRennrad\tSchnell.\thttps://shop.example/rb-1\thttps://shop.example/rb-1.jpg\tin_stock\t1799.00 EUR\t\t\t"
    "Sport > Fahrräder > Rennräder > Endurance\t1025\talba\tAluminium\tRot/Schwarz\tdaily, racing\t8400 g\t"
    '"Antrieb:Gänge:22,:Pedale:ohne"\n'
)
ST_1 = "ST-1\tGurt\t\t\t\tout of stock\t40\t\t\t\t3618\t\t\t\t\t\t\n"
TSV = COLUMNS + RB_1 + ST_1

XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">
 <channel>
  <title>Laden</title>
  <link>https://shop.example</link>
  <item>
   <g:id>RB-1</g:id>
   <title><![CDATA[Rennrad]]></title>
   <description>Schnell &amp; leicht.</description>
   <link>https://shop.example/rb-1</link>
   <g:image_link>https://shop.example/rb-1.jpg</g:image_link>
   <g:availability>in_stock</g:availability>
   <g:price>1799.00 EUR</g:price>
   <g:product_type>Sport &gt; Fahrräder &gt; Rennräder &gt; Endurance</g:product_type>
   <g:google_product_category>1025</g:google_product_category>
   <g:item_group_id>alba</g:item_group_id>
   <g:material>Aluminium</g:material>
   <g:color>Rot/Schwarz</g:color>
   <g:custom_label_0>daily, racing</g:custom_label_0>
   <g:product_weight>8.4 kg</g:product_weight>
   <g:product_detail>
    <g:section_name>Antrieb</g:section_name>
    <g:attribute_name>Gänge</g:attribute_name>
    <g:attribute_value>22</g:attribute_value>
   </g:product_detail>
   <g:product_detail>
    <g:attribute_name>Pedale</g:attribute_name>
    <g:attribute_value>ohne</g:attribute_value>
   </g:product_detail>
  </item>
  <item>
   <g:id>ST-1</g:id>
   <title>Gurt</title>
   <g:price>40</g:price>
   <g:availability>out_of_stock</g:availability>
   <g:google_product_category>3618</g:google_product_category>
  </item>
 </channel>
</rss>
"""


def products_in(folder, *, shop=SHOP, tsv=None, xml=None, written_at=None):
    a_shop_folder(folder, shop=shop, csv=None)
    for name, content in (("products.tsv", tsv), ("products.xml", xml)):
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            if written_at is not None:
                os.utime(folder / name, (written_at.timestamp(),) * 2)
    return read_products(folder, read_shop(folder))


def complaints_about(folder, **files):
    with pytest.raises(Refused) as refused:
        products_in(folder, **files)
    return [f"{problem.at.line} {problem.code}" for problem in refused.value.problems]


def tsv_with(**fields):
    """One product; a keyword changes what a column states."""
    stated = dict(zip(COLUMNS.rstrip("\n").split("\t"), RB_1.rstrip("\n").split("\t"), strict=True))
    return COLUMNS + "\t".join((stated | fields).values()) + "\n"


def test_a_feed_becomes_products_by_the_mapping_in_shop_yaml(tmp_path):
    bike, strap = products_in(tmp_path, tsv=TSV)

    assert (bike.sku, bike.name.get("en"), bike.price, bike.category) == ("RB-1", "Rennrad", 1799.0, "road_bike")
    assert (bike.url, bike.image) == ("https://shop.example/rb-1", "https://shop.example/rb-1.jpg")
    assert bike.attributes == {
        "model": "alba",
        "use": ("daily", "racing"),
        "weight_kg": 8.4,
        "ships_with_pedals": False,
        "frame": "Aluminium",
        "colour": ("Rot", "Schwarz"),
        "gears": 22.0,
    }
    assert (strap.category, strap.available, strap.price, strap.attributes) == ("strap", False, 40.0, {})


def test_xml_says_the_same_as_the_table(tmp_path):
    assert products_in(tmp_path / "a", xml=XML) == products_in(tmp_path / "b", tsv=TSV)


def test_atom_is_read_too_and_googles_id_counts_before_atoms_own(tmp_path):
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0" '
        'xmlns:c="http://base.google.com/cns/1.0"><entry><id>tag:shop.example,2026:1</id><g:id>RB-1</g:id>'
        '<title>Rennrad</title><link href="https://shop.example/rb-1"/><g:price>15.00 EUR</g:price>'
        '<g:product_type>sport>fahrräder &gt;  Rennräder</g:product_type><c:model type="string">alba</c:model>'
        "</entry></feed>"
    ).replace("sport>fahr", "sport&gt;fahr")
    shop = SHOP.replace("    frame: material", "    model: model\n    frame: material")

    (bike,) = products_in(tmp_path, shop=shop, xml=atom)

    assert (bike.sku, bike.url, bike.attributes) == ("RB-1", "https://shop.example/rb-1", {"model": "alba"})


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({"sale_price": "1500.00 EUR"}, 1500.0),
        ({"sale_price": "1500 EUR", "sale_price_effective_date": "2026-03-01T00:00+0100/2026-03-09T00:00+0100"}, 1500),
        ({"sale_price": "1500 EUR", "sale_price_effective_date": "2026-03-03T00:00Z/2026-03-09T00:00Z"}, 1799),
        ({"sale_price": "1500 EUR", "sale_price_effective_date": "2026-02-01/2026-03-02"}, 1799),
        ({"sale_price": ""}, 1799),
    ],
)
def test_a_sale_counts_if_it_was_on_when_the_feed_was_written(tmp_path, fields, price):
    at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    (bike,) = products_in(tmp_path, tsv=tsv_with(**fields), written_at=at)

    assert bike.price == price


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"price": "15,00 EUR"}, "2 BG-S031"),
        ({"price": ""}, "2 BG-S031"),
        ({"price": "15.00 USD"}, "2 BG-S032"),
        ({"sale_price": "cheap"}, "2 BG-S031"),
        ({"sale_price": "9 EUR", "sale_price_effective_date": "soon"}, "2 BG-S031"),
        ({"availability": "maybe"}, "2 BG-S033"),
        ({"product_weight": "8 bags"}, "2 BG-S034"),
        ({"product_type": "Garten", "google_product_category": ""}, "2 BG-S030"),
        ({"product_type": "", "google_product_category": ""}, "2 BG-S030"),
        ({"id": ""}, "2 BG-S020"),
        ({"title": ""}, "2 BG-S022"),
        ({"link": "shop.example"}, "2 BG-S028"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_line(tmp_path, fields, complaint):
    assert complaints_about(tmp_path, tsv=tsv_with(**fields)) == [complaint]


def test_complaints_come_all_at_once_and_name_the_feeds_own_fields(tmp_path):
    tsv = TSV.replace("in_stock", "soon").replace("\t40\t", "\t40 USD\t") + RB_1 + "RB-9\tkurz\n"

    with pytest.raises(Refused) as refused:
        products_in(tmp_path, tsv=tsv)

    said = [f"{problem.at.line} {problem.code} {problem.message}" for problem in refused.value.problems]
    assert [line[:9] for line in said] == ["2 BG-S033", "3 BG-S032", "4 BG-S021", "5 BG-S015"]
    assert "product 'RB-1', 'availability'" in said[0]
    assert "product 'RB-1', 'id'" in said[2]


def test_a_category_that_is_not_mapped_is_complained_about_once_or_left_out(tmp_path):
    others = "".join(RB_1.replace("RB-1", f"X-{n}").replace("Rennräder", "Schläuche") for n in range(3))
    lenient = SHOP.replace("google_feed:\n", "google_feed:\n  other_products: leave_out\n")

    assert complaints_about(tmp_path / "a", tsv=TSV + others) == ["4 BG-S030"]
    assert [each.sku for each in products_in(tmp_path / "b", shop=lenient, tsv=TSV + others)] == ["RB-1", "ST-1"]


def test_the_longest_mapped_path_decides(tmp_path):
    (product,) = products_in(tmp_path, tsv=tsv_with(product_type="Sport > Fahrräder > Rennräder > Zubehör > Gurte"))

    assert product.category == "strap"


def test_without_a_mapping_a_feed_is_refused_with_what_to_add(tmp_path):
    assert complaints_about(tmp_path / "a", shop=SHOP_YAML, tsv=TSV) == ["1 BG-S035"]
    assert complaints_about(tmp_path / "b", shop=SHOP_YAML, xml=XML) == ["1 BG-S035"]


def test_columns_that_no_feed_can_lack_are_named_at_once(tmp_path):
    assert complaints_about(tmp_path, tsv="id\tlink\nRB-1\thttps://shop.example\n") == ["1 BG-S012", "1 BG-S012"]


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ("google_feed:\n  categories: {a: no_such}\n", "BG-S006"),
        ("google_feed:\n  categories: {a: strap}\n  attributes: {modle: x}\n", "BG-S006"),
        ("google_feed:\n  attributes: {model: x}\n", "BG-Y021"),
        ("google_feed:\n  categories: {a: strap}\n  attributes: {model: {section: x}}\n", "BG-Y021"),
        ("google_feed:\n  categories: {a: strap}\n  other_products: drop\n", "BG-Y025"),
    ],
)
def test_a_mapping_that_cannot_be_understood_is_refused_with_its_place(tmp_path, mapping, complaint):
    a_shop_folder(tmp_path, shop=SHOP_YAML + mapping)

    with pytest.raises(Refused) as refused:
        read_shop(tmp_path)

    (problem,) = refused.value.problems
    assert problem.code == complaint
    assert problem.at.line > len(SHOP_YAML.splitlines())


@pytest.mark.parametrize(
    ("xml", "complaint"),
    [
        ("", "1 BG-S036"),
        (XML[:-30], "36 BG-S036"),
        ("<html><item/></html>", "1 BG-S037"),
        ('<rss version="2.0"><channel/></rss>', "1 BG-S017"),
        (XML.replace("<rss", '<!DOCTYPE rss SYSTEM "https://evil.example/x.dtd">\n<rss'), "2 BG-S036"),
        ("<rss><channel>" + "<a>" * 40 + "</a>" * 40 + "</channel></rss>", "1 BG-S036"),
        (XML.replace("Schnell", "lang" * 300_000), "9 BG-S036"),
    ],
)
def test_xml_that_is_broken_hostile_or_something_else_is_refused(tmp_path, xml, complaint):
    assert complaints_about(tmp_path, xml=xml)[-1] == complaint


def test_no_entity_is_ever_expanded(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 1000 + '">]>'
    local = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "file://{tmp_path}/secret">]>'
    (tmp_path / "secret").write_text("s3cret")

    for document in (bomb, local):
        xml = document + XML.partition("\n")[2].replace("Schnell", "&a;&b;")
        with pytest.raises(Refused) as refused:
            products_in(tmp_path, xml=xml)

        assert [problem.code for problem in refused.value.problems] == ["BG-S036"]
        assert "s3cret" not in str(refused.value)


def test_what_precedes_the_end_of_a_cut_off_feed_is_complained_about_as_well(tmp_path):
    xml = XML.replace("1799.00 EUR", "1799.00 USD")[:-30]

    assert complaints_about(tmp_path, xml=xml) == ["6 BG-S032", "36 BG-S036"]


def test_only_one_products_file_may_lie_in_the_folder(tmp_path):
    assert complaints_about(tmp_path, tsv=TSV, xml=XML) == ["1 BG-S010"]
