"""This device's token: in the platform's keyring where there is one, else in a file that only its owner may read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

FILE = "token"
SERVICE = "letters-desk"
IN_KEYRING = "keyring"


def keep(home: Path, token: str) -> str:
    """Keeps it; returns where: `keyring` or `file`. Raises OSError."""
    ring = _ring()
    if ring is not None:
        with suppress(Exception):  # a keyring may fail in ways of its own
            ring.set_password(SERVICE, str(home.absolute()), token)
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
    ring = _ring()
    with suppress(Exception):
        found = ring.get_password(SERVICE, str(home.absolute())) if ring is not None else None
        return str(found) if found else None
    return None


def drop(home: Path) -> None:
    """Forgets it."""
    ring = _ring()
    with suppress(Exception):
        if ring is not None:
            ring.delete_password(SERVICE, str(home.absolute()))
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


def _ring() -> Any:
    """The keyring of this platform; None where nothing there keeps a secret."""
    try:
        import keyring
        from keyring.backends import fail, null

        found = keyring.get_keyring()
    except Exception:
        return None
    return None if isinstance(found, (fail.Keyring, null.Keyring)) or found.priority < 1 else found
