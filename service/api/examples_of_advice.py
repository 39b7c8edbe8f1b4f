"""Example requests and replies of advice: the beginner who looks for a road bike."""

SESSION_ID = "Zk1rT0pYc0hQbG9qUGFhQQ"
ADVICE_REQUEST: dict[str, object] = {
    "questionnaire": "road-bike",
    "answers": {"budget": {"to": 2000}},
    "locale": "de",
}
QUESTIONNAIRES: dict[str, object] = {
    "questionnaires": [
        {"id": "road-bike", "version": "9f2c41d0", "title": "Rennrad finden", "languages": ["de", "en"]},
    ]
}
QUESTIONNAIRE: dict[str, object] = {
    "id": "road-bike",
    "version": "9f2c41d0",
    "title": "Rennrad finden",
    "languages": ["de", "en"],
    "locale": "de",
    "questions": [
        {
            "id": "experience",
            "text": "Wie viel Erfahrung hast du?",
            "help": None,
            "choose": "one",
            "effect": "prefer",
            "not_sure": True,
            "unit": None,
            "from_profile": {"attribute": "experience", "purpose": "advice_profile"},
            "options": [{"id": "beginner", "text": "Ich fange an"}],
        }
    ],
    "attributes": {"weight_kg": "Gewicht"},
}
STATE: dict[str, object] = {
    "questionnaire": {"id": "road-bike", "version": "9f2c41d0", "locale": "de"},
    "question": {
        "id": "experience",
        "text": "Wie viel Erfahrung hast du?",
        "help": None,
        "choose": "one",
        "effect": "prefer",
        "not_sure": True,
        "unit": None,
        "range": None,
        "prefilled": None,
        "options": [{"id": "beginner", "text": "Ich fange an", "remaining": 43}],
    },
    "progress": {"answered": 1, "at_most": 5},
    "remaining": 43,
    "answers": {"budget": {"to": 2000}},
    "set_aside": [],
    "outdated": [],
    "skipped": [{"question": "height", "because": "prefilled"}],
    "prefilled": {"height": {"value": 178, "source": "crm"}},
    "conflict": None,
    "widened": [],
    "show_results": True,
    "remember": [],
    "shortlist": [
        {
            "sku": "RB-210-54",
            "name": "Alba Endurance 2",
            "price": 1799.0,
            "currency": "EUR",
            "url": None,
            "image": None,
            "fits": [{"question": "budget", "text": "bis 2.000 €"}],
            "misses": [],
            "unknown": ["weight_kg"],
        }
    ],
    "companions": [
        {
            "sku": "PD-05",
            "name": "Klickpedale",
            "price": 59.0,
            "currency": "EUR",
            "url": None,
            "image": None,
            "kind": "must_have",
            "because": "Dieses Rad wird ohne Pedale geliefert",
            "for": "RB-210-54",
        }
    ],
    "basis": {
        "used": [{"attribute": "height_cm", "purpose": "advice_profile"}],
        "not_used_without_consent": ["riding_style"],
    },
}
HANDOVER: dict[str, object] = {"code": "BCD-FGH-JKL-MNP", "expires_at": "2026-05-04T09:40:00Z"}
NEW_SESSION: dict[str, object] = {"id": SESSION_ID, "token": "bgs_…", "state": STATE}
