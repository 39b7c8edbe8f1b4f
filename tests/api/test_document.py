"""The API explains itself: a valid OpenAPI 3.1 document whose examples hold, and a page that needs nobody else."""

import json
import re

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.api.shapes.words import or_null, thing

CALLS = {
    ("get", "/v1/questionnaires"),
    ("get", "/v1/questionnaires/{id}"),
    ("post", "/v1/advice"),
    ("post", "/v1/sessions"),
    ("get", "/v1/sessions/{id}"),
    ("put", "/v1/sessions/{id}/answers/{question}"),
    ("delete", "/v1/sessions/{id}/answers/{question}"),
    ("post", "/v1/sessions/{id}/handover"),
    ("post", "/v1/handovers/{code}"),
    ("post", "/v1/interactions"),
    ("get", "/v1/me/blocked-topics"),
    ("put", "/v1/me/blocked-topics"),
    ("post", "/v1/cross-sell"),
    ("post", "/v1/cross-sell/outcomes"),
    ("get", "/v1/purposes"),
    ("get", "/v1/attributes"),
    ("get", "/v1/notices/{id}/{version}"),
    ("post", "/v1/me/consent-events"),
    ("get", "/v1/me/consents"),
    ("delete", "/v1/me/consents"),
    ("get", "/v1/me/data"),
    ("get", "/v1/me/export"),
    ("delete", "/v1/me"),
    ("post", "/v1/shoppers/{ref}/tokens"),
    ("put", "/v1/shoppers/{ref}/attributes"),
    ("get", "/v1/audit/head"),
    ("get", "/v1/models"),
    ("get", "/v1/preview"),
    ("post", "/v1/preview/check"),
    ("post", "/v1/preview/questionnaire"),
    ("post", "/v1/preview/advice"),
    ("post", "/v1/preview/coverage"),
    ("post", "/v1/preview/graph"),
    ("post", "/v1/preview/comparison"),
    ("get", "/v1/models/{version}"),
    ("post", "/v1/models/{version}/activate"),
    ("post", "/v1/models/prune"),
    ("get", "/alive"),
    ("get", "/ready"),
    ("get", "/metrics"),
}


@pytest.fixture
def document(api):
    return api.document


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield method, path, operation


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_call_of_this_version_is_in_the_document(document):
    assert {(method, path) for method, path, _ in operations(document)} >= CALLS


def test_every_call_has_a_summary_a_name_a_reply_and_its_problems(document):
    for method, path, operation in operations(document):
        assert operation["summary"], path
        assert operation["operationId"], path
        assert {"400", "500"} <= operation["responses"].keys(), (method, path)
        assert any(status.startswith("2") for status in operation["responses"]), path
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= operation["responses"].keys(), path
            assert operation["requestBody"]["content"]["application/json"]["example"], path
        if {} not in operation["security"]:
            assert "401" in operation["responses"], path


def test_names_of_calls_are_unique(document):
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(names) == len(set(names))


def test_every_example_meets_the_schema_beside_it(document):
    for method, path, operation in operations(document):
        contents = [reply["content"] for reply in operation["responses"].values() if "content" in reply]
        contents += [operation["requestBody"]["content"]] if "requestBody" in operation else []
        for content in (each for media in contents for each in media.values()):
            examples = [content["example"]] if "example" in content else []
            examples += [each["value"] for each in content.get("examples", {}).values()]
            schema = {**content["schema"], "components": document["components"]}
            assert examples, (method, path)
            for example in examples:
                jsonschema.Draft202012Validator(schema).validate(example)


def test_unknown_fields_are_told_apart_from_documented_ones(document):
    advice = document["components"]["schemas"]["AdviceRequest"]

    assert set(advice["properties"]) == {"questionnaire", "answers", "locale"}
    assert advice["required"] == ["questionnaire"]


def test_the_document_is_fetched_once_and_then_known_by_its_tag(api):
    first = api.get("/openapi.json")
    again = api.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_the_page_needs_nothing_from_elsewhere(api):
    page = api.get("/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.data.decode())

    assert page.mimetype == "text/html"
    assert all(address.startswith("/") for address in addresses)
    assert all(api.get(address).status_code == 200 for address in addresses)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["docs.html", "../web.py", "swagger-ui.js.map", "..%2fweb.py"])
def test_the_page_gives_away_no_other_file(api, name):
    assert api.get(f"/docs/assets/{name}").status_code == 404


def test_a_reply_with_a_field_more_or_less_does_not_meet_its_shape():
    shape = thing(a={"type": "string"}, b=or_null({"type": "string"}))

    jsonschema.validate({"a": "x", "b": None}, shape)
    for wrong in ({"a": "x"}, {"a": "x", "b": None, "c": 1}, {"a": None, "b": None}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(json.loads(json.dumps(wrong)), shape)
