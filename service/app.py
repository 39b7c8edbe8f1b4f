"""The composition root: opens the shop's files, the database and the models, and puts the web around them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

from flask import Flask

from service.advice.insights import Counting
from service.advice.versions import RememberedVersions
from service.api.leaving import count_left
from service.api.log import Log, open_log, told_of
from service.api.metrics import Metrics
from service.api.rooms import Chore, Rooms, Stores
from service.api.storefront import Storefront
from service.api.trials import Trials
from service.api.web import build
from service.cross_sell.answering import remembered
from service.cross_sell.artefact import Artefact
from service.cross_sell.life import Overdue
from service.cross_sell.shelf import ModelShelf
from service.privacy.declared import ServedNotice
from service.privacy.erasure_list import FILE_NAME as ERASED
from service.privacy.erasure_list import ErasureList
from service.privacy.gate import ConsentedPurchases, ConsentedValues, Gate
from service.privacy.keyring import Keyring
from service.privacy.ledger import KeyUnknown, LedgerBroken
from service.privacy.notices import NoticeAltered, remember
from service.privacy.register import Register
from service.privacy.remembered import RememberedViews
from service.privacy.rights import Rights
from service.privacy.secret import SecretUnusable, load_secret
from service.privacy.uses import UseNotes
from service.settings import Settings
from service.shopfront.learning import Learning
from service.shopfront.opening import Opening
from service.shopfront.watching import Watch
from service.storage.blocking import SqlBlockedTopics
from service.storage.consents import SqlConsents
from service.storage.credentials import SqlCredentials
from service.storage.database import Database, StorageFailed, open_database
from service.storage.handovers import SqlHandovers
from service.storage.insights import SqlInsights
from service.storage.interactions import SqlInteractions
from service.storage.ledger import SqlLedger
from service.storage.merges import SqlMerges
from service.storage.notices import SqlNotices
from service.storage.orders import SqlOrders
from service.storage.profiles import SqlProfiles
from service.storage.rights import SqlRights
from service.storage.schema import require_current_schema, schema_is_current
from service.storage.sessions import SqlSessions
from service.storage.shoppers import SqlShoppers
from service.storage.uses import SqlUses
from service.storage.versions import SqlVersions
from service.storage.withdrawals import SqlWithdrawals

EVERY_TEN_SECONDS, EVERY_MINUTE = 10.0, 60.0


INSIGHTS_SECONDS, LEAVING_SECONDS = 5.0, 60.0


def utc_now() -> datetime:
    """The service's clock."""
    return datetime.now(UTC)


def create_app(settings: Settings, *, log: Log | None = None, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The service, ready to be served. Opens no connection: that happens at the first request, after any fork.

    Raises:
        Refused: with every complaint, if the catalogue cannot be read; nothing can be served without one. A broken
            questionnaire, register or model is left out, logged, and named by `/ready`.
    """
    log = log or open_log(settings.log_level)
    rooms = open_rooms(settings, log, clock)
    app = build(rooms, log=log, origins=settings.origins, unavailable=(StorageFailed,))
    if settings.demo:
        Storefront(settings.data / "demo").at(app)
    return app


def open_rooms(settings: Settings, log: Log, clock: Callable[[], datetime] = utc_now) -> Rooms:
    """Everything that the views need; raises `Refused` without a catalogue."""
    database = open_database(settings.database_url)
    secret = load_secret(settings.secret, settings.data)
    profiles = SqlProfiles(database)
    metrics = Metrics()
    keys = Keyring.of(secret)
    unfinished = partial(_log_failure, log, "erasure not finished")
    rights = SqlRights(database, keys, ErasureList(settings.data / ERASED), on_failure=unfinished)
    uses = UseNotes(SqlUses(database), on_failure=partial(_log_failure, log, "uses not noted"))
    remembered_views = RememberedViews()
    gates = _gates(profiles, SqlOrders(database), remembered_views, uses, log)
    opening = Opening(settings, gates, lambda register: _altered(database, register, clock()))
    watch = Watch(settings, opening, metrics, log)
    looks = [Chore(settings.reload_seconds, watch.refresh)] if settings.reload_seconds else []
    insights = SqlInsights(database)
    counting = Counting(insights)
    leaving = partial(count_left, SqlSessions(database), watch, counting, clock)
    stores = _stores(database, profiles, keys, rights)
    counts = (
        Chore(INSIGHTS_SECONDS, _if_possible(counting.hand_over, log), at_end=True),
        Chore(INSIGHTS_SECONDS, _if_possible(Learning(watch, insights, stores.versions, clock), log)),
        Chore(LEAVING_SECONDS, _if_possible(leaving, log)),
    )
    answering = remembered()

    def warm(artefact: Artefact) -> None:
        front = watch()
        answering(front.catalogue, front.companions, artefact)

    judge = Overdue(settings.models, SqlWithdrawals(database), timedelta(days=settings.withdrawal_days), clock)

    def overdue(version: str) -> str | None:
        try:
            return judge(version)
        except (StorageFailed, OSError) as failure:  # what cannot be found out now is found out in a minute
            log.warning("model not reviewed", **told_of(failure))
            return None

    trials = Trials()
    return Rooms(
        shopfront=watch,
        stores=stores,
        models=ModelShelf(settings.models, warm=warm, overdue=overdue, on_change=partial(_tell_model, log, metrics)),
        models_folder=settings.models,
        answering=answering,
        secret=secret,
        metrics=metrics,
        clock=clock,
        session_lifetime=settings.session_lifetime,
        counting=counting,
        insights=insights.read,
        trials=trials,
        chores=(
            *looks,
            *counts,
            Chore(EVERY_TEN_SECONDS, uses.write, at_end=True),
            Chore(EVERY_TEN_SECONDS, remembered_views.forget_unused),
            Chore(EVERY_MINUTE, lambda: _finish_erasures(rights, clock)),
            Chore(EVERY_MINUTE, trials.forget_old),
        ),
    )


def remember_notices(settings: Settings, app: Flask, *, clock: Callable[[], datetime] = utc_now) -> None:
    """Keep the first text seen of every notice; called before any worker is forked, and closes what it opens.

    Raises:
        SchemaOutdated: if the database is there, and is not of this version.
        SecretUnusable: if the ledger is signed under another secret.
        NoticeAltered: if a notice's text was changed without a new version.
    """
    register = cast("Rooms", app.extensions["begleiter"]).shopfront().register
    database = open_database(settings.database_url)
    try:
        changed = _altered(database, register, clock())
        _know_the_ledger(database, Keyring.of(load_secret(settings.secret, settings.data)))
    finally:
        database.close()
    if changed:
        raise NoticeAltered(changed)


def _know_the_ledger(database: Database, keys: Keyring) -> None:
    """Raise SecretUnusable where the secret is a new one, under which nobody is found and nothing can be withdrawn."""
    try:
        SqlLedger(database, keys).head()
    except KeyUnknown:
        raise SecretUnusable(
            "the database's ledger is signed under another secret: put the former secret.key or BEGLEITER_SECRET back"
        ) from None
    except (LedgerBroken, StorageFailed):
        return  # /ready tells the first; the second may come up later


def _gates(
    values: ConsentedValues, purchases: ConsentedPurchases, remembered: RememberedViews, uses: UseNotes, log: Log
) -> Callable[[Register], Gate]:
    failed = partial(_log_failure, log, "gate failed")
    return lambda register: Gate(
        register, values, purchases=purchases, remembered=remembered, on_failure=failed, on_release=uses.note
    )


def _log_failure(log: Log, what: str, failure: Exception) -> None:
    log.error(what, **told_of(failure))


def _finish_erasures(rights: Rights, clock: Callable[[], datetime]) -> None:
    rights.finish(at=clock())


def _altered(database: Database, register: Register, at: datetime) -> tuple[ServedNotice, ...]:
    """The notices whose text is not what was first seen; those without are kept from now on."""
    try:
        require_current_schema(database)
    except StorageFailed:
        return ()  # it may come up later; until then, what needs it is answered with 503
    return remember(SqlNotices(database), register.notices, at=at)


def _if_possible(do: Callable[[], None], log: Log) -> Callable[[], None]:
    """A chore that the database may refuse: then it is logged, and tried again the next time."""

    def try_to() -> None:
        try:
            do()
        except StorageFailed as failure:
            log.warning("chore failed", **told_of(failure))

    return try_to


def _tell_model(log: Log, metrics: Metrics, version: str | None, refused: str | None) -> None:
    metrics.model_refused(is_refused=refused is not None)
    if refused is not None:
        log.warning("refused", complaint=refused, model=version)
    else:
        log.info("model", model=version)


def _stores(database: Database, profiles: SqlProfiles, keys: Keyring, rights: Rights) -> Stores:
    return Stores(
        sessions=SqlSessions(database),
        handovers=SqlHandovers(database),
        consents=SqlConsents(database, keys),
        ledger=SqlLedger(database, keys),
        rights=rights,
        credentials=SqlCredentials(database),
        profiles=profiles,
        interactions=SqlInteractions(database),
        blocked_topics=SqlBlockedTopics(database),
        shoppers=SqlShoppers(database),
        merges=SqlMerges(database, keys),
        versions=RememberedVersions(SqlVersions(database)),
        is_current=lambda: schema_is_current(database),
    )
