"""A notice as plain text: for a fax, a chat or a mail."""

from __future__ import annotations

import unicodedata

from db.clock import day_in_words
from db.notices.making import Notice, cells, columns

WIDTH = 76
"""Cells of a line: 38 characters."""


def cell_width(text: str) -> int:
    """Cells a text takes: Han and full-width characters two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def as_text(notice: Notice) -> str:
    """The whole notice; ends with a line break."""
    lines = [_centred(notice.newsroom), _centred(notice.mark), "", _centred(notice.title), "", f"{notice.to}："]
    for paragraph in notice.paragraphs:
        lines += _filled("　　" + paragraph)
    lines += ["", *_letters(notice), ""]
    lines += [_right(notice.newsroom), _right(day_in_words(notice.day))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _letters(notice: Notice) -> list[str]:
    lines = ["附件：来信清单"]
    heads = columns(notice.kind)
    for nr, row in enumerate(notice.rows, 1):
        number, code, title, *others = cells(notice.kind, nr, row)
        lines.append(f"  {number}. {code}　{title}")
        lines.append("     " + "　".join(f"{h}：{c}" for h, c in zip(heads[3:], others, strict=True)))
        for name, said in (("地点", row.place), ("联系人", row.contact)):
            if said:
                lines.append(f"     {name}：{said}")
        for part in row.body.split("\n") if row.body else ():
            lines += ["     " + line for line in _filled(part, WIDTH - 5)]
    return lines


def _centred(text: str) -> str:
    return " " * max(0, (WIDTH - cell_width(text)) // 2) + text


def _right(text: str) -> str:
    return " " * max(0, WIDTH - 4 - cell_width(text)) + text


def _filled(text: str, width: int = WIDTH) -> list[str]:
    """Lines of at most so many cells; no line begins with a closing mark."""
    lines, line, used = [], "", 0
    for char in text:
        size = cell_width(char)
        if used + size > width and char not in "，。；：！？、）》」』”’":
            lines.append(line)
            line, used = "", 0
        line += char
        used += size
    return [*lines, line]
