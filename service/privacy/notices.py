"""Notices never change: the service remembers the first text it saw for a version, and notices another one."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from service.privacy.declared import Notice, ServedNotice


class NoticeAltered(Exception):
    """A notice's text was changed under its old version; whoever consented did not see it."""

    def __init__(self, changed: Iterable[ServedNotice]) -> None:
        named = ", ".join(f"{each.id} {each.version} ({each.language})" for each in changed)
        super().__init__(f"a changed text needs a new version in privacy.yaml: {named}")


class Notices(Protocol):
    """Where wordings are kept, for good."""

    def keep(self, notices: Iterable[Notice], *, at: datetime) -> None:
        """Keep every language of every version; the first text seen stays."""
        ...

    def kept(self) -> tuple[ServedNotice, ...]:
        """Every wording ever kept."""
        ...


def altered(notices: Iterable[Notice], kept: Iterable[ServedNotice]) -> Iterator[ServedNotice]:
    """Wordings that are not what was kept under their version: they need a version of their own."""
    hashes = {(each.id, each.version, each.language): each.hash for each in kept}
    for notice in notices:
        for language, text_hash in notice.hashes.items():
            if hashes.get((notice.id, notice.version, language), text_hash) != text_hash:
                yield ServedNotice(notice.id, notice.version, language, text_hash)


def remember(kept: Notices, notices: Iterable[Notice], *, at: datetime) -> tuple[ServedNotice, ...]:
    """Keep those that are new, and say which are not what was kept under their version."""
    declared = tuple(notices)
    kept.keep(declared, at=at)
    return tuple(altered(declared, kept.kept()))
