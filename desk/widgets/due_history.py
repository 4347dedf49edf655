"""A letter's due times that were moved: from when to when, by whom and why; and what was returned, redone, extended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.model import Case, DueMove, Event, Ms
from db.text import one_line
from db.words import _, term
from desk.widgets.due import moment
from desk.widgets.sheet import Line, Piece, flow
from desk.widgets.timeline import REASONS, TOLD, Who, moved

if TYPE_CHECKING:
    from db.letters import Letter

SUPERVISORS = 3
"""From the third return or redo of a letter on, a supervisor goes on with it (DESIGN.md §4)."""


def due_history(letter: Letter, width: int, now: Ms, who: Who) -> list[Line]:
    """A line of counts, then the moves in order; none where nothing of it happened."""
    case = letter.case
    lines = flow(_counts(case), width)
    by_id = {event.id: event for event in letter.events}
    for move in case.due_moves:
        if move.clock in TOLD:
            lines += flow(_move(case, move, by_id.get(move.event), now, who), width)
    return lines


def _counts(case: Case) -> list[Piece]:
    found: list[Piece] = []
    for n, name in ((case.returns, "returned"), (case.redos, "redone"), (case.extensions, "extended")):
        if n:
            loud = n >= SUPERVISORS and name != "extended"
            said = _("{what} {n}×", what=term("event", name), n=n)
            found.append((_("{said}: a supervisor goes on", said=said) if loud else said, "late" if loud else "today"))
    return found


def _move(case: Case, move: DueMove, event: Event | None, now: Ms, who: Who) -> list[Piece]:
    d = case.dispatch(move.dispatch) if move.dispatch else None
    pieces: list[Piece] = [(one_line(d.district_name), "strong")] if d is not None and len(case.dispatches) > 1 else []
    pieces.append((moved(move, now), "amber"))
    if event is None:
        return pieces
    pieces += [
        (moment(event.when if event.when is not None else event.at, now), "faint"),
        (one_line(who(event.actor)), "faint"),
        (why(event), "ink"),
    ]
    return pieces


def why(event: Event) -> str:
    """What moved it, with the reason that was given: 延期, 退回重办 · 答非所问."""
    reason = event.facts.get("reason")
    code = event.facts.get("code")
    given = term(REASONS.get(event.kind, "reason"), str(reason)) if reason else term("redo", str(code)) if code else ""
    words = event.words.get("text", "")
    return one_line(" · ".join(part for part in (term("event", event.kind), given, words) if part))
