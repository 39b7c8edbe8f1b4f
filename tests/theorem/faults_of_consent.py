"""Faults of consent: decisions taken for others, values that stay, profiles filled without a grant."""

from tests.theorem.fault import Fault, others, theorem

CONSENT = "service/privacy/consent.py"
CONSENTS = "service/storage/consents.py"
PROFILES = "service/storage/profiles.py"
DELIVERIES = "service/storage/deliveries.py"
SETTLEMENT = "service/privacy/settlement.py"
RIGHTS = "service/storage/rights.py"
IN_STORAGE = ("tests/storage/test_consents.py",)
WRITTEN = "            _write_grants(connection, request, settlement)\n"
COMMITTED = (
    '            connection.exec_driver_sql("COMMIT")\n            connection.exec_driver_sql("BEGIN IMMEDIATE")\n'
)
HELD = (
    "{(subject, *row) for row in connection.execute(select(profile_value.c.attribute, profile_value.c.source)"
    ".where(profile_value.c.shopper_id == subject))}"
)
OF_ANYBODY = (
    "{tuple(row) for row in connection.execute(select(consent_grant.c.attribute, consent_grant.c.source)"
    ".where(or_(consent_grant.c.until.is_(None), consent_grant.c.until > at)))}"
)

FAULTS = (
    Fault(
        "refused is counted as given",
        CONSENT,
        "    if not decision.given:\n"
        "        return Judged(decision, (), undeclared=_undeclared(attribute, purpose, index))\n",
        "",
        ("tests/storage/test_consents.py", "tests/api/test_consents.py"),
    ),
    Fault(
        "what is declared no longer cannot be withdrawn",
        SETTLEMENT,
        "if each.undeclared and not found), None)",
        "if each.undeclared), None)",
        ("tests/privacy/test_consent.py", "tests/storage/test_consents.py"),
    ),
    Fault(
        "a withdrawal leaves the grant",
        SETTLEMENT,
        "for row in found)\n\n\ndef _put",
        "for row in found if False)\n\n\ndef _put",
        ("tests/privacy/test_consent.py",),
    ),
    Fault(
        "withdrawing everything leaves the grants",
        SETTLEMENT,
        "drop=rows if request.everything else",
        "drop=() if request.everything else",
        ("tests/privacy/test_consent.py",),
    ),
    Fault(
        "a withdrawal leaves the value",
        CONSENTS,
        "            delete_uncovered(connection, request.subject, at=request.at)\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a withdrawal keeps the value for a grant that is over",
        CONSENTS,
        "        or_(consent_grant.c.until.is_(None), consent_grant.c.until > at),\n    )\n    connection",
        "    )\n    connection",
        ("tests/theorem/test_withdrawn.py",),
    ),
    Fault(
        "a withdrawal keeps the value for a grant of another source",
        CONSENTS,
        "        consent_grant.c.source == profile_value.c.source,\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a withdrawal deletes what others allowed",
        CONSENTS,
        "delete(profile_value).where(profile_value.c.shopper_id == subject, ~covering)",
        "delete(profile_value).where(~covering)",
        others("withdraw_all"),
    ),
    Fault(
        "a withdrawal drops the grants of others",
        CONSENTS,
        "delete(consent_grant).where(mine, key.in_(gone))",
        "delete(consent_grant).where(key.in_(gone))",
        theorem("withdraw_all", "decide"),
    ),
    Fault(
        "a decision for one source reaches all",
        SETTLEMENT,
        "    return same_pair and decision.source in (None, row.source)",
        "    return same_pair",
        IN_STORAGE,
    ),
    Fault(
        "the grants of others are listed",
        CONSENTS,
        ".where(consent_grant.c.shopper_id == subject, holding)",
        ".where(holding)",
        theorem("list_consents"),
    ),
    Fault(
        "grants that are over are listed",
        CONSENTS,
        ".where(consent_grant.c.shopper_id == subject, holding)",
        ".where(consent_grant.c.shopper_id == subject)",
        theorem("list_consents"),
    ),
    Fault(
        "an event stands without its grants if these fail",
        CONSENTS,
        WRITTEN,
        COMMITTED + WRITTEN,
        ("tests/theorem/test_withdrawn.py",),
    ),
    Fault(
        "grants stand without the values' deletion if that fails",
        CONSENTS,
        WRITTEN,
        WRITTEN + COMMITTED,
        ("tests/theorem/test_withdrawn.py",),
    ),
    Fault(
        "a wildcard is no bundle",
        "service/privacy/bundles.py",
        ' or "*" in named or',
        " or",
        ("tests/privacy/test_bundles.py",),
    ),
    Fault(
        "a list of attributes is no bundle",
        "service/privacy/bundles.py",
        "    if isinstance(named, list | Mapping):\n        return True\n",
        "    if isinstance(named, list | Mapping):\n        return False\n",
        ("tests/privacy/test_bundles.py", "tests/api/test_restricted.py"),
    ),
    Fault(
        "a purpose is given that the attribute may never serve",
        CONSENT,
        'if purpose.id not in attribute.purposes or purpose.legal_basis != "consent":',
        'if purpose.legal_basis != "consent":',
        ("tests/privacy/test_consent.py",),
    ),
    Fault(
        "a source is given that is not declared",
        CONSENT,
        "if decision.source is not None and decision.source not in attribute.sources:",
        "if False:",
        ("tests/privacy/test_consent.py",),
    ),
    Fault(
        "consent is given under an outdated notice",
        CONSENT,
        "if gives and register.notice(notice.id, notice.version) != register.in_force(notice.id):",
        "if False:",
        ("tests/privacy/test_consent.py",),
    ),
    Fault(
        "withdrawing needs the notice in force",
        CONSENT,
        "if gives and register.notice(notice.id, notice.version) != register.in_force(notice.id):",
        "if register.notice(notice.id, notice.version) != register.in_force(notice.id):",
        ("tests/privacy/test_consent.py",),
    ),
    Fault(
        "a consent never ends by itself",
        CONSENT,
        "at + timedelta(days=purpose.valid_for_days) if purpose.valid_for_days else None",
        "None",
        IN_STORAGE,
    ),
    Fault(
        "a minor gives without a guardian",
        "service/api/consents.py",
        'if who.acting == "minor":',
        "if False:",
        ("tests/api/test_restricted.py",),
    ),
    Fault(
        "consent is given although the browser opts out",
        "service/api/consents.py",
        "    if opted_out():\n        raise OptedOut\n",
        "",
        ("tests/api/test_restricted.py",),
    ),
    Fault(
        "a key of one shopper replays for another",
        "service/storage/idempotency.py",
        "(idempotency.c.shopper_id == self._subject) & (idempotency.c.key == asked.key)\n        found",
        "idempotency.c.key == asked.key\n        found",
        IN_STORAGE,
    ),
    Fault(
        "a value is stored without a grant",
        PROFILES,
        "zip(values, taken, strict=True) if is_taken]",
        "zip(values, taken, strict=True)]",
        ("tests/storage/test_profiles.py",),
    ),
    Fault(
        "a value is stored under a grant for another source",
        PROFILES,
        "(subject, value.attribute, value.source) in granted",
        "value.attribute in {attribute for _, attribute, _ in granted}",
        ("tests/storage/test_profiles.py",),
    ),
    Fault(
        "a value is stored under a grant that is over",
        PROFILES,
        "grant.shopper_id.in_(subjects), or_(grant.until.is_(None), grant.until > at)",
        "grant.shopper_id.in_(subjects)",
        ("tests/storage/test_deliveries.py",),
    ),
    Fault(
        "a value is stored under somebody else's grant",
        PROFILES,
        "(subject, value.attribute, value.source) in granted for value in values)",
        f"(value.attribute, value.source) in {OF_ANYBODY} for value in values)",
        ("tests/storage/test_profiles.py",),
    ),
    Fault(
        "a delivery tells whether something is stored already",
        PROFILES,
        "            granted = covered(connection, {subject}, at, purpose)\n",
        f"            granted = covered(connection, {{subject}}, at, purpose) - {HELD}\n",
        theorem("deliver"),
    ),
    Fault(
        "an import keeps what no grant covers",
        DELIVERIES,
        "    return [each for each in batch if (each[0], each[1].attribute, each[1].source) in granted]\n",
        "    return batch\n",
        ("tests/storage/test_deliveries.py",),
    ),
    Fault(
        "an import keeps values under a grant of somebody else",
        DELIVERIES,
        "if (each[0], each[1].attribute, each[1].source) in granted]",
        "if (each[1].attribute, each[1].source) in {row[1:] for row in granted}]",
        ("tests/storage/test_deliveries.py",),
    ),
    Fault(
        "a value is taken without its origin",
        "service/privacy/profile.py",
        "if not (ref.strip() and ref.isprintable() and len(ref) <= LONGEST_REFERENCE):",
        "if False:",
        ("tests/privacy/test_profile.py",),
    ),
    Fault(
        "erasure leaves what the ledger told",
        RIGHTS,
        "            ledger.shred(subject)\n",
        "",
        ("tests/storage/test_rights.py",),
    ),
    Fault(
        "erasure leaves what was bought",
        "service/storage/personal.py",
        "        if table is not consent_event:\n",
        '        if table is not consent_event and table.name != "order_line":\n',
        ("tests/storage/test_rights.py",),
    ),
    Fault(
        "erasure reaches others",
        "service/storage/personal.py",
        "connection.execute(delete(table).where(column == subject))",
        "connection.execute(delete(table))",
        others("erase_me"),
    ),
    Fault(
        "an export holds what is kept of others",
        "service/storage/personal.py",
        "select(*told).where(mine == subject)",
        "select(*told)",
        theorem("my_export"),
    ),
    Fault(
        "the overview holds the values of others",
        RIGHTS,
        "select(profile_value).where(profile_value.c.shopper_id == subject)",
        "select(profile_value)",
        theorem("my_data"),
    ),
)
