"""Figures for Prometheus. Labels are codes and routes, never a person, a letter or an address."""

from __future__ import annotations

from collections import Counter as Tally
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from backend.log.judging import Judged

REGISTRY: Final = CollectorRegistry()
MEDIA: Final = CONTENT_TYPE_LATEST

requests = Counter("desk_requests", "Requests by route and status", ["route", "method", "status"], registry=REGISTRY)
seconds = Histogram(
    "desk_request_seconds",
    "Time of a request, long polls left out",
    ["route", "method"],
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
bytes_in = Counter("desk_bytes_received", "Bytes of bodies received", registry=REGISTRY)
bytes_out = Counter("desk_bytes_sent", "Bytes of bodies sent", registry=REGISTRY)
accepted = Counter("desk_events_accepted", "Events that went into the log", ["kind"], registry=REGISTRY)
absorbed = Counter("desk_events_absorbed", "Events in the log that changed nothing", ["kind"], registry=REGISTRY)
refused = Counter("desk_events_refused", "Events refused, by verdict", ["code"], registry=REGISTRY)
differing = Counter("desk_fingerprints_differing", "Desks whose open letters differ from the log's", registry=REGISTRY)
waiting = Gauge("desk_polls_waiting", "Desks waiting for news", registry=REGISTRY)
log_seq = Gauge("desk_log_seq", "Number of the log's last event", registry=REGISTRY)
timers_due = Counter("desk_timers_written", "Events written by the system when due", registry=REGISTRY)
snapshot_seconds = Histogram("desk_snapshot_seconds", "Time to cut a snapshot", registry=REGISTRY)


def judged(what: Judged) -> None:
    """Counts what a request brought."""
    for (gone, kind), n in Tally((a.absorbed, a.event.kind) for a in what.accepted).items():
        (absorbed if gone else accepted).labels(kind).inc(n)
    for code, n in Tally(r.refusal.code for r in what.refused).items():
        refused.labels(code).inc(n)


def text() -> bytes:
    return generate_latest(REGISTRY)
