"""The sentences that say why a product is suggested; none of them says more than the model's counts bear out."""

from service.catalogue.product import Product
from service.cross_sell.suggestions import Because
from service.documents.texts import Texts

TOGETHER = Texts(
    {
        "en": "Bought together with “{name}” in {both} of {all} orders",
        "de": "In {both} von {all} Bestellungen zusammen mit „{name}“ gekauft",
    }
)
SIMILAR = Texts(
    {
        "en": "Goes with “{name}”, judging by similar baskets",
        "de": "Passt zu „{name}“, nach ähnlichen Warenkörben zu urteilen",
    }
)
POPULAR = Texts({"en": "Often bought in this shop", "de": "Wird in diesem Shop oft gekauft"})
UNGROUPED_BELOW = 10_000


def bought_together(partner: Product, *, both: int, orders: int, locale: str) -> Because:
    """It goes with a product of the basket; `both` is 0 where too few orders held the two to be told."""
    name = partner.name.get(locale)
    text = TOGETHER if both else SIMILAR
    return Because(text.get(locale).format(name=name, both=_grouped(both), all=_grouped(orders)), partner.sku)


def popular(locale: str) -> Because:
    """Nothing in the basket speaks for it."""
    return Because(POPULAR.get(locale), None)


def _grouped(number: int) -> str:
    """Digits in threes from five digits on, parted by a narrow space as ISO 80000-1 does for every language."""
    return str(number) if number < UNGROUPED_BELOW else f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
