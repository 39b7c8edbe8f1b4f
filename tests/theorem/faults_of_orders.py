"""Faults around orders: what models learn from, and what is sensitive."""

from tests.theorem.fault import Fault

ORDERS = "service/storage/orders.py"
IN_STORAGE = ("tests/storage/test_orders.py",)

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
