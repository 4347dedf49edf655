"""Tables of the line to a backend: what waits to be sent, what was refused, and rows as the log makes them.

Part of `db/tables.py`, which says how these classes are used.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel


class Outbox(SQLModel, table=True):
    """Events that the backend has not seen. Once offered, they can no longer be taken back."""

    __tablename__ = "outbox"

    event_n: int = Field(primary_key=True, foreign_key="event.n")
    actor: str
    offered: int | None = Field(default=None)  # when a request first carried it
    doubt: str | None = None  # code of the refusal that the rules expect; it is sent all the same


class Refused(SQLModel, table=True):
    """Events that the backend refused, whole, until a person has settled them."""

    __tablename__ = "refused"

    id: str = Field(primary_key=True)
    case_n: int | None = Field(default=None, index=True, foreign_key="cases.n")
    event: str  # JSON of the event with its words
    code: str
    detail: str  # JSON: the facts of the refusal's sentence
    at: int


class Confirmed(SQLModel, table=True):
    """A case as the backend's log makes it, where pending events make another row of it (`db/replica.py`)."""

    __tablename__ = "confirmed"
    __table_args__ = (Index("ix_confirmed_lost", "n", sqlite_where=text("row = ''")),)

    n: int = Field(primary_key=True, foreign_key="cases.n")
    row: str  # `db/casefile.dump`


class Ahead(SQLModel, table=True):
    """Cases that were fetched whole and are further on than the cursor: up to which number of the log."""

    __tablename__ = "ahead"

    case_id: str = Field(primary_key=True)
    seq: int


class Filled(SQLModel, table=True):
    """Letters that a fill under way has brought; what it did not bring is no longer in the log."""

    __tablename__ = "filled"

    n: int = Field(primary_key=True)


class Part(SQLModel, table=True):
    """Bytes of a snapshot's blob as they came: in the encrypted file, for letters are in them."""

    __tablename__ = "part"

    hash: str = Field(primary_key=True)
    first: int = Field(primary_key=True)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
