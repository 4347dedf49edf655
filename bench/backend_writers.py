"""How long a desk waits for its own work, alone and with seven others: one action a request, and batches of 100.

Each desk is a thread here and sends its next request when the last one is answered; what the others did meanwhile comes with the
answer, as in the field. The bare endpoints get the same events the same way. Ours and theirs by turns.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from bench.backend_desks import Bare, Desk, batches, push

WRITERS = (1, 8)
ACTIONS = 40
"""Requests of one event, a desk."""
LETTERS = 60
"""A desk, of five events each: three batches."""


class Waited(NamedTuple):
    """Milliseconds of a request, and events a second of all desks together."""

    p50: float
    p95: float
    rate: float


def at_once(base: str, bare_base: str, letters: list[dict]) -> dict[str, Waited]:
    found: dict[str, Waited] = {}
    for n in WRITERS:
        desks, bare = [Desk(base, 1) for _ in range(n)], [Bare(bare_base) for _ in range(n)]
        for desk in desks:
            desk.pull()
        whole = [batches(desk.work(letters[:LETTERS], 1)) for desk in desks]
        found[f"batch by {n}"] = _all(push, desks, whole)
        found[f"bare batch by {n}"] = _all(Bare.push, bare, whole)
        singles = [_actions(desk, parts) for desk, parts in zip(desks, whole, strict=True)]
        found[f"action by {n}"] = _all(push, desks, singles)
        found[f"bare action by {n}"] = _all(Bare.push, bare, singles)
    return found


def _actions(desk: Desk, parts: list) -> list[list[dict]]:
    """A note on each of a desk's first letters, a request each."""
    cases = list(dict.fromkeys(event["case"] for part in parts for event in part))[:ACTIONS]
    return [[desk.event("noted", case, {}, {"text": "电话联系过"})] for case in cases]


def _all(send, senders: list, parts: list[list]) -> Waited:
    """All of them at once, each with its own parts in order."""

    def one(sender, own: list) -> list[float]:
        waited = []
        for part in own:
            start = time.perf_counter()
            send(sender, [part])
            waited.append((time.perf_counter() - start) * 1000)
        return waited

    start = time.perf_counter()
    with ThreadPoolExecutor(len(senders)) as threads:
        waited = [ms for each in threads.map(one, senders, parts) for ms in each]
    took = time.perf_counter() - start
    events = sum(len(part) for own in parts for part in own)
    return Waited(statistics.median(waited), statistics.quantiles(waited, n=20)[-1], events / took)
