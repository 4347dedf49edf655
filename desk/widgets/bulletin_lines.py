"""A page of figures as lines for the screen: the same blocks as in print, with a cursor that goes from figure to figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from db.bulletin.as_text import BAR, bar, cells, fill
from db.bulletin.block import Block, Cell
from db.bulletin.blocks import blocks
from db.bulletin.heads import standing, title
from db.bulletin.names import explained
from db.text import one_line
from db.words import _
from desk.widgets.sheet import BLANK, Line, Piece, flow, heading, line, paragraph, prose

TONES = {"up": "late", "down": "water", "new": "amber"}


class Stop(NamedTuple):
    """Where the cursor may stand: the line, and the figure it shows."""

    line: int
    figure: str


def page_lines(page: Mapping[str, Any], width: int, at: int) -> tuple[list[Line], list[Stop]]:
    """(the lines, the figures in them); the figure number `at` is under the cursor."""
    lines = [line((title(page), "strong"), bold=True)]
    for said in standing(page):
        lines += paragraph(said, width, "late" if said.startswith(_("Attention")) else "faint")
    stops: list[Stop] = []
    for block in blocks(page):
        lines += [BLANK, heading(block.title, width)]
        for said in block.said:
            lines += prose(said, width - 2, indent=2)
        lines += _table(block, width - 2, len(lines), stops, at)
        for one in block.prose:
            lines += paragraph(one_line(one.title), width - 2, "strong", indent=2) if one.title else []
            lines += prose(one.text, width - 4, "ink", indent=4)
            lines += flow([(one_line(one.foot), "faint"), (one_line(one.code), "faint")], width - 4, indent=4)
        if block.note:
            lines += prose(block.note, width - 2, "faint", indent=2)
    return lines, stops


def _table(block: Block, width: int, first: int, stops: list[Stop], at: int) -> list[Line]:
    """Rows in columns. A row with several figures has a stop for each, in reading order."""
    if not block.rows:
        return []
    columns = range(max(len(row) for row in block.rows))
    bars = {n for row in block.rows for n, cell in enumerate(row) if cell.share is not None}
    right = {n for row in block.rows for n, cell in enumerate(row) if cell.right}
    texts = [*([block.head] if block.head else []), *([cell.text for cell in row] for row in block.rows)]
    size = {n: max(cells(row[n]) for row in texts if n < len(row)) for n in columns}
    for n in bars:
        left = width - 4 - sum(size[m] + 2 for m in columns if m != n)
        size[n] = max(size[n], min(BAR, left)) if left >= 4 else 0
    made: list[Line] = []
    if block.head:
        head = "  ".join(fill(block.head[n], size[n], right=n in right) for n in columns if size[n])
        made.append(line(("    " + head, "faint")))
    for row in block.rows:
        pieces: list[Piece] = []
        here = False
        seen: set[str] = set()
        for n, cell in enumerate(row):
            if not size[n]:
                continue
            stop = cell.share is None and cell.figure is not None and cell.figure not in seen
            if stop and cell.figure is not None:
                seen.add(cell.figure)
                stops.append(Stop(first + len(made), cell.figure))
            chosen = stop and len(stops) - 1 == at
            here = here or chosen
            pieces.append((_shown(cell, size[n], right=n in right), _role(cell, chosen=chosen)))
            pieces.append(("▌ " if chosen else "  ", "seal" if chosen else "ink"))
        made.append(line(("  ▸ " if here else "    ", "seal"), *pieces, bold=here))
    return made


def _shown(cell: Cell, width: int, *, right: bool) -> str:
    if cell.share is not None:
        return fill(bar(cell.share, width), width)
    return fill(one_line(cell.text), width, right=right)


def _role(cell: Cell, *, chosen: bool) -> str:
    if chosen:
        return "seal"
    if cell.share is not None:
        return "water"
    return TONES.get(cell.tone, "strong" if cell.figure else "ink")


def foot_line(page: Mapping[str, Any] | None, stop: Stop | None, said: str, width: int) -> Line:
    """What is under the cursor, or a sentence."""
    if said:
        return paragraph(said, width, "amber")[0]
    if page is None or stop is None:
        return BLANK
    return line((one_line(explained(stop.figure, page["figures"][stop.figure])), "strong"))
