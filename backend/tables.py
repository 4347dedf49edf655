"""The backend's tables, as SQLModel classes: the log, what it folds to, people, files. Their metadata is apart from the desk's.

One newsroom a database. Times are UTC ms; hashes are bytes; JSON is text. The same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

Id = Uuid(as_uuid=False)


class Base(SQLModel, registry=registry()):
    """Tables of the backend."""


def _big(*, null: bool = False, index: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=null, index=index)


def _bytes(*, unique: bool = False) -> Column[bytes]:
    return Column(LargeBinary, nullable=False, unique=unique)


# ── the log ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Newsroom(Base, table=True):
    """The one row that says whose log this is. `secret` keys everything the backend derives and others must not guess."""

    __tablename__ = "newsroom"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False), default=1)
    epoch: str
    secret: bytes = Field(sa_column=_bytes())
    made_at: int = Field(sa_column=_big())
    people: int = 0  # raised whenever what /v1/newsroom tells has changed


class Counter(Base, table=True):
    """Number and hash of the log's last event: locked last in a transaction, so that commit order is number order."""

    __tablename__ = "counter"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False), default=1)
    seq: int = Field(sa_column=_big())
    hash: bytes = Field(sa_column=_bytes())
    mark: int = Field(sa_column=_big())  # fingerprint of all open cases, signed
    decided: int = Field(
        default=0, sa_column=_big()
    )  # number of the last event by which the newsroom decided something


class Event(Base, table=True):
    """The log. `wire` is the event as it travels, without number and receipt; erasing puts `inner` in place of its words."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_case", "case_id", "seq"),
        Index(
            "ix_event_newsroom", "seq", postgresql_where=text("case_id IS NULL"), sqlite_where=text("case_id IS NULL")
        ),
    )

    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    id: str = Field(sa_column=Column(Id, nullable=False, unique=True))
    case_id: str | None = Field(sa_column=Column(Id, nullable=True))
    kind: str
    actor: str
    heard: int = Field(sa_column=_big())
    absorbed: int = 0
    digest: bytes = Field(sa_column=_bytes())
    hash: bytes = Field(sa_column=_bytes())
    wire: str = Field(sa_column=Column(Text, nullable=False))


class Touch(Base, table=True):
    """Events of another case that a case's fold also read."""

    __tablename__ = "touch"

    case_id: str = Field(sa_column=Column(Id, primary_key=True))
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


class Verdict(Base, table=True):
    """What was refused, by the event's id: the same event gets the same answer for as long as this is kept."""

    __tablename__ = "verdict"

    id: str = Field(sa_column=Column(Id, primary_key=True))
    digest: bytes = Field(sa_column=_bytes())
    code: str
    detail: str = Field(sa_column=Column(Text, nullable=False))
    seq: int = Field(sa_column=_big())
    at: int = Field(sa_column=_big(index=True))
    device: str


class Cases(Base, table=True):
    """A letter's case: the fold of its events, whole in `row` (`db/casefile.dump`); columns for what is asked by."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_month", "month", "open", "seq"),
        Index(
            "ix_cases_timer",
            "timer_at",
            postgresql_where=text("timer_at IS NOT NULL"),
            sqlite_where=text("timer_at IS NOT NULL"),
        ),
        Index(
            "ix_cases_sender",
            "sender",
            postgresql_where=text("sender IS NOT NULL"),
            sqlite_where=text("sender IS NOT NULL"),
        ),
    )

    id: str = Field(sa_column=Column(Id, primary_key=True))
    code: str = Field(unique=True)
    state: str
    open: int
    received_at: int = Field(sa_column=_big())
    month: int  # of receipt, in Asia/Shanghai: 202410
    sender: str | None = None
    timer_at: int | None = Field(default=None, sa_column=_big(null=True))  # when the system writes next (db/timers.py)
    seq: int = Field(sa_column=_big())  # of the last event folded into it
    mark: int = Field(sa_column=_big())  # its share of the fingerprint, signed
    row: str = Field(sa_column=Column(Text, nullable=False))


class CodeDay(Base, table=True):
    """The last running number of the codes given here on a day."""

    __tablename__ = "code_day"

    day: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))  # 20241015
    last: int


class Dispatch(Base, table=True):
    """转办单, for the units' lists; everything else of it is in its case's row."""

    __tablename__ = "dispatch"
    __table_args__ = (Index("ix_dispatch_district", "district", "sent_at"),)

    id: str = Field(sa_column=Column(Id, primary_key=True))
    case_id: str = Field(sa_column=Column(Id, nullable=False, index=True))
    district: str
    unit: str
    state: str
    sent_at: int = Field(sa_column=_big())


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Sender(Base, table=True):
    """Who wrote: apart from everything else, for those who may reveal."""

    __tablename__ = "sender"

    id: str = Field(primary_key=True)
    name: str
    salutation: str = ""
    phone: str = ""
    contact: str = Field(default="", sa_column=Column(Text, nullable=False))


class User(Base, table=True):
    """Who works here. A unit's person has a district, and perhaps an office in it.

    `first_until`: the password was given to them and opens, until then (UTC ms), the choice of their own; None: it is their own.
    """

    __tablename__ = "user"

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    role: str
    password: str
    district: str = ""
    unit: str = ""
    active: int = 1
    made_at: int = Field(sa_column=_big())
    first_until: int | None = Field(default=None, sa_column=_big(null=True))


class Device(Base, table=True):
    """Terminals: `number` goes into the codes of letters taken down there, `cursor` is how far it has read."""

    __tablename__ = "device"

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    id: str = Field(unique=True)
    key: bytes = Field(sa_column=_bytes(unique=True))  # SHA-256 of the terminal's own random text
    label: str = ""
    since: int = Field(sa_column=_big())
    seen_at: int = Field(sa_column=_big())
    cursor: int = Field(default=0, sa_column=_big())


class Token(Base, table=True):
    """Keys to the doors, hashed: of a person on a device, of a channel, of a unit."""

    __tablename__ = "token"

    id: int | None = Field(default=None, primary_key=True)
    hash: bytes = Field(sa_column=_bytes(unique=True))
    kind: str  # device, channel, unit
    user: str | None = Field(default=None, index=True)
    device: str | None = None
    channel: str = ""
    district: str = ""
    unit: str = ""
    label: str = ""
    made_at: int = Field(sa_column=_big())
    revoked_at: int | None = Field(default=None, sa_column=_big(null=True))


class Attempt(Base, table=True):
    """Failed passwords and secrets, counted by what was tried and from where (both hashed)."""

    __tablename__ = "attempt"

    key: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    failed: int
    until: int = Field(sa_column=_big(index=True))  # counted anew from then on


# ── blobs and files ──────────────────────────────────────────────────────────────────────────────────────────────────


class Blob(Base, table=True):
    """Snapshot blobs by their hash. `source` tells from what it was made, so that an unchanged segment is not made again."""

    __tablename__ = "blob"

    hash: str = Field(primary_key=True)
    kind: str
    scope: str
    source: str = Field(index=True)
    letters: int
    first_at: int = Field(sa_column=_big())  # receipt of its first and last letter
    last_at: int = Field(sa_column=_big())
    body: bytes = Field(sa_column=_bytes())
    named_at: int = Field(sa_column=_big())  # when a manifest last named it
    dropped: int = 0  # a person in it was erased


class Manifest(Base, table=True):
    """The newest snapshot: what was cut at number `seq`, as /v1/snapshot lists it."""

    __tablename__ = "manifest"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False), default=1)
    seq: int = Field(sa_column=_big())
    hash: str
    made_at: int = Field(sa_column=_big())
    open: int  # letters that were open
    body: str = Field(sa_column=Column(Text, nullable=False))  # JSON: the entries


class File(Base, table=True):
    """Attachments by the hash of their content; `held` bytes of `size` are here."""

    __tablename__ = "file"

    hash: str = Field(primary_key=True)
    media: str
    size: int = Field(sa_column=_big())
    held: int = Field(sa_column=_big())
    whole: int = 0
    touched_at: int = Field(sa_column=_big())


class FilePart(Base, table=True):
    """A piece of a file."""

    __tablename__ = "file_part"

    hash: str = Field(primary_key=True)
    start: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    body: bytes = Field(sa_column=_bytes())


class FileOf(Base, table=True):
    """Which letters a file belongs to, and its name there."""

    __tablename__ = "file_of"

    case_id: str = Field(sa_column=Column(Id, primary_key=True))
    hash: str = Field(primary_key=True, index=True)
    name: str
