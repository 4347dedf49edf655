"""What pickers offer for what is typed: districts, topics, offices, people, letters, measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from db.clock import day_of
from desk.action_fields import Context, Field, Values
from desk.widgets.picker import Name, Offers, Option

MEASURES = (
    ("街巷整治", "条"),
    ("加装电梯协议", "户"),
    ("安全隐患排除", "处"),
    ("自来水水质提升", "个小区"),
    ("电表安装和电费缴纳", "户"),
)
"""What the bulletin of October 2024 counted, with its units; any other measure may be typed."""

Typed = Callable[[], Values]
"""What the dialog holds now."""


def districts(ctx: Context) -> Offers:
    """By name, short name, initials of pinyin or code; unasked those the letter names, then all."""

    def offer(typed: str) -> Sequence[Option]:
        from db import places

        today = day_of(ctx.now)
        divisions = places.load()
        if typed:
            found = divisions.filter(typed, today)
        else:
            from desk.action_choices import suggestion

            named = [] if ctx.many else list(suggestion(ctx).candidates)
            all_ = divisions.districts(today)
            found = [d for d in all_ if d.code in named] + [d for d in all_ if d.code not in named]
        return [Option(d.code, d.name, f"{d.initials} {d.code}") for d in found]

    return offer


def district_name(value: str) -> str | None:
    from db import places

    division = places.load().get(value)
    return division.name if division else None


def topics(_ctx: Context) -> Offers:
    from db.topics import load

    def offer(typed: str) -> Sequence[Option]:
        known = load()
        return [Option(t, t, known.field_of(t) or "") for t in known.filter(typed)]

    return offer


def topic_name(ctx: Context) -> Name:
    """A topic is called what it is; one that has left the list stays on the letters that have it."""
    from db.topics import load

    return lambda value: value if value == ctx.case.topic or load().field_of(value) else None


def offices(ctx: Context, typed: Typed) -> Offers:
    """Known units of the district chosen in the same dialog."""

    def offer(text: str) -> Sequence[Option]:
        district = str(typed().get("district") or "")
        return [Option(name, name) for name in ctx.around.offices(district) if text in name and text != name]

    return offer


def people(ctx: Context) -> Offers:
    def offer(text: str) -> Sequence[Option]:
        return [Option(id_, name, id_) for id_, name in ctx.around.people() if text in name or id_.startswith(text)]

    return offer


def person_name(ctx: Context) -> Name:
    return lambda value: dict(ctx.around.people()).get(value, value)


def letters(ctx: Context) -> Offers:
    """The very letter of a code that is typed whole; the list of letters is the queue's."""

    def offer(text: str) -> Sequence[Option]:
        code = text.strip().upper()
        return [Option(code, code, ctx.around.title(code))] if code and ctx.around.find(code) else []

    return offer


def tags(_ctx: Context) -> Offers:
    return lambda _typed: ()


def measures(ctx: Context) -> list[Option]:
    """Those of this letter first."""
    mine = [(o.measure, o.unit) for o in ctx.case.outcomes]
    mine += [(o.measure, o.unit) for d in ctx.case.dispatches for o in d.claimed]
    return [Option(m, m, unit) for m, unit in dict([*mine, *MEASURES]).items()]


def offers(field: Field, ctx: Context, typed: Typed) -> tuple[Offers, Name, bool]:
    """(what it offers, how a value is called, whether free words stand) of a picker's field."""
    match field.kind:
        case "district" | "districts":
            return districts(ctx), district_name, False
        case "topic":
            return topics(ctx), topic_name(ctx), False
        case "unit":
            return offices(ctx, typed), lambda value: value, True
        case "person":
            return people(ctx), person_name(ctx), True
        case "letter" | "letters":
            return letters(ctx), lambda value: value, True
        case _:
            return tags(ctx), lambda value: value, True
