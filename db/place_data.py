"""Divisions as `db/data/divisions.csv` holds them; the file is made by `tools/divisions.py`.

Districts stand first in the file, so that the few the queue names at start are read without the 1,100 townships.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("data") / "divisions.csv"

LISTED_UNTIL = date(2022, 12, 31)
"""The list that still has the townships marked `?`; when after it they were renamed or merged is not known."""


class Division(NamedTuple):
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


class Change(NamedTuple):
    """What a newsroom decided of a division: `division` from `day` on, or (None) that it ends then, and what it goes into."""

    code: str
    day: date
    division: Division | None
    successors: tuple[str, ...] = ()


def changed(shipped: Iterable[Division], changes: Sequence[Change]) -> dict[str, list[Division]]:
    """Code → what the division was and is, in order of time; that of a code without changes is as shipped."""
    found = {division.code: [division] for division in shipped}
    for change in sorted(changes, key=lambda c: c.day):
        periods = found.setdefault(change.code, [])
        if periods:
            _cut(periods, change)
        if change.division is not None:
            periods.append(change.division)
    return {code: periods for code, periods in found.items() if periods}


def _cut(periods: list[Division], change: Change) -> None:
    """The last period ends before the change; one that would begin only then gives way."""
    last = periods[-1]
    if last.valid_from is not None and last.valid_from >= change.day:
        periods.pop()
        return
    if last.valid_to is None or last.valid_to >= change.day:
        ended = change.day - timedelta(days=1)
        periods[-1] = last._replace(valid_to=ended, successors=change.successors or last.successors)


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
