"""How often and how fast, by route template and status, in the words of Prometheus."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from service.api.cross_sell_figures import CrossSellFigures

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The counters of this process; under gunicorn every worker's are added up when they are read."""

    CONTENT_TYPE = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._seconds = Histogram(
            "begleiter_request_seconds",
            "Requests answered, and how long it took.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self._own,
        )
        self.cross_sell = CrossSellFigures(self._own)
        self._children: dict[tuple[str, str, int], Histogram] = {}
        self._refused = Gauge(
            "begleiter_refused",
            "Complaints for which a file of the shop, or the published model, is not in force, by part and code.",
            ("part", "code"),
            registry=self._own,
            multiprocess_mode="mostrecent",  # what was told before the fork is only the first word
        )
        self._refused_before: frozenset[tuple[str, str]] = frozenset()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one reply."""
        key = (method, route, status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._seconds.labels(method, route, str(status))
        child.observe(seconds)

    def refused(self, codes_by_part: Mapping[str, Iterable[str]]) -> None:
        """Tell what of the shop's files is refused now, by the codes of the complaints."""
        found = Counter((part, code) for part, codes in codes_by_part.items() for code in codes)
        for part, code in self._refused_before | found.keys():
            self._refused.labels(part, code).set(found[part, code])
        self._refused_before = frozenset(found)

    def model_refused(self, *, is_refused: bool) -> None:
        """Tell whether the model that was published last is refused now."""
        self._refused.labels("model", "refused").set(is_refused)

    def text(self) -> bytes:
        """All workers' figures in the Prometheus text format."""
        return generate_latest(self._all_processes() if SHARED_FOLDER in os.environ else self._own)

    def _all_processes(self) -> CollectorRegistry:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry
