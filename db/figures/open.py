"""Letters open at a midnight: their number is a sum over days, listed only when somebody asks which they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from db import day_counts
from db.figures.facts import Number
from db.figures.scope import Scope
from db.model import CLOSED, Case, Ms
from db.projection import TIE_BITS

if TYPE_CHECKING:
    from db.store import Store

Standing = Callable[[Any], Mapping[Number, Case]]
"""Reads, by a connection, the letters that something has changed back, as they stood."""

_PLAIN = "queue IN (1, 2, 3, 5, 6)"
_SEVENTH = f"queue = 7 AND sort < {1 << 45}"
"""Every open letter's one queue by its state; open questions stand in 7 once more, behind (`db/queueing.py`)."""


def is_open(state: str, closed_at: Ms | None, moment: Ms) -> bool:
    """Whether a letter that nothing has opened again since was open at that moment."""
    return state not in CLOSED or (closed_at is not None and closed_at >= moment)


class Open(Sequence[Number]):
    """The letters open at `moment`, a midnight, oldest first. Its length is known at once; the list is read when it is first needed.

    `standing` reads the letters that their rows no longer tell as they then stood: when counting, and again when listing,
    for other letters may have been changed back meanwhile. `held` is what it reads now.
    """

    def __init__(
        self,
        store: Store,
        conn: Any,
        moment: Ms,
        scope: Scope,
        held: Mapping[Number, Case],
        standing: Standing,
    ) -> None:
        self._store = store
        self._scope = scope
        self._moment = moment
        self._standing = standing
        self._low = moment << TIE_BITS
        self._values: dict[str, Any] = {
            "moment": moment,
            "low": self._low,
            "codes": json.dumps(sorted(scope.codes or ())),
        }
        self._count = (
            day_counts.open_at(conn, moment, scope.codes) - self._by_rows(conn, held) + len(self._open(conn, held))
        )
        self._list: tuple[Number, ...] | None = None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Number]:
        return iter(self._read())

    @overload
    def __getitem__(self, at: int) -> Number: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Number]: ...
    def __getitem__(self, at: int | slice) -> Number | Sequence[Number]:
        return self._read()[at]

    def _open(self, conn: Any, held: Mapping[Number, Case]) -> set[Number]:
        """Of the letters changed back, those open then."""
        opened = {n for n, case in held.items() if case.state not in CLOSED}
        if self._scope.codes is None:
            return opened
        return opened & {n for n, _state, _at, district in self._rows(conn, held) if self._scope.holds(district)}

    def _rows(self, conn: Any, held: Mapping[Number, Case]) -> list[Any]:
        """Number, state, closed at and district of the letters changed back, as they are now."""
        rows = conn.execute(
            "SELECT n, state, closed_at, district FROM cases WHERE n IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(held)),),
        )
        return list(rows)

    def _sql(self) -> str:
        """The numbers of those that rows count as open then."""
        here = ""
        if self._scope.codes is not None:
            here = "AND n IN (SELECT n FROM cases WHERE district IN (SELECT value FROM json_each(:codes)))"
        return " UNION ALL ".join(
            f"SELECT n FROM queue_entry WHERE {which} AND n < :low {here}"  # noqa: S608 - ours alone
            for which in (_PLAIN, _SEVENTH, "queue = 8 AND sort <= -:moment")
        )

    def _by_rows(self, conn: Any, held: Mapping[Number, Case]) -> int:
        """How many of those changed back the rows count as open then."""
        return sum(
            n < self._low and is_open(state, at, self._moment) and self._scope.holds(district)
            for n, state, at, district in self._rows(conn, held)
        )

    def _read(self) -> tuple[Number, ...]:
        if self._list is None:
            with self._store.view() as conn:
                held = self._standing(conn)
                rows = conn.execute(self._sql(), self._values)
                self._list = tuple(sorted({n for (n,) in rows} - held.keys() | self._open(conn, held)))
        return self._list
