"""The coverage of a questionnaire as one HTML page that needs nothing from elsewhere: bars, and what to do about it."""

from collections.abc import Iterable, Iterator
from html import escape

from service.advice.coverage import Coverage, Part, QuestionCoverage
from service.advice.funnel import Funnel
from service.advice.funnel_page import FUNNEL_STYLE, funnel_part
from service.catalogue.product import Product

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem}h3{font-size:1rem;margin:1.4rem 0 .3rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .5rem;border-bottom:1px solid #e4e4e4}
td:first-child{width:50%}
td.n{text-align:right;white-space:nowrap}svg{display:block}.k{color:#5a5a5a}.none td{color:#a11}
"""
_BAR = 260


def page(coverage: Coverage, funnel: Funnel | None = None) -> str:
    """The whole page; with how dialogues go, where they were counted."""
    return "\n".join(_lines(coverage, funnel)) + "\n"


def _lines(coverage: Coverage, funnel: Funnel | None) -> Iterator[str]:
    title = f"{escape(coverage.title)}: coverage"
    yield f'<!doctype html>\n<html lang="{escape(coverage.locale)}"><head><meta charset="utf-8">'
    yield f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
    yield f"<style>{_STYLE}{FUNNEL_STYLE}</style></head><body><h1>{title}</h1>"
    yield f"<p>{coverage.models} models may be shown. A bar is the share of them that fits an answer.</p>"
    yield "<h2>How evenly each question parts them</h2>"
    yield "<p>100 % where every answer gets as many, 0 % where one gets them all.</p>"
    yield _table((_evenness(question) for question in coverage.questions), "question", "evenness", "not stated")
    yield "<h2>Question by question</h2>"
    for question in coverage.questions:
        how = f"{question.id}: {question.kind}, {question.effect}"
        yield f'<h3>{escape(question.text)} <span class="k">{how}</span></h3>'
        yield _table((_part(part) for part in question.parts), "answer", "share of the models", "models")
    yield from _unshown(coverage)
    yield from _gaps(coverage)
    if funnel is not None:
        yield from funnel_part(funnel)
    yield "</body></html>"


def _evenness(question: QuestionCoverage) -> str:
    return (
        f"<tr><td>{escape(question.text)}</td><td>{_bar(question.evenness)}</td>"
        f'<td class="n">{question.evenness:.0%}</td><td class="n">{question.not_stated:.0%}</td></tr>'
    )


def _part(part: Part) -> str:
    kind = "" if part.fits else ' class="none"'
    return (
        f"<tr{kind}><td>{escape(part.text)}</td><td>{_bar(part.share)}</td>"
        f'<td class="n">{part.share:.0%}</td><td class="n">{part.fits}</td></tr>'
    )


def _unshown(coverage: Coverage) -> Iterator[str]:
    found = coverage.unshown
    yield "<h2>Never shown</h2>"
    if not found.proven and not found.unseen:
        yield f"<p>{found.all_shown}</p>"
        return
    yield f"<p>{found.looked_at} of {found.models} models were looked at.</p>"
    if found.proven:
        yield "<p>These can never be shown (proven): as many others as are shown always stand before them.</p>"
        yield _products(found.proven, coverage.locale)
    if found.unseen:
        yield f"<p>These came on no shortlist (sampled: {found.paths} paths tried).</p>"
        yield _products(found.unseen, coverage.locale)


def _products(products: Iterable[Product], locale: str) -> str:
    named = (f"<li>{escape(product.sku)}: {escape(product.name.get(locale))}</li>" for product in products)
    return f"<ul>{''.join(named)}</ul>"


def _gaps(coverage: Coverage) -> Iterator[str]:
    yield "<h2>Gaps in the assortment</h2>"
    gaps = coverage.gaps
    if not gaps.found:
        yield "<p>Every combination of up to three answers is met by some product.</p>"
        return
    how = "all of up to three answers" if gaps.complete else f"those found among {gaps.looked_at} combinations"
    yield f"<p>The smallest combinations of answers that no product meets ({how}), the smallest first.</p><ul>"
    for gap in gaps.found:
        yield f"<li>{' <b>and</b> '.join(escape(text) for text in gap.texts)}</li>"
    yield "</ul>"


def _table(rows: Iterable[str], first: str, bar: str, last: str) -> str:
    return f'<table><tr><th>{first}</th><th colspan="2">{bar}</th><th>{last}</th></tr>{"".join(rows)}</table>'


def _bar(share: float) -> str:
    return (
        f'<svg width="{_BAR}" height="14" role="img" aria-label="{share:.0%}"><rect width="{_BAR}" height="14" rx="3" '
        f'fill="#eef1f6"/><rect width="{round(_BAR * share)}" height="14" rx="3" fill="#3b6fb5"/></svg>'
    )
