"""What a dialog tells beside its fields: what one needs to know before, and what sending will bring.

Lines of safe text with a role each; computed from the letter and what is typed so far, never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from db import deadlines
from db.model import DispatchState, Event, EventKind, Kind, Ms, State, Urgency
from db.text import one_line
from db.words import _, term
from desk import action_choices as choices
from desk.action_fields import Context, Values
from desk.widgets.due import due_moment, moment, time_left
from desk.widgets.sheet import Line, flow, line, paragraph, prose

Aside = Callable[[Context, Values, int], Sequence[Line]]
"""(context, what is typed, width in cells) → lines."""


def before(action: str, ctx: Context, values: Values, width: int) -> list[Line]:
    """What one reads before typing: the reply that is judged, who is called, what was asked."""
    told = BEFORE.get(action)
    return list(told(ctx, values, width)) if told and not ctx.many else []


def after(action: str, ctx: Context, values: Values, width: int) -> list[Line]:
    """What sending will bring: due times, levels, where the letter goes. Of several letters the preview tells it of each."""
    told = AFTER.get(action)
    return list(told(ctx, values, width)) if told and not ctx.many else []


# forward


def reason(ctx: Context, _values: Values, width: int) -> list[Line]:
    """Where the letter is classified under, or plainly that it names no district; what it suggests stands at the field."""
    from db import places

    if ctx.case.district and choices.known_district(ctx, {}) == ctx.case.district:
        name = places.load().name(ctx.case.district)
        return paragraph(_("Classified under {district}.", district=name), width, "faint")
    found = choices.suggestion(ctx)
    silent = not found.district and not found.candidates
    return paragraph(places.explain(found), width, "faint") if silent else []


def terms(ctx: Context, values: Values, width: int) -> list[Line]:
    """Due times of a dispatch sent now: what the fold will compute, by the rules in force."""
    rules = ctx.rules
    level = rules.levels[Urgency(ctx.case.urgency)]
    cal = rules.calendar
    reply = level.reply.get(ctx.case.kind or Kind.HELP, level.reply[Kind.HELP])
    names = ((_("sign by"), level.sign), (_("return by"), level.return_), (_("reply by"), reply))
    pieces = []
    for name, allowed in names:
        due = deadlines.due(ctx.now, allowed, cal)
        unsure = _(" (provisional)") if deadlines.tentative(deadlines.last_day(due), cal) else ""
        length = _("{n} h", n=allowed.amount) if allowed.unit == "h" else _("working days: {n}", n=allowed.amount)
        said = _("{name} {due} ({length})", name=name, due=due_moment(due, ctx.now), length=length)
        pieces.append((said + unsure, "strong"))
    lines = flow(pieces, width)
    if ctx.case.confidential:
        lines += paragraph(_("Confidential: the contact is withheld."), width, "today")
    return lines


# chase


def standing(ctx: Context, values: Values, width: int) -> list[Line]:
    """Where the dispatch stands: what it waits for, how late it is, when it was chased, whom to call."""
    d = choices.chosen(ctx, values)
    if d is None:
        return []
    who = one_line(d.whom)
    state = term("dispatch_state", d.state)
    due = d.sign_due if d.state is DispatchState.SENT else d.reply_due
    left, tone = time_left(due, ctx.now, ctx.rules.calendar, paused=deadlines.paused(ctx.case))
    pieces = [(who, "strong"), (state, "ink")]
    if d.state in (DispatchState.SENT, DispatchState.SIGNED):
        pieces.append((_("due {due}, {left}", due=due_moment(due, ctx.now), left=left), tone))
    if d.last_chase:
        level, day = d.last_chase
        last = _("last: {level} on {day}", level=term("chase_level", str(level)), day=day.isoformat())
        pieces.append((last, "faint"))
    lines = flow(pieces, width)
    contacts = ctx.around.contacts(d.district, d.unit)
    if contacts:
        lines += _called(contacts[:CALLED], width)
    else:
        lines += paragraph(_("No contact of this unit is known here."), width, "faint")
    step = deadlines.ladder(ctx.case, d, ctx.now, ctx.book.of(d.rules))
    if step:
        level_ = term("chase_level", str(step.level))
        proposed = _("The ladder proposes: {level} ({why}).", level=level_, why=term("ladder", step.why))
    else:
        proposed = _("The ladder proposes nothing now; a chase is still yours to send.")
    lines += paragraph(proposed, width, "faint")
    return lines


def _called(contacts: Sequence[str], width: int) -> list[Line]:
    """One person a line, the first behind the words."""
    head = _("Whom to call:") + " "
    first, *rest = [part for contact in contacts for part in paragraph(one_line(contact), width, indent=cell_len(head))]
    return [line((head, "faint"), (first.text.lstrip(), "ink")), *rest]


CALLED = 4
"""People of a unit that are named at a chase, those who pick up now first."""


# what a unit wrote


def replies(ctx: Context, _values: Values, width: int) -> list[Line]:
    """The replies that stand, the lead's first, in full, with claimed outcomes."""
    by_id = {e.id: e for e in ctx.events}
    lines: list[Line] = []
    for d in sorted(ctx.case.dispatches, key=lambda d: not d.lead):
        if not d.reply:
            continue
        event = by_id.get(d.reply)
        at = moment(d.replied_at, ctx.now) if d.replied_at else ""
        who = one_line(d.whom)
        lines += flow([(_("Reply of {unit}", unit=who), "strong"), (at, "faint")], width)
        lines += prose(event.words.get("text", "") if event else "", width, "ink", indent=2)
        if d.claimed:
            claimed = _(", ").join(f"{one_line(o.measure)} {o.count} {one_line(o.unit)}".strip() for o in d.claimed)
            lines += paragraph(_("Claimed: {outcomes}", outcomes=claimed), width, "water", indent=2)
    return lines


def answered(ctx: Context, values: Values, width: int) -> list[Line]:
    """What the citizen was told and said, then the replies."""
    lines: list[Line] = []
    told = _words(ctx.events, ctx.case.answer)
    if told:
        lines += paragraph(_("Answer to the citizen"), width, "strong")
        lines += prose(told, width, "ink", indent=2)
    r = ctx.case.rating
    if r is not None:
        solved = {True: _("solved"), False: _("not solved"), None: _("solved or not: not said")}[r.solved]
        score = f"{r.score} {term('score', str(r.score))}" if r.score else ""
        lines += flow([(_("The citizen says"), "strong"), (solved, "ink"), (score, "ink")], width)
        lines += prose(_words(ctx.events, r.event), width, "ink", indent=2) if r.event else []
    return lines or replies(ctx, values, width)


def _words(events: Sequence[Event], id_: str | None) -> str:
    return next((e.words.get("text", "") for e in events if e.id == id_), "")


def last_words(*kinds: EventKind) -> Aside:
    """The words of the newest event of these kinds."""

    def told(ctx: Context, _values: Values, width: int) -> list[Line]:
        event = next((e for e in reversed(ctx.events) if e.kind in kinds), None)
        if event is None:
            return []
        code = event.facts.get("reason")
        reason_ = term(RETURN_LISTS.get(event.kind, event.kind), str(code)) if code else ""
        head = flow(
            [(term("event", event.kind), "strong"), (moment(event.at, ctx.now), "faint"), (reason_, "ink")], width
        )
        return [*head, *prose(event.words.get("text", ""), width, "ink", indent=2)]

    return told


RETURN_LISTS = {"returned": "return", "declined": "decline", "withdrawn": "withdraw"}


def asks(ctx: Context, _values: Values, width: int) -> list[Line]:
    said = _(
        "Ask {n} of {most}. The clocks stop until the citizen answers, {days} days at most.",
        n=ctx.case.asks + 1,
        most=ctx.rules.max_asks,
        days=ctx.rules.tell_days,
    )
    return paragraph(said, width, "faint")


def extension(ctx: Context, values: Values, width: int) -> list[Line]:
    """The due time as it is and as it would be."""
    d = choices.chosen(ctx, values)
    if d is None:
        return []
    pieces = [(_("reply due {due}", due=due_moment(d.reply_due, ctx.now)), "strong")]
    longer = ctx.book.of(d.rules).levels[Urgency(ctx.case.urgency)].extension
    if longer is not None and values.get("what") == EventKind.EXTENDED:
        new = _later(d.reply_due, longer.amount, longer.unit, ctx)
        pieces.append((_("extended: {due}", due=due_moment(new, ctx.now)), "strong"))
    return flow(pieces, width)


def _later(due: Ms, amount: int, unit: str, ctx: Context) -> Ms:
    return due + amount * 3_600_000 if unit == "h" else deadlines.add_working_days(due, amount, ctx.rules.calendar)


def supervised(ctx: Context, _values: Values, width: int) -> list[Line]:
    if not ctx.case.supervised:
        return []
    return paragraph(_("This letter was supervised: only a supervisor releases its answer."), width, "today")


def own_words(ctx: Context, _values: Values, width: int) -> list[Line]:
    """The letter itself, where it is the thing to look at."""
    return prose(ctx.body, width, "ink") if ctx.body else []


def erasing(ctx: Context, _values: Values, width: int) -> list[Line]:
    said = _("Names, contact and all words of {code} are erased here and wherever it was sent.", code=ctx.case.code)
    return paragraph(said, width, "late")


def spread(ctx: Context, _values: Values, width: int) -> list[Line]:
    """An answer or closing of a master reaches all that were merged into it."""
    n = len(ctx.case.followers)
    return paragraph(_("It also reaches the {n} letters merged into this one.", n=n), width, "today") if n else []


def telling(ctx: Context, values: Values, width: int) -> list[Line]:
    """What in the words for the citizen tells who somebody is: an answer is passed on, and may be printed."""
    from db.redaction import find

    text = str(values.get("text") or "")
    pieces = [
        (f"{term('redaction', spot.rule)} {one_line(text[spot.start : spot.end])}", "today") for spot in find(text)[:8]
    ]
    return [*paragraph(_("Look at this before it goes out:"), width, "strong"), *flow(pieces, width)] if pieces else []


def forwarding(ctx: Context, values: Values, width: int) -> list[Line]:
    """Of a letter that a unit gave back what it said; then where it is classified under."""
    gave_back = last_words(EventKind.RETURNED)(ctx, values, width) if ctx.case.state is State.RETURNED else []
    return [*gave_back, *reason(ctx, values, width)]


BEFORE: dict[str, Aside] = {
    "forward": forwarding,
    "chase": standing,
    "redo": replies,
    "answer": replies,
    "resolve": answered,
    "track": replies,
    "reopen": answered,
    "extend": last_words(EventKind.EXTENSION_ASKED),
    "uphold": last_words(EventKind.RETURNED),
    "decline": own_words,
    "ask": own_words,
    "accept": own_words,
    "classify": lambda ctx, values, width: [*own_words(ctx, values, width), *reason(ctx, values, width)],
    "correct": own_words,
    "answer_directly": own_words,
    "publish": answered,
}

AFTER: dict[str, Aside] = {
    "forward": terms,
    "co_forward": terms,
    "ask": asks,
    "extend": extension,
    "answer": lambda ctx, values, width: [
        *supervised(ctx, values, width),
        *telling(ctx, values, width),
        *spread(ctx, values, width),
    ],
    "resolve": spread,
    "erase": erasing,
}
