"""What blocks are made of: cells that name the figure they show, and how a number, a share, a rank is put into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.text import one_line
from db.words import _


@dataclass(frozen=True, slots=True)
class Cell:
    """Safe text; `figure`: the name of the figure it shows; `share`: how long its bar is, 0 to 1."""

    text: str
    figure: str | None = None
    right: bool = False
    share: float | None = None
    tone: str = ""  # up, down, new: what a form may colour besides


@dataclass(frozen=True, slots=True)
class Prose:
    """Something told: its title, its text, and from where."""

    title: str
    text: str
    foot: str
    code: str


@dataclass(frozen=True, slots=True)
class Block:
    id: str
    title: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    prose: tuple[Prose, ...] = ()
    said: tuple[str, ...] = ()  # sentences over the rest
    note: str = ""


def percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def number(value: int, figure: str) -> Cell:
    return Cell(f"{value:,}", figure, right=True)


def share(rate: Mapping[str, Any], figure: str) -> Cell:
    if not rate["base"]:
        return Cell("–", right=True)
    if rate["share"] is None:
        return Cell(f"({rate['base']})", f"{figure}:base", right=True)
    return Cell(f"{percent(rate['share'])} ({rate['base']})", figure, right=True)


def or_dash(value: float | None) -> str:
    return "–" if value is None else str(value)


def most_of(lines: Sequence[Mapping[str, Any]]) -> int:
    return max((line["count"] for line in lines), default=1) or 1


def ranked(
    line: Mapping[str, Any], kind: str, key: str, page: Mapping[str, Any], most: int, *, new: bool = False
) -> tuple[Cell, ...]:
    figure = f"{kind}:{key}"
    compared = page["compared"]
    return (
        Cell(str(line["rank"]), right=True),
        Cell(line["name"]),
        number(line["count"], figure),
        Cell("", figure, share=line["count"] / most),
        Cell(str(line["before"]) if compared else "–", right=True),
        _move(line["move"], new=new, compared=compared),
    )


def _move(move: int | None, *, new: bool, compared: bool) -> Cell:
    if not compared:
        return Cell("")
    if new:
        return Cell(_("new on the list") if move is None else _("↑{n} new", n=move), tone="new")
    if move is None:
        return Cell(_("new on the list"), tone="new")
    if move == 0:
        return Cell("–")
    return Cell(f"↑{move}" if move > 0 else f"↓{-move}", tone="up" if move > 0 else "down")


def figures_of(block: Block) -> Iterator[str]:
    """The names of the figures in a block, in reading order, each once."""
    yield from dict.fromkeys(cell.figure for row in block.rows for cell in row if cell.figure)


TITLE = 14
"""Characters of a survey's or a call's title in a table."""


def cut(title: str) -> str:
    text = one_line(title)
    return text if len(text) <= TITLE else text[: TITLE - 1] + "…"
