"""Short ways to make a case and move it, for tests of the rules."""

from __future__ import annotations

from itertools import count
from typing import Any

from db import cases
from db.clock import from_iso
from db.model import Absorbed, Case, Event, Refusal, Role, Verdict
from db.model_rules import Rulebook
from db.newsroom import default_rulebook

BOOK: Rulebook = default_rulebook()
START = from_iso("2024-10-14T09:00")  # a Monday
HOUR = 3_600_000
DAY = 24 * HOUR
_numbers = count(1)


def event(kind: str, case: str, at: int, role: Role = Role.EDITOR, **rest: Any) -> Event:
    """An event with an id of its own; `facts`, `words`, `re`, `dispatch`, `when`, `heard`, `id`, `actor` as given."""
    rest.setdefault("id", f"{kind}-{next(_numbers)}")
    rest.setdefault("actor", "li")
    return Event(case=case, kind=kind, at=at, role=role, device="01", **rest)


class Desk:
    """Several cases, a clock, and the store's habit: fold an event over its case and over all that it touches."""

    book: Rulebook = BOOK

    def __init__(self, now: int = START) -> None:
        self.now = now
        self.cases: dict[str, Case] = {}
        self.log: list[Event] = []

    def letter(self, id_: str = "a", **facts: Any) -> Case:
        given = {"code": f"RMLX-{id_}", "channel": "app", "number": id_, "source": "channel", "received_at": self.now}
        got = self.put(
            event("received", id_, self.now, Role.BACKEND, id=id_, facts=given | facts, words={"title": id_})
        )
        assert isinstance(got, Case), got
        return got

    def put(self, e: Event) -> Verdict:
        """Folds it; keeps what became of it unless refused."""
        before = dict(self.cases)
        own = before.get(e.case or "")
        verdict = cases.fold(own, e, before, self.book, self.now)
        if isinstance(verdict, Refusal):
            return verdict
        after = {e.case or "": verdict.case if isinstance(verdict, Absorbed) else verdict}
        if not isinstance(verdict, Absorbed):
            for other in cases.touches(own, e):
                if other in before:
                    got = cases.fold(before[other], e, before, self.book, self.now)
                    if isinstance(got, Refusal):
                        return got
                    after[other] = got.case if isinstance(got, Absorbed) else got
        self.cases |= after
        self.log.append(e)
        return verdict

    def do(self, kind: str, /, id_: str = "a", role: Role = Role.EDITOR, *, later: int = HOUR, **facts: Any) -> Verdict:
        """What a person at the desk does now: `re` and `dispatch` as the case stands. `_re`, `_dispatch`, `_words` override."""
        self.now += later
        own = {k[1:]: facts.pop(k) for k in list(facts) if k.startswith("_")}
        re, of = cases.answers(self.cases[id_], kind, own.get("dispatch"), facts=facts)
        own.setdefault("re", re)
        own.setdefault("dispatch", of)
        return self.put(event(kind, id_, self.now, role, facts=facts, **own))

    def must(self, kind: str, /, id_: str = "a", role: Role = Role.EDITOR, **facts: Any) -> Case:
        got = self.do(kind, id_, role, **facts)
        assert isinstance(got, Case), got
        return self.cases[id_]

    def no(self, kind: str, /, id_: str = "a", role: Role = Role.EDITOR, **facts: Any) -> str:
        """The code of the refusal."""
        got = self.do(kind, id_, role, **facts)
        assert isinstance(got, Refusal), got
        return got.code

    def forward(
        self, id_: str = "a", district: str = "500106", role: Role = Role.EDITOR, *, co: bool = False, **facts: Any
    ) -> Case:
        facts = {
            "role": "co" if co else "lead",
            "district": district,
            "district_name": f"区{district}",
            "rules": 1,
        } | facts
        got = self.put_forward(id_, role, facts)
        assert isinstance(got, Case), got
        return self.cases[id_]

    def put_forward(self, id_: str, role: Role, facts: dict[str, Any], **rest: Any) -> Verdict:
        self.now += HOUR
        re, _ = cases.answers(self.cases[id_], "forwarded", facts=facts)
        return self.put(event("forwarded", id_, self.now, role, facts=facts, **({"re": re} | rest)))

    def until(self, state: str, id_: str = "a") -> Case:
        """The shortest lawful way of a fresh letter to that state."""
        for kind, role, facts in WAYS[state]:
            if kind == "forwarded":
                self.forward(id_)
            else:
                self.must(kind, id_, role, **facts)
        assert self.cases[id_].state == state
        return self.cases[id_]


E, S, U, C = Role.EDITOR, Role.SUPERVISOR, Role.UNIT, Role.CITIZEN
ANSWER: dict[str, Any] = {"redacted": True, "checklist": ["answers_question"]}
_FORWARDED: list[tuple[str, Role, dict[str, Any]]] = [("accepted", E, {"kind": "complaint"}), ("forwarded", E, {})]
_SIGNED = [*_FORWARDED, ("signed", U, {})]
_REPLIED = [*_SIGNED, ("replied", U, {})]
_ANSWERED = [*_REPLIED, ("answered", E, ANSWER)]
WAYS: dict[str, list[tuple[str, Role, dict[str, Any]]]] = {
    "received": [],
    "needs_info": [("asked", E, {})],
    "accepted": _FORWARDED[:1],
    "forwarded": _FORWARDED,
    "in_progress": _SIGNED,
    "returned": [*_SIGNED, ("returned", U, {"reason": "not_ours"})],
    "replied": _REPLIED,
    "answered": _ANSWERED,
    "tracking": [*_ANSWERED, ("tracked", E, {"promised": "2024-12-31"})],
    "resolved": [*_ANSWERED, ("resolved", E, {"result": "solved"})],
    "declined": [("declined", E, {"reason": "court"})],
    "withdrawn": [("withdrawn", C, {"reason": "settled"})],
}
