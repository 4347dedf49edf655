"""Which level a chase of a letter has by its own ladder (`db/deadlines.ladder`), or why by that it has none now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db.words import _, term
from desk.action_choices import chosen, highest_level
from desk.action_fields import EACH, Context, Values

if TYPE_CHECKING:
    from db.deadlines import Step
    from db.model import Dispatch, Ms
    from db.model_rules import Rules

LOOKED_BACK = 15
"""Days: longer than any holiday."""


def proposed(ctx: Context, dispatch: Dispatch) -> Step | None:
    """What the ladder proposes for a dispatch; off its hours, what it proposed when the office last closed."""
    from db import deadlines

    rules = ctx.book.of(dispatch.rules)
    step = deadlines.ladder(ctx.case, dispatch, ctx.now, rules)
    if step is not None or deadlines.in_office_hours(ctx.now, rules):
        return step
    closed = _closed(ctx.now, rules)
    return deadlines.ladder(ctx.case, dispatch, closed, rules) if closed is not None else None


def _closed(now: Ms, rules: Rules) -> Ms | None:
    """The last minute of office hours before a moment outside them."""
    from db import deadlines
    from db.clock import day_of, midnight

    _start, end = rules.office_hours
    for back in range(LOOKED_BACK):
        day = day_of(now) - timedelta(days=back)
        moment = midnight(day) + end * 3_600_000 - 60_000
        if moment <= now and deadlines.is_working_day(day, rules.calendar):
            return moment
    return None


def own_level(ctx: Context) -> int | str:
    """The level that the letter's own ladder proposes to this person, or a sentence that says why there is none."""
    from db.deadlines import paused

    dispatch = chosen(ctx, {})
    if dispatch is None:
        return _("there is nobody to chase")
    step = proposed(ctx, dispatch)
    if step is not None:
        most = highest_level(ctx)
        if step.level <= most:
            return step.level
        if dispatch.chase_level < most:
            return most
        return _("{level} is next by its ladder, and a supervisor's", level=term("chase_level", str(step.level)))
    if paused(ctx.case):
        return _("its clock stands still; to chase it all the same, choose a level")
    if dispatch.chase_level:
        level = term("chase_level", str(dispatch.chase_level))
        return _(
            "{level} was sent, and nothing more is due by its ladder; to chase it again, choose a level", level=level
        )
    return _("nothing is due by its ladder yet; to chase it all the same, choose a level")


def left_out(action: str, ctx: Context, values: Values) -> str:
    """Why a letter of a bulk gets no chase; "" where it gets one, or for any other action."""
    if action != "chase" or values.get("level") != EACH:
        return ""
    level = own_level(ctx)
    return level if isinstance(level, str) else ""
