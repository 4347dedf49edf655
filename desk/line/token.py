"""This device's token: in the platform's keyring where there is one, else in a file that only its owner may read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from db.keyrings import SERVICE, ring

FILE = "token"
IN_KEYRING = "keyring"


def keep(home: Path, token: str) -> str:
    """Keeps it; returns where: `keyring` or `file`. Raises OSError."""
    kept = ring()
    if kept is not None:
        with suppress(Exception):  # a keyring may fail in ways of its own
            kept.set_password(SERVICE, str(home.absolute()), token)
            _write(home, IN_KEYRING)
            return "keyring"
    _write(home, token)
    return "file"


def read(home: Path) -> str | None:
    """The token, or None where there is none."""
    try:
        text = (home / FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    if text != IN_KEYRING:
        return text or None
    kept = ring()
    with suppress(Exception):
        found = kept.get_password(SERVICE, str(home.absolute())) if kept is not None else None
        return str(found) if found else None
    return None


def drop(home: Path) -> None:
    """Forgets it."""
    kept = ring()
    with suppress(Exception):
        if kept is not None:
            kept.delete_password(SERVICE, str(home.absolute()))
    (home / FILE).unlink(missing_ok=True)


def _write(home: Path, text: str) -> None:
    draft = home / f"{FILE}.{os.getpid()}.new"
    draft.unlink(missing_ok=True)
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as f:
        f.write(text + "\n")
        f.flush()
        os.fsync(f.fileno())
    draft.replace(home / FILE)
