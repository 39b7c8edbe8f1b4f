"""Example requests and replies of the preview; the tests hold them against the API's schemas."""

from service.api.examples_of_advice import QUESTIONNAIRE, STATE

__all__ = [
    "CHECK",
    "COMPARISON",
    "COVERAGE",
    "GRAPH",
    "PLAYED_REQUEST",
    "PREVIEW",
    "QUESTIONNAIRE",
    "REQUEST",
    "STATE",
]

TEXT = """\
questionnaire: road-bike
languages: [de]
title: Rennrad finden
candidates: {category: [road_bike]}
questions:
  - id: budget
    ask: Wie viel möchtest du ausgeben?
    choose: range
    attribute: price
"""
HEADING: dict[str, object] = {"id": "road-bike", "version": "9f2c41d0", "title": "Rennrad finden", "languages": ["de"]}
PREVIEW: dict[str, object] = {
    "questionnaires": [HEADING],
    "products": 430,
    "largest_bytes": 262144,
    "seconds": 10.0,
}
REQUEST: dict[str, object] = {"yaml": TEXT, "name": "road-bike.yaml", "locale": "de"}
PLAYED_REQUEST: dict[str, object] = REQUEST | {"answers": {"budget": {"to": 2000}}}
CHECK: dict[str, object] = {
    "questionnaire": HEADING,
    "problems": [
        {
            "line": 23,
            "column": 11,
            "severity": "error",
            "code": "BG-Q014",
            "message": "question 'lights', answer 'with': no attribute 'has_light'; did you mean 'has_lights'?",
        }
    ],
    "playable": False,
    "publishable": False,
    "complete": True,
    "published": "1f2e3d4c",
}
COVERAGE: dict[str, object] = {
    "locale": "de",
    "models": 43,
    "questions": [
        {
            "id": "experience",
            "text": "Wie viel Erfahrung hast du?",
            "choose": "one",
            "effect": "prefer",
            "evenness": 0.98,
            "not_stated": 0.0,
            "answers": [{"text": "Ich fange an", "fits": 18, "share": 0.4186}],
        }
    ],
    "never_shown": {
        "proven": [],
        "sampled": [{"sku": "RB-210-54", "name": "Alba Endurance 2"}],
        "models_looked_at": 43,
        "paths": 212,
    },
    "gaps": {
        "complete": True,
        "combinations": 118,
        "found": [[{"question": "budget", "text": "bis 900 €"}, {"question": "brakes", "text": "Scheibenbremsen"}]],
    },
}
GRAPH: dict[str, object] = {
    "title": "Rennrad finden",
    "questions": [
        {
            "id": "height",
            "line": 40,
            "text": "Wie groß bist du?",
            "choose": "number",
            "effect": "require",
            "weight": None,
            "options": [],
            "only_if": "Wofür? „Alltag“ oder „Lange Touren“",
        }
    ],
    "arrows": [{"from": 0, "to": 1, "conditional": True}],
}
COMPARISON: dict[str, object] = {
    "version": "9f2c41d0",
    "published": "1f2e3d4c",
    "same": False,
    "changes": [
        {
            "what": "answer",
            "id": "beginner",
            "within": "experience",
            "how": "altered",
            "fields": [{"name": "text (de)", "before": "Anfänger", "after": "Ich fange an"}],
        }
    ],
    "before": {"state": STATE, "not_taken": []},
    "after": {"state": STATE, "not_taken": []},
}
