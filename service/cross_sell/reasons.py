"""The sentences that say why a product is suggested; none of them says more than the model's counts bear out."""

from datetime import timedelta

from service.catalogue.product import Product
from service.cross_sell.past import Due
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
DUE = Texts(
    {
        "en": "You bought this {ago} ago; it lasts about {lasts}",
        "de": "Du hast das vor {ago} gekauft; es hält etwa {lasts}",
    }
)
DAYS_AGO = Texts({"en": "{n} day|{n} days", "de": "{n} Tag|{n} Tagen"})
MONTHS_AGO = Texts({"en": "{n} month|{n} months", "de": "{n} Monat|{n} Monaten"})
DAYS = Texts({"en": "{n} day|{n} days", "de": "{n} Tag|{n} Tage"})
MONTHS = Texts({"en": "{n} month|{n} months", "de": "{n} Monat|{n} Monate"})
DAYS_UP_TO = 60
DAYS_OF_A_MONTH = 30.44
UNGROUPED_BELOW = 10_000


def bought_together(partner: Product, *, both: int, orders: int, locale: str) -> Because:
    """It was bought with a product of the basket in so many of that one's orders."""
    text = TOGETHER.get(locale)
    return Because(text.format(name=partner.name.get(locale), both=_grouped(both), all=_grouped(orders)), partner.sku)


def similar(partner: Product, locale: str) -> Because:
    """The model says so, and too few orders held both to be told."""
    return Because(SIMILAR.get(locale).format(name=partner.name.get(locale)), partner.sku)


def popular(locale: str) -> Because:
    """Nothing in the basket speaks for it."""
    return Because(POPULAR.get(locale), None)


def due(due: Due, locale: str) -> Because:
    """The shopper bought it, and it is used up by the shop's reckoning."""
    ago, lasts = _span(due.bought, DAYS_AGO, MONTHS_AGO, locale), _span(due.lasts, DAYS, MONTHS, locale)
    return Because(DUE.get(locale).format(ago=ago, lasts=lasts), None)


def _span(time: timedelta, days: Texts, months: Texts, locale: str) -> str:
    is_short = time.days < DAYS_UP_TO
    number = time.days if is_short else round(time.days / DAYS_OF_A_MONTH)
    one, many = (days if is_short else months).get(locale).split("|")
    return (one if number == 1 else many).format(n=number)


def _grouped(number: int) -> str:
    """Digits in threes from five digits on, parted by a narrow space as ISO 80000-1 does for every language."""
    return str(number) if number < UNGROUPED_BELOW else f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
