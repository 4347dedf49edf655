"""What a bulk would do to which letters, before it does it: each with its state before and after, or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from db.model import EventKind
from db.text import one_line
from db.words import _, term
from desk.action_fields import Context, Values
from desk.chasing import left_out
from desk.sending import commands_of

if TYPE_CHECKING:
    from db.commands import Command
    from db.model import Case, CaseId, Ms
    from db.store import Store
    from desk.actions import Action


@dataclass(frozen=True, slots=True)
class Line:
    """A letter in a preview; `unit` is whom the action is about, `why` is set where it is refused. Safe text."""

    case: CaseId
    code: str
    title: str
    before: str = ""
    after: str = ""
    due: Ms | None = None
    unit: str = ""
    why: str = ""
    level: str = ""  # of a chase, with the last one before it


@dataclass(frozen=True, slots=True)
class Plan:
    """`going` is what the action can be done to; `lines` and `refused` say it of each letter."""

    going: tuple[Context, ...]
    lines: tuple[Line, ...]
    refused: tuple[Line, ...]
    commands: Mapping[CaseId, Sequence[Command]] = field(default_factory=dict)  # what was judged, to be run as it is


def blocked(action: Action, contexts: Sequence[Context]) -> tuple[list[Context], list[Line]]:
    """Which letters the rules let the action begin on, and why not the others."""
    free, refused = [], []
    for ctx in contexts:
        why = action.why_not(ctx.case, ctx.actor, ctx.related, ctx.book, ctx.now)
        if why:
            refused.append(letter_line(ctx.case, why=why))
        else:
            free.append(ctx)
    return free, refused


def plan(store: Store, action: Action, contexts: Sequence[Context], values: Values) -> Plan:
    """Judges the whole bulk on the store as it stands, and writes nothing. Raises StoreError."""
    from db.commands import preview
    from db.deadlines import next_due
    from db.sentences import say

    if not contexts:
        return Plan((), (), ())
    commands = {ctx.case.id: commands_of(action, ctx, values) for ctx in contexts}
    result = preview(store, contexts[0].actor, [c for cs in commands.values() for c in cs], whole=False)
    no: dict[CaseId, str] = {}
    for command, refusal in result.refused:
        no.setdefault(command.case or "", one_line(say(refusal)))
    already = {command.case for command, _absorbed in result.absorbed}
    going, lines, refused = [], [], []
    for ctx in contexts:
        case = ctx.case
        if case.id in no:
            refused.append(letter_line(case, why=no[case.id]))
            continue
        if not commands[case.id] or (case.id in already and case.id not in result.cases):
            why = left_out(action.id, ctx, values) or _same(case.id in already)
            refused.append(letter_line(case, why=why))
            continue
        going.append(ctx)
        after = result.cases.get(case.id, case)
        clock = next_due(after)
        line = letter_line(case, after, clock.due if clock else None, _unit(action, after, values))
        lines.append(replace(line, level=_level(case, commands[case.id])))
    if action.id == "chase":  # one notice a unit lists all its letters, so they stand together
        lines.sort(key=lambda line: line.unit)
    return Plan(tuple(going), tuple(lines), tuple(refused), commands)


def units(lines: Sequence[Line]) -> Mapping[str, tuple[CaseId, ...]]:
    """The letters of each unit, in the order of the lines."""
    found: dict[str, tuple[CaseId, ...]] = {}
    for line in lines:
        if line.unit:
            found[line.unit] = (*found.get(line.unit, ()), line.case)
    return found


def _level(case: Case, commands: Sequence[Command]) -> str:
    """催办 → 督办: the level a chase brings, after the one before it."""
    level = next((c.facts.get("level") for c in commands if c.kind == EventKind.CHASED), None)
    if level is None:
        return ""
    d = case.dispatch(commands[0].dispatch) or case.lead_dispatch
    named = term("chase_level", str(level))
    if d is None or not d.chase_level:
        return named
    return _("{before} → {after}", before=term("chase_level", str(d.chase_level)), after=named)


def _same(done: bool) -> str:
    return _("somebody already did this") if done else _("nothing would be different")


def _unit(action: Action, case: Case, values: Values) -> str:
    if action.id not in ("chase", "forward", "recall"):
        return ""
    d = case.lead_dispatch
    return one_line(d.whom) if d else ""


def letter_line(before: Case, after: Case | None = None, due: Ms | None = None, unit: str = "", why: str = "") -> Line:
    """One letter of a preview: as it is, and as it would be, or why not."""
    return Line(
        before.id,
        one_line(before.code),
        one_line(before.title),
        term("state", before.state),
        term("state", after.state) if after else "",
        due,
        unit,
        why,
    )
