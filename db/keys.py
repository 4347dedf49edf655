"""Where the store's key comes from, three ways (DESIGN.md §5); the file `key` in the home says which.

| in `key` | way | protects |
|---|---|---|
| 64 hex digits: the key itself | `file` | a copied or discarded store file, not a whole copied home |
| `keyring ENTRY` | `keyring` | a copied home and a stolen disk, as well as the login of this person does |
| `argon2id …` (`db/passphrase.py`) | `passphrase` | a copied home and a stolen disk, as well as the passphrase is chosen |

One small file, replaced whole: killed at any moment there is the old one or the new one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from db import keyrings, passphrase

KEY_FILE = "key"
KEY_BYTES = 32
WAYS = ("keyring", "passphrase", "file")
TRIES = 3
"""How often a passphrase may be wrong before the desk gives up."""

RING_WORD = "keyring"

Ask = Callable[[int], str | None]
"""Asks the person for the passphrase, the n-th time (from 0); None: nobody can be asked, or they gave up."""


class NoKeyError(Exception):
    """There is no usable key. `code`: no_key (the file is missing), bad_key (it does not hold a key), no_keyring, keyring_lost,
    no_passphrase (nobody could be asked), wrong_passphrase.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Keeper:
    """Keeps the key of one home, in whichever way its file says. A passphrase that was right is not asked for again."""

    def __init__(self, home: Path, ask: Ask | None = None, name: str = KEY_FILE) -> None:
        self.home = home
        self.path = home / name
        self._ask = ask
        self._said: str | None = None

    def ask(self, tries: int) -> str | None:
        """Asks through whoever asks for this keeper; what was right before is not asked for again."""
        if tries == 0 and self._said is not None:
            return self._said
        return self._ask(tries) if self._ask else None

    @property
    def way(self) -> str | None:
        """`file`, `keyring`, `passphrase`; None where there is no key. Raises NoKeyError(bad_key), OSError."""
        try:
            return way_of(self._line())
        except NoKeyError as e:
            if e.code == "no_key":
                return None
            raise

    def get(self, name: str | None = None) -> bytes:
        """The key's 32 bytes, or those of another file of this home. Raises NoKeyError, OSError."""
        key = self._opened(self._line(name))
        if len(key) != KEY_BYTES:
            raise NoKeyError("bad_key")
        return key

    def make(self) -> bytes:
        """A new key in a file of its own, kept durably before this returns; the one already there if another was first."""
        try:
            return self.get()
        except NoKeyError as e:
            if e.code != "no_key":
                raise
        place(self.path, os.urandom(KEY_BYTES).hex(), over=False)
        return self.get()

    def _line(self, name: str | None = None) -> str:
        try:
            return (self.home / name if name else self.path).read_text("ascii").strip()
        except FileNotFoundError:
            raise NoKeyError("no_key") from None
        except UnicodeDecodeError:
            raise NoKeyError("bad_key") from None

    def _opened(self, line: str) -> bytes:
        way = way_of(line)
        try:
            if way == "file":
                return bytes.fromhex(line)
            return _of_keyring(line) if way == "keyring" else self._of_passphrase(line)
        except (ValueError, passphrase.BadLineError):
            raise NoKeyError("bad_key") from None

    def _of_passphrase(self, line: str) -> bytes:
        for n in range(TRIES):
            said = self.ask(n)
            if said is None:
                raise NoKeyError("wrong_passphrase" if n else "no_passphrase")
            try:
                key = passphrase.unseal(line, said)
            except passphrase.WrongPassphraseError:
                continue
            self._said = said
            return key
        raise NoKeyError("wrong_passphrase")


def keeper(home: Path, ask: Ask | None = None) -> Keeper:
    """Who keeps the key of this home."""
    return Keeper(home, ask)


def way_of(line: str) -> str:
    """Which way a line of a key file is. Raises NoKeyError(bad_key)."""
    word = line.split(" ", 1)[0]
    if word == passphrase.WORD:
        return "passphrase"
    if word == RING_WORD:
        return "keyring"
    if len(line) == KEY_BYTES * 2:
        return "file"
    raise NoKeyError("bad_key")


def seal(key: bytes, way: str, said: str = "") -> str:
    """The line to be kept for that key; `said`: the passphrase of that way. Raises NoKeyError(no_keyring)."""
    if way == "passphrase":
        return passphrase.seal(key, said)
    if way == "file":
        return key.hex()
    ring = keyrings.ring()
    if ring is None:
        raise NoKeyError("no_keyring")
    entry = f"store-{os.urandom(8).hex()}"
    try:
        ring.set_password(keyrings.SERVICE, entry, key.hex())
        back = ring.get_password(keyrings.SERVICE, entry)
    except Exception:  # locked, or without its daemon: a keyring may fail in ways of its own
        raise NoKeyError("no_keyring") from None
    if back != key.hex():  # one that forgets at once
        raise NoKeyError("no_keyring")
    return f"{RING_WORD} {entry}"


def forget(line: str) -> None:
    """Takes a line's secret out of the keyring, where it is there: the line is no longer in use."""
    if not line.startswith(f"{RING_WORD} "):
        return
    ring = keyrings.ring()
    if ring is None:
        return
    try:
        ring.delete_password(keyrings.SERVICE, line.split(" ", 1)[1])
    except Exception:  # it is useless now, there or not
        return


def _of_keyring(line: str) -> bytes:
    ring = keyrings.ring()
    if ring is None:
        raise NoKeyError("no_keyring")
    try:
        found = ring.get_password(keyrings.SERVICE, line.split(" ", 1)[1])
    except Exception:
        raise NoKeyError("no_keyring") from None
    if found is None:
        raise NoKeyError("keyring_lost")
    return bytes.fromhex(found)


def place(path: Path, line: str, *, over: bool) -> None:
    """Writes a key file whole, mode 0600, durable when this returns. `over`: replaces one that is there; else that one stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w", encoding="ascii") as f:
            f.write(line + "\n")
            f.flush()
            os.fsync(f.fileno())
        if over:
            draft.replace(path)
        else:
            try:
                os.link(draft, path)
            except FileExistsError:
                return
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """A name just given or taken away stays so after a power cut."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
