"""A page as plain text: columns aligned by cells (a Han character takes two), bars of blocks; and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from db.bulletin.block import Block, Cell
from db.bulletin.blocks import blocks
from db.bulletin.heads import standing, title

WIDTH = 78
BAR = 16


def as_text(page: Mapping[str, Any], width: int = WIDTH) -> str:
    """For a terminal, a mail, or the newspaper's page; no line is longer than `width` cells."""
    lines = [title(page), "═" * min(width, cells(title(page))), *standing(page), ""]
    for block in blocks(page):
        head = f"── {block.title} "
        lines += [head + "─" * max(0, width - cells(head))]
        for said in block.said:
            lines += wrapped(said, width - 2, "  ")
        lines += table(block, width)
        for one in block.prose:
            lines += wrapped(f"◆ {one.title}" if one.title else "◆", width - 2, "  ") if one.title else []
            lines += wrapped(one.text, width - 4, "    ")
            lines += wrapped(f"{one.foot}  {one.code}", width - 4, "    ")
        if block.note:
            lines += wrapped(block.note, width - 2, "  ")
        lines.append("")
    return "\n".join(lines)


def table(block: Block, width: int) -> list[str]:
    """The rows of a block in columns; the bar gives way first where there is little room."""
    rows = [block.head, *(_texts(row) for row in block.rows)] if block.head else [_texts(row) for row in block.rows]
    if not rows:
        return []
    bars = {n for row in block.rows for n, cell in enumerate(row) if cell.share is not None}
    right = {n for row in block.rows for n, cell in enumerate(row) if cell.right}
    columns = range(max(len(row) for row in rows))
    size = {n: max(cells(row[n]) for row in rows if n < len(row)) for n in columns}
    for n in bars:
        others = sum(size[m] + 2 for m in columns if m != n)
        size[n] = max(4, min(BAR, width - 4 - others)) if width - 4 - others >= 4 else 0
    made = []
    for nr, row in enumerate(rows):
        source = block.rows[nr - 1 if block.head else nr] if not (block.head and nr == 0) else None
        parts = []
        for n, text in enumerate(row):
            shown = text
            share = source[n].share if source else None
            if share is not None:
                shown = bar(share, size[n])
            if size[n]:
                parts.append(fill(shown, size[n], right=n in right))
        made.append(("  " + "  ".join(parts)).rstrip())
    return made


def _texts(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(cell.text for cell in row)


EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share: float, width: int) -> str:
    """A bar of at most `width` cells, to an eighth of a cell; never nothing where there is something."""
    eighths = max(1 if share > 0 else 0, round(share * width * 8))
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[rest] if rest else "")


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def fill(text: str, width: int, *, right: bool = False) -> str:
    blanks = " " * max(0, width - cells(text))
    return blanks + text if right else text + blanks


_NEVER_FIRST = "，。、；：？！）】》」』”’％…·"


def wrapped(text: str, width: int, indent: str = "") -> Iterator[str]:
    """Lines of at most `width` cells; words of other scripts stay whole, no mark of punctuation begins a line."""
    for paragraph in text.split("\n"):
        line, used = "", 0
        for token in _tokens(paragraph):
            size = cells(token)
            if line and used + size > width and not (token in _NEVER_FIRST and used + size <= width + 2):
                yield indent + line.rstrip()
                line, used, token = "", 0, token.lstrip()  # noqa: PLW2901 - a blank begins no line
                size = cells(token)
            line, used = line + token, used + size
        if line:
            yield indent + line.rstrip()


def _tokens(text: str) -> Iterator[str]:
    word = ""
    for char in text:
        if char.isascii() and not char.isspace():
            word += char
            continue
        if word:
            yield word
            word = ""
        yield char
    if word:
        yield word


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_MARKS = str.maketrans({char: f"\\{char}" for char in "\\`*_[]#!|<>~&"})
_LIST = re.compile(r"^(\d*)([-+.)=])")


def escaped(text: str) -> str:
    """Text that no Markdown reader takes for anything but text, on one line."""
    return _LIST.sub(r"\1\\\2", " ".join(text.split()).translate(_MARKS))


def as_markdown(page: Mapping[str, Any]) -> str:
    """Headings, tables and quotes."""
    lines = [f"# {escaped(title(page))}", "", *(f"{escaped(said)}  " for said in standing(page)), ""]
    for block in blocks(page):
        lines += [f"## {escaped(block.title)}", ""]
        for said in block.said:
            lines += [escaped(said), ""]
        lines += _markdown_table(block)
        for one in block.prose:
            if one.title:
                lines += [f"**{escaped(one.title)}**", ""]
            lines += [f"> {escaped(one.text)}", ">", f"> {escaped(one.foot)} `{one.code}`", ""]
        if block.note:
            lines += [f"*{escaped(block.note)}*", ""]
    return "\n".join(lines)


def _markdown_table(block: Block) -> list[str]:
    if not block.rows:
        return []
    drawn = {n for row in block.rows for n, cell in enumerate(row) if cell.share is not None}
    keep = [n for n in range(len(block.rows[0])) if n not in drawn]
    right = {n for row in block.rows for n, cell in enumerate(row) if cell.right}
    head = [escaped(block.head[n]) if block.head else "" for n in keep]
    lines = [_markdown_row(head), _markdown_row(["---:" if n in right else "---" for n in keep])]
    lines += [_markdown_row([escaped(row[n].text) for n in keep if n < len(row)]) for row in block.rows]
    return [*lines, ""]


def _markdown_row(texts: Sequence[str]) -> str:
    return "| " + " | ".join(text or " " for text in texts) + " |"
