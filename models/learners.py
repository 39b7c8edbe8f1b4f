"""Between the database and training: lines under training's own names, without what their shopper blocks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache

from models.baskets import ProductFacts
from models.lines import Line
from service.cross_sell.traits import TraitValue
from service.privacy.interactions import Interaction
from service.privacy.orders import OrderLine
from service.privacy.secret import Secret
from service.privacy.subject import ShopperId
from service.privacy.training import TrainingId, training_id

Values = Mapping[str, TraitValue]


class Learners:
    """Shoppers whom models may learn from. The database's names of them go no further than this.

    What a shopper blocks is not counted: it is as if it were not there. What they released to be learnt from is read
    when they first come; `values` holds it by training's name.
    """

    def __init__(
        self,
        secret: Secret,
        facts: Mapping[str, ProductFacts],
        blocked: Mapping[ShopperId, AbstractSet[str]],
        released: Callable[[ShopperId], Values],
    ) -> None:
        self._facts = facts
        self._blocked = blocked
        self.values: dict[TrainingId, Values] = {}

        def named(shopper: ShopperId) -> TrainingId:
            name = training_id(secret, shopper)
            self.values[name] = released(shopper)
            return name

        self._named = cache(named)

    def lines(self, lines: Iterable[OrderLine]) -> Iterator[Line]:
        """Order lines as training may see them."""
        for line in lines:
            if self._admits(line.shopper, line.sku):
                whose = None if line.shopper is None else self._named(line.shopper)
                yield Line(whose, line.sku, line.ordered_at, line.order_id, line.quantity)

    def captured(self, captured: Iterable[tuple[ShopperId, Interaction]]) -> Iterator[tuple[TrainingId, Interaction]]:
        """What was captured, as training may see it."""
        for shopper, done in captured:
            if self._admits(shopper, done.sku):
                yield self._named(shopper), done

    def _admits(self, shopper: ShopperId | None, sku: str) -> bool:
        """Whether the shopper blocks nothing of the product."""
        topics = self._blocked.get(shopper) if shopper is not None else None
        return topics is None or sku not in self._facts or not self._facts[sku].is_about(topics)
