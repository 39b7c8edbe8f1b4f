"""Example replies about a shopper's own data."""

from service.api.examples import CONSENT_EVENT, GRANT, HEAD, Example

VALUE: Example = {
    "attribute": "height_cm",
    "value": 178,
    "source": "crm",
    "source_ref": "crm/contacts/1042",
    "collected_at": "2026-01-15T08:00:00Z",
}
MY_DATA: Example = {
    "values": [
        VALUE
        | {
            "stored_at": "2026-05-04T09:31:00Z",
            "purposes": ["advice_profile"],
            "counts_for": [],
            "last_use": None,
        },
        VALUE
        | {
            "value": 180,
            "source": "shopper",
            "source_ref": "road-bike/height",
            "stored_at": "2026-05-03T18:02:00Z",
            "purposes": ["advice_profile"],
            "counts_for": ["advice_profile"],
            "last_use": {"on": "2026-05-04", "purpose": "advice_profile"},
        },
    ],
    "conflicts": [
        {"attribute": "height_cm", "purpose": "advice_profile", "counts": "shopper", "differ": ["crm"]},
    ],
    "records": {"consent_event": 1, "consent_grant": 1, "interaction": 4, "profile_value": 2, "session": 0},
}
MERGED: Example = CONSENT_EVENT | {
    "notice": None,
    "decisions": [
        {"attribute": "height_cm", "purpose": "cross_sell", "source": "crm", "given": False, "outcome": "withdrawn"}
    ],
}
REMEMBER: Example = {"questionnaire": "road-bike", "question": "height", "value": 178}
REMEMBERED: Example = {"stored": True}
BLOCKED_TOPICS: Example = {"topics": ["pregnancy", "tube"], "may_be_blocked": ["pregnancy", "road_bike", "tube"]}
INTERACTION: Example = {"kind": "view", "sku": "RB-210-54"}
RECORDED: Example = {"stored": True}
EXPORT: Example = {
    "format": "begleiter-export-1",
    "exported_at": "2026-05-04T09:32:00+00:00",
    "shopper": "5e0c1d7a9b3f4c2e8d6a7b5c4d3e2f10",
    "values": [VALUE],
    "grants": [
        {
            "attribute": "height_cm",
            "purpose": "advice_profile",
            "source": "crm",
            "given_at": GRANT["given_at"],
            "notice": {"id": "profile", "version": "1", "language": "de"},
        }
    ],
    "consent_records": [],
    "records": {"shopper": [{"created_at": "2026-05-04T09:30:00+00:00"}]},
}
EXPORT_CSV = 'record,number,field,value\r\nprofile_value,0,attribute,"""height_cm"""\r\nprofile_value,0,value,178\r\n'
ERASURE: Example = {"id": "7a1c0e6f5b0c4c17a1a6a4f9d7b1c2e3", "at": "2026-05-04T09:33:00Z", "head": HEAD}
