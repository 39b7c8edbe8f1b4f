"""A typed client: types come from the OpenAPI document without a warning, and the component lives by them."""

import json
import os
import re
import shutil
import subprocess

import pytest

from tests.acceptance.running import ROOT
from tests.conftest import needed

TOOLS = ("openapi-typescript@7.13.0", "typescript@5.9.3")
COMPONENT = ROOT / "service" / "api" / "static" / "component"
TYPES = COMPONENT / "openapi.d.ts"
HEADER = "// Generated from the OpenAPI document by `make types`: the shapes of what the service takes and sends.\n\n"
CALLS = re.compile(r'(?:call|read)\(\s*(?:"(?P<method>[A-Z]+)",\s*)?[`"](?P<path>/v1/[^`"?]*)')


@pytest.fixture(scope="module")
def openapi_typescript():
    """Runs openapi-typescript; gives what it wrote and what it said."""
    if shutil.which("npm") is None:
        needed("no npm is installed (Debian: apt-get install npm)")
    packages = [f"--package={tool}" for tool in TOOLS]

    def run(*arguments):
        line = ["npm", "exec", "--yes", *packages, "--", "openapi-typescript", *map(str, arguments)]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    if run("--version").returncode:
        needed(f"npm cannot fetch {' and '.join(TOOLS)}")
    return run


@pytest.fixture
def document(api):
    return json.loads(api.get("/openapi.json").data)


def test_the_whole_document_becomes_types_without_a_warning(openapi_typescript, document, tmp_path):
    source, types = tmp_path / "openapi.json", tmp_path / "types.d.ts"
    source.write_text(json.dumps(document), "utf-8")

    ran = openapi_typescript(source, "--output", types)

    said = [line for line in (ran.stdout + ran.stderr).splitlines() if line.strip()]
    assert [line for line in said if not line.startswith(("✨", "🚀"))] == []
    assert [path for path in document["paths"] if f'"{path}": {{' not in types.read_text("utf-8")] == []


def test_the_components_types_are_those_of_the_document(openapi_typescript, document, tmp_path):
    source = tmp_path / "openapi.json"
    source.write_text(json.dumps(document | {"paths": {}}), "utf-8")

    ran = openapi_typescript(source)

    generated = HEADER + ran.stdout[ran.stdout.index("export ") :]
    if os.environ.get("BEGLEITER_WRITE_TYPES") == "1":
        TYPES.write_text(generated, "utf-8")
    assert TYPES.read_text("utf-8") == generated, "the API changed: run `make types`"


def test_the_component_names_no_shape_but_the_documents(document):
    shapes = (COMPONENT / "shapes.d.ts").read_text("utf-8")

    named = set(re.findall(r'Shapes\["(\w+)"\]', shapes))

    assert named <= document["components"]["schemas"].keys()
    assert {"State", "Question", "Questionnaire", "Match", "Companion", "Suggestions", "MyData"} <= named
    assert re.findall(r"export type \w+ = (?:\{|string|number)", shapes) == []


def test_the_component_calls_only_what_the_document_has(document):
    patterns = [(path, re.sub(r"\{\w+\}", "[^/]+", path)) for path in document["paths"]]
    source = "".join(path.read_text("utf-8") for path in COMPONENT.glob("*.js"))
    calls = [(found["method"] or "GET", re.sub(r"\$\{[^}]*\}", "x", found["path"])) for found in CALLS.finditer(source)]

    unknown = [
        (method, path)
        for method, path in calls
        if not any(re.fullmatch(p, path) and method.lower() in document["paths"][name] for name, p in patterns)
    ]

    assert unknown == []
    assert len(calls) >= 8
