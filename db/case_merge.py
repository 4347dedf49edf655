"""并案: several letters on one matter become one case with one answer. Pure.

The same event is folded over every case it touches. Open dispatches of a merged case go to the master as co-dispatches and come
back with `unmerged`. A master that leaves hands over to its oldest follower by that same event. No cycle can arise: a merged case
is never a master, and what followed it follows its new master.
"""

from __future__ import annotations

from collections.abc import Iterable

from db.case_calendar import due_moves
from db.case_dispatch import LIVE
from db.case_turn import Turn, end_pause, refuse, remember, start_forwarding
from db.copies import replace
from db.model import (
    CLOSED,
    Absorbed,
    Case,
    CaseId,
    Dispatch,
    DispatchState,
    DueMove,
    Event,
    EventId,
    EventKind,
    Kind,
    Ms,
    Refusal,
    Result,
    State,
    Verdict,
)

LEAVING = frozenset({EventKind.WITHDRAWN, EventKind.DECLINED})
FOR_ALL = frozenset({EventKind.ANSWERED, EventKind.ANSWERED_DIRECTLY, EventKind.RESOLVED, EventKind.REOPENED})
"""What a master's followers share: everyone gets the answer."""

HELD = (*LIVE, DispatchState.RETURNED)


def touched(case: Case, event: Event) -> tuple[CaseId, ...]:
    """The other cases that the event is folded over, given its own case as it was before."""
    if event.kind == EventKind.MERGED:
        into = event.facts.get("into")
        return (into, *case.followers) if into and into != case.id else ()
    if event.kind == EventKind.UNMERGED:
        return (case.merged_into,) if case.merged_into else ()
    if event.kind == EventKind.LINKED:
        to = event.facts.get("to")
        return (to,) if to and to != case.id else ()
    if event.kind == EventKind.WITHDRAWN and case.merged_into:
        return (case.merged_into,)
    if event.kind in LEAVING or event.kind in FOR_ALL or event.kind == EventKind.CONTACT_REMOVED:
        return case.followers
    return ()


# ── on the event's own case ──────────────────────────────────────────────────────────────────────────────────────────


def already_merged(turn: Turn) -> Verdict | None:
    case = turn.case
    if case.state is State.MERGED and case.merged_into == turn.facts.get("into"):
        return Absorbed(case, case.merge)
    return None


def merged(turn: Turn) -> Verdict:
    """What its followers lent it goes on to the new master as theirs, as they do: unmerged, it takes only its own back."""
    case, into = turn.case, turn.facts.get("into")
    if no := _no_master(turn, into):
        return no
    before = case.before_ask if case.state is State.NEEDS_INFO else case.state
    case = remember(end_pause(case, turn.at, turn.book), turn.event, turn.at)
    held = {d.id for d in case.dispatches if d.state in HELD}
    of_followers = {id_ for f in case.followers if f in turn.related for id_, _led in turn.related[f].lent}
    lent = tuple((d.id, d.id == case.lead) for d in case.dispatches if d.id in held - of_followers)
    master = turn.related[str(into)]
    if master.answer is not None and case.answer is None:  # everyone gets the answer, who comes late too
        case = replace(
            case,
            answer=master.answer,
            answer_at=turn.at,
            answerable=(*case.answerable, (master.answer, turn.at)),
        )
    return replace(
        case,
        state=State.MERGED,
        before_merge=before,
        merge=turn.event.id,
        merged_into=into,
        lent=lent,
        dispatches=tuple(d for d in case.dispatches if d.id not in held),
        followers=(),
        closed_at=turn.at,
        result=master.result if master.state is State.RESOLVED else None,
    )


def _no_master(turn: Turn, into: CaseId | None) -> Refusal | None:
    if not into:
        return refuse("bad_fact", field="into")
    if into == turn.case.id:
        return refuse("merge_self")
    master = turn.related.get(into)
    if master is None:
        return refuse("unknown_case")
    if master.merged_into == turn.case.id:
        return refuse("merged_here", letter=master.code)
    if master.state is State.MERGED:
        top = turn.related.get(master.merged_into or "")
        return refuse("master_merged", letter=master.code, master=top.code if top else master.merged_into)
    if master.state in CLOSED and master.state is not State.RESOLVED:
        return refuse("master_closed", letter=master.code, state=master.state)
    return None


def may_unmerge(turn: Turn) -> Refusal | None:
    case, re = turn.case, turn.event.re
    if case.state is not State.MERGED:
        return refuse("stale" if re is not None else "state", state=case.state, kind=turn.event.kind)
    if re != case.merge:
        return refuse("stale")
    master = turn.related.get(case.merged_into or "")
    if master is not None and any(id_ == master.lead for id_, _ in case.lent):
        return refuse("lent_leads", master=master.code)
    return None


def unmerged(turn: Turn) -> Verdict:
    """Back to where it stood, its dispatches as the master left them."""
    case = turn.case
    master = turn.related.get(case.merged_into or "")
    if master is None:
        return refuse("unknown_case")
    lent = ((master.dispatch(id_), led) for id_, led in case.lent)
    own = [replace(d, lead=led) for d, led in lent if d is not None]
    mine = {id_ for id_, _ in case.answerable}
    came = tuple(each for each in _about(own, master) if each[0] not in mine)
    answered = case.before_merge in (State.ANSWERED, State.TRACKING)
    case = replace(
        case,
        state=case.before_merge or State.ACCEPTED,
        dispatches=(*case.dispatches, *own),
        answerable=(*case.answerable, *came),
        due_moves=(*case.due_moves, *_moves(own, master, case)),
        before_merge=None,
        merge=None,
        merged_into=None,
        lent=(),
        closed_at=None,
        answer=case.answer if answered else None,
        answer_at=case.answer_at if answered else None,
        result=None,
    )
    return _follow_lead(turn, remember(case, turn.event, turn.at))


def _follow_lead(turn: Turn, case: Case) -> Case:
    """A case that stood with a unit stands where its lead dispatch stands now."""
    if case.state not in (State.FORWARDED, State.IN_PROGRESS, State.REPLIED, State.RETURNED):
        return case
    lead = case.lead_dispatch
    if lead is None:
        if case.imported_reply is not None:
            return case
    elif lead.state is not DispatchState.CANCELLED:
        case = replace(case, state=_STATE_OF[lead.state])
        if case.state is not State.RETURNED or case.forward_due is not None:
            return case
        return start_forwarding(case, turn.event, turn.at, turn.rules)  # it came back while others had the letter
    case = replace(case, state=State.ACCEPTED, kind=case.kind or Kind.HELP, lead=None)
    return start_forwarding(case, turn.event, turn.at, turn.rules)


_STATE_OF = {
    DispatchState.SENT: State.FORWARDED,
    DispatchState.SIGNED: State.IN_PROGRESS,
    DispatchState.REPLIED: State.REPLIED,
    DispatchState.CHECKED: State.REPLIED,
    DispatchState.RETURNED: State.RETURNED,
}


def handed_over(case: Case) -> Case:
    """A master about to leave: its open dispatches and followers go to its heir."""
    if not case.followers:
        return case
    return replace(case, dispatches=tuple(d for d in case.dispatches if d.state not in HELD), followers=())


# ── on the other cases it touches ────────────────────────────────────────────────────────────────────────────────────


def follow(turn: Turn) -> Verdict:
    """What an event of another case does to this one; nothing where this one does not hang on it."""
    case, event = turn.case, turn.event
    other = turn.related.get(event.case or "")
    if other is None:
        return Absorbed(case, event.id)
    kind = event.kind
    if kind == EventKind.MERGED:
        return _gain(turn, other) if event.facts.get("into") == case.id else _move_along(turn, other)
    if kind == EventKind.UNMERGED or (kind == EventKind.WITHDRAWN and other.merged_into == case.id):
        return _lose(turn, other)
    if other.id != case.merged_into:
        return Absorbed(case, event.id)
    if kind in LEAVING:
        return _inherit(turn, other)
    if kind in (EventKind.ANSWERED, EventKind.ANSWERED_DIRECTLY):
        return replace(remember(case, event, turn.at), answer=event.id, answer_at=turn.at)
    if kind == EventKind.RESOLVED:
        result = event.facts.get("result")
        return replace(case, result=Result(result) if result else None)
    if kind == EventKind.CONTACT_REMOVED:
        return replace(case, sender=None)
    if kind == EventKind.REOPENED:
        return replace(case, answer=None, answer_at=None, result=None)
    return case


def _as_co(d: Dispatch, *, closed: bool) -> Dispatch:
    return replace(d, lead=False, state=DispatchState.CANCELLED if closed else d.state)


def _gain(turn: Turn, merged_case: Case) -> Case:
    """The master: another follower, and its open dispatches as co-dispatches."""
    moving = end_pause(merged_case, turn.at, turn.book)
    closed = turn.case.state in CLOSED
    held = tuple(_as_co(d, closed=closed) for d in moving.dispatches if d.state in HELD)
    ended = due_moves(merged_case, moving, turn.event.id)
    return replace(
        turn.case,
        followers=(*turn.case.followers, merged_case.id, *merged_case.followers),
        supervised=turn.case.supervised or merged_case.supervised,
        chase_level=max(turn.case.chase_level, merged_case.chase_level),
        dispatches=(*turn.case.dispatches, *held),
        answerable=(*turn.case.answerable, *_about(held, moving)),
        due_moves=(*turn.case.due_moves, *_moves(held, merged_case, turn.case), *_of(held, ended)),
    )


def _about(dispatches: Iterable[Dispatch], holder: Case) -> tuple[tuple[EventId, Ms], ...]:
    """Those dispatches, their replies and returns, as the case that held them knows them: whoever takes a dispatch over may
    be told what answers it."""
    ids = {id_ for d in dispatches for id_ in (d.id, d.reply, d.returned)}
    return tuple((id_, at) for id_, at in holder.answerable if id_ in ids)


def _moves(dispatches: Iterable[Dispatch], holder: Case, taker: Case) -> tuple[DueMove, ...]:
    """How their due times were moved, as the case that held them knows it: they take that along. What the taker knows is left out."""
    return tuple(move for move in _of(dispatches, holder.due_moves) if move not in taker.due_moves)


def _of(dispatches: Iterable[Dispatch], moves: Iterable[DueMove]) -> tuple[DueMove, ...]:
    ids = {d.id for d in dispatches}
    return tuple(move for move in moves if move.dispatch in ids)


def _move_along(turn: Turn, old_master: Case) -> Verdict:
    if turn.case.merged_into != old_master.id:
        return Absorbed(turn.case, turn.event.id)
    return replace(turn.case, merged_into=turn.event.facts.get("into"))


def _lose(turn: Turn, leaving: Case) -> Case:
    """The master without that follower; on `unmerged` also without the dispatches it had been lent."""
    lent = {id_ for id_, _ in leaving.lent} if turn.event.kind == EventKind.UNMERGED else set()
    return replace(
        turn.case,
        followers=tuple(f for f in turn.case.followers if f != leaving.id),
        dispatches=tuple(d for d in turn.case.dispatches if d.id not in lent),
    )


def _inherit(turn: Turn, leaving: Case) -> Case:
    """The oldest follower becomes the master, standing where the old one stood; the others follow it."""
    heir, *rest = leaving.followers
    if turn.case.id != heir:
        return replace(turn.case, merged_into=heir)
    state = (leaving.before_ask if leaving.state is State.NEEDS_INFO else leaving.state) or State.ACCEPTED
    moving = end_pause(leaving, turn.at, turn.book)
    mine = {id_ for id_, _ in turn.case.answerable}
    held = tuple(d for d in moving.dispatches if d.state in HELD)
    ended = due_moves(leaving, moving, turn.event.id)
    return replace(
        turn.case,
        state=state,
        kind=turn.case.kind or leaving.kind,
        merge=None,
        merged_into=None,
        before_merge=None,
        lent=(),
        closed_at=None,
        followers=tuple(rest),
        dispatches=(*turn.case.dispatches, *held),
        due_moves=(*turn.case.due_moves, *_moves(held, leaving, turn.case), *_of(held, ended)),
        lead=moving.lead,
        start=moving.start,
        start_at=moving.start_at,
        forward_due=moving.forward_due,
        imported_reply=moving.imported_reply,
        imported_reply_at=moving.imported_reply_at,
        answer=moving.answer,
        answer_at=moving.answer_at,
        tracked=moving.tracked,
        promised=moving.promised,
        direct=moving.direct,
        supervised=turn.case.supervised or moving.supervised,
        chase_level=max(turn.case.chase_level, moving.chase_level),
        answerable=(*turn.case.answerable, *((i, at) for i, at in moving.answerable if i not in mine)),
    )
