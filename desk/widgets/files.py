"""A file of a letter as one line: what it is, its name, its size, and whether it is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.words import _, term
from desk.widgets.sheet import Line, line
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.attachments import Attached


def size_of(count: int) -> str:
    """Bytes as a person reads them: 640 B, 12 KB, 3.4 MB."""
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def named(file: Attached) -> str:
    """Its sender's name for it, else what it is."""
    return file.name or file.file_name


def brief(file: Attached) -> str:
    """For the reading pane: number, name, kind, size."""
    return f"{file.n} {named(file)} · {term('file', file.kind)} · {size_of(file.size)}"


def file_line(file: Attached, held: int, width: int, *, here: bool, wanted: bool) -> Line:
    """For the list. `here`: the cursor is on it; `wanted`: it is on its way."""
    if held >= file.size:
        state = _("here")
    elif held or wanted:
        state = f"⇣ {held * 100 // max(1, file.size)} %"
    else:
        state = _("to be fetched")
    return line(
        ("▌ " if here else "  ", "seal"),
        (f"{file.n:>2} ", "faint"),
        (f"{pad(term('file', file.kind), 8)} ", "amber"),
        (f"{pad(named(file), max(8, width - 42))} ", "strong" if here else "ink"),
        (f"{size_of(file.size):>8}  ", "faint"),
        (pad(state, 14), "leaf" if held >= file.size else "water"),
        bold=here,
    )
