"""What a version of a questionnaire asked, so that answers outlive a change of every question but their own."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import orjson

from service.advice.compiled import Compiled
from service.advice.questionnaire import Question, plain
from service.advice.session import Session

Fingerprints = Mapping[str, str]
"""By question id a hash of what was asked and what the replies meant."""


class Versions(Protocol):
    """Where versions are remembered, for good."""

    def keep(self, questionnaire: str, version: str, questions: Fingerprints, *, at: datetime) -> None:
        """Remember a version; the first that was seen stays."""
        ...

    def find(self, questionnaire: str, version: str) -> Fingerprints | None:
        """The version's questions, None if it was never kept."""
        ...


class RememberedVersions:
    """Versions that are written once per process, and found again by whoever asks."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._kept: set[tuple[str, str]] = set()

    def keep(self, compiled: Compiled, *, at: datetime) -> None:
        """Remember what a session is begun with."""
        name = (compiled.questionnaire.id, compiled.version)
        if name not in self._kept:
            self._versions.keep(*name, fingerprints(compiled), at=at)
            self._kept.add(name)

    def outdated(self, session: Session, compiled: Compiled) -> tuple[str, ...]:
        """The session's answers whose question is not the one that was answered, or went away; in the order given.

        Where nothing is known of the session's version, every answer counts that its question still understands.
        """
        if session.version == compiled.version:
            return ()
        before = self._versions.find(session.questionnaire, session.version)
        now = fingerprints(compiled)
        return () if before is None else tuple(each for each in session.answers if now.get(each) != before.get(each))

    def alike(self, compiled: Compiled, version: str) -> frozenset[str]:
        """The questions that another version asked just as this one does; none if it was never kept."""
        if version == compiled.version:
            return frozenset(compiled.by_id)
        before = self._versions.find(compiled.questionnaire.id, version) or {}
        return frozenset(each for each, asked in fingerprints(compiled).items() if before.get(each) == asked)


def fingerprints(compiled: Compiled) -> Fingerprints:
    """Every question of a questionnaire."""
    return {question.id: fingerprint_of(question) for question in compiled.questions}


def fingerprint_of(question: Question) -> str:
    """A hash of wording, options, what they stand for and units; weight, condition and order may change freely."""
    asked = (question.text, question.asks, question.unit, question.low, question.high)
    return hashlib.sha256(orjson.dumps(plain(asked), option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
