"""The model card's plots, as SVG texts that are the same for the same manifest."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Told = Mapping[str, Any]

OURS, OTHERS, PLAIN = "#0f6e84", "#d98324", "#9aa7b2"
KINDS = (("hr_5", "HR@5"), ("hr_10", "HR@10"), ("mrr", "MRR"))


def plots_of(told: Told) -> dict[str, str]:
    """An SVG by the title of the card's section that it belongs to, where there is anything to show."""
    metrics, exposure = told["metrics"], told["exposure"]
    plots = {}
    with rc_context(
        {"svg.hashsalt": "begleiter", "svg.fonttype": "none", "axes.spines.top": False, "axes.spines.right": False}
    ):
        if "model" in metrics:
            series = {"this model": "model", "conditional probability": "conditional", "what sells most": "popularity"}
            plots["How good it is"] = _bars({name: metrics[key] for name, key in series.items()})
        if "consent_none" in metrics:
            levels = ("consent_none", "consent_some", "consent_full")
            plots["What consent buys"] = _price([metrics[level] for level in levels])
        if exposure:
            plots["What it shows"] = _shares(exposure["suggested_by_tenth"], exposure["taken_by_tenth"], told)
    return plots


def _bars(series: Mapping[str, Told]) -> str:
    figure, axes = _figure("Held-out items found, beside the baselines")
    width = 0.8 / len(series)
    for number, ((name, each), colour) in enumerate(zip(series.items(), (OURS, OTHERS, PLAIN), strict=True)):
        places = [at + number * width for at in range(len(KINDS))]
        values = [each[key] for key, _ in KINDS]
        errors = [each[f"{key}_error"] for key, _ in KINDS]
        axes.bar(places, values, width, yerr=errors, capsize=3, label=name, color=colour)
    axes.set_xticks([at + width for at in range(len(KINDS))], [label for _, label in KINDS])
    axes.set_ylim(0, 1)
    axes.legend(frameon=False)
    return _svg(figure)


def _price(levels: Sequence[Told]) -> str:
    figure, axes = _figure("The price of consent: what is found with none, some and all of it")
    for (key, label), colour in zip(KINDS, (PLAIN, OURS, OTHERS), strict=True):
        values, errors = [each[key] for each in levels], [each[f"{key}_error"] for each in levels]
        axes.errorbar(range(len(levels)), values, yerr=errors, capsize=3, marker="o", label=label, color=colour)
    axes.set_xticks(range(len(levels)), ["none", "some values", "all values and past orders"])
    axes.set_ylim(0, 1)
    axes.legend(frameon=False)
    return _svg(figure)


def _shares(suggested: Sequence[float], taken: Sequence[float], told: Told) -> str:
    limits = told["limits"]
    coverage = f"{100 * limits['coverage']['value']:.0f} % of the products shown" if "coverage" in limits else ""
    figure, axes = _figure(f"Popularity bias, and coverage: {coverage}")
    tenths = range(1, len(suggested) + 1)
    axes.bar([tenth - 0.2 for tenth in tenths], suggested, 0.4, label="share of the suggestions", color=OURS)
    axes.bar([tenth + 0.2 for tenth in tenths], taken, 0.4, label="share of what shoppers took", color=OTHERS)
    axes.set_xticks(list(tenths))
    axes.set_xlabel("tenths of the products, the most bought first")
    axes.legend(frameon=False)
    return _svg(figure)


def _figure(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.5, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, loc="left", fontsize="medium")
    return figure, axes


def _svg(figure: Figure) -> str:
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    svg = written.getvalue()
    return svg[svg.index("<svg") :]
