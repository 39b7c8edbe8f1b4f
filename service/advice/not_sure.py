"""How likely shoppers can answer a question: the share of "not sure" among the answers of earlier dialogues.

Everybody is asked by these shares, so they tell nothing of one shopper: only days that are over count, no question
with few answers, and a share is rounded. Every worker counts the same days, so all ask alike, until midnight.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from service.advice.compiled import Compiled
from service.advice.insights import Insights
from service.advice.versions import RememberedVersions

DAYS = timedelta(days=90)
ENOUGH = 100
"""Answers to a question, "not sure" among them, from which on their share is believed."""

STEPS = 20
"""A share is rounded to one of so many equal steps."""


def learnt(compiled: Compiled, insights: Insights, versions: RememberedVersions, *, today: date) -> Mapping[str, float]:
    """By question the share of those who were not sure, where enough answered it in its present form."""
    counted = insights.read(
        compiled.questionnaire.id, today - DAYS, today - timedelta(days=1), ("answered", "not_sure")
    )
    alike: dict[str, frozenset[str]] = {}
    answers: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    for insight, count in counted:
        if insight.version not in alike:
            alike[insight.version] = versions.alike(compiled, insight.version)
        if insight.question in alike[insight.version] and not insight.option:
            answers[insight.question] += count
            unsure[insight.question] += count if insight.event == "not_sure" else 0
    return {each: round(unsure[each] / asked * STEPS) / STEPS for each, asked in answers.items() if asked >= ENOUGH}
