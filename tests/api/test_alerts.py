"""The alert rules that are shipped ask for figures that the service gives, with labels and words that it uses."""

import re
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from service.cross_sell.pointer import publish
from service.cross_sell.suggestions import KINDS, Degraded, Known
from tests.cross_sell.artefacts import an_artefact

RULES = Path(__file__).parents[2] / "docs" / "cross-sell-alerts.yaml"
SELECTOR = re.compile(r"(begleiter_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(?:=~|!=|=)"([^"]*)"')
GROUPED = re.compile(r"by \(([^)]*)\)")
WORDS = {
    "known": set(get_args(Known)),
    "degraded": {*get_args(Degraded), "nothing"},
    "outcome": {"shown", "clicked", "bought"},
    "kind": set(KINDS),
}


def expressions():
    groups = YAML(typ="safe").load(RULES.read_text())["groups"]
    return {rule["alert"]: rule["expr"] for group in groups for rule in group["rules"]}


@pytest.fixture
def given(serve, folder):
    """The labels of every figure that a service gives which answered with a model and without, by the figure's name."""
    models = folder / "var" / "models"
    without = serve()
    without.post("/v1/cross-sell", {"basket": []})
    publish(models, an_artefact(models, "RB-1-54", "RB-2-54", goes={"RB-1-54": {"RB-2-54": 1.0}}))
    api = serve()
    api.post("/v1/cross-sell", {"basket": ["RB-1-54"], "occasion": "after_purchase"})
    api.post("/v1/cross-sell", {"basket": ["RB-2-54"]})
    labels = {}
    for each in (without, api):
        for family in text_string_to_metric_families(each.get("/metrics").data.decode()):
            for sample in family.samples:
                labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


def test_every_rule_asks_for_figures_and_labels_that_there_are(given):
    for alert, expression in expressions().items():
        selectors = SELECTOR.findall(expression)
        assert selectors, alert
        for name, matchers in selectors:
            assert name in given, f"{alert} asks for {name}"
            for label, _ in MATCHER.findall(matchers):
                assert label in given[name], f"{alert} asks for the label {label} of {name}"
        grouped = {label.strip() for labels in GROUPED.findall(expression) for label in labels.split(",")}
        assert grouped <= set().union(*(given[name] for name, _ in selectors)), alert


def test_every_rule_matches_words_that_the_service_uses():
    for alert, expression in expressions().items():
        for _, matchers in SELECTOR.findall(expression):
            for label, words in MATCHER.findall(matchers):
                used = WORDS.get(label)
                assert used is None or set(words.split("|")) <= used, f"{alert} asks for {label} {words}"
