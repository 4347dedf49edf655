"""Rows turned into columns, small before any compression: what repeats is said once, what follows from the row is not said.

An id that the row has named already is `"@3"` (its place in the row's own list), a time is the milliseconds since the row's first
one, or minus the days since 1970 where it is a midnight in Asia/Shanghai, as due times are. UUIDs lose their dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from db.clock import DAY, SHANGHAI
from db.model import Ms

_OFFSET: Ms = round(SHANGHAI.utcoffset(None).total_seconds() * 1000)
_FAR = 1 << 47
"""Added to a time that lies before its row's first one, so that it stays a positive number."""

Columns = dict[str, Any]


def columns(rows: Sequence[Mapping[str, Any]]) -> Columns:
    """Name → list of values, one a row; `{"=": value}` where all are equal; sparse ones as `{"?": [places], "v": [values]}`."""
    names = dict.fromkeys(name for row in rows for name in row)
    made: Columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        there = [i for i, v in enumerate(values) if v is not None]
        if len(there) == len(rows) and all(v == values[0] for v in values):
            made[name] = {"=": values[0]}
        elif len(there) * 4 < len(rows):
            steps = [b - a for a, b in zip([0, *there], there, strict=False)]
            made[name] = {"?": steps, "v": [values[i] for i in there]}
        else:
            made[name] = values
    return made


def rows(given: Mapping[str, Any], count: int) -> Iterable[dict[str, Any]]:
    """The inverse of `columns`: dictionaries without what is None."""
    made: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, column in given.items():
        if isinstance(column, list):
            pairs: Iterable[tuple[int, Any]] = enumerate(column)
        elif "=" in column:
            pairs = ((i, column["="]) for i in range(count))
        else:
            pairs = zip(_places(column["?"]), column["v"], strict=True)
        for i, value in pairs:
            if value is not None:
                made[i][name] = value
    return made


def _places(steps: Iterable[int]) -> Iterable[int]:
    at = 0
    for step in steps:
        at += step
        yield at


# ── ids and times of one row ─────────────────────────────────────────────────────────────────────────────────────────


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BARE = re.compile(r"[0-9a-f]{32}")


def bare(text: str) -> str:
    """A UUID without its dashes; anything else as it is, with `@@` before what could be taken for an id."""
    if _UUID.fullmatch(text):
        return text.replace("-", "")
    return f"@@{text}" if text[:1] == "@" or _BARE.fullmatch(text) else text


def dashed(text: str) -> str:
    """The inverse of `bare`."""
    if text[:2] == "@@":
        return text[2:]
    if not _BARE.fullmatch(text):
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def short(value: Any, places: Mapping[str, int]) -> Any:
    """The value with every id of `places` as `"@n"`, and other ids bare; in lists too."""
    if isinstance(value, str):
        return f"@{places[value]}" if value in places else bare(value)
    if isinstance(value, (list, tuple)):
        return [short(v, places) for v in value]
    return value


def long(value: Any, ids: Sequence[str]) -> Any:
    """The inverse of `short`, `ids` being the list that the places count in."""
    if isinstance(value, str):
        return ids[int(value[1:])] if value[:1] == "@" and value[1:2] != "@" else dashed(value)
    return [long(v, ids) for v in value] if isinstance(value, list) else value


def since(moment: Ms | None, base: Ms) -> int | None:
    """A time (UTC ms) as the row tells it."""
    if moment is None:
        return None
    if (moment + _OFFSET) % DAY == 0 and moment > 0:
        return -((moment + _OFFSET) // DAY)
    return moment - base if moment >= base else _FAR + base - moment


def moment(told: int | None, base: Ms) -> Ms | None:
    """The inverse of `since`."""
    if told is None:
        return None
    if told < 0:
        return -told * DAY - _OFFSET
    return base - (told - _FAR) if told > _FAR else base + told
