"""What an event changed, told field by field, for the letter it is about and for every other that it touched.

A line a field: `state: in_progress → replied`; where a field is a list, what came (`+`) and what went (`-`). A field that is not
told has not changed. Dispatches are numbered as the case has them; events are called by their kind, the second of a kind
`replied 2`; moments are wall clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from db.clock import local
from db.model import Absorbed, Case, Dispatch, Event, Refusal, Role, Verdict
from tests.db.cases_factory import HOUR, Desk, E

LATEST = 4_000_000_000_000
"""UTC ms: a number below this that is too great for a count is a moment."""


class Story(Desk):
    """A desk that tells what each event made of each case. Every event counts once and is the newest of its cases."""

    def __init__(self) -> None:
        super().__init__()
        self.told = ""
        self.names: dict[str, str] = {}
        self.kinds: Counter[str] = Counter()

    def put(self, e: Event) -> Verdict:
        before = dict(self.cases)
        if e.kind != "received" and e.id not in self.names:
            self.kinds[e.kind] += 1
            self.names[e.id] = e.kind if self.kinds[e.kind] == 1 else f"{e.kind} {self.kinds[e.kind]}"
        verdict = super().put(e)
        if not isinstance(verdict, Refusal):
            own = e.case or ""
            others = [id_ for id_ in self.cases if id_ != own]
            self.told = "\n".join(
                line if id_ == own else f"{id_}  {line}"
                for id_ in (own, *others)
                for line in self._account(before.get(id_), self.cases[id_])
            )
        return verdict

    def tells(self, kind: str, /, id_: str = "a", role: Role = E, *, later: int = HOUR, **facts: Any) -> list[str]:
        """Does it; what it changed, a line each."""
        self.must(kind, id_, role, later=later, **facts)
        return [" ".join(line.split()) for line in self.told.splitlines()]

    def absorbs(self, kind: str, /, id_: str = "a", role: Role = E, *, later: int = HOUR, **facts: Any) -> str | None:
        """Does it again: which event already did it. It changes nothing."""
        before = dict(self.cases)
        got = self.do(kind, id_, role, later=later, **facts)
        assert isinstance(got, Absorbed), got
        assert got.case is before[id_]
        assert self.cases == before
        return self.names.get(got.by or "", got.by)

    def refuses(
        self, kind: str, /, id_: str = "a", role: Role = E, *, later: int = HOUR, **facts: Any
    ) -> dict[str, Any]:
        """Is refused it: the code and what its sentence is filled with, moments as wall clock, events by name."""
        got = self.do(kind, id_, role, later=later, **facts)
        assert isinstance(got, Refusal), got
        return {"code": got.code} | {
            k: self._shown(v) if isinstance(v, str) or _moment(v) else v for k, v in got.facts.items()
        }

    def _account(self, before: Case | None, after: Case) -> Iterator[str]:
        if before is None or before is after:
            return
        assert after.events == before.events + 1
        assert after.last_at == max(before.last_at, self.now)
        yield from self._changes(before, after, "")

    def _changes(self, before: Any, after: Any, prefix: str) -> Iterator[str]:
        for f in fields(after):
            was, now = getattr(before, f.name), getattr(after, f.name)
            if was == now or f.name in ("events", "last_at"):
                continue
            name = prefix + f.name
            if f.name == "dispatches":
                yield from self._dispatches(was, now)
            elif isinstance(now, tuple) and f.name != "last_chase":
                yield f"{name}: " + ", ".join(
                    [f"- {self._shown(x)}" for x in was if x not in now]
                    + [f"+ {self._shown(x)}" for x in now if x not in was]
                )
            else:
                yield f"{name}: {self._shown(was)} → {self._shown(now)}"

    def _dispatches(self, was: tuple[Dispatch, ...], now: tuple[Dispatch, ...]) -> Iterator[str]:
        held = {d.id: d for d in was}
        for n, d in enumerate(now, 1):
            if d.id in held:
                yield from self._changes(held[d.id], d, f"{n}.")
            else:
                yield f"+ {n}. {self._shown(d)}"
        yield from (f"- {n}. {self._shown(d.id)}" for n, d in enumerate(was, 1) if all(d.id != x.id for x in now))

    def _shown(self, value: Any) -> str:
        if isinstance(value, StrEnum):
            return value.value
        if isinstance(value, str):
            return self.names.get(value, value) or "''"
        if _moment(value):
            moment = local(value)
            seconds = f":{moment:%S}.{value % 1000:03}" if value % 60_000 else ""
            return f"{moment:%m-%d %H:%M}{seconds}"
        if isinstance(value, Dispatch):
            given = (f for f in fields(value) if f.name not in ("district_name", "rules", "contact_shared"))
            shown = ((f.name, getattr(value, f.name)) for f in given)
            return " ".join(f"{name}={self._shown(v)}" for name, v in shown if v not in (None, "", (), 0))
        if isinstance(value, tuple):
            return " ".join(self._shown(x) for x in value)
        if is_dataclass(value):
            return " ".join(self._shown(getattr(value, f.name)) for f in fields(value))
        return value.isoformat() if isinstance(value, date) else str(value)


def _moment(value: object) -> bool:
    return isinstance(value, int) and HOUR < value < LATEST


def lines(text: str) -> list[str]:
    """A block of the tests' text, a line each; one that begins with `|` goes on with the one before it."""
    return [" ".join(line.split()) for line in text.replace("\n        | ", " ").strip().splitlines()]
