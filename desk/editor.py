"""A long text in the person's own editor: $VISUAL, $EDITOR, else one that is usually there."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from db.text import safe
from db.words import _

USUAL = ("nano", "vim", "vi")

LARGEST = 1_000_000
"""Bytes of a text that is taken back; more is not a letter."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The text as saved, or None where nothing is to be changed, with the sentence that says why."""

    text: str | None
    sentence: str = ""


def command() -> list[str] | None:
    """The editor with its options; None where there is none."""
    for name in ("VISUAL", "EDITOR"):
        if said := os.environ.get(name, "").strip():
            try:
                return shlex.split(said)
            except ValueError:
                return [said]
    found = next((path for name in USUAL if (path := shutil.which(name))), None)
    return [found] if found else None


def edit(text: str, folder: Path) -> Edited:
    """Opens the text in the editor and reads it back; the terminal must be the editor's meanwhile. What stands in the file has
    passed the gate: an editor, or a pager instead of one, may write to the terminal whatever it reads.

    The file lies in `folder`, readable by its owner only, and is gone afterwards.
    """
    editor = command()
    if editor is None:
        return Edited(None, _("No editor was found: set EDITOR. What you typed is kept."))
    text = safe(text)
    handle, name = tempfile.mkstemp(prefix="text-", suffix=".txt", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            code = subprocess.run([*editor, str(path)], check=False).returncode  # noqa: S603 - the person's own choice
        except OSError as e:
            why = e.strerror or type(e).__name__
            return Edited(
                None, _("{editor} could not be started ({why}). What you typed is kept.", editor=editor[0], why=why)
            )
        if code:
            return Edited(None, _("{editor} ended with {code}: the text stays as it was.", editor=editor[0], code=code))
        return _read(path, text)
    finally:
        for left in folder.glob(f"{path.name}*"):  # editors leave backups beside it
            left.unlink(missing_ok=True)


def _read(path: Path, before: str) -> Edited:
    try:
        raw = path.read_bytes()
    except OSError:
        return Edited(None, _("The editor left no text: it stays as it was."))
    if len(raw) > LARGEST:
        return Edited(None, _("The text is longer than {n} bytes: it stays as it was.", n=LARGEST))
    text = safe(raw.decode("utf-8", "replace")).rstrip("\n")
    if text == before.rstrip("\n"):
        return Edited(None, _("Nothing was changed in the editor."))
    return Edited(text)
