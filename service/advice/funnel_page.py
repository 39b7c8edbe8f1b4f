"""The funnel as a part of the coverage page: a bar for each question, parted into answered, not sure and left."""

from collections.abc import Iterator
from html import escape

from service.advice.figures import ROUNDED_TO
from service.advice.funnel import Funnel, Step

FUNNEL_STYLE = """
.f td{width:auto;vertical-align:top}.f .b{width:190px}
.l span{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin:0 .3em 0 1em}
"""
_BAR = 180
_PARTS = (("answered", "#3b6fb5"), ("not sure", "#9bb8dc"), ("left here", "#c2571a"))
_REST = "#dfe4ec"
_PRODUCTS_LISTED = 20


def funnel_part(funnel: Funnel) -> Iterator[str]:
    """The lines of that part."""
    yield "<h2>How dialogues go</h2>"
    period = f"from {funnel.since.isoformat()} to {funnel.until.isoformat()}"
    if not funnel.steps:
        yield f"<p>Too little was counted {period} to be told (figures are rounded down to {ROUNDED_TO}s).</p>"
        return
    whose = "of this version" if funnel.is_current else "of another version, since this one was not counted yet"
    yield (
        f"<p>Counted {period}, {whose} ({escape(funnel.version)}). Nobody is in it, and figures are rounded down to "
        f"{ROUNDED_TO}s. <em>Shown</em> and <em>conflicts</em> count every state, the others sessions alone.</p>"
    )
    yield _legend()
    heads = ("question", "", "shown", *(name for name, _ in _PARTS), "taken back", "conflicts", "ways out taken")
    head = "".join(f"<th>{name}</th>" for name in heads)
    yield f'<table class="f"><tr>{head}</tr>'
    yield from (_row(step, funnel.most_shown) for step in funnel.steps)
    yield "</table>"
    yield f"<p>The shortlist was shown at the end {funnel.shortlist_shown} times.</p>"
    yield from _chosen(funnel)


def _legend() -> str:
    named = "".join(f'<span style="background:{colour}"></span>{name}' for name, colour in _PARTS)
    return f'<p class="l">Of those shown:{named}<span style="background:{_REST}"></span>nothing of these is known</p>'


def _row(step: Step, most: int) -> str:
    it = step.figures
    parts = (it.answered, it.not_sure, it.left_here)
    told = "".join(f'<td class="n">{count} <span class="k">{step.share(count):.0%}</span></td>' for count in parts)
    plain = "".join(f'<td class="n">{count}</td>' for count in (it.taken_back, it.conflicts, it.ways_out_taken))
    return (
        f'<tr><td>{escape(step.text)}</td><td class="b">{_bar(step, parts, most)}</td>'
        f'<td class="n">{it.shown}</td>{told}{plain}</tr>'
    )


def _bar(step: Step, parts: tuple[int, ...], most: int) -> str:
    whole = _BAR * step.figures.shown / most if most else 0.0
    at, drawn = 0.0, [f'<rect width="{whole:.0f}" height="14" rx="2" fill="{_REST}"/>']
    for count, (_, colour) in zip(parts, _PARTS, strict=True):
        width = min(whole * step.share(count), whole - at)
        drawn.append(f'<rect x="{at:.1f}" width="{width:.1f}" height="14" fill="{colour}"/>')
        at += width
    label = f"shown {step.figures.shown} times"
    return f'<svg width="{_BAR}" height="14" role="img" aria-label="{label}">{"".join(drawn)}</svg>'


def _chosen(funnel: Funnel) -> Iterator[str]:
    if not funnel.products_chosen:
        return
    listed = funnel.products_chosen[:_PRODUCTS_LISTED]
    named = "".join(f"<li>{escape(sku)}: {count}</li>" for sku, count in listed)
    more = len(funnel.products_chosen) - len(listed)
    yield f"<p>Products chosen{f', the first of {more + len(listed)}' if more else ''}:</p><ul>{named}</ul>"
