"""Faults of remembering answers and of merging identities: more is kept, moved or left than was consented to."""

from tests.theorem.fault import Fault, theorem

REMEMBERED = "service/api/remembered.py"
REMEMBERING = "service/advice/remembering.py"
MERGING = "service/privacy/merging.py"
MERGES = "service/storage/merges.py"
GOLDEN = "service/privacy/golden_record.py"
COUNTING = ("tests/storage/test_golden_record.py",)
IN_STORAGE = ("tests/storage/test_merges.py",)
OVER_HTTP = ("tests/api/test_remembered.py",)

FAULTS = (
    Fault(
        "an answer is remembered under a consent for another purpose",
        REMEMBERED,
        "[incoming], at=now, purpose=PURPOSE)",
        "[incoming], at=now)",
        OVER_HTTP,
    ),
    Fault(
        "a purpose asked for does not narrow the grants",
        "service/storage/profiles.py",
        "        grants = grants.where(grant.purpose == purpose)\n",
        "        pass\n",
        OVER_HTTP,
    ),
    Fault(
        "an answer is remembered although the browser opts out",
        REMEMBERED,
        "may_be = not opted_out() and not",
        "may_be = not",
        OVER_HTTP,
    ),
    Fault(
        "an answer about what the shopper blocks is remembered",
        REMEMBERED,
        "return compiled.is_sensitive or (bool(named) and named <= blocked)",
        "return compiled.is_sensitive",
        OVER_HTTP,
    ),
    Fault(
        "an answer about something sensitive is remembered",
        REMEMBERED,
        "return compiled.is_sensitive or ",
        "return ",
        OVER_HTTP,
    ),
    Fault(
        "an answer that the profile gave is offered to be remembered",
        REMEMBERING,
        "isinstance(answers.get(each), Picked | Measured)",
        "isinstance(counted[each], Picked | Measured)",
        OVER_HTTP,
    ),
    Fault(
        "a remembered answer says to come from elsewhere",
        REMEMBERED,
        "value, SHOPPER, f",
        'value, "crm", f',
        OVER_HTTP,
    ),
    Fault(
        "an attribute is remembered that may not serve advice",
        REMEMBERING,
        "    elif PURPOSE not in registered.purposes:\n",
        "    elif False:\n",
        ("tests/advice/test_questionnaire_files.py",),
    ),
    Fault(
        "a grant survives a merge although the other never gave it",
        MERGING,
        "ended=tuple(row for row in held if row.key not in other)",
        "ended=()",
        ("tests/privacy/test_merging.py",),
    ),
    Fault(
        "a grant survives a merge longer than both gave it",
        MERGING,
        "min(ends, default=None)",
        "max(ends, default=None)",
        ("tests/privacy/test_merging.py",),
    ),
    Fault(
        "a grant that is over counts at a merge",
        MERGING,
        "for row in theirs if row.holds(at)}",
        "for row in theirs}",
        ("tests/privacy/test_merging.py",),
    ),
    Fault(
        "a merge takes any purpose for a consent to be brought together",
        MERGING,
        "if row.purpose == PROFILE_MERGE and row.key in other",
        "if row.key in other",
        ("tests/privacy/test_merging.py",),
    ),
    Fault(
        "a merge takes the profile_merge of one side for that of both",
        MERGING,
        "if row.purpose == PROFILE_MERGE and row.key in other",
        "if row.purpose == PROFILE_MERGE",
        ("tests/privacy/test_merging.py",),
    ),
    Fault(
        "a merge happens without profile_merge",
        MERGES,
        "            if not left.bridged:\n                raise MergeNotConsented\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a merge leaves the grants that ended",
        MERGES,
        "        connection.execute(delete(consent_grant).where(_is(survivor, row)))\n",
        "        pass\n",
        IN_STORAGE,
    ),
    Fault(
        "a merge leaves values that nothing covers",
        MERGES,
        "            delete_uncovered(connection, survivor, at=at)\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a merge leaves what the ledger told of the other",
        MERGES,
        "            ledger.shred(other)\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a merge leaves the other",
        MERGES,
        "            delete_rows(connection, other)\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a merge takes an older value",
        MERGES,
        "theirs if mine is None or mine.collected_at < theirs.collected_at else mine",
        "theirs",
        IN_STORAGE,
    ),
    Fault(
        "a merge moves orders that were never to be brought together",
        MERGES,
        " if HISTORY in left.bridged else []",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a merge moves orders that only one of both allowed",
        "service/storage/order_consent.py",
        "if self.trains(ordered_at) and other.trains(ordered_at):",
        "if other.cross_sell or other.trains(ordered_at):",
        IN_STORAGE,
    ),
    Fault(
        "a merge is not on the list of erasures",
        MERGES,
        "            connection.execute(erasure.insert(), row)\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a merge replays under its key for another pair",
        MERGING,
        'once(idempotency_key, ["merge", other])',
        'once(idempotency_key, ["merge"])',
        IN_STORAGE,
    ),
    Fault(
        "a merge loses what the other blocks",
        MERGES,
        "            _unite_topics(connection, request, blocking)\n",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a merge keeps what was done with what the other blocks",
        MERGES,
        "topics, blocking(topics))",
        "topics, lambda _: False)",
        IN_STORAGE,
    ),
    Fault(
        "a merge blocks by what the two are known for",
        MERGES,
        "topics = {row.topic for row in rows}",
        "known = connection.execute(select(profile_value.c.value)).all()\n"
        "        topics = {row.topic for row in rows} if len(known) % 2 else set()",
        theorem("merge"),
    ),
    Fault(
        "a merge brings orders under a consent to training that one alone had given then",
        "service/storage/order_consent.py",
        " and not self.consent.learnt_then(self.shopper, ordered_at)",
        "",
        IN_STORAGE,
    ),
    Fault(
        "a merge looks at the consent to training that stands now alone",
        "service/storage/order_consent.py",
        "not self.consent.learnt_then(self.shopper, ordered_at)",
        "not self.trains(ordered_at)",
        IN_STORAGE,
    ),
    Fault(
        "a merge forgets a later use",
        MERGES,
        "max(used, default=(None, None))",
        "min(used, default=(None, None))",
        IN_STORAGE,
    ),
    Fault(
        "another value is told to count than is used",
        GOLDEN,
        "for source in attribute.sources if",
        "for source in reversed(attribute.sources) if",
        COUNTING,
    ),
    Fault(
        "a value is told to count for a purpose that may not use it",
        GOLDEN,
        "if purpose in each.purposes\n",
        "if each.purposes\n",
        COUNTING,
    ),
    Fault(
        "a value that is too old is told to count",
        GOLDEN,
        "and not attribute.is_too_old(each.collected_at, at=at)",
        "",
        COUNTING,
    ),
)
