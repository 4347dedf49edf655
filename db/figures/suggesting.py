"""采纳: what became of suggestions, over all and for each call (征集). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from db.figures.facts import Facts, Number
from db.figures.figure import Figure, Rate, count, each
from db.model import Kind, Result, State

VERDICTS = (Result.ADOPTED, Result.PARTLY, Result.NOT_ADOPTED)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Received in the period; resolved in it, by result; under study (挂账) as known now; `adopted` and partly ÷ all with a result."""

    received: Figure
    results: Mapping[str, Figure]
    studied: Figure
    share: Rate

    def named(self, prefix: str) -> Iterator[tuple[str, Figure]]:
        """`suggestion:received`, `suggestion:adopted` …, or of a call `call:ID:received` …"""
        yield f"{prefix}:received", self.received
        for result, figure in self.results.items():
            yield f"{prefix}:{result}", figure
        yield f"{prefix}:studied", self.studied
        yield f"{prefix}:share", self.share.part
        yield f"{prefix}:share:base", self.share.base


def suggestions(facts: Facts, among: frozenset[Number] | None = None) -> Suggestions:
    """Of all suggestions, or of those `among` these letters."""

    def counts(n: Number) -> bool:
        return among is None or n in among

    ended = [e for e in facts.ended if e.kind == Kind.SUGGESTION and e.state == State.RESOLVED and counts(e.n)]
    results = {str(r): count(e.n for e in ended if e.result == r) for r in VERDICTS}
    taken = [e.n for e in ended if e.result in (Result.ADOPTED, Result.PARTLY)]
    return Suggestions(
        received=each(n for n, kind, _t, _d in facts.received if kind == Kind.SUGGESTION and counts(n)),
        results=results,
        studied=count(n for n in facts.studied if counts(n)),
        share=Rate(count(taken), count(e.n for e in ended if e.result in VERDICTS)),
    )


def by_call(facts: Facts) -> dict[str, Suggestions]:
    """Call → what became of what was written to it; calls with nothing to count are left out."""
    made = {id_: suggestions(facts, among) for id_, among in facts.calls.items()}
    return {id_: s for id_, s in made.items() if any(f.value for _name, f in s.named(id_))}
