"""The table of surveys. Part of `db/tables.py`, which says how these classes are used."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Survey(SQLModel, table=True):
    """热力活动: what its events make (`db/survey_model.dump`), and what the backend last counted."""

    __tablename__ = "survey"

    id: str = Field(primary_key=True)
    row: str
    counted: str | None = None  # facts of the last `survey_counted`, JSON
    counted_at: int = 0
