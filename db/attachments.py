"""Files of a letter, by the hash of their content: which there are follows from its events, bytes are kept as they are opened.

What a sender calls a file is outside text: it is shown through the gate of `db/text.py`, and never becomes a path as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from db import file_room, parts, uploads
from db.clock import now_ms
from db.model import CaseId, Event, EventId, Ms
from db.text import one_line

if TYPE_CHECKING:
    from db.store import Store

ENDINGS: Final = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic",),
    "image/heif": ("heif",),
    "application/pdf": ("pdf",),
    "application/zip": ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "wps", "et"),
    "application/x-ole-storage": ("doc", "xls", "ppt", "wps", "et"),
    "audio/mpeg": ("mp3",),
    "audio/amr": ("amr",),
    "audio/wav": ("wav",),
    "audio/ogg": ("ogg",),
    "video/mp4": ("mp4", "m4a", "mov", "3gp"),
}
"""What a file of a kind may be called at its end; the first where its sender's name has none of them."""

LARGEST: Final = 20_000_000
"""Bytes of a file: a short film from a telephone."""

_STARTS: Final[Sequence[tuple[bytes, int, str]]] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heif"),
    (b"%PDF-", 0, "application/pdf"),
    (b"PK\x03\x04", 0, "application/zip"),  # office documents since 2007
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),  # and before
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"#!AMR", 0, "audio/amr"),
    (b"WAVE", 8, "audio/wav"),
    (b"OggS", 0, "audio/ogg"),
    (b"ftyp", 4, "video/mp4"),  # also sound alone
)
"""How files begin that are taken, where, and what they are called."""

HEAD: Final = 16
"""Bytes of a file that tell its kind."""

LONGEST_NAME: Final = 120
"""Bytes of a file's name on disk, its ending apart."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a letter. `name` as its sender called it, made safe to be shown; `size` in bytes."""

    n: int  # its place in the letter, from 1
    hash: str
    media: str
    size: int
    name: str
    event: EventId
    at: Ms

    @property
    def kind(self) -> str:
        """image, audio, video, document."""
        return kind_name(self.media)

    @property
    def file_name(self) -> str:
        """A name that is safe on every disk: no folder, nothing hidden, an ending that fits what it is."""
        plain = unicodedata.normalize("NFC", self.name)
        kept = "".join(c if c.isalnum() or c in "-_ ()（）·、，。" else "_" for c in plain.replace(".", "\0"))
        stem, _, ending = plain.rpartition(".")
        allowed = ENDINGS.get(self.media, ("bin",))
        if stem and ending.lower() in allowed:
            kept, last = kept[: len(stem)], ending.lower()
        else:
            last = allowed[0]
        kept = kept.replace("\0", "_").encode()[:LONGEST_NAME].decode("utf-8", "ignore").strip(" _")
        return f"{self.n}-{kept or self.hash[:8]}.{last}"


def kind_of(first: bytes) -> str | None:
    """What a file is, by how it begins: what its sender calls it is not believed. None: not one that is taken."""
    return next((media for start, at, media in _STARTS if first[at : at + len(start)] == start), None)


def kind_name(media: str) -> str:
    """image, audio, video, document."""
    first = media.split("/")[0]
    return first if first in ("image", "audio", "video") else "document"


def size_of(count: int) -> str:
    """Bytes as a person reads them: 640 B, 12 KB, 3.4 MB."""
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def of_events(events: Iterable[Event]) -> tuple[Attached, ...]:
    """The files of a letter in the order they came; one that came twice stands once."""
    found: dict[str, Attached] = {}
    for event in events:
        listed = event.facts.get("attachments")
        if not isinstance(listed, (list, tuple)):
            continue
        names = event.words.get("files", "").split("\n")
        for i, one in enumerate(listed):
            hash_, media, size = one
            name = one_line(names[i]) if i < len(names) else ""
            if hash_ not in found:
                found[hash_] = Attached(len(found) + 1, hash_, media, size, name, event.id, event.at)
    return tuple(found.values())


def body(store: Store, hash_: str) -> bytes | None:
    """The file, where it is here whole; None where it is with the backend. Raises StoreError."""
    rows = store.rows("SELECT body FROM attachment WHERE hash = ?", (hash_,))
    return bytes(rows[0][0]) if rows and rows[0][0] is not None else None


def held(store: Store, file: Attached) -> int:
    """How many of its bytes are here."""
    whole = store.rows("SELECT length(body) FROM attachment WHERE hash = ?", (file.hash,))
    return int(whole[0][0]) if whole and whole[0][0] is not None else parts.held(store, file.hash)


def keep(store: Store, case: CaseId, file: Attached) -> bool:
    """Makes one file of the bytes that came; False where they are not what its hash says: then they are let go."""
    made = parts.whole(store, file.hash)
    if made is None or sha256(made).hexdigest() != file.hash:
        return False
    with store.write() as conn:
        put(conn, case, file.hash, file.media, file.name, made)
        file_room.used(conn, file.hash, now_ms())
        conn.execute("DELETE FROM part WHERE hash = ?", (file.hash,))
    return True


def put(conn: Any, case: CaseId, hash_: str, media: str, name: str, content: bytes) -> None:
    """Keeps a file of a letter, in the encrypted store, until the letter is erased."""
    conn.execute(
        "INSERT OR REPLACE INTO attachment(hash, case_n, name, media, size, body) "
        "VALUES (?, (SELECT n FROM cases WHERE id = ?), ?, ?, ?, ?)",
        (hash_, case, name, media, len(content), content),
    )


def forget(conn: Any, n: int | None) -> None:
    """A letter is erased: its files, and what has come of them, go."""
    named = (
        "SELECT json_extract(a.value, '$[0]') FROM event e, json_each(e.facts, '$.attachments') a WHERE e.case_n = ?1"
    )
    conn.execute(f"DELETE FROM part WHERE hash IN ({named})", (n,))  # noqa: S608 - ours alone
    uploads.forget(conn, [hash_ for (hash_,) in conn.execute(named, (n,))])
    blank = f"UPDATE attachment SET body = NULL, name = '' WHERE case_n = ?1 OR hash IN ({named})"  # noqa: S608 - ours alone
    conn.execute(blank, (n,))
