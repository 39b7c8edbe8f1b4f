"""What the shop's rules demand for a basket, unless the basket fulfils them already."""

from collections.abc import Iterator

from service.catalogue.companions import Companion, Companions
from service.catalogue.product import Product
from service.cross_sell.suggestions import Because, Suggestion


def must_haves(basket: tuple[Product, ...], rules: Companions, locale: str) -> Iterator[Suggestion]:
    """Each companion once, in the order of the basket and then of the rules, with the rule's own reason."""
    taken = {product.sku for product in basket}
    for product in basket:
        for companion in rules.of_product(product):
            sku = companion.product.sku
            if companion.rule.kind == "must_have" and sku not in taken and not _is_met(companion, product, basket):
                taken.add(sku)
                yield Suggestion(
                    companion.product, "must_have", Because(companion.rule.because.get(locale), product.sku)
                )


def _is_met(companion: Companion, bearer: Product, basket: tuple[Product, ...]) -> bool:
    """Whether the basket holds something else that the rule would take: other pedals than the cheapest."""
    rule = companion.rule
    return any(
        other.meets(rule.products) and all(_agree(bearer, other, attribute) for attribute in rule.match)
        for other in basket
        if other.sku != bearer.sku
    )


def _agree(one: Product, other: Product, attribute: str) -> bool:
    value = one.value(attribute)
    return value is not None and other.is_any_of(attribute, value if isinstance(value, tuple) else (value,))
