"""Paths of files on this machine, one after the other as a shell takes them; how one may go on is offered in grey, → takes it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual.suggester import Suggester

from db.text import one_line
from desk.widgets.text_field import LineField

LOOKED = 2_000
"""Entries of a folder that are looked through: a folder of a million must not hold up a key."""


class PathField(LineField):
    """A dropped file arrives as its path, quoted by the terminal."""

    def __init__(self, placeholder: str = "") -> None:
        super().__init__(placeholder)
        self.suggester = Completing()


class Completing(Suggester):
    """The first entry of the folder that begins with what stands behind its last slash."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(completed, value)


def completed(typed: str) -> str | None:
    """What was typed, with the last path in it completed; None where nothing goes on from there."""
    last = _last_word(typed)
    quote = last[:1] if last[:1] in ("'", '"') else ""
    word = last[1:] if quote else last.replace("\\ ", " ")
    folder, slash, begun = word.rpartition("/")
    if not slash and not begun.startswith("~"):
        folder = "."
    elif not slash:
        return None
    try:
        with os.scandir(Path(folder or "/").expanduser()) as entries:
            found = min(
                (e for e, _n in zip(entries, range(LOOKED), strict=False) if _goes_on(e.name, begun)), key=_order
            )
    except (OSError, ValueError, RuntimeError):
        return None
    rest = found.name[len(begun) :]
    rest = rest if quote else rest.replace(" ", "\\ ")
    return typed + rest + ("/" if found.is_dir() else quote)


def _goes_on(name: str, begun: str) -> bool:
    """Hidden ones only where their dot was typed; none that would not look like what it is."""
    return name.startswith(begun) and name != begun and (begun != "" or name[0] != ".") and one_line(name) == name


def _order(entry: os.DirEntry[str]) -> str:
    return entry.name


def _last_word(typed: str) -> str:
    """What stands behind the last space that no quote and no backslash protects."""
    start, quote, escaped = 0, "", False
    for i, c in enumerate(typed):
        if escaped:
            escaped = False
        elif c == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c == " ":
            start = i + 1
    return typed[start:]
