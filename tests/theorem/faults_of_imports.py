"""Faults around what a shop brings in at once, and around what outlives its consent."""

from tests.theorem.fault import Fault

ENROLMENT = "service/privacy/enrolment.py"
RECORDS = "service/cli/shopper_records.py"
ORDER_CONSENT = "service/storage/order_consent.py"
ENROLLED = ("tests/storage/test_enrolments.py",)
IMPORTED = ("tests/cli/test_import_shoppers.py",)
ORDERED = ("tests/storage/test_order_consent.py",)

FAULTS = (
    Fault("an ended consent covers what is imported", ENROLMENT, " if row.holds(at)}", "}", ENROLLED),
    Fault(
        "a file from before undoes an erasure",
        ENROLMENT,
        "if erased is None or event.at > erased)",
        ")",
        ENROLLED,
    ),
    Fault(
        "what somebody decided at two moments is taken as it comes",
        ENROLMENT,
        "    if len(events) > 1:\n",
        "    if not events:\n",
        IMPORTED,
    ),
    Fault(
        "a consent for one source is imported for all",
        RECORDS,
        "given=True, source=source)",
        "given=True)",
        IMPORTED,
    ),
    Fault(
        "a consent that is yet to come is imported",
        RECORDS,
        "    if moment > datetime.now(UTC) + CLOCKS_MAY_DIFFER:\n",
        "    if False:\n",
        IMPORTED,
    ),
    Fault(
        "a field of a consent that is misspelt is left out without a word",
        RECORDS,
        "    if not found.keys() <= set(fields):\n",
        "    if False:\n",
        IMPORTED,
    ),
    Fault(
        "the copy that a shopper takes along widens a consent for one source",
        "service/privacy/portable.py",
        '("attribute", "purpose", "source")}',
        '("attribute", "purpose")}',
        ("tests/storage/test_rights.py",),
    ),
    Fault(
        "a reference in which a character was lost is a shopper",
        "service/privacy/shoppers.py",
        " and LOST not in text",
        "",
        ("tests/api/test_consents.py",),
    ),
    Fault(
        "a consent counts under a text that nobody can have read",
        "service/privacy/consent.py",
        "    if served.language != ANY_LANGUAGE and not",
        "    if False and not",
        ("tests/storage/test_consents.py",),
    ),
    Fault(
        "a grant given again by a merge counts from the merge",
        "service/privacy/payload.py",
        'if kind == "decision":',
        "if True:",
        ("tests/storage/test_merges.py",),
    ),
    Fault(
        "a notice rewritten with its hash is not found",
        "service/storage/notices.py",
        "event.notice_hash != kept.hash",
        "event.notice_hash != event.notice_hash",
        ("tests/storage/test_ledger.py",),
    ),
    Fault(
        "consents are imported under a notice that was altered",
        "service/cli/imports.py",
        "    if altered:\n",
        "    if False:\n",
        ("tests/cli/test_commands.py",),
    ),
    Fault(
        "a value past its retention is taken in",
        "service/privacy/profile.py",
        'return "too_old" if attribute.is_too_old(collected_at, at=at) else None',
        "return None",
        ("tests/privacy/test_profile.py",),
    ),
    Fault(
        "an order past its retention is taken in",
        "service/privacy/orders.py",
        "if declared is not None and declared.is_too_old(",
        "if False and declared.is_too_old(",
        ("tests/privacy/test_orders.py",),
    ),
    Fault(
        "a withdrawal under its old key takes nothing away",
        "service/storage/consents.py",
        "if before is not None and not settlement.withdraws:",
        "if before is not None:",
        ("tests/storage/test_consents.py",),
    ),
    Fault(
        "orders outlive the consent that used them",
        "service/storage/consents.py",
        "    delete_unusable(connection, subject, at=at)\n",
        "",
        ORDERED,
    ),
    Fault(
        "orders that only training uses stay though it may not learn from them",
        ORDER_CONSENT,
        "        if not any(period.holds(moment) for period in earlier)\n",
        "        if False\n",
        ORDERED,
    ),
    Fault(
        "purging leaves values that the register lets no purpose use",
        "service/storage/purging.py",
        '    over += [("values", profile_value, _unserved(each, register)) for each in declared]\n',
        "",
        ("tests/storage/test_purging.py",),
    ),
    Fault(
        "purging leaves orders that the register lets no purpose use",
        "service/storage/purging.py",
        "unused(at, uses=uses)",
        "unused(at)",
        ("tests/storage/test_purging.py",),
    ),
    Fault(
        "purging leaves orders that nothing uses",
        "service/storage/purging.py",
        '    over.append(("order lines", order_line, unused(at, uses=uses)))\n',
        "",
        ORDERED,
    ),
    Fault(
        "the service starts under another secret than its ledger's",
        "service/app.py",
        "        _know_the_ledger(database, Keyring.of(load_secret(settings.secret, settings.data)))\n",
        "",
        ("tests/cli/test_commands.py",),
    ),
)
