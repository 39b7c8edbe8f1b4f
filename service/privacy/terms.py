"""What our purposes are called elsewhere: W3C Data Privacy Vocabulary 2, fideslang 3, and the GDPR's legal bases."""

from dataclasses import dataclass
from types import MappingProxyType

from service.privacy.declared import LegalBasis, PurposeId


@dataclass(frozen=True, slots=True)
class Terms:
    """One purpose in two vocabularies."""

    dpv: str
    fideslang: str


TERMS = MappingProxyType[PurposeId, Terms](
    {
        "advice_session": Terms("dpv:RequestedServiceProvision", "essential.service"),
        "advice_profile": Terms("dpv:ProvidePersonalisedRecommendations", "personalize.content.profiled"),
        "cross_sell": Terms("dpv:ProvideProductRecommendations", "personalize.content.profiled"),
        "behaviour_capture": Terms("dpv:ServiceUsageAnalytics", "collect"),
        "model_training": Terms("dpv:ImproveExistingProductsAndServices", "train_ai_system"),
        "profile_merge": Terms("dpv:CustomerManagement", "functional.service"),
    }
)
LEGAL_BASES = MappingProxyType[LegalBasis, str]({"contract": "eu-gdpr:A6-1-b", "consent": "eu-gdpr:A6-1-a"})
EXPLICIT_CONSENT = "eu-gdpr:A9-2-a"
