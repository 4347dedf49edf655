"""What fields offer and what they hold at first: read from the letter, the rules and the ladder, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from db.clock import day_of
from db.model import Case, Dispatch, DispatchState, EventKind, Kind, Refusal, Role, State, Urgency
from desk.action_fields import EACH, Asked, Codes, Context, Given, Values

if TYPE_CHECKING:
    from db.place_suggest import Suggestion

LIVE = frozenset({DispatchState.SENT, DispatchState.SIGNED, DispatchState.REPLIED, DispatchState.RETURNED})
"""Dispatches something can still happen to; the rules say what."""

DECLINE = ("not_ours", "court", "petition", "resolved_before", "no_facts", "insult", "repeat")
RETURN = ("not_ours", "other_district", "no_place", "wrong_unit", "above_us")
RECALL = ("wrong_district", "wrong_unit", "more_facts", "duplicate", "gone")
REDO = ("evasive", "incomplete", "untrue", "no_deadline", "rude", "personal_data")
REOPEN = ("not_done", "came_back", "untrue", "citizen_unhappy", "own_error")
WITHDRAW = ("settled", "changed_mind", "duplicate")
REVEAL = ("call_back", "unit_asks", "check", "citizen_asks")
CHANNEL = ("phone", "system", "letter", "visit")
CHECKLIST = ("answers_question", "facts_checked", "deadline_named", "polite", "no_personal_data")
ERASE = ("citizen_asks", "law", "retention")
RELATION = ("related", "same_sender", "successor", "part")
DELIVERED = ("reached", "no_answer", "sent", "received")


def of(*codes: str) -> Codes:
    return lambda _ctx, _values: codes


def kinds(_ctx: Context, _values: Values) -> Sequence[str]:
    return [k.value for k in Kind]


def urgencies(_ctx: Context, _values: Values) -> Sequence[str]:
    return [u.value for u in Urgency]


def results(ctx: Context, _values: Values) -> Sequence[str]:
    """A suggestion is adopted or not; any other letter is solved or, a lawful "no", explained."""
    from db.case_end import results as allowed

    return allowed(ctx.case.kind)


def refused(ctx: Context, kind: str, case: Case | None = None) -> Refusal | None:
    """Why an event of that kind may not happen to the letter now; the rules say it, not this table."""
    from db.cases import why_not

    return why_not(case or ctx.case, kind, ctx.actor, {}, ctx.book, ctx.now)


def possible(*codes: str) -> Codes:
    """Of these kinds of event, those that the rules allow now; all of them if none is."""

    def now(ctx: Context, _values: Values) -> Sequence[str]:
        return [k for k in codes if refused(ctx, k) is None] or list(codes)

    return now


def likeliest(*codes: str) -> Given:
    """The only kind of event that is possible now; where there are several, the first."""
    return lambda ctx, values: possible(*codes)(ctx, values)[0]


def call_ids(ctx: Context, _values: Values) -> Sequence[str]:
    """Calls for suggestions that were open when the letter came or are now, and the one it is under."""
    days = {day_of(ctx.case.received_at), day_of(ctx.now)}
    found = [c.id for c in ctx.around.calls() if any(c.open_on(day) for day in days)]
    return [*found, *([ctx.case.call] if ctx.case.call and ctx.case.call not in found else [])]


def has_calls(ctx: Context, values: Values) -> bool:
    """Only a suggestion is put under a call."""
    return (values.get("kind") or ctx.case.kind) == "suggestion" and bool(call_ids(ctx, values))


def why_again(ctx: Context, _values: Values) -> str | None:
    """Reopened because the citizen is unhappy, where they said so."""
    from db.ratings import is_unhappy

    return "citizen_unhappy" if ctx.case.rating is not None and is_unhappy(ctx.case.rating) else None


def recorded(ctx: Context, values: Values) -> str:
    """What a unit most likely did: sign for what was sent, reply to what it signed for."""
    offered = possible("replied", "signed", "returned")(ctx, values)
    d = ctx.case.lead_dispatch
    wanted = EventKind.SIGNED if d is not None and d.state is DispatchState.SENT else EventKind.REPLIED
    return wanted if wanted in offered else offered[0]


def from_citizen(ctx: Context, values: Values) -> str:
    """What a citizen most likely says: how they like an answer that they have not rated, before it what they know besides."""
    offered = possible("told", "rated", "withdrawn")(ctx, values)
    unrated = ctx.case.state in (State.ANSWERED, State.RESOLVED) and ctx.case.rating is None
    wanted = EventKind.RATED if unrated else EventKind.TOLD
    return wanted if wanted in offered else offered[0]


# dispatches


def dispatches(ctx: Context, _values: Values) -> Sequence[str]:
    return [d.id for d in ctx.case.dispatches if d.state in LIVE]


def several_dispatches(ctx: Context, values: Values) -> bool:
    return not ctx.many and len(dispatches(ctx, values)) > 1


def lead_or_only(ctx: Context, values: Values) -> str | None:
    live = dispatches(ctx, values)
    return ctx.case.lead if ctx.case.lead in live else (live[0] if live else None)


def co_dispatches(ctx: Context, _values: Values) -> Sequence[str]:
    return [d.id for d in ctx.case.dispatches if d.state in LIVE and not d.lead]


def first_co(ctx: Context, values: Values) -> str | None:
    live = co_dispatches(ctx, values)
    return live[0] if len(live) == 1 else None


def with_reply(ctx: Context, _values: Values) -> Sequence[str]:
    return [d.id for d in ctx.case.dispatches if d.state is DispatchState.REPLIED]


def co_replied(ctx: Context, values: Values) -> bool:
    return any(id_ != ctx.case.lead for id_ in with_reply(ctx, values))


def replied_lead_or_first(ctx: Context, values: Values) -> str | None:
    found = with_reply(ctx, values)
    return ctx.case.lead if ctx.case.lead in found else (found[0] if found else None)


def chosen(ctx: Context, values: Values) -> Dispatch | None:
    """The dispatch an action is about: the one chosen, else the lead."""
    return ctx.case.dispatch(values.get("dispatch") or lead_or_only(ctx, values))


# chase


def highest_level(ctx: Context) -> int:
    """督办 and 提级 are a supervisor's."""
    return 4 if ctx.actor.role is Role.SUPERVISOR else 2


def levels(ctx: Context, _values: Values) -> Sequence[str]:
    """Those of this person; with several letters, also that each gets what its own ladder proposes."""
    own = [str(level) for level in range(1, highest_level(ctx) + 1)]
    return [*own, EACH] if ctx.many else own


def next_level(ctx: Context, values: Values) -> str:
    """What the ladder proposes; where it proposes nothing, the level that was reached."""
    if ctx.many:
        return EACH
    from desk.chasing import proposed

    d = chosen(ctx, values)
    if d is None:
        return "1"
    step = proposed(ctx, d)
    level = step.level if step else max(1, d.chase_level)
    return str(min(level, highest_level(ctx)))


def channel(ctx: Context, _values: Values) -> str:
    """A chase of several letters goes out as a letter to each unit."""
    return "letter" if ctx.many else CHANNEL[0]


# defaults from the letter


def from_case(name: str) -> Given:
    """What the letter holds; nothing where the dialog stands for several letters."""
    return lambda ctx, _values: None if ctx.many else getattr(ctx.case, name)


def kind_or_help(ctx: Context, _values: Values) -> str | None:
    return None if ctx.many else str(ctx.case.kind or Kind.HELP)


def kind_known(ctx: Context, _values: Values) -> bool:
    return ctx.many or ctx.case.kind is not None


def one_letter(ctx: Context, _values: Values) -> bool:
    return not ctx.many


def suggestion(ctx: Context) -> Suggestion:
    """Districts named in the letter, valid today: sure, ambiguous or unknown (`db/places.py`)."""
    return _suggestion(ctx.case.title, ctx.case.place, ctx.body, day_of(ctx.now).toordinal())


@lru_cache(maxsize=64)
def _suggestion(title: str, place: str, body: str, day: int) -> Suggestion:
    from datetime import date

    from db import places

    return places.load().suggest(f"{title}\n{body}", date.fromordinal(day), hint=place or None)


def known_district(ctx: Context, _values: Values) -> str | None:
    """The district the letter is classified under. What its words suggest is shown, and taken by a key only.

    A district that has ceased to exist since is not offered: the letter goes to who is valid today.
    """
    if ctx.many or not ctx.case.district:
        return None
    from db import places

    valid = any(d.code == ctx.case.district for d in places.load().districts(day_of(ctx.now)))
    return ctx.case.district if valid else None


def not_given_back(ctx: Context, _values: Values) -> bool:
    """Whether the letter may go where it is classified under without a look: not to the district that gave it back."""
    lead = ctx.case.lead_dispatch
    return ctx.case.state is not State.RETURNED or lead is None or lead.district != ctx.case.district


def contact(ctx: Context, _values: Values) -> Sequence[str]:
    """保密: never shared."""
    return ("withheld",) if ctx.case.confidential else ("shared", "withheld")


def first_contact(ctx: Context, values: Values) -> str:
    return contact(ctx, values)[0]


def claimed(ctx: Context, _values: Values) -> list[list[str]]:
    """Outcomes that stand, else those the units claim in the replies that stand; as typed rows."""
    rows = ctx.case.outcomes or tuple(o for d in ctx.case.dispatches for o in d.claimed if d.reply)
    return [[o.measure, str(o.count), o.unit] for o in rows]


def rated_result(ctx: Context, values: Values) -> str | None:
    """What the citizen said, or how a correction finds it; else the person decides."""
    if ctx.case.result is not None:
        return ctx.case.result
    rating = ctx.case.rating
    if rating is None or rating.solved is not True or ctx.many:
        return None
    return results(ctx, values)[0]


def needs_words(*states: State) -> Asked:
    """The citizen must be told where nothing was answered before."""
    return lambda ctx, _values: ctx.case.state in states


def closing_needs_words(ctx: Context, values: Values) -> bool:
    """Words to close with: where nothing was answered before, and why a suggestion is not adopted."""
    return ctx.case.state in (State.REPLIED, State.IN_PROGRESS) or values.get("result") == "not_adopted"


def what_is(*codes: str) -> Asked:
    return lambda _ctx, values: values.get("what") in codes


def printed_as(ctx: Context, _values: Values) -> str:
    return "told" if ctx.case.state is State.RESOLVED else "open_question"


def answer_shown(ctx: Context, _values: Values) -> bool:
    return ctx.case.kind in (None, Kind.INQUIRY)


def tags(ctx: Context, _values: Values) -> list[str]:
    return [] if ctx.many else list(ctx.case.tags)


def myself(ctx: Context, _values: Values) -> Any:
    """Taking a letter oneself is what assigning mostly is."""
    return ctx.actor.id if ctx.case.assignee is None else ctx.case.assignee


def promised(ctx: Context, _values: Values) -> str | None:
    return ctx.case.promised.isoformat() if ctx.case.promised else None
