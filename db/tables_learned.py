"""Tables of what the desk learned from its own decisions. Part of `db/tables.py`, which says how these classes are used."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class ToLearn(SQLModel, table=True):
    """Letters of which something was decided that is not yet learned (`db/learning.py`)."""

    __tablename__ = "to_learn"

    n: int = Field(primary_key=True)


class LearnedLetter(SQLModel, table=True):
    """As what a letter is counted in what was learned."""

    __tablename__ = "learned_letter"

    n: int = Field(primary_key=True)
    topic: str | None = Field(default=None, index=True)
    kind: str | None = None
    urgency: str | None = None
    district: str | None = None


class LearnedLabel(SQLModel, table=True):
    """What was learned of one label: how many letters, and in how many of them each bigram stands."""

    __tablename__ = "learned"

    field: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    letters: int
    grams: int
    counts: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LearnedPlace(SQLModel, table=True):
    """Names of estates and the like (hashed) and the districts that the desk put letters about them in."""

    __tablename__ = "learned_place"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: int = Field(primary_key=True)
    district: str = Field(primary_key=True)
    letters: int
