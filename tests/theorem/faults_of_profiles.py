"""Faults of remembering: answers kept without being asked, under other purposes, offered to some and not to others."""

from tests.theorem.fault import Fault

REMEMBERED = "service/api/remembered.py"
REMEMBERING = "service/advice/remembering.py"
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
        '{"stored": not opted_out() and _kept(',
        '{"stored": _kept(',
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
)
