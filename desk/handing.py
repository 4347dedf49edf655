"""The sheet for the next shift: its parts as lines of text, and as files to print or to send.

Figures and letters come from `db/handover.py`; screen and command line show the same lines.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db.clock import local
from db.text import one_line, safe
from db.words import _, term
from desk.widgets.due import time_left

if TYPE_CHECKING:
    from db.handover import Handover
    from db.model_rules import Calendar
    from db.rows import Row
    from db.store import Store

FOLDER = "handover"
"""In the home: every sheet that was written."""

NOTED = 120
"""Characters of a note that the sheet shows."""

Parts = list[tuple[str, list[str]]]
"""Titles and lines, safe text."""


def parts(store: Store, sheet: Handover) -> Parts:
    """Every part of a sheet. Raises StoreError."""
    since = local(sheet.since).strftime("%m-%d %H:%M")
    done = [_("{n} × {what}", n=n, what=term("event", kind)) for kind, n in sheet.done]
    said = [_("{n} letters: {what}", n=sheet.letters, what=_("、").join(done))] if done else [_("nothing yet")]
    made = [(_("Done since {when}", when=since), said)]
    notes = [_note(f"{code}  {title}", words) for code, title, words in sheet.notes]
    if notes:
        made.append((f"{term('handover', 'notes')} · {len(notes)}", notes))
    book = store.rulebook().at(sheet.now).calendar
    for part in sheet.parts:
        count = f"{part.count}+" if part.more and part.count >= 200 else str(part.count)
        rows = [_letter(row, sheet.now, book) for row in part.rows]
        left = part.count - len(rows)
        if left > 0:
            rows.append(_("… and {n} more", n=left))
        made.append((f"{term('handover', part.name)} · {count}", rows or ["–"]))
    drafts = [one_line(f"{code}  {title}（{term('action', action)}）") for code, title, action in sheet.drafts]
    made.append((f"{term('handover', 'drafts')} · {len(drafts)}", drafts or ["–"]))
    made.append((f"{term('handover', 'pending')} · {sheet.pending}", []))
    return made


def _note(letter: str, words: str) -> str:
    """What was noted, its beginning where it is long: the sheet is read in a minute, the letter holds it all."""
    said = one_line(words)
    cut = (
        said
        if len(said) <= NOTED
        else _("{beginning}… ({n} characters, whole in the letter)", beginning=said[:NOTED], n=len(said))
    )
    return _("{letter}: {words}", letter=one_line(letter), words=cut)


def _letter(row: Row, now: int, cal: Calendar) -> str:
    """RMLX-…  渝北区  二楼晾衣架锈断（紧急，转 超19时）: where it is, and what makes it wait."""
    from db.places import load

    where = load().short(row.district) if row.district else ""
    clock = term("clock_short", row.due_kind) if row.next_due and row.due_kind else ""
    left = time_left(row.next_due, now, cal, paused=bool(row.paused))[0]
    urgent = term("urgency", row.urgency) if row.urgency != "normal" else ""
    why = _(", ").join(said for said in (urgent, f"{clock} {left}".strip()) if said)
    line = "  ".join(said for said in (row.code, where, row.title) if said)
    return one_line(_("{letter} ({why})", letter=line, why=why) if why else line)


def head(sheet: Handover) -> str:
    """Who hands over, and when."""
    when = local(sheet.now).strftime("%Y-%m-%d %H:%M")
    return one_line(_("{who}, {when}", who=sheet.who, when=when) if sheet.who else when)


def as_text(made: Parts, *, markdown: bool = False) -> str:
    """The parts as plain text or Markdown."""
    lines: list[str] = []
    for title, said in made:
        lines.append(f"## {title}" if markdown else f"── {title}")
        lines += [f"- {one}" if markdown else f"  {one}" for one in said]
        lines.append("")
    return safe("\n".join(lines))


def write(store: Store, sheet: Handover) -> Path:
    """Keeps the sheet as .docx to print, .txt beside it; returns the .docx. Raises StoreError, OSError."""
    from db.notices.sheet import write_sheet

    made, title = parts(store, sheet), _("Handover sheet")
    folder = store.home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _free(folder, f"{title}-{local(sheet.now):%Y%m%d-%H%M}")
    write_sheet(path, title, head(sheet), made, (_("handed over by:"), _("taken over by:")))
    path.with_suffix(".txt").write_text(f"{title}  {head(sheet)}\n\n{as_text(made)}", encoding="utf-8")
    return path


def _free(folder: Path, name: str) -> Path:
    """A file that is not there yet: an earlier sheet is never written over."""
    path, n = folder / f"{name}.docx", 1
    while path.exists():
        n += 1
        path = folder / f"{name}-{n}.docx"
    return path
