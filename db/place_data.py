"""Divisions as `db/data/divisions.csv` holds them; the file is made by `tools/divisions.py`.

Districts stand first in the file, so that the few the queue names at start are read without the 1,100 townships.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

FILE = Path(__file__).with_name("data") / "divisions.csv"

LISTED_UNTIL = date(2022, 12, 31)
"""The list that still has the townships marked `?`; when after it they were renamed or merged is not known."""


@dataclass(frozen=True, slots=True)
class Division:
    """A district, county or zone, or one of their streets, towns and townships, with the days it is valid on."""

    code: str
    name: str
    short: str
    level: str  # district, township
    kind: str  # 区 县 自治县 功能区, 街道 镇 乡
    parents: tuple[str, ...]  # of a township its district; of a zone the districts on whose ground it lies
    managed_by: str  # of a township: code of the zone that administers it, "" = its district
    valid_from: date | None
    valid_to: date | None  # the last day
    faded: bool  # gone since, nobody knows the day
    successors: tuple[str, ...]
    aliases: tuple[str, ...]
    elsewhere: int  # townships outside Chongqing of the same name
    pinyin: str
    initials: str

    @property
    def parent(self) -> str:
        """The code of a township's district."""
        return self.parents[0]

    @property
    def zone(self) -> bool:
        """功能区: lies on the ground of other districts."""
        return self.kind == "功能区"

    def valid_on(self, day: date) -> bool:
        """Whether it exists on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def read_districts() -> list[Division]:
    """Districts, counties and zones of every time, by code."""
    found = []
    with FILE.open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            division = _division(line)
            if division.level != "district":
                break
            found.append(division)
    return found


def read_townships() -> list[Division]:
    """Streets, towns and townships of every time, by code."""
    with FILE.open(encoding="utf-8") as lines:
        next(lines)
        return [division for division in map(_division, lines) if division.level == "township"]


def _division(line: str) -> Division:
    """One line; no field holds a comma."""
    (
        code,
        name,
        short,
        level,
        kind,
        parents,
        managed_by,
        start,
        end,
        successors,
        aliases,
        elsewhere,
        pinyin,
        initials,
    ) = line.rstrip("\n").split(",")
    return Division(
        code,
        name,
        short,
        level,
        kind,
        _list(parents),
        managed_by,
        date.fromisoformat(start) if start else None,
        LISTED_UNTIL if end == "?" else date.fromisoformat(end) if end else None,
        end == "?",
        _list(successors),
        _list(aliases),
        int(elsewhere or 0),
        pinyin,
        initials,
    )


def _list(field: str) -> tuple[str, ...]:
    return tuple(field.split("|")) if field else ()
