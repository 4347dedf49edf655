"""Files that a person attaches: what was typed as paths, looked at, read into the encrypted store.

What is refused is said before anything is sent, by the limits the newsroom has (`db/attachments.py`). A name of the disk is outside
text as well: it passes the gate before it is shown or kept.
"""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from db import attachments
from db.attachments import size_of
from db.text import one_line
from db.wire import MAX_FILES
from db.words import _, term

if TYPE_CHECKING:
    from db.store import Store

NAME = 200
"""Characters of a name that are kept, its ending among them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file as it was when it was looked at. `name` is safe to be shown; `hash` of its content."""

    path: Path
    hash: str
    media: str
    size: int
    name: str


def paths(typed: str | Sequence[str]) -> list[Path] | None:
    """The paths in what was typed, or dropped into the terminal: quoted or escaped as a shell takes them, `~`, file://.
    None where a quote is left open.
    """
    if not isinstance(typed, str):
        return [_path(one) for one in typed]
    text = typed.strip()
    if text and _path(text).is_file():  # one path with spaces in it
        return [_path(text)]
    try:
        return list(dict.fromkeys(_path(one) for one in shlex.split(text)))
    except ValueError:
        return None


def _path(typed: str) -> Path:
    if typed.startswith("file://"):
        typed = unquote(urlsplit(typed).path)
    try:
        return Path(typed).expanduser()
    except RuntimeError:  # ~nobody
        return Path(typed)


def said_of(typed: str) -> str:
    """What would be attached, for under the field: names, kinds, sizes, or the first thing that is wrong."""
    found = paths(typed)
    if found is None:
        return ""
    parts = []
    for path in found:
        kind = _looked_at(path)
        if isinstance(kind, str):
            return kind if path.exists() else ""  # still being typed; sending says it
        parts.append(f"{_name(path)} · {term('file', attachments.kind_name(kind[0]))} · {size_of(kind[1])}")
    return "  ".join(parts)


def choose(typed: str | Sequence[str]) -> list[Chosen] | str:
    """The files, each read once for its hash; or the sentence that says which cannot be attached, and why."""
    found = paths(typed)
    if found is None:
        return _("A quotation mark is left open in the path.")
    if len(found) > MAX_FILES:
        return _("At most {n} files go with one entry.", n=MAX_FILES)
    made: dict[str, Chosen] = {}
    for path in found:
        looked = _looked_at(path)
        if isinstance(looked, str):
            return looked
        body = _read(path)
        if isinstance(body, str):
            return body
        hash_ = sha256(body).hexdigest()
        made.setdefault(hash_, Chosen(path, hash_, looked[0], len(body), _name(path)))
    return list(made.values())


def stage(store: Store, case: str, files: Iterable[Chosen]) -> str:
    """Reads them into the encrypted store, before their event is written; "" or why not. Raises StoreError.

    Takes as long as the disk does: for a thread where they are large.
    """
    for file in files:
        if attachments.body(store, file.hash) is not None:
            continue
        body = _read(file.path)
        if isinstance(body, str):
            return body
        if sha256(body).hexdigest() != file.hash:
            return _("{name} was changed just now: send once more.", name=file.name)
        with store.write() as conn:
            attachments.put(conn, case, file.hash, file.media, file.name, body)
    return ""


def facts(files: Sequence[Chosen]) -> tuple[dict[str, Any], dict[str, str]]:
    """What an event says of them: facts and words (docs/events.md)."""
    if not files:
        return {}, {}
    return {"attachments": [[f.hash, f.media, f.size] for f in files]}, {"files": "\n".join(f.name for f in files)}


def _looked_at(path: Path) -> tuple[str, int] | str:
    """(media, bytes) without reading it, or why it cannot be attached."""
    name = _name(path) or "?"
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return _("{name} is no file.", name=name)
        if not found.st_size:
            return _("{name} is empty.", name=name)
        if found.st_size > attachments.LARGEST:
            return _(
                "{name} has {size}; at most {most} can be attached.",
                name=name,
                size=size_of(found.st_size),
                most=size_of(attachments.LARGEST),
            )
        with path.open("rb") as file:
            media = attachments.kind_of(file.read(attachments.HEAD))
    except (OSError, ValueError) as e:
        return _unreadable(name, e)
    if media is None:
        return _(
            "{name} is of a kind that is not taken: pictures, PDF, office documents, sound and films are.", name=name
        )
    return media, found.st_size


def _read(path: Path) -> bytes | str:
    try:
        with path.open("rb") as file:
            body = file.read(attachments.LARGEST + 1)
    except OSError as e:
        return _unreadable(_name(path), e)
    if len(body) > attachments.LARGEST or not body:
        return _("{name} was changed just now: send once more.", name=_name(path))
    return body


def _unreadable(name: str, e: Exception) -> str:
    if isinstance(e, FileNotFoundError):
        return _("There is no file {name} here.", name=name)
    return _("{name} cannot be read: {what}", name=name, what=getattr(e, "strerror", None) or "?")


def _name(path: Path) -> str:
    name = one_line(path.name.encode("utf-8", "replace").decode())
    return name if len(name) <= NAME else name[: NAME - 20] + "…" + name[-19:]
