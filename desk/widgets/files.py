"""A file of a letter as one line: what it is, its name, its size, and whether it is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.attachments import size_of
from db.words import _, term
from desk.widgets.sheet import Line, line
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.attachments import Attached
    from db.uploads import Upload


def named(file: Attached) -> str:
    """Its sender's name for it, else what it is."""
    return file.name or file.file_name


def brief(file: Attached, upload: Upload | None = None) -> str:
    """For the reading pane: number, name, kind, size; how far it is where it was attached here."""
    said = f"{file.n} {named(file)} · {term('file', file.kind)} · {size_of(file.size)}"
    return f"{said} · {way_of(upload)}" if upload is not None else said


def way_of(upload: Upload) -> str:
    """How far a file attached here is on its way to the newsroom."""
    if upload.code:
        return _("✗ not taken")
    return f"⇡ {upload.held * 100 // max(1, upload.size)} %" if upload.held else _("to be sent")


def file_line(file: Attached, held: int, width: int, *, here: bool, wanted: bool, upload: Upload | None = None) -> Line:
    """For the list. `here`: the cursor is on it; `wanted`: it is on its way here; `upload`: to the newsroom."""
    if upload is not None:
        state = way_of(upload)
    elif held >= file.size:
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
        (pad(state, 14), _tone(file, held, upload)),
        bold=here,
    )


def _tone(file: Attached, held: int, upload: Upload | None) -> str:
    if upload is not None:
        return "seal" if upload.code else "water"
    return "leaf" if held >= file.size else "water"
