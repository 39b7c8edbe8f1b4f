"""Faults of the gate: a view that shows more than was released, or tells of what was not."""

from tests.theorem.fault import Fault, nobodies, theorem

PROFILES = "service/storage/profiles.py"
ORDERS = "service/storage/orders.py"
PURCHASES = "service/storage/purchases.py"
GATE = "service/privacy/gate.py"
REMEMBERED = "service/privacy/remembered.py"
KEY = "key = (self, subject.id, purpose)"
WORKERS = ("tests/storage/test_remembered.py",)
MEMORY = ("tests/privacy/test_remembered.py",)
READING = """        reading = self._values.read(subject.id, purpose, readable, at) if readable else Reading(())
"""
BEFORE_LAST = """        cache = vars(self).setdefault("cache", {})
        fresh = self._values.read(subject.id, purpose, readable, at) if readable else Reading(())
        reading = cache.get(key, fresh)
        cache[key] = fresh
"""
SAME = "value.shopper_id == grant.shopper_id, value.attribute == grant.attribute, value.source == grant.source"
WITHHELD = (
    "    withheld = tuple(each.id for each in readable if rows.get(each.id, {}).keys().isdisjoint(each.sources))\n"
)

FAULTS = (
    Fault(
        "the gate ignores the purpose",
        PROFILES,
        '        grant.purpose == bindparam("purpose", None),\n',
        "",
        theorem("advice"),
    ),
    Fault(
        "the gate ignores the end of a grant",
        PROFILES,
        "        or_(until.is_(None), until > at),\n        _declared",
        "        _declared",
        theorem("advice"),
    ),
    Fault(
        "the gate takes a grant at the very moment of its end",
        PROFILES,
        "or_(until.is_(None), until > at),\n        _declared",
        "or_(until.is_(None), until >= at),\n        _declared",
        theorem("advice"),
    ),
    Fault(
        "the gate takes a grant before it begins",
        PROFILES,
        "    holds = given_at <= at\n",
        "    holds = given_at > 0\n",
        theorem("advice"),
    ),
    Fault(
        "the gate ignores whose grant it is",
        PROFILES,
        "        grant.shopper_id == shopper.c.id,\n        grant.purpose",
        "        grant.purpose",
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
        "outerjoin(profile_value, held)",
        "join(profile_value, held)",
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
        "    log.error(what, **told_of(failure))",
        '    log.error(what, **told_of(failure) | {"error": str(failure)})',
        ("tests/theorem/test_nothing_told.py",),
    ),
    Fault(
        "a view from before the withdrawal is shown once more",
        GATE,
        READING,
        BEFORE_LAST,
        ("tests/storage/test_remembered.py", "tests/api/test_consents.py"),
    ),
    Fault(
        "a guest is shown the view of the last shopper",
        GATE,
        "        if subject is None or not (readable or orders):",
        "        subject = vars(self)['last'] = getattr(subject, 'id', subject) or vars(self).get('last')\n"
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
        PURCHASES,
        "        grant.purpose == purpose,\n",
        "",
        theorem("cross_sell"),
    ),
    Fault(
        "past orders are released after the grant's end",
        PURCHASES,
        '        or_(until.is_(None), until > _moment("at")),\n',
        "",
        theorem("cross_sell"),
    ),
    Fault(
        "past orders of others are released",
        PURCHASES,
        "and_(line.shopper_id == RELEASING.c.shopper_id, _in",
        "and_(_in",
        theorem("cross_sell"),
    ),
    Fault(
        "captured purchases of others are released",
        PURCHASES,
        "and_(done.shopper_id == RELEASING.c.shopper_id, ",
        "and_(",
        theorem("cross_sell"),
    ),
    Fault(
        "captured purchases are released that nobody releases for cross-sell",
        PURCHASES,
        '        .where(_holds(RELEASING, bindparam("purpose", None)))\n        .where(_holds(CAPTURING',
        "        .where(_holds(CAPTURING",
        theorem("cross_sell"),
    ),
    Fault(
        "captured purchases are released without a consent to capture them",
        PURCHASES,
        "        .where(_holds(CAPTURING, BEHAVIOUR_CAPTURE))\n",
        "",
        theorem("cross_sell"),
    ),
    Fault(
        "what was looked at is released as a purchase",
        PURCHASES,
        ' done.kind == "purchase",',
        "",
        theorem("cross_sell"),
    ),
    Fault(
        "captured purchases are released however old",
        PURCHASES,
        ' done.kind == "purchase", _in_time(done.at))',
        ' done.kind == "purchase")',
        theorem("cross_sell"),
    ),
    Fault(
        "captured purchases are released that the register does not foresee",
        PURCHASES,
        '        .where(bindparam("captured", None, type_=Boolean))\n',
        "",
        ("tests/storage/test_purchases.py",),
    ),
    Fault(
        "the gate releases captured purchases whatever the register foresees",
        GATE,
        "self._captures = register.behaviour(ORDERS, BEHAVIOUR_CAPTURE) is not None",
        "self._captures = True",
        ("tests/privacy/test_gate.py",),
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
    Fault(
        "a view is remembered whatever the mark",
        REMEMBERED,
        "kept.mark != mark or at < kept.since",
        "at < kept.since",
        WORKERS,
    ),
    Fault(
        "a view is remembered past its end",
        REMEMBERED,
        " or (kept.until is not None and at >= kept.until)",
        "",
        WORKERS,
    ),
    Fault("a view is remembered for its last moment too", REMEMBERED, "at >= kept.until", "at > kept.until", MEMORY),
    Fault(
        "a view is remembered for the time before it was read", REMEMBERED, "at < kept.since or ", "False or ", WORKERS
    ),
    Fault("a view outlives its register", GATE, KEY, "key = (None, subject.id, purpose)", WORKERS),
    Fault("a view is remembered for every purpose", GATE, KEY, 'key = (self, subject.id, "")', WORKERS),
    Fault("a view is remembered for every subject", GATE, KEY, 'key = (self, "", purpose)', MEMORY),
    Fault(
        "a view is remembered under the mark that was asked with",
        GATE,
        "remembered.keep(key, shown, reading.mark,",
        "remembered.keep(key, shown, subject.mark or reading.mark,",
        MEMORY,
    ),
    Fault(
        "a remembered view does not hear of a grant that begins",
        PROFILES,
        "case((holds, until), else_=given_at)",
        "case((holds, until))",
        WORKERS,
    ),
    Fault(
        "a remembered view does not hear of a grant that ends",
        PROFILES,
        "case((holds, until), else_=given_at)",
        "case((holds, null()), else_=given_at)",
        WORKERS,
    ),
    Fault(
        "a remembered view does not hear of a value that grows too old",
        PROFILES,
        "case(*ends) if ends",
        "case(*ends) if not ends",
        WORKERS,
    ),
    Fault(
        "past orders are remembered",
        GATE,
        "            return shown if orders is None else self._with_purchases(shown, known.id, orders, at)",
        "            whole = shown if orders is None else self._with_purchases(shown, known.id, orders, at)\n"
        "            return vars(self).setdefault('whole', {}).setdefault((known, purpose), whole)",
        MEMORY,
    ),
    Fault("what is not used is kept for ever", REMEMBERED, ".used < before", ".used < 0", MEMORY),
    *(
        Fault(
            f"no mark is made when a {table} meets {event}",
            "service/storage/migrations/versions/0005_a_mark_for_each_state.py",
            "for event, ids in whose.items()",
            f'for event, ids in whose.items() if (event[:6], table) != ("{event}", "{table}")',
            WORKERS,
        )
        for table in ("consent_grant", "profile_value")
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
)
