"""A case ⇄ its rows: columns for what lists and figures ask, one JSON column for the rest of what the fold knows.

Invariant: `load(*store(case)) == case`, for every case the rules can make; what is equal to its default is not written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from db.compact import encoder
from db.copies import maker
from db.model import (
    Case,
    Chase,
    Dispatch,
    DispatchState,
    DueMove,
    Kind,
    Outcome,
    Pause,
    Publication,
    Rating,
    Result,
    State,
    Term,
    Urgency,
)

# Columns of `cases` and `dispatch` that are fields of the model, in order; the others are made by `db/projection.py`.
CASE_COLUMNS = {
    "id": "id",
    "code": "code",
    "state": "state",
    "kind": "kind",
    "urgency": "urgency",
    "received_at": "received_at",
    "topic": "topic",
    "title": "title",
    "chase_level": "chase_level",
    "assignee": "assignee",
    "returns": "returns",
    "redos": "redos",
    "last_at": "last_at",
    "closed_at": "closed_at",
    "result": "result",
    "confidential": "confidential",
    "place_district": "district",
    "sender": "sender",
    "channel": "channel",
    "number": "number",
    "source": "source",
}
"""Column → field."""


DISPATCH_COLUMNS = (
    "id",
    "lead",
    "district",
    "district_name",
    "unit",
    "state",
    "rules",
    "sent_at",
    "sign_due",
    "return_due",
    "reply_due",
    "signed_at",
    "first_reply_at",
    "reply",
    "replied_at",
    "returned",
    "contact_shared",
    "chase_level",
    "chases",
    "redos",
    "extension_asked",
    "extended",
    "recalled",
)
"""Columns of `dispatch` that are fields of the same name."""


def _default(field: Any) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


class _Rest(NamedTuple):
    """The fields that have no column: their names, what they are at first, and a reader of all of them at once."""

    names: tuple[str, ...]
    defaults: tuple[Any, ...]
    read: Callable[[Any], tuple[Any, ...]]


def _rest(of: type, columns: Sequence[str]) -> _Rest:
    kept = [f for f in fields(of) if f.name not in columns and f.name != "dispatches"]
    names = tuple(f.name for f in kept)
    return _Rest(names, tuple(_default(f) for f in kept), attrgetter(*names))


_CASE_FIELDS = tuple(CASE_COLUMNS.values())
_CASE_REST = _rest(Case, _CASE_FIELDS)
_DISPATCH_REST = _rest(Dispatch, DISPATCH_COLUMNS)
_case_columns = attrgetter(*_CASE_FIELDS)
_dispatch_columns = attrgetter(*DISPATCH_COLUMNS)


def _plain(value: Any) -> Any:
    """A field's value as JSON knows it: dataclasses and tuples as lists, days as ISO dates."""
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    return _listed(value) if isinstance(value, _OWN) else value


_OWN = (Pause, Outcome, Rating, Publication, Term, DueMove, date)


def _listed(value: Any) -> Any:
    """One of _OWN as JSON knows it. Raises TypeError for anything else."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, _OWN):
        return [getattr(value, name) for name in value.__slots__]  # type: ignore[union-attr]  # no date comes here
    raise TypeError(type(value).__name__)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


_READ: dict[str, Callable[[Any], Any]] = {
    "before_ask": State,
    "before_merge": State,
    "pauses": lambda v: tuple(Pause(*p) for p in v),
    "outcomes": lambda v: tuple(Outcome(*o) for o in v),
    "claimed": lambda v: tuple(Outcome(*o) for o in v),
    "due_moves": lambda v: tuple(DueMove(*m) for m in v),
    "promised": date.fromisoformat,
    "rating": lambda v: Rating(*v),
    "publications": lambda v: tuple(Publication(*p) for p in v),
    "term": lambda v: Term(*v),
    "urgency": Urgency,
    "last_chase": lambda v: (v[0], date.fromisoformat(v[1])),
    "chased_on": lambda v: tuple(Chase(level, date.fromisoformat(day), *about) for level, day, *about in v),
}
"""How fields come back from JSON; those not named are plain values or tuples of them."""


def _rest_of(value: Any, rest: _Rest) -> dict[str, Any]:
    """Almost every field is still the very object it was at first: a bulk of 500 letters compares fifty thousand."""
    found = zip(rest.names, rest.defaults, rest.read(value), strict=True)
    return {name: got for name, default, got in found if got is not default and got != default}


def _plain_rest(value: Any, rest: _Rest) -> dict[str, Any]:
    return {name: _plain(got) for name, got in _rest_of(value, rest).items()}


def _write_rest(value: Any, rest: _Rest) -> str:
    kept = _rest_of(value, rest)
    return _dumps(kept) if kept else "{}"


_dumps = encoder(default=_listed)
"""The same text for a value as for what `_plain` makes of it."""


def _read_rest(text: str) -> dict[str, Any]:
    return {} if text == "{}" else _read(json.loads(text))


def _read(rest: dict[str, Any]) -> dict[str, Any]:
    return {k: _READ.get(k, _tuples)(v) for k, v in rest.items()}


def case_values(case: Case) -> tuple[Any, ...]:
    """The values of CASE_COLUMNS in order, then the JSON of the rest."""
    return (*_case_columns(case), _write_rest(case, _CASE_REST))


def dispatch_values(dispatch: Dispatch) -> tuple[Any, ...]:
    """The values of DISPATCH_COLUMNS in order, then the JSON of the rest."""
    return (*_dispatch_columns(dispatch), _write_rest(dispatch, _DISPATCH_REST))


def load_dispatch(values: Sequence[Any]) -> Dispatch:
    """What `dispatch_values` gave, as read back from SQLite."""
    return _dispatch(values, _read_rest(values[len(DISPATCH_COLUMNS)]))


def _dispatch(values: Sequence[Any], rest: dict[str, Any]) -> Dispatch:
    got = dict(zip(DISPATCH_COLUMNS, values, strict=False))
    for name in ("lead", "contact_shared", "extended", "recalled"):
        got[name] = bool(got[name])
    got["state"] = DispatchState(got["state"])
    return maker(Dispatch)(**got, **rest)


def load_case(values: Sequence[Any], dispatches: tuple[Dispatch, ...]) -> Case:
    """What `case_values` gave, as read back from SQLite, with the case's dispatches in order."""
    return _case(values, dispatches, _read_rest(values[len(_CASE_FIELDS)]))


def _case(values: Sequence[Any], dispatches: tuple[Dispatch, ...], rest: dict[str, Any]) -> Case:
    got = dict(zip(_CASE_FIELDS, values, strict=False))
    got["state"] = State(got["state"])
    got["urgency"] = Urgency(got["urgency"])
    got["confidential"] = bool(got["confidential"])
    if got["kind"] is not None:
        got["kind"] = Kind(got["kind"])
    if got["result"] is not None:
        got["result"] = Result(got["result"])
    return maker(Case)(**got, dispatches=dispatches, **rest)


# ── a case as one value ──────────────────────────────────────────────────────────────────────────────────────────────


def plain(case: Case) -> list[Any]:
    """The case as lists and plain values: CASE_COLUMNS, the rest by name, then its dispatches in the same way."""
    dispatches = [[*_dispatch_columns(d), _plain_rest(d, _DISPATCH_REST)] for d in case.dispatches]
    return [*_case_columns(case), _plain_rest(case, _CASE_REST), dispatches]


def from_plain(values: Sequence[Any]) -> Case:
    """What `plain` gave, as read back from JSON."""
    *columns, rest, dispatches = values
    return _case(columns, tuple(_dispatch(d, _read(d[-1])) for d in dispatches), _read(rest))


def dump(case: Case) -> str:
    """The case as one JSON text: equal cases have equal texts, on every desk and on the backend."""
    dispatches = [[*_dispatch_columns(d), _rest_of(d, _DISPATCH_REST)] for d in case.dispatches]
    return _dumps([*_case_columns(case), _rest_of(case, _CASE_REST), dispatches])


def restore(text: str) -> Case:
    """The inverse of `dump`."""
    return from_plain(json.loads(text))


def shown_district(case: Case) -> str | None:
    """Where a letter belongs, as lists and figures show it: what was decided of it, else where it was sent."""
    lead = case.lead_dispatch
    return case.district or (lead.district if lead else None)


def _as_json(row: str, columns: Iterable[str], *more: str) -> str:
    return f"json_array({', '.join((*(f'{row}.{column}' for column in columns), f'json({row}.rest)', *more))})"


_SENT = (
    f"(SELECT json_group_array({_as_json('d', DISPATCH_COLUMNS)}) "  # noqa: S608 - columns of ours alone
    "FROM (SELECT * FROM dispatch WHERE n = c.n ORDER BY place) d)"
)

KEEP_APART = (
    f"INSERT OR IGNORE INTO confirmed(n, row) SELECT c.n, {_as_json('c', CASE_COLUMNS, f'json({_SENT})')} "  # noqa: S608
    "FROM cases c WHERE c.n IN (SELECT value FROM json_each(?))"
)
"""`dump` of letters as their rows stand, by SQLite itself; `restore` reads it. Takes the letters' numbers as JSON."""
