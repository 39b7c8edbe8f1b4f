"""What the views need, opened by the composition root and found again at each request."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

from flask import current_app

from service.advice.handover import Handovers
from service.advice.insights import Counting, Insight
from service.advice.session import Sessions
from service.advice.shelf import Shelf
from service.advice.versions import RememberedVersions
from service.api.metrics import Metrics
from service.api.trials import Trials
from service.catalogue.catalogue import Catalogue
from service.catalogue.companions import Companions
from service.cross_sell.answering import Answering
from service.cross_sell.artefact import Artefact
from service.cross_sell.shelf import ModelShelf
from service.documents.problem import Problem
from service.privacy.blocking import BlockedTopics
from service.privacy.consent import Consents
from service.privacy.credentials import Credentials
from service.privacy.gate import Gate
from service.privacy.interactions import Interactions
from service.privacy.ledger import Ledger
from service.privacy.merging import Merges
from service.privacy.profile import Profiles
from service.privacy.register import Register
from service.privacy.rights import Rights
from service.privacy.secret import Secret
from service.privacy.shoppers import Shoppers


@dataclass(frozen=True, slots=True)
class Shopfront:
    """The shop's own files as they are in force together; a reload replaces them as a whole."""

    catalogue: Catalogue
    questionnaires: Shelf
    register: Register
    gate: Gate
    companions: Companions
    refused: tuple[Problem, ...] = ()
    catalogue_refused: tuple[Problem, ...] = ()

    @property
    def refusals(self) -> Mapping[str, tuple[Problem, ...]]:
        """Why the files as they stand are not in force, by part; the parts that were in force before them still are."""
        return {
            "catalogue": self.catalogue_refused,
            "register": self.refused,
            "questionnaires": self.questionnaires.refused,
        }


@dataclass(frozen=True, slots=True)
class Chore:
    """What a worker does beside its requests, in a thread of its own; some chores are done once more at its end."""

    every_seconds: float
    do: Callable[[], None]
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that outlives a request, behind the ports of the rooms that own it."""

    sessions: Sessions
    handovers: Handovers
    consents: Consents
    ledger: Ledger
    rights: Rights
    credentials: Credentials
    profiles: Profiles
    interactions: Interactions
    blocked_topics: BlockedTopics
    shoppers: Shoppers
    merges: Merges
    versions: RememberedVersions
    is_current: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Rooms:
    """The service, opened. `shopfront` gives the files in force now: take it once per request."""

    shopfront: Callable[[], Shopfront]
    stores: Stores
    models: ModelShelf
    models_folder: Path
    answering: Callable[[Catalogue, Companions, Artefact | None], Answering]
    secret: Secret
    metrics: Metrics
    clock: Callable[[], datetime]
    session_lifetime: timedelta
    counting: Counting
    insights: Callable[[str, date, date], Iterable[tuple[Insight, int]]]
    chores: tuple[Chore, ...] = ()
    trials: Trials = field(default_factory=Trials)


def the_rooms() -> Rooms:
    """The rooms of the running application."""
    return cast("Rooms", current_app.extensions["begleiter"])
