"""承办单位 and whom to call there: what the newsroom has written down, and what was forwarded to before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.store import Store

RECENT = 500
"""Dispatches of a district that say which of its units are used most: enough to rank, few enough to read at a key."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who picks up."""

    name: str
    phone: str = ""
    duty: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """An office of a district as it is for a time; `valid_to` is the last day."""

    id: str
    district: str
    name: str
    contacts: tuple[Contact, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


def units(store: Store, district: str, day: date) -> list[Unit]:
    """The units of a district on a day, by name, with whom to call."""
    on = day.isoformat()
    with store.view() as conn:
        rows = conn.execute(
            "SELECT id, name, valid_from, valid_to, note FROM unit WHERE district = ? AND valid_from <= ? "
            "AND (valid_to IS NULL OR valid_to >= ?) ORDER BY name",
            (district, on, on),
        ).fetchall()
        return [
            Unit(id_, district, name, _contacts(conn, id_), _day(since), _day(until), note)
            for id_, name, since, until, note in rows
        ]


def _contacts(conn: object, unit: str) -> tuple[Contact, ...]:
    sql = "SELECT name, phone, duty, hours FROM unit_contact WHERE unit = ? ORDER BY id"
    return tuple(Contact(*row) for row in conn.execute(sql, (unit,)))  # type: ignore[attr-defined]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def all_units(store: Store, day: date) -> list[Unit]:
    """Every unit that exists on the day or will, district by district, as it is then or will first be."""
    with store.view() as conn:
        rows = conn.execute(
            "SELECT id, district, name, valid_from, valid_to, note FROM unit WHERE valid_to IS NULL OR valid_to >= ? "
            "ORDER BY district, name, valid_from",
            (day.isoformat(),),
        ).fetchall()
        found: dict[str, Unit] = {}
        for id_, district, name, since, until, note in rows:
            found.setdefault(id_, Unit(id_, district, name, _contacts(conn, id_), _day(since), _day(until), note))
    return list(found.values())


def unit(store: Store, id_: str, day: date) -> Unit | None:
    """One unit as it is on the day, else as it last was or will be; None where there is none of that id."""
    rows = store.rows(
        "SELECT district, name, valid_from, valid_to, note FROM unit WHERE id = ? ORDER BY valid_from", (id_,)
    )
    if not rows:
        return None
    on = day.isoformat()
    row = next((r for r in rows if r[2] <= on and (r[3] is None or r[3] >= on)), rows[-1])
    with store.view() as conn:
        return Unit(id_, row[0], row[1], _contacts(conn, id_), _day(row[2]), _day(row[3]), row[4])


def offices(store: Store, district: str, day: date) -> list[str]:
    """Names of a district's units on a day, most forwarded to first; also those only known from earlier forwards, but
    none that the newsroom has ended, or that begins later.
    """
    used = store.rows(
        "SELECT unit, count(*) FROM (SELECT unit FROM dispatch WHERE district = ? ORDER BY sent_at DESC LIMIT ?) "
        "WHERE unit <> '' GROUP BY unit ORDER BY count(*) DESC, unit",
        (district, RECENT),
    )
    written = {str(name) for (name,) in store.rows("SELECT DISTINCT name FROM unit WHERE district = ?", (district,))}
    now = [u.name for u in units(store, district, day)]
    names = [str(name) for name, _count in used if name in now or name not in written]
    return list(dict.fromkeys([*names, *now]))


def contacts(store: Store, district: str, unit: str, day: date) -> Sequence[Contact]:
    """Whom to call in a unit; in every unit of the district where none is named."""
    return [c for u in units(store, district, day) if not unit or u.name == unit for c in u.contacts]
