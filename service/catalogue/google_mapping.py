"""How a Google Merchant product feed is read for this shop: `google_feed` in shop.yaml (docs/shop-files.md).

Code: BG-S006 a name that shop.yaml does not declare.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from service.catalogue.attribute import Attribute
from service.documents.node import Node, Scalar
from service.documents.problem import Complaints, did_you_mean, shortened
from service.documents.reader import Fields, Malformed, Read, choice, entries_of, mapping_of, text

_NO_VALUES: Mapping[str, str] = MappingProxyType({})
_PARTED_BY_GOOGLE = {"color": "/", "material": "/"}  # Google's own rule for these two
_ALWAYS_KNOWN = {"model": "item_group_id"}


@dataclass(frozen=True, slots=True)
class FeedSource:
    """Where a product's attribute stands in a feed: in a field of its own, or among the product details."""

    name: str
    detail: str | None = None
    section: str | None = None
    split_at: str | None = None
    values: Mapping[str, str] = field(default_factory=lambda: _NO_VALUES)

    @property
    def as_written(self) -> str:
        """The field as a complaint names it."""
        return self.name if self.detail is None else f"product_detail {shortened(self.detail)}"


@dataclass(frozen=True, slots=True)
class GoogleMapping:
    """Our categories by their paths or numbers (normalised), and each attribute's source."""

    categories: Mapping[str, str]
    attributes: Mapping[str, FeedSource]
    leave_out_others: bool = False

    def category_of(self, paths: Iterable[str]) -> str | None:
        """The category of the first path that is mapped itself, or by the longest mapped path that it begins with."""
        for path in paths:
            steps = as_path(path).split(" > ")
            for end in range(len(steps), 0, -1):
                found = self.categories.get(" > ".join(steps[:end]))
                if found is not None:
                    return found
        return None


def as_path(written: str) -> str:
    """A category's path as it is compared: without regard to case and to blanks around '>'."""
    return " > ".join(" ".join(step.split()) for step in written.casefold().split(">"))


_NO_SOURCES: Mapping[str, FeedSource] = MappingProxyType({})


def read_mapping(
    node: Node, complaints: Complaints, attributes: Mapping[str, Attribute], categories: Iterable[str]
) -> GoogleMapping:
    """`google_feed` as read for a feed; an attribute that is not mapped is taken from a field of its name."""
    fields = Fields.of(node, complaints, "google_feed")
    mapped = fields.required("categories", mapping_of(_category_among(tuple(categories))), _NO_VALUES)
    stated = fields.optional("attributes", entries_of(_source_among(tuple(attributes))), _NO_SOURCES)
    others = fields.optional("other_products", choice("refuse", "leave_out"), "refuse")
    fields.no_others()
    return GoogleMapping(
        categories=MappingProxyType({as_path(path): category for path, category in mapped.items()}),
        attributes=MappingProxyType({name: stated.get(name) or _same_name(name) for name in attributes}),
        leave_out_others=others == "leave_out",
    )


def _same_name(name: str) -> FeedSource:
    field = _ALWAYS_KNOWN.get(name, name)
    return FeedSource(field, split_at=_PARTED_BY_GOOGLE.get(field))


def _category_among(known: Sequence[str]) -> Read[str]:
    def read(node: Node, complaints: Complaints) -> str:
        category = text(node, complaints)
        if category not in known:
            raise _unknown("category", category, known, node)
        return category

    return read


def _source_among(known: Sequence[str]) -> Callable[[str, Node, Complaints], FeedSource]:
    def read(name: str, node: Node, complaints: Complaints) -> FeedSource:
        if name not in known:
            raise _unknown("attribute", name, known, node)
        return _source(name, node, complaints)

    return read


def _unknown(kind: str, name: str, known: Sequence[str], node: Node) -> Malformed:
    hint = did_you_mean(name, known) or "; declare it in shop.yaml"
    return Malformed(node.place, "BG-S006", f"no {kind} '{shortened(name)}' in shop.yaml{hint}")


def _source(name: str, node: Node, complaints: Complaints) -> FeedSource:
    if isinstance(node, Scalar):
        field = text(node, complaints).lower()
        return FeedSource(field, split_at=_PARTED_BY_GOOGLE.get(field))
    fields = Fields.of(node, complaints, f"attribute '{shortened(name)}'")
    field = fields.optional("field", text, "").lower()
    detail = fields.optional("product_detail", text, None)
    source = FeedSource(
        name="product_detail" if detail is not None else field,
        detail=detail,
        section=fields.optional("section", text, None),
        split_at=fields.optional("split_at", _separator, _PARTED_BY_GOOGLE.get(field)),
        values=fields.optional("values", mapping_of(text), _NO_VALUES),
    )
    fields.no_others()
    if bool(field) == (detail is not None):
        raise Malformed(node.place, "BG-Y021", "either 'field' or 'product_detail' says where the value stands")
    return source


def _separator(node: Node, complaints: Complaints) -> str:  # noqa: ARG001  every Read has this shape
    if not isinstance(node, Scalar) or not node.text:
        raise Malformed(node.place, "BG-Y022", 'the sign between several values is expected here, like ","')
    return node.text
