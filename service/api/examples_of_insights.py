"""Example replies about how dialogues go; the tests hold them against the API's schemas."""

INSIGHTS: dict[str, object] = {
    "questionnaire": "road-bike",
    "from": "2026-02-01",
    "to": "2026-03-02",
    "rounded_to": 5,
    "versions": [
        {
            "version": "9f2c41d0",
            "in_force": True,
            "questions": [
                {
                    "id": "experience",
                    "shown": 1240,
                    "answered": 1015,
                    "not_sure": 90,
                    "taken_back": 35,
                    "left_here": 60,
                    "conflicts": 0,
                    "ways_out_taken": 0,
                    "options": [{"id": "beginner", "answered": 640}, {"id": "seasoned", "answered": 375}],
                }
            ],
            "shortlist_shown": 810,
            "products_chosen": [{"sku": "RB-210-54", "count": 45}],
        }
    ],
}
