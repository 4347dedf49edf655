"""What a supervisor walks in the morning: the chases that the ladder proposes now, and letters that could be printed as 正在问.

A proposal is nobody's act: a person sends it, skips it today with a reason, or sends another level. What was skipped is a
note on the letter, so that every desk knows, and is proposed again the next day. Nothing is proposed outside
working hours but for urgent letters, and nothing that went out already (`db/deadlines.ladder`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import projection
from db.clock import DAY, day_of, midnight
from db.deadlines import Step, ladder, open_question_candidate, working_days_late
from db.model import Case, CaseId, DispatchId, EventKind, Ms, Urgency

if TYPE_CHECKING:
    from db.commands import Command
    from db.store import Store

AHEAD: Ms = 60 * DAY
"""How far ahead of a due time its warning may come: a fifth of the longest term."""

CHUNK = 500
"""Letters read at once."""

SKIPPED = "ladder_skipped"
"""`about` of a note that says why a chase was not sent today."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One chase that could go out now. `due` is the due time of the clock it is about, UTC ms."""

    case: CaseId
    code: str
    title: str
    urgency: Urgency
    dispatch: DispatchId
    lead: bool
    district: str  # division code
    district_name: str
    unit: str
    step: Step
    due: Ms
    late: int  # full working days
    chases: int  # of this dispatch so far


@dataclass(frozen=True, slots=True)
class Question:
    """A letter that could be printed as an open question, and why: late, returns, redos."""

    case: CaseId
    code: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Morning:
    """All of it at one moment; `skipped` counts what was put off today."""

    now: Ms
    proposals: tuple[Proposal, ...]
    questions: tuple[Question, ...]
    skipped: int


_NEAR = (
    "SELECT DISTINCT c.id FROM queue_entry e CROSS JOIN cases c ON c.n = e.n JOIN dispatch d ON d.n = e.n "
    "WHERE e.queue = 4 AND e.sort <= ? AND (d.state IN ('sent', 'signed') OR c.returns >= 3 OR c.redos >= 3)"
)
_NOTES = (
    "SELECT e.facts FROM event e JOIN cases c ON c.n = e.case_n JOIN json_each(?) k ON k.value = c.id "
    "WHERE e.kind = 'noted' AND e.at >= ? AND json_extract(e.facts, '$.about') = ?"
)


def morning(store: Store, now: Ms) -> Morning:
    """What is proposed now, the highest level first, then the urgent, then what is due the longest. Raises StoreError."""
    rules = store.rulebook().at(now)
    made: list[Proposal] = []
    questions: list[Question] = []
    put_off = 0
    with store.view() as conn:
        ids = [id_ for (id_,) in conn.execute(_NEAR, (now + AHEAD,))]
        for at in range(0, len(ids), CHUNK):
            some = ids[at : at + CHUNK]
            skipped = _skipped(conn, some, now)
            for held in projection.fetch(conn, some).values():
                case = held.case
                if case is None:
                    continue
                for proposal in _of(case, now, store.rulebook()):
                    if (proposal.dispatch, proposal.step.level, proposal.step.clock) in skipped:
                        put_off += 1
                    else:
                        made.append(proposal)
                if why := open_question_candidate(case, now, rules):
                    questions.append(Question(case.id, case.code, case.title, why))
    made.sort(key=lambda p: (-p.step.level, _RANK[p.urgency], p.step.since, p.code))
    return Morning(now, tuple(made), tuple(sorted(questions, key=lambda q: q.code)), put_off)


_RANK = {Urgency.CRITICAL: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}


def _of(case: Case, now: Ms, book: Any) -> Iterable[Proposal]:
    for d in case.dispatches:
        rules = book.of(d.rules)
        step = ladder(case, d, now, rules)
        if step is not None:
            due = d.sign_due if step.clock == "sign" else d.reply_due
            late = working_days_late(due, now, rules.calendar) if due <= now else 0
            yield Proposal(
                case.id, case.code, case.title, case.urgency, d.id, d.id == case.lead, d.district, d.district_name,
                d.unit, step, due, late, d.chases,
            )  # fmt: skip


def _skipped(conn: Any, ids: list[CaseId], now: Ms) -> set[tuple[str, int, str]]:
    """(dispatch, level, clock) of what was put off today."""
    today = day_of(now)
    rows = conn.execute(_NOTES, (json.dumps(ids), midnight(today), SKIPPED))
    facts = [json.loads(text) for (text,) in rows]
    return {(f["dispatch"], f["level"], f["clock"]) for f in facts if f.get("day") == today.isoformat()}


def chase(proposal: Proposal, level: int, channel: str, delivered: str = "", words: str = "") -> Command:
    """The command that sends it, at the proposed level or another one. `delivered`: how it arrived, where that is known."""
    from db.commands import Command

    facts: dict[str, Any] = {"level": level, "channel": channel}
    if delivered:
        facts["delivered"] = delivered
    return Command(
        EventKind.CHASED,
        proposal.case,
        facts,
        {"text": words} if words else {},
        dispatch=proposal.dispatch,
        re=proposal.dispatch,
    )


def skip(proposal: Proposal, why: str, now: Ms) -> Command:
    """The note that puts a proposal off until tomorrow, with its reason."""
    from db.commands import Command

    facts: Mapping[str, Any] = {
        "about": SKIPPED,
        "dispatch": proposal.dispatch,
        "level": proposal.step.level,
        "clock": proposal.step.clock,
        "day": day_of(now).isoformat(),
    }
    return Command(EventKind.NOTED, proposal.case, facts, {"text": why})
