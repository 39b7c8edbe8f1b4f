"""The model card: what a model was made from, how it was judged, and what it must not be used for, as text and page."""

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from models.plots import plots_of
from service.cross_sell.manifest import MANIFEST

Told = Mapping[str, Any]
Row = tuple[str, ...]

NAMES = {
    "model": "this model",
    "popularity": "what sells most",
    "conditional": "conditional probability",
    "consent_none": "no consent",
    "consent_some": "every other value, no past orders",
    "consent_full": "all values and past orders",
    "coverage": "share of the products that its lists show",
    "popularity_bias": "suggested products are bought so many times as often as those taken",
    "substitute_leak": "share of substitutes in the first five",
    "kept_without_new_orders": "share of its lists that stayed, where nothing new was bought",
    "behind_in_service": "standard errors behind the model in service",
    "behind_recipe": "standard errors behind the recipe of the model in service",
}
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Model card {version}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
th, td {{ text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid #d5dbe1; }}
figure {{ margin: 2rem 0; }}
figure svg {{ max-width: 100%; height: auto; }}
</style>
{body}
</html>
"""


def write_card(folder: Path) -> None:
    """Write card.md and card.html (one file, no reference to elsewhere) beside a manifest, from it alone."""
    told = json.loads((folder / MANIFEST).read_bytes())
    (folder / "card.md").write_text(as_text(told), encoding="utf-8")
    (folder / "card.html").write_text(as_page(told), encoding="utf-8")


def as_text(told: Told) -> str:
    """The card in Markdown."""
    parts = [f"# Model card {told['version']}\n"]
    for title, sentences, rows in _sections(told):
        parts.append(f"## {title}\n")
        parts.extend(f"{sentence}\n" for sentence in sentences)
        if rows:
            head, *others = rows
            lines = [_line(head), _line(tuple("---" for _ in head)), *map(_line, others)]
            parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def as_page(told: Told) -> str:
    """The card as a page with its plots inside."""
    plots = plots_of(told)
    body = [f"<h1>Model card {html.escape(str(told['version']))}</h1>"]
    for title, sentences, rows in _sections(told):
        body.append(f"<h2>{html.escape(title)}</h2>")
        body.extend(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)
        if rows:
            body.append(_table(rows))
        if title in plots:
            body.append(f"<figure>{plots[title]}</figure>")
    return PAGE.format(version=html.escape(str(told["version"])), body="\n".join(body))


def _sections(told: Told) -> Iterator[tuple[str, list[str], list[Row]]]:
    yield "What it is for", _purpose(told), []
    yield "What it was made from", _origin(told), []
    yield "How good it is", [_judged(told)], _metrics(told, ("model", "conditional", "popularity"))
    yield "What consent buys", [_price(told)], _metrics(told, ("consent_none", "consent_some", "consent_full"))
    yield "What it shows", ["How even-handed its lists are, and the limits that it is kept to."], _limits(told)
    yield "How it is blended", [_blend(told)], _weights(told)
    yield "How to make it again", [_recipe(told)], []


def _purpose(told: Told) -> list[str]:
    yes = "It suggests what belongs to a basket, for guests and for any subset of consent."
    no = "It holds factors of products and of attribute values, and no row that belongs to a person."
    forced = f"It was published although {told['forced']}." if told["forced"] else ""
    return [sentence for sentence in (yes, no, forced) if sentence]


def _origin(told: Told) -> list[str]:
    window, rows, products = told["window"], told["rows"], told["products"]
    captured = rows["captured"]
    known = (
        f"{products['hot']} products bought in at least {products['hot_from_orders']} orders, {products['warm']} in "
        f"fewer, and {products['cold']} that nobody bought yet and their attributes alone describe."
    )
    used = f"{rows['used']} lines used{_left_out(rows)}"
    also = f"{captured['used']} captured purchases{_left_out(captured)}"
    return [
        f"{told['orders']} orders from {window['from']} to {window['until']}: {used}, and {also}.",
        known,
        f"Consented attributes that it knows values of: {_attributes(told) or 'none'}.",
        _ledger(told),
    ]


def _ledger(told: Told) -> str:
    ledger = told["consent_ledger"]
    if ledger:
        return f"The consent ledger ended at entry {ledger['position']} ({ledger['hash'][:16]}…)."
    if told["orders_from"] == "file":
        return "The orders came from a file; no consent ledger was read."
    return (
        "The consent ledger did not verify when the orders were read (begleiter audit verify says why); what was "
        "withdrawn since is told by when the model was written."
    )


def _left_out(counted: Told) -> str:
    told = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in counted["left_out"].items())
    return f" (left out: {told})" if told else ""


def _attributes(told: Told) -> str:
    return ", ".join(sorted({trait["attribute"] for trait in told["traits"]}))


def _judged(told: Told) -> str:
    cases = told["metrics"].get("model", {}).get("cases")
    if not cases:
        return "Nobody judged it."
    return (
        f"{cases} items of the latest fifth of the orders, each held out in turn and ranked for a guest. "
        "HR@10: how often the item is among the first ten. MRR: the mean of 1/rank. ± is one standard error."
    )


def _price(told: Told) -> str:
    cases = told["metrics"].get("consent_none", {}).get("cases")
    if not cases:
        return "Too few of the judged orders are of shoppers who consented to anything."
    return f"The same {cases} items of shoppers who consented, asked with less and less of what they consented to."


def _metrics(told: Told, names: Iterable[str]) -> list[Row]:
    found = [
        (
            NAMES[name],
            f"{each['hr_5']:.3f} ± {each['hr_5_error']:.3f}",
            f"{each['hr_10']:.3f} ± {each['hr_10_error']:.3f}",
            f"{each['mrr']:.3f} ± {each['mrr_error']:.3f}",
        )
        for name in names
        if (each := told["metrics"].get(name))
    ]
    return [("", "HR@5", "HR@10", "MRR"), *found] if found else []


def _limits(told: Told) -> list[Row]:
    rows = [
        (
            NAMES[name],
            f"{each['value']:.3f}",
            f"at least {each['at_least']:g}" if "at_least" in each else f"at most {each['at_most']:g}",
        )
        for name, each in told["limits"].items()
    ]
    return [("", "found", "allowed"), *rows] if rows else []


def _blend(told: Told) -> str:
    without = ", ".join(told["without_weight"])
    return (
        "Weights by the number of products in the basket, and for one that has only begun, as on a product's page; "
        f"chosen on orders that nothing was fitted on. {f'Without any weight: {without}.' if without else ''}"
    )


def _weights(told: Told) -> list[Row]:
    head = ("scorer", *(f"from {size}" for size in told["basket_sizes"]), "begun")
    rows = [
        (each["name"], *(f"{weight:g}" for weight in each["weights"]), f"{each['opening_weight']:g}")
        for each in told["scorers"]
    ]
    return [head, *rows]


def _recipe(told: Told) -> str:
    recipe = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told["recipe"].items())
    libraries = ", ".join(f"{name} {version}" for name, version in told["libraries"].items())
    return f"Equal orders, recipe and libraries give equal bytes. Recipe: {recipe}. Libraries: {libraries}."


def _line(cells: Row) -> str:
    return f"| {' | '.join(cells)} |"


def _table(rows: list[Row]) -> str:
    head, *others = rows
    told = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in others)
    return f"<table><tr>{told}</tr>{body}</table>"
