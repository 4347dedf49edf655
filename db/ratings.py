"""What ratings ask of the desk: unhappy ones a decision on reopening, units with many of them a supervision (评价督办)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.figures.as_of import INDEXED
from db.model import CaseId, Ms, Rating

if TYPE_CHECKING:
    from db.store import Store

DAY: Ms = 86_400_000
UNHAPPY = 2
"""A score up to this one is unhappy; 4 and 5 are satisfied, as in the month's 满意率."""

SATISFIED = 4
LEAST = 3
"""Rated letters below which nothing is said of a unit (DESIGN.md §4, The month)."""

TAG = "评价督办"
"""The tag of letters that a supervision for ratings named; kept in the log, so that every desk sees that it was sent."""

_RATED = INDEXED.replace("kind", "e.kind")


def is_unhappy(rating: Rating) -> bool:
    """Not solved, or a score of 1 or 2."""
    return rating.solved is False or (rating.score is not None and rating.score <= UNHAPPY)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by how its letters were rated; `unhappy` and `named` (by a supervision before) are of those rated."""

    district: str
    name: str
    rated: int
    satisfied: int
    unhappy: tuple[CaseId, ...]
    named: int

    @property
    def share(self) -> int:
        """Per cent satisfied, rounded down: nobody is lifted over the threshold by rounding."""
        return 100 * self.satisfied // self.rated


def badly_rated(store: Store, now: Ms) -> list[Unit]:
    """Units below the newsroom's threshold in its last so many days, the worst first. Raises StoreError."""
    rules = store.rulebook().at(now)
    with store.view() as conn:
        rows = _rated(conn, now - rules.rating_days * DAY, now)
    grouped: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row[1], row[2] if row[3].startswith(row[2]) else f"{row[2]}{row[3]}"), []).append(row)
    units = [_unit(*key, rows) for key, rows in grouped.items()]
    # a unit whose unhappy letters were all named before has had its notice; one more unhappy letter lists it again
    low = [u for u in units if u.rated >= LEAST and u.share < rules.rating_floor and u.named < len(u.unhappy)]
    return sorted(low, key=lambda u: (u.share, -u.rated, u.district, u.name))


def _unit(district: str, name: str, rows: list[Any]) -> Unit:
    satisfied = sum(1 for r in rows if (r[5] >= SATISFIED if r[5] is not None else bool(r[4])))
    bad = [r for r in rows if (r[5] is not None and r[5] <= UNHAPPY) or r[4] == 0]
    return Unit(district, name, len(rows), satisfied, tuple(r[0] for r in bad), sum(1 for r in bad if r[6]))


def _rated(conn: Any, since: Ms, now: Ms) -> list[Any]:
    """(case, district, its name, unit, solved, score, named before) of each letter whose standing rating is of then."""
    rows: list[Any] = conn.execute(
        "SELECT c.id, d.district, d.district_name, d.unit, json_extract(c.rest, '$.rating[2]'), c.score, "  # noqa: S608 - ours alone
        "EXISTS (SELECT 1 FROM json_each(c.rest, '$.tags') WHERE value = ?) "
        f"FROM event e JOIN cases c ON c.n = e.case_n JOIN dispatch d ON d.n = c.n AND d.lead = 1 "
        f"WHERE {_RATED} AND e.kind = 'rated' AND e.at >= ? AND e.at <= ? AND e.absorbed = 0 "
        "AND json_extract(c.rest, '$.rating[0]') = e.id AND c.source != 'import' ORDER BY e.at, e.n",
        (TAG, since, now),
    ).fetchall()
    return rows
