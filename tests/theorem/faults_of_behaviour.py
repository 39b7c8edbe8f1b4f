"""Faults of capturing what shoppers do: kept without their consent, too long, or of what is sensitive."""

from tests.theorem.fault import Fault, theorem

OVER_HTTP = ("tests/api/test_interactions.py",)
STORED = ("tests/storage/test_interactions.py",)
UNFORESEEN = ("tests/models/test_absence.py::test_what_the_register_does_not_foresee_is_not_learnt_from",)
TOO_OLD = ("tests/models/test_absence.py::test_nothing_past_its_retention_is_learnt_from_though_nobody_purged_it",)
BLOCKING = ("tests/api/test_blocking.py",)
API = "service/api/interactions.py"
INTERACTIONS = "service/storage/interactions.py"

FAULTS = (
    Fault(
        "interactions are kept without a grant",
        INTERACTIONS,
        "            if not connection.execute(select(exists().where(allowed))).scalar():\n",
        "            if False:\n",
        OVER_HTTP,
    ),
    Fault(
        "another purpose lets interactions be kept",
        INTERACTIONS,
        "== subject, _holds(BEHAVIOUR_CAPTURE, done.at))",
        "== subject, _holds(MODEL_TRAINING, done.at))",
        OVER_HTTP,
    ),
    Fault(
        "a consent to capture another attribute will do",
        INTERACTIONS,
        "        grant.attribute == ORDERS,\n",
        "",
        STORED,
    ),
    Fault(
        "interactions are kept after the consent ended",
        INTERACTIONS,
        "        or_(grant.until.is_(None), grant.until > at),\n",
        "",
        STORED,
    ),
    Fault(
        "another shopper's consent lets interactions be kept",
        INTERACTIONS,
        "and_(consent_grant.c.shopper_id == subject, _holds(",
        "and_(consent_grant.c.shopper_id != '', _holds(",
        STORED,
    ),
    Fault(
        "a withdrawal leaves what was captured",
        "service/storage/consents.py",
        "    delete_uncaptured(connection, subject, at=at)\n",
        "",
        OVER_HTTP,
    ),
    Fault(
        "another grant keeps what was captured",
        INTERACTIONS,
        "_holds(BEHAVIOUR_CAPTURE, at))\n    connection",
        "_holds(MODEL_TRAINING, at))\n    connection",
        OVER_HTTP,
    ),
    Fault(
        "what is done with sensitive products is kept",
        API,
        "if who is None or front.catalogue.shop.is_sensitive(product.category):",
        "if who is None:",
        OVER_HTTP,
    ),
    Fault(
        "what a shopper blocks is cross-sold",
        "service/cross_sell/assortment.py",
        "open=self.open & ~is_blocked, deaf",
        "deaf",
        BLOCKING,
    ),
    Fault(
        "the model offers what a shopper blocks",
        "service/cross_sell/assortment.py",
        "None if self.lines is None else self.lines.within(may))",
        "self.lines)",
        BLOCKING,
    ),
    Fault(
        "what a shopper blocks leads to others",
        "service/cross_sell/assortment.py",
        " and product.category not in self.deaf",
        "",
        BLOCKING,
    ),
    Fault(
        "advice shows a companion that the shopper blocks",
        "service/api/blocking.py",
        "    return replace(state, companions=kept)\n",
        "    return state\n",
        BLOCKING,
    ),
    Fault(
        "interactions with what a shopper blocks are kept",
        INTERACTIONS,
        "            if connection.execute(select(exists().where(blocked))).scalar():\n",
        "            if False:\n",
        BLOCKING,
    ),
    Fault(
        "blocking leaves the interactions that were kept",
        "service/storage/blocking.py",
        "    if gone:\n",
        "    if False:\n",
        BLOCKING,
    ),
    Fault(
        "somebody blocks for others, too",
        "service/storage/blocking.py",
        "select(blocked_topic.c.topic).where(mine)",
        "select(blocked_topic.c.topic).where(bindparam('subject') != '')",
        theorem("cross_sell"),
    ),
    Fault(
        "what is about a sensitive topic is not sensitive by itself",
        "service/catalogue/shop.py",
        "    return bool(known)\n",
        "    return False\n",
        ("tests/catalogue/test_topics.py",),
    ),
    Fault(
        "Sec-GPC does not reach what a session does",
        "service/api/bearer.py",
        "return None if opted_out() else found.subject",
        "return found.subject",
        OVER_HTTP,
    ),
    Fault(
        "interactions are kept that the register does not foresee",
        "service/privacy/interactions.py",
        "    if register.behaviour(ORDERS, BEHAVIOUR_CAPTURE) is None:\n",
        "    if False:\n",
        OVER_HTTP,
    ),
    Fault(
        "the reply tells of interactions that are there",
        INTERACTIONS,
        "    if key_hash is None:\n        return False\n",
        "    if key_hash is None:\n"
        "        mine = and_(interaction.c.shopper_id == subject, interaction.c.sku == done.sku)\n"
        "        return connection.execute(select(interaction.c.sku).where(mine)).first() is not None\n",
        theorem("interact"),
    ),
    Fault(
        "training reads what was captured of those who did not allow that",
        INTERACTIONS,
        "interaction.join(granted, granted.c.shopper_id == done.shopper_id)",
        "interaction.join(granted, granted.c.shopper_id != '')",
        STORED,
    ),
    Fault(
        "training reads what was done before it was allowed",
        INTERACTIONS,
        "                if earlier.covered(shopper, moment, given_at, lasting):\n",
        "                if shopper:\n",
        STORED,
    ),
    Fault(
        "training reads what is captured no longer",
        INTERACTIONS,
        ".where(done.at <= at, captures)",
        ".where(done.at <= at)",
        STORED,
    ),
    Fault(
        "training reads captured purchases that the register does not foresee",
        "models/source.py",
        "for purpose in (BEHAVIOUR_CAPTURE, MODEL_TRAINING)",
        "for purpose in (BEHAVIOUR_CAPTURE,)",
        UNFORESEEN,
    ),
    Fault(
        "training reads captured purchases past their retention",
        "models/source.py",
        "learnable(at=at, since=_kept_since(register, at))",
        "learnable(at=at, since=None)",
        TOO_OLD,
    ),
    Fault(
        "training reads sensitive products that were captured",
        "models/gathering.py",
        '_left_out_because(done.sku, facts) if done.kind == "purchase"',
        'None if done.kind == "purchase"',
        ("tests/models/test_captured.py",),
    ),
    Fault(
        "a withdrawal of capturing waits for no model without it",
        "service/storage/withdrawals.py",
        "(MODEL_TRAINING, BEHAVIOUR_CAPTURE) if captured else (MODEL_TRAINING,)",
        "(MODEL_TRAINING,)",
        ("tests/storage/test_withdrawals.py",),
    ),
    Fault(
        "a model that learnt from captures is not told from one that did not",
        "service/cross_sell/life.py",
        '    return everything.inner("rows").inner("captured").whole("used") > 0\n',
        "    return False\n",
        ("tests/cross_sell/test_life.py",),
    ),
    Fault(
        "purging leaves interactions past their retention",
        "service/storage/purging.py",
        "        old = interaction.c.at <= _before(ORDERS, register, at)\n",
        "        old = interaction.c.at <= _before(ORDERS, register, at) - timedelta(days=1)\n",
        STORED,
    ),
)
