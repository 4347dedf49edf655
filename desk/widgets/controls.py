"""Which control a field is typed into."""

from __future__ import annotations

from datetime import date

from textual.widget import Widget

from db import deadlines
from db.clock import day_of
from db.words import _, term
from desk.action_fields import Context, Field
from desk.action_values import day_typed, moment_typed, show_moment
from desk.picking import Typed, measures, offers
from desk.widgets.choice_field import ChecklistField, ChoiceField, FlagField
from desk.widgets.field import FieldRow, Note
from desk.widgets.outcome_field import OutcomeField
from desk.widgets.path_field import PathField
from desk.widgets.picker import PickerField, SeveralField
from desk.widgets.text_field import DayField, LineField, LongField


def row(field: Field, ctx: Context, typed: Typed) -> FieldRow:
    """Label, control and note of a field; `typed` gives what the whole dialog holds."""
    required = field.required(ctx, typed())
    return FieldRow(field, control(field, ctx, typed, required=required), required, note(field, ctx))


def control(field: Field, ctx: Context, typed: Typed, *, required: bool) -> Widget:
    match field.kind:
        case "choice" | "dispatch":
            return ChoiceField(
                lambda: [(code, field.option_label(ctx, code)) for code in field.codes(ctx, typed())],
                may_be_empty=not required,
            )
        case "checklist":
            return ChecklistField(lambda: [(code, field.option_label(ctx, code)) for code in field.codes(ctx, typed())])
        case "flag":
            return FlagField(field.hint)
        case "text":
            return LineField(field.hint)
        case "long":
            return LongField()
        case "day" | "moment":
            return DayField(field.hint)
        case "outcomes":
            return OutcomeField(measures(ctx))
        case "files":
            return PathField(field.hint)
        case "districts" | "letters" | "tags":
            given, name, free = offers(field, ctx, typed)
            return SeveralField(given, name, free=free, placeholder=field.hint)
        case _:
            given, name, free = offers(field, ctx, typed)
            return PickerField(given, name, free=free, eager=field.kind == "person", placeholder=field.hint)


def note(field: Field, ctx: Context) -> Note | None:
    """What a typed value means, said under it: days, moments, files."""
    if field.kind == "day":
        return lambda typed: say_day(day_typed(str(typed), day_of(ctx.now), ctx.rules.calendar), ctx)
    if field.kind == "moment":
        return lambda typed: say_moment(str(typed), ctx)
    if field.kind == "person":
        return lambda typed: say_person(str(typed), ctx)
    if field.kind == "files":
        from desk.attaching import said_of

        return lambda typed: said_of(str(typed))
    return None


def say_person(typed: str, ctx: Context) -> str:
    """That nobody here is called so, where a name of no colleague stands."""
    known = typed.strip() in ("", ctx.case.assignee, ctx.actor.id) or typed in dict(ctx.around.people())
    return "" if known else _("Nobody here is called that: it is kept as a name, in no one's list.")


def say_day(day: date | None, ctx: Context) -> str:
    """2024-11-15 周五 · 10 个工作日后; a day off is said, and where the calendar is not known yet."""
    if day is None:
        return ""
    cal = ctx.rules.calendar
    today = day_of(ctx.now)
    n = deadlines.working_days(ctx.now, _end(day), cal) - deadlines.working_days(ctx.now, _end(today), cal)
    parts = [f"{day.isoformat()} {term('weekday', str(day.weekday()))}"]
    if day > today:
        parts.append(_("in {n} working days", n=n))
    if not deadlines.is_working_day(day, cal):
        parts.append(_("a day off"))
    if deadlines.tentative(day, cal):
        parts.append(_("calendar provisional"))
    return " · ".join(parts)


def _end(day: date) -> int:
    from db.clock import DAY, midnight

    return midnight(day) + DAY


def say_moment(typed: str, ctx: Context) -> str:
    at = moment_typed(typed, ctx.now) if typed.strip() else None
    return f"{show_moment(at)} {term('weekday', str(day_of(at).weekday()))}" if at is not None else ""
