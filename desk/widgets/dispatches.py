"""A case's dispatches with their clocks: sent, signed, due, how late; the lead first."""

from __future__ import annotations

from db.deadlines import FORWARD_RUNS
from db.model import Case, Dispatch, DispatchState, Ms, State
from db.model_rules import Calendar
from db.text import one_line
from db.words import _, term
from desk.widgets.due import due_moment, moment, time_left
from desk.widgets.sheet import Line, Piece, flow, line

RUNNING = frozenset({DispatchState.SENT, DispatchState.SIGNED})


def dispatch_lines(case: Case, width: int, now: Ms, cal: Calendar) -> list[Line]:
    """Two or three lines a dispatch; none where nothing was ever forwarded."""
    lines: list[Line] = []
    for d in sorted(case.dispatches, key=lambda d: (d.id != case.lead, d.sent_at)):
        lines += _one(d, case, width, now, cal)
    return lines


def _one(d: Dispatch, case: Case, width: int, now: Ms, cal: Calendar) -> list[Line]:
    role = _("lead") if d.id == case.lead else _("co-handler")
    state = _("recalled") if d.recalled else term("dispatch_state", d.state)
    head: list[Piece] = [
        (role, "amber"),
        (one_line(d.district_name), "strong"),
        (one_line(d.unit), "ink"),
        (state, "water" if d.state in RUNNING else "faint"),
    ]
    if d.chase_level:
        head.append((_("{level}, chased {n}×", level=term("chase_level", str(d.chase_level)), n=d.chases), "today"))
    if d.redos:
        head.append((_("sent back {n}×", n=d.redos), "today"))
    if d.extended:
        head.append((_("extended"), "faint"))
    head.append((_("contact shared") if d.contact_shared else _("contact withheld"), "faint"))
    return [*flow(head, width), *flow(_clocks(d, case, now, cal), width, indent=2)]


def _clocks(d: Dispatch, case: Case, now: Ms, cal: Calendar) -> list[Piece]:
    paused = bool(case.pauses) and case.pauses[-1].end is None
    pieces: list[Piece] = [(_("sent {when}", when=moment(d.sent_at, now)), "faint")]
    if d.signed_at is not None:
        late = d.signed_at >= d.sign_due
        pieces.append(
            (
                _("signed {when}", when=moment(d.signed_at, now)) + (_(" (late)") if late else ""),
                "late" if late else "faint",
            )
        )
    elif d.state is DispatchState.SENT:
        pieces.append(_running(_("sign by {when}", when=due_moment(d.sign_due, now)), d.sign_due, now, cal, paused))
    if d.replied_at is not None and d.state not in RUNNING:
        late = d.replied_at >= d.reply_due
        pieces.append(
            (
                _("replied {when}", when=moment(d.replied_at, now)) + (_(" (late)") if late else ""),
                "late" if late else "faint",
            )
        )
        pieces.append((_("was due {when}", when=due_moment(d.reply_due, now)), "faint"))
    elif d.state in RUNNING:
        pieces.append(_running(_("reply by {when}", when=due_moment(d.reply_due, now)), d.reply_due, now, cal, paused))
    return pieces


def _running(text: str, due: Ms, now: Ms, cal: Calendar, paused: bool) -> Piece:
    left, role = time_left(due, now, cal, paused=paused)
    return f"{text} {left}", role


def forward_clock(case: Case, now: Ms, cal: Calendar) -> list[Line]:
    """The desk's own clock: until when the letter is to be forwarded, while that runs."""
    waits = case.state is State.NEEDS_INFO
    if case.forward_due is None or not (waits or case.state in FORWARD_RUNS):
        return []
    left, role = time_left(case.forward_due, now, cal, paused=waits)
    text = _("forward by {when}", when=due_moment(case.forward_due, now))
    return [line((f"{text} {left}", role))]
