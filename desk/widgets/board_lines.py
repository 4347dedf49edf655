"""The late board in cells: a heading, a line a group, bars and sparklines. No colour says what no sign or number says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from db.board import MOST
from db.model import Ms
from db.model_rules import Calendar
from db.text import one_line
from db.words import _, language, term
from desk.widgets.due import time_left
from desk.widgets.sheet import Line, Piece
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.board import Board, Group

SPARKS = "▁▂▃▄▅▆▇█"
EIGHTHS = "▏▎▍▌▋▊▉█"
BAR = 10
"""Cells of the bar of late letters."""

NARROW, WIDE = 77, 101
"""Cells of the table: as it always is, and with bar, base, slowest."""


class Column(NamedTuple):
    """`figure`: what of `db/board.FIGURES` enter opens there; "" for what is only drawn."""

    name: str
    width: int
    figure: str


def columns(width: int, *, imported: bool) -> tuple[Column, ...]:
    """What fits `width` cells; the group's name takes what is left."""
    english = language() != "zh_CN"  # some of its words need more cells; a district has four Han
    fixed = [
        Column("open", 5, "open"),
        Column("today", 5, "today"),
        Column("late", 6, "late"),
        Column("worst", 10 if english else 8, "worst"),
        Column("chases", 5, "chases"),
        Column("returns", 4 if english else 5, "returns"),
        Column("redos", 5, "redos"),
        Column("replied", 8 if english else 7, "replied"),
        Column("median", 6, "median"),
        Column("trend", 13, "trend"),
    ]
    if width >= WIDE:
        fixed.insert(3, Column("bar", BAR + 1, ""))
        fixed.insert(9, Column("base", 8, "replied"))
    if width >= WIDE + 8:
        fixed.insert(11, Column("slowest", 7, "median"))
    if imported:
        spare = width - sum(c.width for c in fixed) - 12
        if spare < 7:  # what came with its reply is what there is to see: returns and redos of units are empty then
            fixed = [c for c in fixed if c.name not in ("returns", "redos")]
        fixed.insert(-1, Column("imported", 7, "imported"))
    name = max(8, width - sum(c.width for c in fixed))
    return (Column("name", name, ""), *fixed)


def heads(cols: Sequence[Column], chosen: str, sorted_by: str, *, down: bool) -> Line:
    """Names of the columns; the sorted one with ▾ or ▴, the chosen one in brackets."""
    pieces: list[Piece] = [("  ", "ink")]
    for column in cols:
        label = term("board", column.name)
        if column.name == sorted_by:
            label += "▾" if down else "▴"
        here = column.name == chosen
        text = pad(label, column.width - 1, right=column.name != "name") + " "
        if column.name == "trend":
            text = " " + pad(label, column.width - 1)
        pieces.append((text, "amber" if here else "faint"))
    return Line(tuple(pieces))


class Seen(NamedTuple):
    """What every line is drawn with."""

    now: Ms
    calendar: Calendar
    label: Callable[[str], str]  # of a group's key
    most_late: int
    most_week: int


def seen(board: Board, calendar: Calendar, label: Callable[[str], str]) -> Seen:
    """Bars and sparklines of one board share a scale, so that districts can be compared by eye; the sum has its own."""
    return Seen(
        board.now,
        calendar,
        label,
        max((g.late for g in board.groups), default=0),
        max((n for g in board.groups for n in g.trend), default=0),
    )


def row(group: Group, cols: Sequence[Column], ctx: Seen, name: str, *, here: bool, chosen: str) -> Line:
    """One line: a ▌ where the cursor is, the chosen figure in brackets."""
    pieces: list[Piece] = [("▌ " if here else "  ", "seal")]
    for column in cols:
        text, role = cell(group, column.name, ctx, name)
        if column.name in ("name", "bar", "trend"):
            text = pad(text, column.width - 1) + " " if column.name != "trend" else " " + pad(text, column.width - 1)
        else:
            text = pad(text, column.width - 1, right=True) + " "
        if here and column.name == chosen:
            text, role = _bracketed(text), "strong"
        pieces.append((text, role))
    return Line(tuple(pieces), bold=here)


def _bracketed(text: str) -> str:
    """[12]: around what stands in the column, where blanks leave room for it."""
    body = text.strip()
    if not body:
        return text
    start = text.index(body)
    left = text[: start - 1] + "[" if start else ""
    after = text[start + len(body) :]
    return left + body + ("]" + after[1:] if after else "")


def cell(group: Group, name: str, ctx: Seen, label: str) -> Piece:
    """What a column says of a group, as safe text, and the role of its colour."""
    if name == "name":
        return one_line(label), "strong"
    if name in ("open", "today", "late", "chases", "returns", "redos"):
        n = int(getattr(group, name))
        loud = {"late": "late", "today": "today"}.get(name, "ink")
        return (str(n), loud) if n else ("·", "faint")
    if name == "worst":
        return time_left(group.worst, ctx.now, ctx.calendar) if group.worst is not None else ("·", "faint")
    if name == "bar":
        return bar(group.late, ctx.most_late, BAR), "late"
    if name == "replied":
        rate = group.rate
        return (f"{rate:.0%}", "ink") if rate is not None else (_few(group.sent), "faint")
    if name == "base":
        return (f"{group.replied}/{group.sent}", "faint") if group.sent else ("·", "faint")
    if name == "trend":
        return spark(group.trend, max(ctx.most_week, 0 if group.key else max(group.trend))), "water"
    if name == "imported":
        return _hours(group.imported_median, group.imported)
    return _hours(group.median if name == "median" else group.slowest, group.times)


def _few(n: int) -> str:
    """A sample too small to say anything of."""
    return _("of {n}", n=n) if n else "·"


def _hours(hours: float | None, n: int) -> Piece:
    return (f"{hours:.0f}", "ink") if hours is not None else (_few(n), "faint")


def bar(value: int, most: int, cells: int) -> str:
    """A bar of at most so many cells, in eighths; anything above nothing shows."""
    if value <= 0 or most <= 0:
        return ""
    eighths = max(1, min(value, most) * cells * 8 // most)
    whole, part = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[part - 1] if part else "")


def spark(values: Sequence[int], most: int) -> str:
    """A sign a week, the higher the more; · is none."""
    return "".join("·" if n <= 0 else SPARKS[min(7, n * 8 // max(1, most + 1))] for n in values)


def sort_value(group: Group, name: str) -> float | None:
    """What a column is sorted by; None stands last whichever way."""
    if name == "worst":
        return None if group.worst is None else -float(group.worst)
    if name in ("replied", "base"):
        return group.rate
    if name == "trend":
        return float(sum(group.trend))
    by = {"imported": "imported_median"}.get(name, name)
    value = getattr(group, by, None)
    return None if value is None else float(value)


def more_of(group: Group, column: str) -> str:
    """What does not fit the line: bases, slowest, weeks, and what was imported with its reply."""
    if column == "trend":
        return _("week by week: {weeks}", weeks=" ".join(str(n) for n in group.trend))
    said = [_("replied to {n} of {of} in 12 weeks", n=group.replied, of=group.sent)]
    if column in ("open", "today", "late") and getattr(group, column) > MOST:
        said.insert(0, _("enter shows the newest {n}", n=f"{MOST:,}"))
    if group.slowest is not None:
        said.append(_("slowest {hours} h", hours=f"{group.slowest:,.0f}"))
    if group.imported:
        middle, slow = group.imported_median, group.imported_slowest
        said.append(
            _(
                "imported with reply: {n}, median {median} h, slowest {slowest} h",
                n=group.imported,
                median="–" if middle is None else f"{middle:,.1f}",
                slowest="–" if slow is None else f"{slow:,.0f}",
            )
        )
    return " · ".join(said)
