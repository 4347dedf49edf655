"""The state machine: what may happen to a case, by whom, and what becomes of it (DESIGN.md §4).

One place decides: the desk asks `why_not` what to offer, the store and the backend ask `fold` before they write. Pure: no clock, no
session, no settings inside. `(case, event, related, book, now) → Case | Refusal | Absorbed`. An event that touches several cases
(a merge, a master's answer) is folded over each of them, `related` being all as they were before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from db import case_calendar as calendar
from db import case_desk as desk
from db import case_dispatch as dispatch
from db import case_end as end
from db import case_merge as merge
from db import case_reply as reply
from db.case_calendar import due_moves
from db.case_turn import Related, Turn, effective, known, refuse, standing_reply
from db.copies import finish, maker, replace
from db.model import (
    OPEN,
    Absorbed,
    Actor,
    Case,
    CaseId,
    DispatchId,
    Event,
    EventId,
    EventKind,
    Ms,
    Refusal,
    Role,
    State,
    Verdict,
)
from db.model_rules import Rulebook

K, S = EventKind, State
Guard = Callable[[Turn], Refusal | None]
Already = Callable[[Turn], Verdict | None]

ANY = frozenset(State)
DESK = frozenset({Role.EDITOR, Role.SUPERVISOR})
SUPERVISOR = frozenset({Role.SUPERVISOR})
UNIT = DESK | {Role.UNIT}
CITIZEN = DESK | {Role.CITIZEN}


def free(_turn: Turn) -> None:
    """No guard beyond who and where."""


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table: from which states, by whom, what else must hold, what becomes of the case.

    `own_states` says that the guard judges the state itself: a dispatch's or a merge's own events may happen elsewhere too.
    """

    frm: frozenset[State]
    who: frozenset[Role]
    apply: Callable[[Turn], Verdict]
    guard: Guard = free
    already: Already = free
    own_states: bool = False


PUBLISHABLE = desk.OPEN_QUESTION_STATES | {S.RESOLVED}
WORK = dispatch.WITH_UNIT

TABLE: Mapping[EventKind, Move] = {
    K.CLASSIFIED: Move(ANY, DESK, desk.classified, desk.may_classify),
    K.CORRECTED: Move(ANY, DESK, desk.corrected, desk.may_classify),
    K.ASSIGNED: Move(ANY, DESK, desk.assigned),
    K.TAGGED: Move(ANY, DESK, desk.tagged),
    K.NOTED: Move(ANY, DESK | {Role.SYSTEM}, desk.noted, desk.may_note),
    K.LINKED: Move(ANY, DESK, desk.linked),
    K.SPLIT: Move(ANY, DESK, desk.split),
    K.ASKED: Move(
        frozenset({S.RECEIVED, S.ACCEPTED, S.FORWARDED, S.IN_PROGRESS, S.REPLIED}), DESK, desk.asked, desk.may_ask
    ),
    K.TOLD: Move(ANY, CITIZEN | {Role.SYSTEM}, desk.told, desk.may_tell),
    K.ACCEPTED: Move(frozenset({S.RECEIVED}), DESK, desk.accepted, already=desk.already_accepted),
    K.DECLINED: Move(
        frozenset({S.RECEIVED, S.ACCEPTED, S.NEEDS_INFO, S.RETURNED}), DESK, desk.declined, desk.may_decline
    ),
    K.ANSWERED_DIRECTLY: Move(
        frozenset({S.RECEIVED, S.ACCEPTED, S.RETURNED}), DESK, end.answered_directly, end.may_answer_directly
    ),
    K.FORWARDED: Move(
        OPEN, DESK, dispatch.forwarded, dispatch.may_forward, dispatch.already_forwarded, own_states=True
    ),
    K.LEAD_CHANGED: Move(OPEN, DESK, dispatch.lead_changed, dispatch.may_change_lead, dispatch.already_leads),
    K.RECALLED: Move(WORK | {S.REPLIED, S.RETURNED}, DESK, dispatch.recalled, dispatch.recalled_by, own_states=True),
    K.SIGNED: Move(
        frozenset({S.FORWARDED, S.NEEDS_INFO}),
        UNIT,
        dispatch.signed,
        dispatch.may_sign,
        dispatch.already_signed,
        own_states=True,
    ),
    K.RETURNED: Move(WORK, UNIT, dispatch.returned, dispatch.may_return, own_states=True),
    K.UPHELD: Move(frozenset({S.RETURNED}), SUPERVISOR, dispatch.upheld, dispatch.may_uphold, own_states=True),
    K.EXTENSION_ASKED: Move(
        frozenset({S.FORWARDED, S.IN_PROGRESS}),
        UNIT,
        reply.extension_asked,
        reply.may_ask_extension,
        reply.already_asked,
        own_states=True,
    ),
    K.EXTENDED: Move(
        frozenset({S.FORWARDED, S.IN_PROGRESS}),
        SUPERVISOR,
        reply.extended,
        reply.may_decide_extension,
        own_states=True,
    ),
    K.EXTENSION_REFUSED: Move(
        frozenset({S.FORWARDED, S.IN_PROGRESS}),
        SUPERVISOR,
        reply.extension_refused,
        reply.may_decide_extension,
        own_states=True,
    ),
    K.CHASED: Move(reply.CHASE_FROM, DESK, reply.chased, reply.may_chase, reply.already_chased, own_states=True),
    K.REPLIED: Move(
        reply.REPLY_FROM | {S.RECEIVED},
        UNIT | {Role.IMPORT},
        reply.replied,
        reply.may_reply,
        own_states=True,
    ),
    K.REDONE: Move(frozenset({S.REPLIED}), DESK, reply.redone, reply.may_redo, own_states=True),
    K.ANSWERED: Move(frozenset({S.REPLIED}), DESK, end.answered, end.may_answer, own_states=True),
    K.RATED: Move(frozenset({S.ANSWERED, S.RESOLVED, S.MERGED}), CITIZEN, end.rated),
    K.TRACKED: Move(frozenset({S.ANSWERED, S.REPLIED}), DESK, end.tracked, end.may_track),
    K.RESOLVED: Move(
        frozenset({S.ANSWERED, S.TRACKING, S.REPLIED, S.IN_PROGRESS}),
        DESK | {Role.SYSTEM},
        end.resolved,
        end.may_resolve,
        end.already_resolved,
    ),
    K.REOPENED: Move(
        frozenset({S.ANSWERED, S.RESOLVED, S.DECLINED, S.WITHDRAWN}),
        DESK,
        end.reopened,
        end.may_reopen,
        end.already_reopened,
    ),
    K.MERGED: Move(OPEN, DESK, merge.merged, already=merge.already_merged),
    K.UNMERGED: Move(frozenset({S.MERGED}), SUPERVISOR, merge.unmerged, merge.may_unmerge, own_states=True),
    K.WITHDRAWN: Move(OPEN | {S.MERGED}, CITIZEN, end.withdrawn),
    K.PUBLISHED: Move(PUBLISHABLE, DESK, desk.published, desk.may_publish),
    K.UNPUBLISHED: Move(ANY, DESK, desk.unpublished, desk.may_unpublish),
    K.REVEALED: Move(ANY, DESK, desk.revealed),
    K.CONTACT_REMOVED: Move(
        ANY - OPEN - {S.MERGED}, frozenset({Role.SYSTEM}), desk.contact_removed, desk.may_remove_contact
    ),
    K.ERASED: Move(ANY, SUPERVISOR, desk.erased),
    K.RESCHEDULED: Move(OPEN, frozenset({Role.SYSTEM}), calendar.rescheduled),
}

BY_NAME: Mapping[str, Move] = {str(kind): move for kind, move in TABLE.items()}

RECEIVERS = DESK | {Role.BACKEND, Role.IMPORT}
"""Who may write a letter's first event."""

WITHOUT_CASE = frozenset(
    {K.CONFIGURED, K.BULLETIN_FROZEN, K.BULLETIN_REVISED}
    | {K.SURVEY_DEFINED, K.SURVEY_OPENED, K.SURVEY_CLOSED, K.SURVEY_COUNTED}
)

ON_MERGED = frozenset(
    {
        K.RATED,
        K.NOTED,
        K.TAGGED,
        K.ASSIGNED,
        K.LINKED,
        K.TOLD,
        K.WITHDRAWN,
        K.UNMERGED,
        K.REVEALED,
        K.ERASED,
        K.CORRECTED,
    }
)
"""What stays possible on a merged case; anything else is the master's."""

NOT_AFTER_ERASURE = frozenset(
    {
        K.ASKED,
        K.TOLD,
        K.NOTED,
        K.REPLIED,
        K.RATED,
        K.REOPENED,
        K.PUBLISHED,
        K.REVEALED,
        K.CORRECTED,
        K.CLASSIFIED,
        K.SPLIT,
    }
)
"""What would bring a person's words back into an erased case: of these only the system's, who has none, still go in."""


def fold(case: Case | None, event: Event, related: Related, book: Rulebook, now: Ms) -> Verdict:
    """What the event makes of the case: the case after it, a refusal, or absorbed.

    `related`: by id, the other cases it touches (`touches`) and, for them, its own case, all as they were before. `now` (UTC ms)
    decides nothing about what happened; it is there for rules about the present. Never raises for what an event says.
    """
    if event.case is None or event.kind in WITHOUT_CASE:
        return refuse("no_case", kind=event.kind)
    if case is None:
        return _receive(event, book)
    turn = maker(Turn)(case, event, related, book, now, effective(case, event))
    if event.case != case.id:
        verdict = desk.linked(turn) if event.kind == K.LINKED else merge.follow(turn)
        return _stamped(verdict, turn)
    if event.kind == K.RECEIVED:
        return Absorbed(case, case.id)
    move = BY_NAME.get(event.kind)
    if move is None:
        return _stamped(replace(case, unknown=(*case.unknown, event.kind)), turn)
    if no := _who(turn, move) or _depends(turn) or dispatch.not_yours(turn):
        return no
    if (done := move.already(turn)) is not None:
        return done
    if no := _where(turn, move) or move.guard(turn):
        return no
    if event.kind in merge.LEAVING and case.followers:
        return _stamped(move.apply(replace(turn, case=merge.handed_over(case))), turn)
    return _stamped(move.apply(turn), turn)


def touches(case: Case | None, event: Event) -> tuple[CaseId, ...]:
    """The other cases that an accepted event must also be folded over, given its own case as it was before."""
    return () if case is None else merge.touched(case, event)


def why_not(
    case: Case,
    kind: str,
    actor: Actor,
    related: Related,
    book: Rulebook,
    now: Ms,
    facts: Mapping[str, Any] | None = None,
) -> Refusal | None:
    """Why that actor cannot do this to the case now, or None: then an event of this kind made now, with the right facts and
    on one of the case's dispatches, would be accepted. `facts`: those that are known before a dialog is filled in.
    """
    if kind == K.RECEIVED or kind not in TABLE:
        return refuse("no_case", kind=kind)
    first: Refusal | None = None
    for of in _dispatches(case, kind):
        no = _why_not(case, kind, of, actor, related, book, now, facts or {})
        if no is None:
            return None
        first = first or no
    return first


def _dispatches(case: Case, kind: str) -> tuple[DispatchId | None, ...]:
    """The dispatches that an event of this kind may be about, the lead first: its refusal is the one to be said."""
    if kind not in dispatch.ABOUT:
        return (None,)
    others = tuple(d.id for d in case.dispatches if d.id != case.lead)
    if kind == K.LEAD_CHANGED:
        return others or (None,)
    return (case.lead, *others) if case.lead_dispatch is not None else others or (None,)


def _why_not(
    case: Case,
    kind: str,
    of: DispatchId | None,
    actor: Actor,
    related: Related,
    book: Rulebook,
    now: Ms,
    facts: Mapping[str, Any],
) -> Refusal | None:
    re, named = answers(case, kind, of, facts)
    probe = Event(
        id="",
        case=case.id,
        kind=kind,
        at=now,
        actor=actor.id,
        role=actor.role,
        device="",
        re=re,
        dispatch=named,
        facts=facts,
    )
    turn = Turn(case, probe, related, book, now, effective(case, probe))
    move = TABLE[EventKind(kind)]
    no = _who(turn, move) or dispatch.not_yours(turn) or _where(turn, move) or move.guard(turn)
    if no is not None and no.code == "stale":  # nothing came between: it is how the case stands
        return refuse("state", state=case.state, kind=kind)
    return no


def answers(
    case: Case, kind: str, dispatch_id: DispatchId | None = None, facts: Mapping[str, Any] | None = None
) -> tuple[EventId | None, DispatchId | None]:
    """(re, dispatch) that an event of this kind made now would name; the lead dispatch where none is given."""
    d = case.dispatch(dispatch_id) or case.lead_dispatch
    of = d.id if d is not None else None
    if kind == K.FORWARDED:
        return (case.lead, None) if (facts or {}).get("role") == "co" else (case.start, None)
    if kind in dispatch.ANSWERING:
        return of, of
    if kind == K.UPHELD:
        return (d.returned if d is not None else None), of
    if kind == K.REDONE:
        return (d.reply if d is not None else None), of
    if kind == K.LEAD_CHANGED:
        return dispatch_id, dispatch_id
    found = _ANSWERED_BY.get(kind)
    return (None if found is None else found(case)), None


_ANSWERED_BY: Mapping[str, Callable[[Case], EventId | None]] = {
    K.TOLD: lambda case: case.ask,
    K.ANSWERED: standing_reply,
    K.RATED: lambda case: case.answer,
    K.TRACKED: end.decides_on,
    K.RESOLVED: end.decides_on,
    K.REOPENED: end.closing_of,
    K.UNMERGED: lambda case: case.merge,
    K.UNPUBLISHED: lambda case: case.publications[-1].event if case.publications else None,
}
"""What each kind that answers something answers, as the case stands."""


def _receive(event: Event, book: Rulebook) -> Verdict:
    if event.kind != K.RECEIVED:
        return refuse("unknown_case")
    if event.role not in RECEIVERS:
        return refuse("forbidden", role=event.role, kind=event.kind)
    return desk.received(event, book)


def _who(turn: Turn, move: Move) -> Refusal | None:
    case, event = turn.case, turn.event
    if case.unknown:
        return refuse("unknown_kind", kinds=", ".join(case.unknown))
    if event.role not in move.who:
        wanted = "supervisor_only" if move.who == SUPERVISOR and event.role is Role.EDITOR else "forbidden"
        return refuse(wanted, role=event.role, kind=event.kind)
    if case.erased and event.kind in NOT_AFTER_ERASURE and event.role is not Role.SYSTEM:
        return refuse("erased")
    return None


def _depends(turn: Turn) -> Refusal | None:
    """What it answers was refused, or never came. A merged case's own log is short: its moves are its master's."""
    case, event = turn.case, turn.event
    if event.re is None or case.state is State.MERGED or known(case, event.re):
        return None
    return refuse("depends", kind=event.kind, re=event.re)


def _where(turn: Turn, move: Move) -> Refusal | None:
    case, event = turn.case, turn.event
    if case.state is State.MERGED and event.kind not in ON_MERGED:
        master = turn.related.get(case.merged_into or "")
        return refuse("merged", master=master.code if master is not None else case.merged_into)
    if move.own_states or case.state in move.frm:
        return None
    return refuse("state", state=case.state, kind=event.kind)


def _stamped(verdict: Verdict, turn: Turn) -> Verdict:
    """Counts the event, and notes which due times it moved."""
    if not isinstance(verdict, Case):
        return verdict
    before = turn.case
    moved = due_moves(before, verdict, turn.event.id)
    made = replace(verdict) if verdict is before else verdict  # else the move has made it, and nobody else holds it yet
    finish(
        made,
        events=before.events + 1,
        last_at=max(before.last_at, turn.at),
        due_moves=(*verdict.due_moves, *moved) if moved else verdict.due_moves,
    )
    return made
