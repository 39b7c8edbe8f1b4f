"""Which of the offered languages a reply is written in, from the request's field or its Accept-Language header."""

from collections.abc import Iterator, Sequence

from service.documents.texts import nearest_locale

MOST_RANGES = 20
NOT_FOUND = "-"


def language_for(wanted: str | None, accepted: str | None, offered: Sequence[str]) -> str:
    """The offered language that a request asks for: its own field, else `Accept-Language`, else the first offered."""
    if wanted is not None and wanted in offered:
        return wanted
    wishes = iter([wanted]) if wanted is not None else _by_preference(accepted or "")
    known = (NOT_FOUND, *offered)
    found = (nearest_locale(wish, known) for wish in wishes)
    return next((language for language in found if language != NOT_FOUND), offered[0])


def _by_preference(header: str) -> Iterator[str]:
    weighed = [_weighed(part) for part in header.split(",", MOST_RANGES)[:MOST_RANGES]]
    return (tag for weight, tag in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0)


def _weighed(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    name, _, weight = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0, tag.strip()
    try:
        return float(weight), tag.strip()
    except ValueError:
        return 0.0, tag.strip()
