"""The tables of the store, as SQLModel classes: what Alembic migrates, what figures and later editions read by.

Only migrations and tests import this module: it costs a third of a second. The desk itself reads and writes with plain
SQL over the same tables (`db/store.py` says why); a test holds the two together. Times are UTC ms, days ISO dates.
A table whose name is a word of SQL is named by its plural. `event` and `sender` are kept apart so that erasing a
person never touches what happened.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel

import db.tables_learned
import db.tables_line
import db.tables_survey  # noqa: F401 - so do these


class Cases(SQLModel, table=True):
    """One letter: the fold of its events. `n` = received_at << 20 | tie, so that its order is the letters' order."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_sender", "sender", sqlite_where=text("sender IS NOT NULL")),
        Index("ix_cases_assignee", "assignee", sqlite_where=text("assignee IS NOT NULL")),
        Index("ix_cases_received", "received_at", "kind", "topic", "district"),  # a period's letters (`db/figures/`)
    )

    n: int = Field(primary_key=True)
    id: str = Field(unique=True)
    code: str = Field(index=True)
    state: str = Field(index=True)
    kind: str | None
    urgency: str
    received_at: int
    district: str | None = Field(index=True)  # shown: of the place it is about, else of its lead dispatch
    topic: str | None = Field(index=True)
    title: str
    chase_level: int
    next_due: int | None  # of the running clock that ends first
    due_kind: str | None  # forward, sign, reply, promise
    paused: int
    pending: int  # events saved here and not yet in the backend's log
    doubtful: int  # pending events that the rules would refuse today
    refused: int  # events that the backend refused and nobody has settled
    assignee: str | None
    returns: int
    redos: int
    score: int | None
    last_at: int
    closed_at: int | None
    result: str | None
    confidential: int
    place_district: str | None
    sender: str | None
    channel: str
    number: str
    source: str
    rest: str  # JSON: what else the fold knows (`db/casefile.py`)


class Dispatch(SQLModel, table=True):
    """转办单: lead and co-handlers of a case in the order of sending, each with its own clocks."""

    __tablename__ = "dispatch"
    __table_args__ = (
        Index("ix_dispatch_district", "district", "sent_at"),
        Index("ix_dispatch_sent", "sent_at"),
        Index("ix_dispatch_replied", "first_reply_at", sqlite_where=text("first_reply_at IS NOT NULL")),
        Index("ix_dispatch_due", "reply_due"),
        {"sqlite_with_rowid": False},
    )

    n: int = Field(primary_key=True, foreign_key="cases.n")
    place: int = Field(primary_key=True)  # 0 = the first sent
    id: str
    lead: int
    district: str
    district_name: str
    unit: str
    state: str
    rules: int
    sent_at: int
    sign_due: int
    return_due: int
    reply_due: int
    signed_at: int | None
    first_reply_at: int | None
    reply: str | None
    replied_at: int | None
    returned: str | None
    contact_shared: int
    chase_level: int
    chases: int
    redos: int
    extension_asked: str | None
    extended: int
    recalled: int
    rest: str


class Event(SQLModel, table=True):
    """What happened, in order of arrival. Facts and words apart: erasing blanks `words` and `salt`, keeps `inner`."""

    __tablename__ = "event"
    __table_args__ = (
        Index(  # what changes a period's figures back, and what is said of letters; the term of `db/figures/as_of.py`
            "ix_event_figures",
            "kind",
            "at",
            "case_n",
            sqlite_where=text(
                "kind IN ('declined', 'extended', 'lead_changed', 'merged', 'published', 'rated', 'recalled', 'redone', "
                "'reopened', 'returned', 'unmerged', 'upheld', 'withdrawn')"
            ),
        ),
    )

    n: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    case_n: int | None = Field(default=None, index=True, foreign_key="cases.n")
    kind: str
    at: int
    happened: int | None  # `when` of the model
    actor: str
    role: str
    device: str
    re: str | None
    dispatch: str | None
    facts: str
    words: str | None
    salt: str
    inner: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # SHA-256(salt ‖ words)
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    seq: int | None = Field(default=None, unique=True)  # the backend's number; None while pending
    heard: int | None
    absorbed: int = Field(default=0)  # in the log, but the fold changed nothing


class EventTouch(SQLModel, table=True):
    """Events of another case that a case's fold also reads: merges and what follows from them."""

    __tablename__ = "event_touch"
    __table_args__ = (Index("ix_event_touch_event", "event_n"), {"sqlite_with_rowid": False})

    case_n: int = Field(primary_key=True, foreign_key="cases.n")
    event_n: int = Field(primary_key=True, foreign_key="event.n")


class Run(SQLModel, table=True):
    """What a person did in one go on this desk: the events `first` to `last` of the log (`db/runs.py`)."""

    __tablename__ = "run"

    n: int | None = Field(default=None, primary_key=True)
    at: int
    actor: str
    action: str  # of `desk/actions.py`
    said: str | None = None  # JSON: the dialog as it was filled in; blanked with a person's words
    first: int
    last: int
    undone: int = Field(default=0)


class Sender(SQLModel, table=True):
    """Who wrote: a record apart. Its id is all that an event ever carries of it."""

    __tablename__ = "sender"

    id: str = Field(primary_key=True)
    name: str
    salutation: str = ""
    phone: str = ""
    contact: str = ""  # JSON: whatever else the channel gave


class Division(SQLModel, table=True):
    """What this newsroom decided of places, over what is shipped: as it is from a day on; without a name, it ends then."""

    __tablename__ = "division"

    code: str = Field(primary_key=True)
    valid_from: str = Field(primary_key=True)
    name: str
    short: str
    level: str
    kind: str
    parent: str | None = Field(default=None, index=True)
    valid_to: str | None = None
    successor: str | None = None
    aliases: str = ""
    managed_by: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Unit(SQLModel, table=True):
    """承办单位: an office inside a district, a row for each time it was called or placed otherwise."""

    __tablename__ = "unit"

    id: str = Field(primary_key=True)
    valid_from: str = Field(primary_key=True)
    valid_to: str | None = None
    district: str = Field(index=True)
    name: str
    note: str = ""


class UnitContact(SQLModel, table=True):
    """Whom to call in a unit, and when they pick up."""

    __tablename__ = "unit_contact"

    id: int | None = Field(default=None, primary_key=True)
    unit: str = Field(index=True)
    name: str
    phone: str = ""
    duty: str = ""
    hours: str = ""


class Topic(SQLModel, table=True):
    """What this newsroom decided of topics, over the shipped ones: the field from a day on; without one, it ends then."""

    __tablename__ = "topic"

    name: str = Field(primary_key=True)
    valid_from: str = Field(primary_key=True)
    area: str | None = None


class RulesVersion(SQLModel, table=True):
    """The newsroom's rules, every version that a forward may name."""

    __tablename__ = "rules"

    version: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    body: str  # JSON (`db/newsroom.py`)
    since: int  # UTC ms; which one is in force when, the setting `rules.plan` says
    event: str | None = None  # the `configured` event that brought it


class Draft(SQLModel, table=True):
    """Texts as typed. No sync, crash or other person's change discards one."""

    __tablename__ = "draft"
    __table_args__ = ({"sqlite_with_rowid": False},)

    case_id: str = Field(primary_key=True)
    action: str = Field(primary_key=True)
    fields: str  # JSON
    at: int


class Setting(SQLModel, table=True):
    __tablename__ = "setting"

    name: str = Field(primary_key=True)
    value: str


class User(SQLModel, table=True):
    """People of the newsroom as the desk shows them; passwords live in the backend only."""

    __tablename__ = "user"

    id: str = Field(primary_key=True)
    name: str
    role: str
    active: int = 1


class Device(SQLModel, table=True):
    """Terminals that write events; `number` goes into codes of letters (00: the backend)."""

    __tablename__ = "device"

    id: str = Field(primary_key=True)
    number: int
    name: str = ""
    own: int = 0
    since: int


class Template(SQLModel, table=True):
    """Texts to begin from, by action, topic and unit."""

    __tablename__ = "template"

    id: str = Field(primary_key=True)
    action: str = Field(index=True)
    topic: str | None = None
    unit: str | None = None
    name: str
    body: str


class Attachment(SQLModel, table=True):
    """Files by the hash of their content; `body` is fetched when opened."""

    __tablename__ = "attachment"

    hash: str = Field(primary_key=True)
    case_n: int | None = Field(default=None, index=True, foreign_key="cases.n")
    name: str
    media: str
    size: int
    body: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class Bulletin(SQLModel, table=True):
    """Frozen months: a snapshot and its revisions."""

    __tablename__ = "bulletin"

    month: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    body: str  # JSON
    frozen_at: int
    signed_by: str = ""


class BoardCount(SQLModel, table=True):
    """Open letters of a group of the late board, and their chases, returns and redos (`db/board_counts.py`)."""

    __tablename__ = "board_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    dim: str = Field(primary_key=True)  # district, unit, topic, editor, level
    key: str = Field(primary_key=True)
    open: int
    chases: int
    returns: int
    redos: int


class DayCount(SQLModel, table=True):
    """Letters received and closed, by day and district (`db/day_counts.py`)."""

    __tablename__ = "day_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    day: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))  # Asia/Shanghai, since 1970
    district: str = Field(primary_key=True)  # as in `cases.district`; "" for none
    received: int
    closed: int


class QueueEntry(SQLModel, table=True):
    """Which letters stand in which queue, in the order a person works them (`db/queueing.py`)."""

    __tablename__ = "queue_entry"
    __table_args__ = (Index("ix_queue_entry_n", "queue", "n"), {"sqlite_with_rowid": False})

    queue: int = Field(primary_key=True)
    sort: int = Field(primary_key=True)
    n: int = Field(primary_key=True, foreign_key="cases.n")


class QueueCount(SQLModel, table=True):
    """Letters a queue; for queue 4 those whose due time lies at or before `upto`."""

    __tablename__ = "queue_count"

    queue: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    letters: int
    upto: int = 0


class ToIndex(SQLModel, table=True):
    """Letters whose words changed and are not yet in the search index (`db/search_index.py`)."""

    __tablename__ = "to_index"

    n: int = Field(primary_key=True)
