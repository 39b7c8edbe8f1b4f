"""A text in several languages, and which of them a reader gets."""

from collections.abc import Mapping
from dataclasses import dataclass

ANY_LANGUAGE = "und"  # BCP 47: undetermined


@dataclass(frozen=True, slots=True)
class Texts:
    """One text by BCP 47 language tag; the first is the source language."""

    by_locale: Mapping[str, str]

    @staticmethod
    def same(text: str) -> "Texts":
        """A text that counts for all languages."""
        return Texts({ANY_LANGUAGE: text})

    def get(self, locale: str) -> str:
        """The text for a locale: exact, else with fewer and fewer subtags (RFC 4647 lookup), else the source's."""
        exact = self.by_locale.get(locale)
        if exact is not None:
            return exact
        return self.by_locale[nearest_locale(locale, tuple(self.by_locale))]


def is_same_language(one: str, other: str) -> bool:
    """Whether two locales are of one language, as de and de-AT are."""
    return _subtags(one)[0] == _subtags(other)[0]


def nearest_locale(wanted: str, known: tuple[str, ...]) -> str:
    """The known locale that fits best (RFC 4647 section 3.4); the first one when none does."""
    by_tag = {tag.lower(): tag for tag in reversed(known)}
    subtags = _subtags(wanted)
    while subtags:
        found = by_tag.get("-".join(subtags))
        if found is not None:
            return found
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return known[0]


def _subtags(locale: str) -> list[str]:
    return locale.lower().replace("_", "-").split("-")
