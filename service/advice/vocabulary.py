"""What the catalogue knows of attributes and values, asked with an author's words; complains where it knows nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from service.advice.questionnaire import Fit, OneOf
from service.advice.words import Word
from service.catalogue.attribute import Attribute, Kind, Single
from service.catalogue.catalogue import Catalogue
from service.catalogue.product import Product
from service.catalogue.shop import Shop
from service.documents.problem import Complaints, did_you_mean, shortened


def typed(one_of: OneOf, shop: Shop) -> tuple[Single, ...]:
    """The values of a checked `OneOf`; those that are none of the attribute's kind are left out."""
    attribute = shop.attribute(one_of.attribute.text)
    values = () if attribute is None else tuple(attribute.typed(value.text) for value in one_of.values)
    return tuple(value for value in values if value is not None)


def by_attribute(one_ofs: Iterable[OneOf], shop: Shop) -> Mapping[str, tuple[Single, ...]]:
    """Typed values by attribute, as the catalogue wants them."""
    return {one_of.attribute.text: typed(one_of, shop) for one_of in one_ofs}


LISTED_AT_MOST = 12
"""Values that a complaint lists where it has no nearer guess."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The attributes of a shop, and what the products of its catalogue state under them."""

    catalogue: Catalogue
    candidates: tuple[Product, ...]
    _stated: dict[str, frozenset[Single]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue, candidates: Iterable[OneOf]) -> "Vocabulary":
        """The vocabulary for a questionnaire with these candidates."""
        wanted = by_attribute(candidates, catalogue.shop)
        return cls(catalogue, tuple(product for product in catalogue.products if product.meets(wanted)))

    @property
    def is_sensitive(self) -> bool:
        """Whether the shop calls one of the candidates' categories sensitive."""
        return self.catalogue.shop.names_sensitive({each.category for each in self.candidates})

    def attribute(self, name: Word, complaints: Complaints, *kinds: Kind) -> Attribute | None:
        """The attribute, if there is one of these kinds; of any kind if none is named."""
        found = self.catalogue.shop.attribute(name.text)
        if found is None:
            complaints.add(name.at, "BG-Q014", f"no attribute '{shortened(name.text)}'{self._near(name.text)}")
        elif kinds and found.kind not in kinds:
            wanted = " or ".join(kinds)
            message = f"'{name.text}' is of type {found.kind}, and {wanted} is needed here; name another attribute"
            complaints.add(name.at, "BG-Q017", message)
            return None
        return found

    def fit(self, fit: Fit, complaints: Complaints) -> None:
        """Complain about an attribute or a value that nothing could meet."""
        if not isinstance(fit, OneOf):
            self.attribute(fit.attribute, complaints, "number")
            return
        attribute = self.attribute(fit.attribute, complaints)
        if attribute is not None:
            for value in fit.values:
                self._value(attribute, value, complaints)

    def _value(self, attribute: Attribute, value: Word, complaints: Complaints) -> None:
        stands_for = attribute.typed(value.text)
        if stands_for is None:
            wanted = "yes or no" if attribute.kind == "boolean" else "a number"
            message = f"'{shortened(value.text)}' is no value of '{attribute.name}'; write {wanted}"
            complaints.add(value.at, "BG-Q017", message)
        elif attribute.kind in ("text", "many") and stands_for not in self._known(attribute.name):
            known = sorted(map(str, self._known(attribute.name)))
            hint = did_you_mean(value.text, known) or _listed(known)
            message = f"no product states {attribute.name} '{shortened(value.text)}'{hint}"
            complaints.add(value.at, "BG-Q015", message)

    def _known(self, attribute: str) -> frozenset[Single]:
        if attribute not in self._stated:
            stated = (product.value(attribute) for product in self.catalogue.products)
            self._stated[attribute] = frozenset(
                one
                for value in stated
                if value is not None
                for one in (value if isinstance(value, tuple) else (value,))
            )
        return self._stated[attribute]

    def _near(self, name: str) -> str:
        names = self.catalogue.shop.attribute_names
        for near in get_close_matches(name, names, n=1):
            stating = sum(product.value(near) is not None for product in self.candidates)
            return f"; did you mean '{near}' ({stating} of {len(self.candidates)} candidates)?"
        return f"; known are {', '.join(sorted(names))}"


def _listed(known: list[str]) -> str:
    if not known or len(known) > LISTED_AT_MOST:
        return "; check the spelling"
    return f"; known are {', '.join(map(shortened, known))}"
