"""The lines at the foot of the reading pane: suggestions with their reasons, letters like it, what it is merged with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.text import one_line
from db.words import _, term
from desk.widgets.sheet import Line, Piece, heading
from desk.widgets.wrap import clip, pad

if TYPE_CHECKING:
    from db.model import Case
    from desk.beside import Beside

LABEL = 8
NAMED = 3
"""Followers that are named; of more, the rest is counted."""


def beside_lines(beside: Beside, width: int) -> list[Line]:
    """One line each, cut to the width: the letter itself must stay readable above."""
    width = max(16, width)
    lines = [*_merged(beside, width), *_like(beside, width)]
    if beside.hints:
        keys = _("+ takes them all") if beside.values else _("none is sure")
        lines += [heading(_("Suggested") + " · " + keys, width), *_hints(beside, width)]
    return lines


def _hints(beside: Beside, width: int) -> list[Line]:
    from db.suggest_words import because, value_label
    from desk.navigation import HINTS

    lines = []
    for name, hint in beside.hints.items():
        value, key = value_label(hint) or "–", HINTS[name].upper() if hint.value else "  "
        tone = "late" if hint.value in ("critical", "urgent") else "amber" if hint.value else "faint"
        lines.append(
            _cut(
                [
                    (f"{key} {pad(term('label', name), LABEL)} ", "faint"),
                    (f"{value}  ", tone),
                    (because(hint), "faint"),
                ],
                width,
            )
        )
    return lines


def _like(beside: Beside, width: int) -> list[Line]:
    if not beside.like:
        return []
    from db.similar_words import reasons

    first = beside.like[0]
    head = heading(_("Probably the same matter: {n} open letters · = shows them", n=len(beside.like)), width)
    named = [
        (f"{one_line(first.row.code)} ", "faint"),
        (f"{one_line(first.row.title)}  ", "ink"),
        (" · ".join(reasons(first)), "faint"),
    ]
    return [head, _cut(named, width)]


def _merged(beside: Beside, width: int) -> list[Line]:
    if beside.master:
        return [heading(_("Merged into · L goes there"), width), _cut(_named(beside.master), width)]
    if not beside.followers:
        return []
    lines = [heading(_("Merged into this one: {n} letters · L shows them", n=len(beside.followers)), width)]
    named = NAMED if len(beside.followers) > NAMED + 1 else NAMED + 1  # "and 1 more" takes the line of that one
    lines += [_cut(_named(case), width) for case in beside.followers[:named]]
    if len(beside.followers) > named:
        lines.append(_cut([(_("… and {n} more", n=len(beside.followers) - NAMED), "faint")], width))
    return lines


def _named(case: Case) -> list[Piece]:
    return [
        (f"{one_line(case.code)} ", "faint"),
        (f"{term('state', case.state)} ", "amber"),
        (one_line(case.title), "ink"),
    ]


def _cut(pieces: list[Piece], width: int) -> Line:
    """Pieces in a row, cut where the line ends."""
    from rich.cells import cell_len

    kept: list[Piece] = []
    for text, role in pieces:
        if width <= 0:
            break
        kept.append((clip(text, width), role))
        width -= cell_len(text)
    return Line(tuple(kept))
