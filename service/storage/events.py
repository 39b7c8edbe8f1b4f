"""A row of the ledger, read as the consent event that it tells of."""

from typing import Any

from sqlalchemy import Row

from service.privacy.consent import ConsentEvent
from service.privacy.declared import ServedNotice
from service.privacy.payload import Payload


def as_event(row: Row[Any]) -> ConsentEvent:
    """What a row of the ledger tells, as long as it names its subject."""
    notice = None
    if row.notice_id is not None:
        notice = ServedNotice(row.notice_id, row.notice_version, row.notice_language, row.notice_hash)
    decided = tuple(each.decided for each in Payload.read(row.payload).effects)
    return ConsentEvent(row.id, row.shopper_id, row.at, notice, decided)
