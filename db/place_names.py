"""What a name in a letter may stand for: every name of a division that is, or was, and the districts it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

from db.place_data import Division

if TYPE_CHECKING:
    from db.places import Divisions


class Sort(IntEnum):
    """How a name names. Of two that share a name the lower one counts."""

    DISTRICT = 0  # 渝北区, 石柱县
    DISTRICT_SHORT = 1  # 渝北
    TOWNSHIP = 2  # 茄子溪街道, 恒合乡
    TOWNSHIP_SHORT = 3  # 茄子溪
    RENAMED = 4  # 茄子溪镇: the name with another ending, as it once was or will be


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the districts valid on the day that it may mean; more than one: ambiguous by itself."""

    text: str
    sort: Sort
    division: str  # the full name of what it names, for people
    codes: tuple[str, ...]
    elsewhere: int = 0  # townships outside Chongqing of the same full name


Names = Mapping[str, tuple[Name, ...]]
"""The first two characters → names that so begin, the longest first."""

_ENDINGS = ("街道", "镇", "乡")


def names_on(divisions: Divisions, day: date) -> Names:
    """The names of one day. Those of the past stay and lead to what became of them."""
    every = divisions.districts_ever()
    found: dict[str, Name] = {}
    for district in every:
        for name in _of_district(divisions, district, day):
            _keep(found, name)
    for township in divisions.all_townships():
        if township.valid_on(day) or township.faded:
            for name in _of_township(divisions, township, day):
                _keep(found, name)
    by_start: dict[str, list[Name]] = {}
    for name in found.values():
        by_start.setdefault(name.text[:2], []).append(name)
    return {start: tuple(sorted(group, key=lambda n: -len(n.text))) for start, group in by_start.items()}


def _keep(found: dict[str, Name], name: Name) -> None:
    """The stronger sort keeps a name; equal ones share it, and it is then ambiguous."""
    held = found.get(name.text)
    if held is None or name.sort < held.sort:
        found[name.text] = name
    elif name.sort == held.sort:
        codes = tuple(dict.fromkeys((*held.codes, *name.codes)))
        found[name.text] = Name(name.text, name.sort, held.division, codes, max(held.elsewhere, name.elsewhere))


def _of_district(divisions: Divisions, district: Division, day: date) -> Iterable[Name]:
    codes = _valid(divisions, district, day)
    if not codes:
        return
    full = district.name
    aliases = [alias for alias in district.aliases if not divisions.district_called(alias)]
    for text in dict.fromkeys((full, *aliases, f"{district.short}自治县" if district.kind == "自治县" else full)):
        sort = Sort.DISTRICT if text.endswith(("区", "县", "管委会")) and text != "高新区" else Sort.DISTRICT_SHORT
        yield Name(text, sort, full, codes)
    if district.short != full:
        yield Name(district.short, Sort.DISTRICT_SHORT, full, codes)


def _of_township(divisions: Divisions, township: Division, day: date) -> Iterable[Name]:
    host = divisions.get(township.parent)
    codes = _valid(divisions, host, day) if host else ()
    if township.managed_by:
        codes = (*codes, township.managed_by)
    if not codes:
        return
    if (namesake := divisions.district_called(township.short)) and namesake.code != township.parent:
        # 江北街道 lies in 涪陵区; who writes it may mean a street of 江北区
        codes = tuple(dict.fromkeys((*codes, *_valid(divisions, namesake, day))))
    full = dict.fromkeys((township.name, township.short + township.kind))
    for text in full:
        yield Name(text, Sort.TOWNSHIP, township.name, codes, township.elsewhere)
    yield Name(township.short, Sort.TOWNSHIP_SHORT, township.name, codes, township.elsewhere)
    for ending in _ENDINGS:
        if township.short + ending not in full:
            yield Name(township.short + ending, Sort.RENAMED, township.name, codes)


def _valid(divisions: Divisions, district: Division, day: date) -> tuple[str, ...]:
    """The district itself, under whatever name, or those valid on the day that it went into; none before it existed."""
    if divisions.on(district.code, day) is not None:
        return (district.code,)
    if district.valid_from and day < district.valid_from:
        return ()
    return tuple(found.code for found in divisions.successors(district.code) if found.valid_on(day))
