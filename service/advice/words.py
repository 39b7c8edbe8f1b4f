"""A word that an author wrote and where it stands, so that a complaint about its meaning can point at it."""

from dataclasses import dataclass, field

from service.documents.problem import Place


@dataclass(frozen=True, slots=True)
class Word:
    """A name or value as written; two words are equal if their texts are."""

    text: str
    at: Place = field(compare=False, repr=False)
