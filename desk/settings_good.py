"""What was last good, beside the file: in force while the file is wrong, also over a restart.

It is also why a start costs no TOML parser: as long as the file is the one it was made of, its values are read from here.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desk.settings import Settings

NAME = ".settings.good.json"


Kept = tuple[list[int], dict[str, Any]]
"""Which state of the file the values are of (`stamp`), and the values."""


def stamp(info: os.stat_result) -> list[int]:
    """What changes when the file does."""
    return [info.st_mtime_ns, info.st_size, info.st_ino]


def read(path: Path) -> Kept | None:
    """What was kept of the settings at `path`; None where nothing usable was."""
    try:
        held = json.loads(path.with_name(NAME).read_bytes())
        if isinstance(held["values"], dict):
            return list(held["stamp"]), held["values"]
    except (OSError, ValueError, TypeError, KeyError):
        pass
    return None


def keep(path: Path, settings: Settings, of: list[int]) -> None:
    """Keeps values that are in force, without a fault, as of that stamp. A disk that is full keeps nothing."""
    kept = read(path)
    if kept is not None and kept[0] == of:
        return
    whole = settings._asdict()
    whole["keys"], whole["searches"] = dict(settings.keys), [s._asdict() for s in settings.searches]
    with suppress(OSError):
        replace_file(path.with_name(NAME), json.dumps({"stamp": of, "values": whole}, ensure_ascii=False))


def replace_file(path: Path, text: str) -> None:
    """Writes the text in one step, for the owner only where the file is new: nobody ever reads half of it."""
    target = path.resolve()  # a link into a folder of dotfiles stays a link
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as f:
            part.chmod(mode)
            f.write(text)
            f.flush()
            os.fsync(f.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
