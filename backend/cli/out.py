"""Tables on standard output, passwords from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len as cells

from db.text import one_line
from db.words import _


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns by two blanks; nothing of a person's making reaches the terminal raw."""
    lines = [list(head), *([one_line(str("" if v is None else v)) for v in row] for row in rows)]
    wide = [max(cells(line[n]) for line in lines) for n in range(len(head))]
    for line in lines:
        print("  ".join(v + " " * (w - cells(v)) for v, w in zip(line, wide, strict=True)).rstrip())


def secret() -> str:
    """A password: asked for at a terminal without showing it, else the first line of standard input."""
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass(_("Password: "))
    return sys.stdin.readline().rstrip("\r\n")
