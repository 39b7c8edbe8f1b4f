"""What the register declares: attributes, purposes and notices, each frozen."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

from service.documents.texts import Texts, nearest_locale

PurposeId = Literal[
    "advice_session", "advice_profile", "cross_sell", "behaviour_capture", "model_training", "profile_merge"
]
PURPOSES: tuple[PurposeId, ...] = get_args(PurposeId)
LegalBasis = Literal["contract", "consent"]
ProfileKind = Literal["text", "number", "boolean", "behaviour"]
ProfileScalar = str | float | bool

LONGEST_TEXT = 200
ANY_SOURCE_OF_BEHAVIOUR = "shop"


@dataclass(frozen=True, slots=True)
class RegisteredAttribute:
    """One thing that may be known of a shopper. `sources` stand in order of precedence; behaviour holds no value."""

    id: str
    label: Texts
    why: Texts
    kind: ProfileKind
    purposes: tuple[str, ...]
    sources: tuple[str, ...]
    retention_days: int | None = None
    sensitive: bool = False

    @property
    def holds_a_value(self) -> bool:
        """Whether a profile may hold it; what a shopper does is stored elsewhere."""
        return self.kind != "behaviour"

    def accepts(self, value: object) -> bool:
        """Whether the value has this attribute's type and a sane size."""
        match self.kind:
            case "text":
                return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT
            case "number":
                return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            case "boolean":
                return isinstance(value, bool)
            case "behaviour":
                return False


@dataclass(frozen=True, slots=True)
class Purpose:
    """What data is used for. Under `contract` it touches no profile; under `consent` it is off until given."""

    id: PurposeId
    text: Texts
    example: Texts
    legal_basis: LegalBasis
    valid_for_days: int | None = None


@dataclass(frozen=True, slots=True)
class ServedNotice:
    """The wording that somebody was shown, by the sha256 of its text in that language."""

    id: str
    version: str
    language: str
    hash: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of a wording; it never changes."""

    id: str
    version: str
    text: Texts

    @property
    def hashes(self) -> Mapping[str, str]:
        """The sha256 of each language's text, in hex."""
        return {language: text_hash(text) for language, text in self.text.by_locale.items()}

    def served(self, language: str) -> ServedNotice:
        """What a reader of this language was shown: the nearest language there is."""
        shown = nearest_locale(language, tuple(self.text.by_locale))
        return ServedNotice(self.id, self.version, shown, text_hash(self.text.by_locale[shown]))


def text_hash(text: str) -> str:
    """The sha256 of a text in UTF-8, in hex."""
    return sha256(text.encode()).hexdigest()
