"""What past orders say, where the shopper lets cross-sell use them: what is owned, and what may be used up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.catalogue.catalogue import Catalogue
from service.catalogue.product import Product
from service.privacy.view import CrossSellView


@dataclass(frozen=True, slots=True)
class Due:
    """A consumable that was bought so long ago that it may be used up."""

    product: Product
    bought: timedelta
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Past:
    """The products of past orders that the shop still sells, the latest first, and since when each is owned."""

    owned: Mapping[str, timedelta]
    products: tuple[Product, ...]
    catalogue: Catalogue

    @classmethod
    def of(cls, view: CrossSellView, catalogue: Catalogue, at: datetime | None) -> "Past":
        """What the view releases; nothing for a guest."""
        known = [purchase for purchase in view.purchases if purchase.sku in catalogue] if at else []
        owned = {purchase.sku: at - purchase.at for purchase in reversed(known)} if at else {}
        return cls(owned, tuple(catalogue.find(purchase.sku) for purchase in known), catalogue)

    def due(self) -> Iterator[Due]:
        """Of each category that is used up, what was bought last, if that is long enough ago; the latest first."""
        seen: set[str] = set()
        for product in self.products:
            lasts = self._lasts(product)
            if lasts is None or product.category in seen:
                continue
            seen.add(product.category)
            if self.owned[product.sku] >= lasts:
                yield Due(product, self.owned[product.sku], lasts)

    def kept_back(self) -> Iterator[str]:
        """The skus that are owned and not used up: nobody is offered them again."""
        for product in self.products:
            lasts = self._lasts(product)
            if lasts is None or self.owned[product.sku] < lasts:
                yield product.sku

    def _lasts(self, product: Product) -> timedelta | None:
        category = self.catalogue.shop.categories.get(product.category)
        return None if category is None or category.lasts_days is None else timedelta(days=category.lasts_days)
