"""Rules of `goes_with` that find nothing: asked of every candidate that can be had.

Codes: BG-Q022 a rule that never offers anything (its `when` and `products` are looked at in `checking`),
Q033 a must-have rule that finds nothing for some candidates.
"""

from service.advice.compiled import Compiled
from service.catalogue.companions import CompanionRule, Companions
from service.documents.problem import Complaints

NAMED_AT_MOST = 3
MOST_CANDIDATES = 20_000
"""Candidates that are asked; the cheapest come first."""


def check_companions(compiled: Compiled, complaints: Complaints) -> None:
    """Complain about rules that offer nothing where they should."""
    candidates = compiled.universe.products(compiled.universe.everything)[:MOST_CANDIDATES]
    for rule, wish in zip(compiled.companion_rules, compiled.questionnaire.goes_with, strict=True):
        concerned = [product for product in candidates if rule.speaks_of(product)]
        companions = Companions.of([rule], compiled.catalogue)
        alone = [product.sku for product in concerned if not companions.of_product(product)]
        where = complaints.within(f"rule '{wish.id}'")
        named = f"{', '.join(alone[:NAMED_AT_MOST])}{' …' if len(alone) > NAMED_AT_MOST else ''}"
        if not alone or not _has_offers(compiled, rule):
            continue
        if len(alone) == len(concerned):
            agrees = f" agrees in {', '.join(rule.match)} with any of {len(alone)} candidates" if rule.match else ""
            message = f"nothing is ever offered: no product that can be had{agrees or ' is among them'}"
            where.add(wish.at, "BG-Q022", f"{message}; change 'match' or 'products'", "warning")
        elif rule.kind == "must_have":
            message = f"finds nothing for {len(alone)} of {len(concerned)} candidates ({named})"
            where.add(wish.at, "BG-Q033", f"{message}; add what goes with them, or narrow 'when'", "warning")


def _has_offers(compiled: Compiled, rule: CompanionRule) -> bool:
    """Whether any product is among those named at all; where none is, `checking` has said so."""
    return any(product.meets(rule.products) for product in compiled.catalogue.products)
