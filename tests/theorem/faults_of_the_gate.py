"""Faults of the gate: a view that shows more than was released, or tells of what was not."""

from tests.theorem.fault import Fault, nobodies, theorem

PROFILES = "service/storage/profiles.py"
ORDERS = "service/storage/orders.py"
GATE = "service/privacy/gate.py"
READ = "shown = _view(purpose, readable, self._values.read(subject, purpose, readable, at) if readable else ())\n"
BEFORE_LAST = """key, cache = (subject, purpose), vars(self).setdefault("cache", {})
            fresh = self._values.read(subject, purpose, readable, at) if readable else ()
            shown = _view(purpose, readable, cache.get(key, fresh))
            cache[key] = fresh
"""
CACHED = """key, cache = (subject, purpose), vars(self).setdefault("cache", {})
            if key not in cache:
                cache[key] = self._values.read(subject, purpose, readable, at) if readable else ()
            shown = _view(purpose, readable, cache[key])
"""
SAME = "value.shopper_id == grant.shopper_id, value.attribute == grant.attribute, value.source == grant.source"
WITHHELD = (
    "    withheld = tuple(each.id for each in readable if rows.get(each.id, {}).keys().isdisjoint(each.sources))\n"
)

FAULTS = (
    Fault(
        "the gate ignores the purpose",
        PROFILES,
        '            grant.purpose == bindparam("purpose", None),\n',
        "",
        theorem("advice"),
    ),
    Fault(
        "the gate ignores the end of a grant",
        PROFILES,
        "            or_(until.is_(None), until > at),\n            _declared",
        "            _declared",
        theorem("advice"),
    ),
    Fault(
        "the gate takes a grant at the very moment of its end",
        PROFILES,
        "or_(until.is_(None), until > at),\n            _declared",
        "or_(until.is_(None), until >= at),\n            _declared",
        theorem("advice"),
    ),
    Fault(
        "the gate takes a grant before it begins",
        PROFILES,
        "            given_at <= at,\n",
        "",
        theorem("advice"),
    ),
    Fault(
        "the gate ignores whose grant it is",
        PROFILES,
        '            grant.shopper_id == bindparam("subject", None),\n            grant.purpose',
        "            grant.purpose",
        theorem("advice"),
    ),
    Fault(
        "the gate takes a grant for every purpose",
        PROFILES,
        'grant.purpose == bindparam("purpose", None),',
        'or_(grant.purpose == bindparam("purpose", None), grant.purpose == "*"),',
        theorem("advice"),
    ),
    Fault(
        "the gate ignores the source of a value",
        PROFILES,
        SAME,
        "value.shopper_id == grant.shopper_id, value.attribute == grant.attribute",
        theorem("advice"),
    ),
    Fault(
        "the gate ignores whose value it is",
        PROFILES,
        SAME,
        "value.attribute == grant.attribute, value.source == grant.source",
        theorem("advice"),
    ),
    Fault(
        "the gate releases another attribute with the one granted",
        PROFILES,
        SAME,
        "value.shopper_id == grant.shopper_id, value.source == grant.source",
        theorem("advice"),
    ),
    Fault(
        "the gate lets undeclared sources out of the database",
        PROFILES,
        "(grant.attribute.in_(_fixed(ids)), grant.source.in_(_fixed(key)))",
        "(grant.attribute.in_(_fixed(ids)),)",
        ("tests/storage/test_profiles.py",),
    ),
    Fault(
        "the gate takes undeclared sources for a grant",
        GATE,
        ".keys().isdisjoint(each.sources))",
        " == {})",
        ("tests/privacy/test_gate.py",),
    ),
    Fault(
        "values that are too old are used",
        PROFILES,
        "    return and_(true(), *limited)",
        "    return and_(true())",
        theorem("advice"),
    ),
    Fault(
        "a grant without a value is told as none",
        PROFILES,
        "consent_grant.outerjoin(profile_value, and_(same, _young_enough(attributes, at)))",
        "consent_grant.join(profile_value, and_(same, _young_enough(attributes, at)))",
        theorem("advice"),
    ),
    Fault(
        "withheld is computed from values",
        GATE,
        WITHHELD,
        "    withheld = tuple(each.id for each in readable if each.id not in {value.attribute for value in values})\n",
        ("tests/privacy/test_gate.py",),
    ),
    Fault(
        "basis reports whether anything is stored",
        GATE,
        WITHHELD,
        "    withheld = tuple(each.id for each in readable if not any(rows.get(each.id, {}).values()))\n",
        theorem("advice"),
    ),
    Fault(
        "a purpose reads attributes that it was never declared for",
        "service/privacy/register.py",
        "if purpose in each.purposes and each.holds_a_value)",
        "if each.holds_a_value)",
        theorem("cross_sell"),
    ),
    Fault(
        "a purpose under contract reads the profile",
        "service/privacy/register.py",
        'if declared is None or declared.legal_basis != "consent":\n            return ()',
        "if declared is None:\n            return ()",
        ("tests/privacy/test_register.py", "tests/privacy/test_gate.py"),
    ),
    Fault(
        "a value of another kind passes",
        GATE,
        "    return value if attribute.accepts(value) else None",
        "    return value",
        theorem("advice"),
    ),
    Fault(
        "a malformed value closes the whole view",
        GATE,
        "    except orjson.JSONDecodeError:\n        return None\n",
        "    except orjson.JSONDecodeError:\n        raise\n",
        theorem("advice"),
    ),
    Fault(
        "a failing database shows in the reply",
        GATE,
        "            self._on_failure(failure)\n            return _nothing(purpose, readable, orders)",
        "            raise",
        ("tests/privacy/test_gate.py",),
    ),
    Fault(
        "a failing database is told with its words",
        "service/app.py",
        "log.error(what, error=type(failure).__name__",
        "log.error(what, error=str(failure)",
        ("tests/theorem/test_nothing_told.py",),
    ),
    Fault("a view is cached without an epoch", GATE, READ, CACHED, theorem("advice")),
    Fault(
        "a view from before the withdrawal is shown once more", GATE, READ, BEFORE_LAST, ("tests/api/test_consents.py",)
    ),
    Fault(
        "a guest is shown the view of the last shopper",
        GATE,
        "        if subject is None or not (readable or orders):",
        "        subject = vars(self)['last'] = subject or vars(self).get('last')\n"
        "        if subject is None or not (readable or orders):",
        nobodies("advice"),
    ),
    Fault(
        "advice reads the view made for cross-sell",
        "service/api/advice.py",
        'front.gate.view(who, "advice_profile"',
        'front.gate.view(who, "cross_sell"',
        theorem("advice"),
    ),
    Fault(
        "cross-sell reads the view made for advice",
        "service/api/cross_sell.py",
        'front.gate.view(who, "cross_sell"',
        'front.gate.view(who, "advice_profile"',
        theorem("cross_sell"),
    ),
    Fault(
        "past orders are released for another purpose",
        ORDERS,
        '            grant.purpose == bindparam("purpose", None),\n',
        "",
        theorem("cross_sell"),
    ),
    Fault(
        "past orders are released after the grant's end",
        ORDERS,
        "            or_(until.is_(None), until > at),\n",
        "",
        theorem("cross_sell"),
    ),
    Fault(
        "past orders of others are released",
        ORDERS,
        "and_(line.shopper_id == grant.shopper_id, in_time)",
        "in_time",
        theorem("cross_sell"),
    ),
    Fault(
        "past orders are released however old",
        GATE,
        "timedelta(days=orders.retention_days) if orders.retention_days else None",
        "timedelta(days=orders.retention_days * 9) if orders.retention_days else None",
        theorem("cross_sell"),
    ),
    Fault(
        "no grant for orders is told as no orders",
        ORDERS,
        "if sku is not None) if rows else None",
        "if sku is not None)",
        ("tests/storage/test_orders.py",),
    ),
)
