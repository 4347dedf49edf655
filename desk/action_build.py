"""From an action's values to the commands that say them: what `db/commands.py` runs, one transaction for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desk.action_fields import EACH, Context, Values

if TYPE_CHECKING:
    from db.commands import Command
    from desk.actions import Action


def kind_of(action: Action, values: Values) -> str:
    """The kind of event: what the field `what` says where one action records several, else the action's own."""
    return str(values.get("what") or action.kinds[0])


def one(action: Action, ctx: Context, values: Values) -> list[Command]:
    """One command: each value goes where its field says."""
    return [_command(action, ctx, kind_of(action, values), values)]


def _command(action: Action, ctx: Context, kind: str, values: Values, **facts: Any) -> Command:
    from db.commands import Command

    words: dict[str, str] = {}
    when: int | None = None
    dispatch: str | None = None
    for f in action.fields:
        if f.name not in values:
            continue
        value = values[f.name]
        match f.to:
            case "fact":
                facts.setdefault(f.name, value)
            case "word":
                words[f.name] = value
            case "when":
                when = None if ctx.now - value < 60_000 else value  # "now" is no claim about another time
            case "dispatch":
                dispatch = value
    if values.get("files"):
        from desk.attaching import facts as of_files

        named, names = of_files(values["files"])
        facts, words = facts | named, words | names
    return Command(kind, ctx.case.id, facts, words, dispatch=dispatch, when=when)


def forwarding(action: Action, ctx: Context, values: Values) -> list[Command]:
    """The lead dispatch, and one more for every co-handler."""
    districts: Sequence[str] = values.get("co", ())
    made = [_forward(ctx, values, values["district"], "lead", values.get("unit", ""))]
    return made + [_forward(ctx, values, code, "co", "") for code in districts if code != values["district"]]


def co_forwarding(action: Action, ctx: Context, values: Values) -> list[Command]:
    return [_forward(ctx, values, values["district"], "co", values.get("unit", ""))]


def _forward(ctx: Context, values: Values, district: str, role: str, unit: str) -> Command:
    from db import places
    from db.commands import Command

    facts: dict[str, Any] = {
        "role": role,
        "district": district,
        "district_name": places.load().name(district),
        "rules": ctx.rules.version,
        "contact": "withheld" if ctx.case.confidential else values.get("contact", "withheld"),
    }
    if unit:
        facts["unit"] = unit
    words = {"note": values["note"]} if values.get("note") else {}
    return Command("forwarded", ctx.case.id, facts, words)


def chasing(action: Action, ctx: Context, values: Values) -> list[Command]:
    """At the level chosen for all, or at what the letter's own ladder proposes; none where that is nothing."""
    if values.get("level") != EACH:
        return one(action, ctx, values)
    from desk.chasing import own_level

    level = own_level(ctx)
    return one(action, ctx, {**values, "level": level}) if isinstance(level, int) else []


CLEARED = ("topic", "district", "call")
"""Facts that may be taken back to nothing; kind and urgency always have one."""


def changes(action: Action, ctx: Context, values: Values) -> list[Command]:
    """Only what differs from the letter as it stands, so that two editors who change different fields both hold."""
    facts: dict[str, Any] = {}
    words: dict[str, str] = {}
    for f in action.fields:
        value, now = values.get(f.name), getattr(ctx.case, f.name, None)
        if f.name == "outcomes":
            now = [{"measure": o.measure, "count": o.count, "unit": o.unit} for o in ctx.case.outcomes] or None
        if f.kind == "flag":
            value = bool(value)
        if value == (now if f.kind == "flag" else now or None) or (ctx.many and value is None):
            continue
        if f.to == "word":
            if value:
                words[f.name] = value
        elif value is not None or f.name in CLEARED:
            facts[f.name] = value
    if not facts and not words:
        return []
    from db.commands import Command

    return [Command(action.kinds[0], ctx.case.id, facts, words)]


def tagging(action: Action, ctx: Context, values: Values) -> list[Command]:
    """What was added and what was taken away, so that two desks' tags both hold."""
    from db.commands import Command

    wanted, had = list(values.get("tags", ())), ctx.case.tags
    add = [t for t in wanted if t not in had]
    remove = [] if ctx.many else [t for t in had if t not in wanted]
    facts = {k: v for k, v in (("add", add), ("remove", remove)) if v}
    return [Command("tagged", ctx.case.id, facts, {})] if facts else []


def assigning(action: Action, ctx: Context, values: Values) -> list[Command]:
    """To a person, or to nobody."""
    from db.commands import Command

    to = values.get("to")
    known = dict(ctx.around.people())
    by_name = {name: id_ for id_, name in known.items()}
    return [Command("assigned", ctx.case.id, {"to": to if to in known else by_name.get(to or "", to)}, {})]


def rating(action: Action, ctx: Context, values: Values) -> list[Command]:
    """What came from the citizen; "solved?" is asked as a choice, so that not asking stays possible."""
    told = dict(values)
    if "solved" in told:
        told["solved"] = told["solved"] == "yes"
    return one(action, ctx, told)


def closing(action: Action, ctx: Context, values: Values) -> list[Command]:
    """Whether the citizen got words is a fact: erasing the words later changes no state."""
    commands = one(action, ctx, values)
    return [replace(c, facts={**c.facts, "worded": True}) if c.words.get("text") else c for c in commands]


def publishing(action: Action, ctx: Context, values: Values) -> list[Command]:
    """The words as they go out; which rules took out or kept how much is a fact, what it was is said nowhere."""
    told = {name: values[name] for name in ("removed", "kept") if values.get(name)}
    return [_command(action, ctx, "published", values, **told)]


BUILDERS: Mapping[str, Callable[[Action, Context, Values], list[Command]]] = {
    "classify": changes,
    "correct": changes,
    "forward": forwarding,
    "co_forward": co_forwarding,
    "chase": chasing,
    "assign": assigning,
    "tag": tagging,
    "citizen": rating,
    "resolve": closing,
    "track": closing,
    "publish": publishing,
}
"""Actions whose values do not simply go where their fields say."""
