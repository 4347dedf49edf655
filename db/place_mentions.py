"""Finding the names of places in a text: one pass, a look-up of two characters at each step."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from db.place_context import Weight, weigh
from db.place_names import Name, Names, Sort

ELSEWHERE = Path(__file__).with_name("data") / "elsewhere.txt"

_LONGEST_CITY = 5


class Mention(NamedTuple):
    """A name at [start, end) of the folded text, and what it is worth there."""

    start: int
    end: int
    name: Name
    weight: Weight


def mentions(names: Names, text: str) -> list[Mention]:
    """Names in a folded text that are worth something, left to right, the longest at each place, none overlapping."""
    found: list[Mention] = []
    after_district = -1  # where the last name of a district ended
    at = 0
    while at < len(text) - 1:
        name = next((n for n in names.get(text[at : at + 2], ()) if text.startswith(n.text, at)), None)
        if name is None:
            at += 1
            continue
        end = at + len(name.text)
        weight = Weight.NONE
        if not text.endswith(cities_elsewhere(), max(0, at - _LONGEST_CITY), at):
            weight = weigh(name, text, at, end, follows_own=after_district == at)
        if name.sort in (Sort.DISTRICT, Sort.DISTRICT_SHORT):
            after_district = end
        if weight:
            found.append(Mention(at, end, name, weight))
        at = end if weight else at + 1
    return found


@cache
def cities_elsewhere() -> tuple[str, ...]:
    """Provinces and cities outside Chongqing: what stands directly behind one is theirs (宁波江北区)."""
    lines = ELSEWHERE.read_text(encoding="utf-8").splitlines()
    return tuple(name for line in lines if not line.startswith("#") for name in line.split())
