"""Faults around orders: what models learn from, and what is sensitive."""

from tests.theorem.fault import Fault

ORDERS = "service/storage/orders.py"
IN_STORAGE = ("tests/storage/test_orders.py",)

LEARNERS = "models/learners.py"
ABSENCE = "tests/models/test_absence.py"
BLOCKED = (f"{ABSENCE}::test_training_beside_what_shoppers_block_equals_training_without_those_lines",)

NAMES = ("tests/models/test_names.py",)

FAULTS = (
    Fault(
        "retraining takes a grant for another purpose",
        ORDERS,
        "            grant.purpose == MODEL_TRAINING,\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "retraining takes a grant that is over",
        ORDERS,
        "            or_(grant.until.is_(None), grant.until > at),\n        )\n        .group_by(grant.shopper_id)",
        "        )\n        .group_by(grant.shopper_id)",
        IN_STORAGE,
    ),
    Fault(
        "retraining takes a grant before it begins",
        ORDERS,
        "            grant.given_at <= at,\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "retraining takes orders from before the consent",
        "service/storage/order_consent.py",
        "        return moment >= since or any(",
        "        return True or any(",
        ("tests/storage/test_order_consent.py",),
    ),
    Fault(
        "retraining takes orders past their retention",
        "models/source.py",
        "consented_lines(at=at, since=_kept_since(register, at), ",
        "consented_lines(at=at, ",
        (f"{ABSENCE}::test_nothing_past_its_retention_is_learnt_from_though_nobody_purged_it",),
    ),
    Fault(
        "retraining takes orders of the moment at which their retention ends",
        ORDERS,
        "order_line.c.ordered_at > since",
        "order_line.c.ordered_at >= since",
        IN_STORAGE,
    ),
    Fault(
        "retraining takes anonymous orders unasked",
        ORDERS,
        "order_line.c.shopper_id.is_(None) if anonymous else false()",
        "order_line.c.shopper_id.is_(None)",
        IN_STORAGE,
    ),
    Fault(
        "retraining takes everybody's orders",
        ORDERS,
        "or_(granted.c.given_at.is_not(None), order_line",
        "or_(order_line.c.order_id.is_not(None), order_line",
        IN_STORAGE,
    ),
    Fault(
        "models learn from orders of what their shopper blocks",
        LEARNERS,
        "            if self._admits(line.shopper, line.sku):\n",
        "            if line:\n",
        BLOCKED,
    ),
    Fault(
        "models learn from captured purchases of what their shopper blocks",
        LEARNERS,
        "            if self._admits(shopper, done.sku):\n",
        "            if done:\n",
        BLOCKED,
    ),
    Fault(
        "models learn from what is blocked by a topic and not by its category",
        "models/baskets.py",
        "self.category in topics or not self.topics.isdisjoint(topics)",
        "self.category in topics",
        BLOCKED,
    ),
    Fault(
        "models learn from what is blocked by its category and not by a topic",
        "models/baskets.py",
        "self.category in topics or not self.topics.isdisjoint(topics)",
        "not self.topics.isdisjoint(topics)",
        BLOCKED,
    ),
    Fault(
        "what one shopper blocks is learnt from nobody",
        LEARNERS,
        "topics = self._blocked.get(shopper) if shopper is not None else None",
        "topics = frozenset().union(*self._blocked.values())",
        (f"{ABSENCE}::test_what_one_shopper_blocks_is_learnt_from_others",),
    ),
    Fault(
        "training groups orders by the pseudonym of database and ledger",
        LEARNERS,
        "            name = training_id(secret, shopper)\n",
        "            name = shopper\n",
        NAMES,
    ),
    Fault(
        "training names shoppers under a key that has another use",
        "service/privacy/training.py",
        'secret.derived("training")',
        'secret.derived("ledger")',
        NAMES,
    ),
    Fault(
        "training's names outlive a rotation of the secret",
        "service/privacy/training.py",
        'secret.derived("training")',
        'secret.lasting("training")',
        NAMES,
    ),
    Fault(
        "a model learns a value of somebody who orders often",
        "models/vocabulary.py",
        "texts[Equals(attribute, text)].add(id(basket.values))",
        "texts[Equals(attribute, text)].add(len(texts[Equals(attribute, text)]))",
        ("tests/models/test_vocabulary.py", "tests/models/test_erased.py"),
    ),
    Fault(
        "a model learns a range of numbers of somebody who orders often",
        "models/vocabulary.py",
        "counts, _ = np.histogram(of_each, edges)",
        "counts, _ = np.histogram(values, edges)",
        ("tests/models/test_vocabulary.py",),
    ),
    Fault(
        "orders are kept that nobody allowed",
        ORDERS,
        "usable = [line for line in batch if line.shopper is None or known[line.shopper].usable(line.ordered_at)]",
        "usable = batch",
        ("tests/storage/test_order_consent.py", "tests/cli/test_import_orders.py"),
    ),
    Fault(
        "orders of sensitive products are kept",
        "service/cli/imports.py",
        "if product.category in categories and not categories[product.category].sensitive",
        "if product.category in categories",
        ("tests/cli/test_import_orders.py",),
    ),
    Fault(
        "sensitive products are cross-sold",
        "service/cross_sell/assortment.py",
        "if each.suggested and not each.sensitive]",
        "if each.suggested]",
        ("tests/theorem/test_sensitive.py",),
    ),
    Fault(
        "a sensitive product in the basket leads to others",
        "service/cross_sell/assortment.py",
        "return category is not None and not category.sensitive",
        "return category is not None",
        ("tests/theorem/test_sensitive.py",),
    ),
    Fault(
        "a sensitive product goes with another by rule",
        "service/catalogue/companions.py",
        "candidate.available and not sensitive and candidate.meets",
        "candidate.available and candidate.meets",
        ("tests/catalogue/test_companions.py", "tests/cross_sell/test_suggest.py"),
    ),
)
