"""Lines of the reading pane before they are drawn: pieces of safe text with a role, made to a width."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from db.text import safe
from db.words import _
from desk.widgets.wrap import wrap

Piece = tuple[str, str]
"""Safe text and the role of its colour (`desk/theme.py`)."""


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[Piece, ...] = ()
    bold: bool = False

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


BLANK = Line()


def line(*pieces: Piece, bold: bool = False) -> Line:
    return Line(pieces, bold)


def paragraph(text: str, width: int, role: str = "ink", *, indent: int = 0, bold: bool = False) -> list[Line]:
    """Running text wrapped to `width` cells, every line indented by so many."""
    return [Line(((" " * indent + part, role),), bold) for part in wrap(text, max(8, width - indent))]


LONGEST = 30_000
"""Characters of one text that are set as lines: 50 pages. A megabyte on one line would hold up the keys for seconds."""


def prose(raw: str | None, width: int, role: str = "ink", *, indent: int = 0) -> list[Line]:
    """Outside words through the gate, as running text; of a text beyond `LONGEST` the beginning, and how to read the rest."""
    text = raw or ""
    lines = paragraph(safe(text[:LONGEST]), width, role, indent=indent)
    if len(text) > LONGEST:
        said = _(
            "… {n} characters more: “desk show” with the letter's code prints all of it.", n=f"{len(text) - LONGEST:,}"
        )
        lines += paragraph(said, width, "faint", indent=indent)
    return lines


def keys(text: str, width: int) -> Line:
    """Keys at the foot on one line: where they have no room the last ones go, but never the very last, the way out."""
    parts = text.split(" · ")
    while len(parts) > 2 and cell_len(" · ".join(parts)) > width:
        del parts[-2]
    return Line(((" · ".join(parts), "faint"),))


def flow(pieces: list[Piece], width: int, *, joint: str = " · ", indent: int = 0) -> list[Line]:
    """Short pieces in a row, a new line where the next one has no room; a piece longer than a line is wrapped."""
    lines: list[Line] = []
    here: list[Piece] = []
    used = 0
    margin = (" " * indent, "ink")
    for text, role in pieces:
        if not text:
            continue
        size = cell_len(text)
        if here and used + cell_len(joint) + size > width:
            lines.append(Line(tuple(here)))
            here, used = [], 0
        if here:
            here.append((joint, "rule"))
            used += cell_len(joint)
        else:
            here, used = [margin] if indent else [], indent
        first, *rest = wrap(text, max(8, width - used))
        here.append((first, role))
        used += cell_len(first)
        for part in rest:
            lines.append(Line(tuple(here)))
            here, used = [margin, (part, role)], indent + cell_len(part)
    return [*lines, Line(tuple(here))] if here else lines


def heading(text: str, width: int) -> Line:
    """── 经过 ───────────"""
    head = f"── {text} "
    return Line(((head, "faint"), ("─" * max(0, width - cell_len(head)), "rule")))
