"""Where the store's key comes from: today a file of 32 random bytes in the home, readable by its owner only.

That protects a copied or discarded store file, not a whole copied home; `desk doctor` says so in these words.
Keyring and passphrase (DESIGN.md §5) become further classes with the same two methods.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Protocol

KEY_FILE = "key"
KEY_BYTES = 32


class NoKeyError(Exception):
    """There is no usable key. `code`: `no_key` (the file is missing), `bad_key` (it does not hold a key)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Keeper(Protocol):
    """Keeps the key of one home."""

    name: str  # for `desk doctor`: key_file, keyring, passphrase

    def get(self) -> bytes:
        """The key's 32 bytes. Raises NoKeyError, OSError."""
        ...

    def make(self) -> bytes:
        """A new key, kept durably before this returns; the one already there if another process was first."""
        ...


class KeyFile:
    """The key as 64 hex digits in `<home>/key`, mode 0600."""

    name = "key_file"

    def __init__(self, home: Path) -> None:
        self.path = home / KEY_FILE

    def get(self) -> bytes:
        try:
            text = self.path.read_text("ascii").strip()
        except FileNotFoundError:
            raise NoKeyError("no_key") from None
        except UnicodeDecodeError:
            raise NoKeyError("bad_key") from None
        try:
            key = bytes.fromhex(text)
        except ValueError:
            raise NoKeyError("bad_key") from None
        if len(key) != KEY_BYTES:
            raise NoKeyError("bad_key")
        return key

    def make(self) -> bytes:
        """Written beside and linked into place, so that a key file is never half there, nor replaced."""
        draft = self.path.with_name(f"{KEY_FILE}.{os.getpid()}.new")
        draft.unlink(missing_ok=True)
        try:
            fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(fd, "w", encoding="ascii") as f:
                f.write(secrets.token_hex(KEY_BYTES) + "\n")
                f.flush()
                os.fsync(f.fileno())
            try:
                os.link(draft, self.path)
            except FileExistsError:
                return self.get()
        finally:
            draft.unlink(missing_ok=True)
        return self.get()


def keeper(home: Path) -> Keeper:
    """Who keeps the key of this home."""
    return KeyFile(home)
