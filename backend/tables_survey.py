"""Tables of surveys. Part of `backend/tables.py`: the same metadata."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Text, Uuid
from sqlmodel import Field

from backend.tables import Base


class Survey(Base, table=True):
    """A survey as its events make it, and its answers counted. Who answers locks this row: so does who closes it."""

    __tablename__ = "survey"

    id: str = Field(primary_key=True)
    last: str = Field(sa_column=Column(Uuid(as_uuid=False), nullable=False))  # its last decision
    state: str
    until: int | None = Field(default=None, sa_column=Column(BigInteger))  # from then on its end day has passed
    row: str = Field(sa_column=Column(Text, nullable=False))  # `db/survey_model.dump`
    answers: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    tally: str = Field(default="", sa_column=Column(Text, nullable=False))  # `db/survey_answers.dump`
    told: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))  # answers of the last `survey_counted`
    told_at: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    told_last: str | None = Field(default=None, sa_column=Column(Uuid(as_uuid=False)))  # `last` at the final telling


class SurveyAnswer(Base, table=True):
    """One person's answers. `n` counts from 1 without a gap; `key` stands for the channel and its own number."""

    __tablename__ = "survey_answer"
    __table_args__ = (Index("ix_survey_answer_key", "survey", "key", unique=True),)

    survey: str = Field(primary_key=True)
    n: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    key: str
    at: int = Field(sa_column=Column(BigInteger, nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))  # JSON, as `db/survey_answers.check` left it
