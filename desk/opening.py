"""Opened attachments: written for their reader only, shown by the system's own program, gone when the desk ends.

A file in the encrypted store is safe; one that another program shows must lie in a folder. It lies under the home, where no
name from outside leads anywhere else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from db.attachments import Attached
from db.text import one_line

FOLDER = "opened"


def folder_of(home: Path, code: str) -> Path:
    """The folder of a letter's opened files; a code is ours, and still only its plain characters count."""
    return home / FOLDER / "".join(c for c in code if c.isalnum() or c == "-")


def write(home: Path, code: str, file: Attached, body: bytes) -> Path:
    """Writes it, readable by its owner only; the path. Raises OSError."""
    folder = folder_of(home, code)
    (home / FOLDER).mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return save(folder / file.file_name, body)


def save(path: Path, body: bytes) -> Path:
    """Writes a file for its owner only; one that lies there is replaced, never followed where it is a link. Raises OSError."""
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(fd, "wb") as f:
        f.write(body)
    return path


def show(path: Path) -> bool:
    """Has the system's own program show it, where there is a screen for it; False where the path alone can be told."""
    if sys.platform == "darwin":
        opener = shutil.which("open")
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        opener = shutil.which("xdg-open")
    else:
        return False
    if opener is None:
        return False
    try:
        subprocess.Popen(  # noqa: S603 - the opener gets one path of ours
            [opener, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def clear(home: Path) -> None:
    """Nothing of a letter lies in the open any more."""
    shutil.rmtree(home / FOLDER, ignore_errors=True)


def told(path: Path) -> str:
    """The path as it is said: from the person's own folder on where it lies there."""
    home = Path.home()
    return one_line(f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path))
