"""One letter, one line: which columns a width has room for, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from db.model_codes import CLOSED, Ms
from db.model_rules import Calendar
from db.text import one_line
from db.words import _, term
from desk.theme import Inks
from desk.widgets.due import came, time_left
from desk.widgets.marking import Spans
from desk.widgets.marking import marked as split_at
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.queries import Row

MIXED = frozenset({2, 7, 8, 9})
"""Queues that hold letters of several states: there the state is worth a column even on a narrow screen."""

Names = Callable[[str | None], str]
"""Short name of a district by its code."""


class Column(NamedTuple):
    name: str
    width: int
    right: bool = False


@lru_cache(maxsize=64)
def columns(width: int, queue: int, lang: str) -> tuple[Column, ...]:
    """The columns of a list `width` cells wide. Each is followed by one blank, the title takes what is left."""
    mixed = queue in MIXED or queue == 0
    wide = lang != "zh_CN"  # English words need more cells
    chosen = [Column("urgency", 2 if not wide else 4), Column("received", 5)]
    if width >= 150:
        chosen.append(Column("code", 21))
    chosen.append(Column("district", 8))
    if width >= 96:
        chosen.append(Column("topic", 14 if width >= 110 else 10))
    chosen.append(Column("title", 0))
    if width >= 150:
        chosen.append(Column("kind", 8 if not wide else 10))
    if (mixed and width >= 72) or width >= 130:
        chosen.append(Column("state", 10 if not wide else 14 if width >= 110 else 12))
    if width >= 140:
        chosen.append(Column("assignee", 8))
    if not mixed or width >= 96:
        chosen.append(Column("chase", 4 if not wide else 6))
    chosen += [Column("clock", 2 if not wide else 3), Column("left", 8 if not wide else 9)]
    chosen.append(Column("pending", 1))
    used = sum(c.width + 1 for c in chosen) - 1 + GUTTER
    return tuple(Column("title", max(8, width - used)) if c.name == "title" else c for c in chosen)


SOUGHT = frozenset({"title", "code"})
"""Columns whose words a search looks at."""

GUTTER = 2
"""Cells before the first column: the cursor's bar and the mark."""


Cell = tuple[str, str]
"""What stands in a column, as safe text, and the role of its colour."""

_URGENT = {"urgent": "today", "critical": "late"}


def titled(title: str, *, erased: bool) -> str:
    """A title as a list shows it, and what stands where there is none."""
    return one_line(title) or (_("(erased by law)") if erased else _("(no title)"))


def _urgency(row: Row) -> Cell:
    return (term("urgency_short", row.urgency), _URGENT[row.urgency]) if row.urgency in _URGENT else ("", "ink")


def _topic(row: Row) -> Cell:
    return one_line(term("topic", row.topic)) if row.topic else "–", "faint"


def _state(row: Row) -> Cell:
    if row.rating is not None and row.rating <= UNHAPPY:
        return f"{term('state', row.state)}☹", "today"
    return term("state", row.state), "water" if row.state in CLOSED else "ink"


def _chase(row: Row) -> Cell:
    level = row.chase_level
    return (term("chase_short", str(level)), "late" if level >= 3 else "today") if level else ("", "ink")


UNHAPPY = 2
"""A score up to this one is a complaint about the answer (`db/ratings.py`)."""


def _pending(row: Row) -> Cell:
    """● saved here and not sent; ! expected to be refused; nothing: sent."""
    if row.doubtful:
        return "!", "late"
    return ("●", "water") if row.pending else ("", "ink")


CELLS: dict[str, Callable[[Row, Ms, Calendar, Names], Cell]] = {
    "urgency": lambda row, now, cal, names: _urgency(row),
    "received": lambda row, now, cal, names: (came(row.received_at, now), "faint"),
    "code": lambda row, now, cal, names: (one_line(row.code), "faint"),
    "district": lambda row, now, cal, names: (one_line(names(row.district)), "ink"),
    "topic": lambda row, now, cal, names: _topic(row),
    "title": lambda row, now, cal, names: (titled(row.title, erased=bool(row.erased)), "ink"),
    "kind": lambda row, now, cal, names: (term("kind", row.kind), "faint"),
    "state": lambda row, now, cal, names: _state(row),
    "assignee": lambda row, now, cal, names: (one_line(row.assignee or "–"), "faint"),
    "chase": lambda row, now, cal, names: _chase(row),
    "clock": lambda row, now, cal, names: (term("clock_short", row.due_kind) if row.next_due else "", "faint"),
    "left": lambda row, now, cal, names: time_left(row.next_due, now, cal, paused=bool(row.paused)),
    "pending": lambda row, now, cal, names: _pending(row),
}


def draw(
    row: Row,
    width: int,
    queue: int,
    lang: str,
    now: Ms,
    cal: Calendar,
    names: Names,
    inks: Inks,
    *,
    cursor: bool,
    marked: bool,
    find: Spans | None = None,
) -> Strip:
    """The line of a letter, exactly `width` cells. Neighbours of one style share a segment: fewer bytes to send.

    `find`: where words match the filter in force.
    """
    ground = "cursor" if cursor else "paper"
    pieces = [
        ("▌" if cursor else " ", inks.on("seal", ground)),
        ("✓" if marked else " ", inks.on("amber", ground, bold=True)),
    ]
    shown = columns(width, queue, lang)
    for column in shown:
        text, role = CELLS[column.name](row, now, cal, names)
        loud = role == "late" or (cursor and column.name == "title")
        if cursor and role in ("ink", "faint"):
            role = "strong" if column.name == "title" else "ink"
        text = pad(text, column.width, right=column.right)
        if find is not None and column.name in SOUGHT and (spans := find(text)):
            pieces += [(t, inks.on(r, ground, bold=loud)) for t, r in split_at([(text, role)], spans)]
            text = ""
        pieces.append((text if column is shown[-1] else text + " ", inks.on(role, ground, bold=loud)))
    return strip(pieces, width, GUTTER - 1 + sum(column.width + 1 for column in shown))


def strip(pieces: list[tuple[str, Style]], width: int, cells: int | None = None) -> Strip:
    """A line of exactly `width` cells. Blanks join what stands before them on the same ground: fewer bytes to send.

    `cells`: how many the pieces take, where that is known.
    """
    merged: list[tuple[str, Style]] = []
    for text, style in pieces:
        if not text:
            continue
        if merged and (merged[-1][1] == style or (not text.strip() and merged[-1][1].bgcolor == style.bgcolor)):
            merged[-1] = (merged[-1][0] + text, merged[-1][1])
        else:
            merged.append((text, style))
    line = Strip([Segment(text, style) for text, style in merged], cells)
    return line if cells == width else line.adjust_cell_length(width, merged[-1][1] if merged else None)
