"""What the register declares: attributes, purposes and notices, each frozen."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, get_args

import orjson

from service.documents.texts import Texts, nearest_locale

PurposeId = Literal[
    "advice_session", "advice_profile", "cross_sell", "behaviour_capture", "model_training", "profile_merge"
]
PURPOSES: tuple[PurposeId, ...] = get_args(PurposeId)
LegalBasis = Literal["contract", "consent"]
ProfileKind = Literal["text", "number", "boolean", "behaviour"]
ProfileScalar = str | float | bool

LONGEST_TEXT = 200
PROCESSING = "#processing"
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

    def is_too_old(self, collected_at: datetime, *, at: datetime) -> bool:
        """Whether a value that was collected then may be kept no longer."""
        return self.retention_days is not None and collected_at <= at - timedelta(days=self.retention_days)

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
class Processing:
    """What is the same for every consent under a notice (ISO/IEC TS 27560 and Article 13 GDPR)."""

    controller: str
    contact: str
    officer: str | None = None
    authority: str | None = None
    jurisdiction: str | None = None
    recipients: tuple[str, ...] = ()
    third_countries: tuple[str, ...] = ()
    withdrawal: Texts | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of a wording, with the processing behind it; neither ever changes."""

    id: str
    version: str
    text: Texts
    processing: Processing | None = None

    @property
    def kept_texts(self) -> Mapping[str, str]:
        """All that may not change: each language's text, and the processing under a name that no language has."""
        if self.processing is None:
            return self.text.by_locale
        withdrawal = self.processing.withdrawal
        told = asdict(replace(self.processing, withdrawal=None))
        told["withdrawal"] = None if withdrawal is None else dict(withdrawal.by_locale)
        return {**self.text.by_locale, PROCESSING: orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()}

    @property
    def hashes(self) -> Mapping[str, str]:
        """The sha256 of each of these texts, in hex."""
        return {language: text_hash(text) for language, text in self.kept_texts.items()}

    def served(self, language: str) -> ServedNotice:
        """What a reader of this language was shown: the nearest language there is."""
        shown = nearest_locale(language, tuple(self.text.by_locale))
        return ServedNotice(self.id, self.version, shown, text_hash(self.text.by_locale[shown]))


def text_hash(text: str) -> str:
    """The sha256 of a text in UTF-8, in hex."""
    return sha256(text.encode()).hexdigest()
