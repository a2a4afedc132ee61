"""The service's figures for Prometheus, on a port of their own."""

from collections.abc import Callable, Iterator
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from .chronicle import BOUNDS_MS, Chronicle
from .status_messages import Status

_PREFIX = "smart_window_"


class Figures(Collector):
    """Reads what the service counts anyway, when it is asked. Called in a thread of its own."""

    def __init__(self, status: Callable[[], Status], chronicle: Chronicle) -> None:
        self._status = status
        self._chronicle = chronicle

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily]:
        """Return all figures."""
        status = self._status()
        state = GaugeMetricFamily(_PREFIX + "state", "1 for the state that the service is in", labels=("state",))
        state.add_metric((status.state,), 1)
        yield state
        model = GaugeMetricFamily(_PREFIX + "model", "1 for the model in use", labels=("version",))
        if status.model_version is not None:
            model.add_metric((status.model_version,), 1)
        yield model
        counted = CounterMetricFamily(
            _PREFIX + "events",
            "What happened: answered, acted, error_CODE, bad_KIND, busy, unsent, reconnects",
            labels=("kind",),
        )
        for name, count in sorted((status.counters or {}).items()):
            counted.add_metric((name,), count)
        yield counted
        yield self._latency()

    def _latency(self) -> HistogramMetricFamily:
        buckets, total = [], 0
        for bound, count in zip((*BOUNDS_MS, float("inf")), tuple(self._chronicle.buckets), strict=True):
            total += count
            buckets.append(("+Inf" if bound == float("inf") else str(bound / 1e3), float(total)))
        latency = HistogramMetricFamily(_PREFIX + "answer_seconds", "From receipt to the moment when an answer left")
        latency.add_metric((), buckets, self._chronicle.total_ms / 1e3)
        return latency


def serve_metrics(host: str, port: int, figures: Figures) -> WSGIServer:
    """Serve them until the returned server is shut down. OSError when the port cannot be had."""
    registry = CollectorRegistry()
    registry.register(figures)
    server, _ = start_http_server(port, host, registry)
    return server
