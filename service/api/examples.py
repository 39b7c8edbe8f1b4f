"""Example requests and replies for the API's document; the tests hold them against its schemas."""

from service.api.examples_of_advice import (
    ADVICE_REQUEST,
    HANDOVER,
    NEW_SESSION,
    QUESTIONNAIRE,
    QUESTIONNAIRES,
    SESSION_ID,
    STATE,
)

__all__ = ["ADVICE_REQUEST", "HANDOVER", "NEW_SESSION", "QUESTIONNAIRE", "QUESTIONNAIRES", "SESSION_ID", "STATE"]

Example = dict[str, object]

SERVED: Example = {
    "id": "profile",
    "version": "1",
    "language": "de",
    "hash": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
}
HEAD: Example = {
    "position": 1042,
    "hash": "9b1c6d0f6f0a4c1b8d7e2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e",
    "key": "1f2e3d4c",
    "signature": "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9",
}
GRANT: Example = {
    "attribute": "height_cm",
    "purpose": "advice_profile",
    "given_at": "2026-05-04T09:30:00Z",
    "until": None,
    "notice": SERVED,
    "sources": ["shopper", "crm"],
}
PURPOSES: Example = {
    "purposes": [
        {
            "id": "advice_profile",
            "text": "Dich mit deinem Profil beraten",
            "example": "Wir fragen nicht noch einmal nach deiner Größe.",
            "legal_basis": "consent",
            "valid_for_days": 365,
            "terms": {
                "dpv": "dpv:ProvidePersonalisedRecommendations",
                "fideslang": "personalize.content.profiled",
            },
        }
    ]
}
ATTRIBUTES: Example = {
    "attributes": [
        {
            "id": "height_cm",
            "label": "Körpergröße",
            "why": "Damit die Rahmengröße passt.",
            "kind": "number",
            "purposes": ["advice_profile", "cross_sell"],
            "sources": ["shopper", "crm"],
            "retention_days": 730,
            "sensitive": False,
        }
    ]
}
NOTICE: Example = SERVED | {
    "text": "Wir nutzen, was du hier ankreuzt, nur für den Zweck, der daneben steht.",
    "processing": {
        "controller": "Radhaus Begleiter GmbH, Musterstraße 1, Freiburg",
        "contact": "datenschutz@radhaus.example",
        "officer": None,
        "authority": "LfDI Baden-Württemberg",
        "jurisdiction": "DE",
        "recipients": [],
        "third_countries": [],
        "withdrawal": "Ein Klick im Bereich „Meine Daten“",
    },
}
CONSENT_REQUEST: Example = {
    "notice": {"id": "profile", "version": "1", "language": "de"},
    "decisions": [{"attribute": "height_cm", "purpose": "advice_profile", "given": True}],
}
CONSENT_EVENT: Example = {
    "id": "0c9f5a5e4e0d4d0f8a1f6f2f2b9f6c11",
    "at": "2026-05-04T09:30:00Z",
    "notice": SERVED,
    "decisions": [
        {"attribute": "height_cm", "purpose": "advice_profile", "source": None, "given": True, "outcome": "given"}
    ],
    "grants": [GRANT],
    "head": HEAD,
}
WITHDRAWN: Example = CONSENT_EVENT | {
    "notice": None,
    "decisions": [
        {"attribute": "height_cm", "purpose": "advice_profile", "source": None, "given": False, "outcome": "withdrawn"}
    ],
    "grants": [],
}
CONSENTS: Example = {"grants": [GRANT]}
SHOPPER_TOKEN: Example = {"token": "bgt_…", "expires_at": "2026-05-04T10:30:00Z"}
DELIVERY: Example = {
    "values": [
        {
            "attribute": "height_cm",
            "value": 178,
            "source": "crm",
            "source_ref": "crm/contacts/1042",
            "collected_at": "2026-01-15T08:00:00Z",
        }
    ]
}
ACCEPTANCE: Example = {"accepted": 0, "refused": [{"index": 0, "attribute": "height_cm", "reason": "no_consent"}]}
CROSS_SELL_REQUEST: Example = {"basket": ["RB-210-54"], "occasion": "basket", "limit": 5, "locale": "de"}
SUGGESTIONS: Example = {
    "suggestions": [
        {
            "sku": "PD-05",
            "name": "Klickpedale",
            "price": 59.0,
            "currency": "EUR",
            "url": None,
            "image": None,
            "rank": 1,
            "kind": "must_have",
            "because": {"text": "Dieses Rad wird ohne Pedale geliefert", "sku": "RB-210-54"},
        }
    ],
    "basis": {"used": [], "not_used_without_consent": ["riding_style"]},
    "without_consent": None,
    "model": {"version": "2026-05-04-1f2e3d4c5b6a7988"},
    "degraded": None,
    "unknown_skus": [],
}
OUTCOME_REPORT: Example = {"kind": "bought_together", "outcome": "clicked"}
COUNTED: Example = {"counted": True}
MODELS: Example = {
    "models": [
        {
            "version": "2026-05-04-1f2e3d4c5b6a7988",
            "in_service": True,
            "trained_at": "2026-05-05T02:00:00Z",
            "orders": 11717,
            "refused": None,
        }
    ],
    "refused": None,
}
MODEL: Example = {
    "version": "2026-05-04-1f2e3d4c5b6a7988",
    "in_service": True,
    "trained_at": "2026-05-05T02:00:00Z",
    "orders": 11717,
    "refused": None,
    "told": {"orders": 11717, "window": {"from": "2025-05-05", "until": "2026-05-04"}, "forced": None},
}
PRUNE_REQUEST: Example = {"keep": 5}
PRUNED_MODELS: Example = {"removed": ["2026-01-04-0f1e2d3c4b5a6978"], **MODELS}
READY: Example = {
    "status": "ready",
    "database": "ready",
    "catalogue": {"products": 284, "version": "9f2c41d09f2c41d0", "refused": []},
    "questionnaires": {"published": ["city-bike", "road-bike"], "refused": []},
    "model": {"version": None, "refused": None},
    "ledger": {"refused": None},
}
