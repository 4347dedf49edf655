"""What the newsroom decides, as the rules are told it: service levels, calendar and numbers, by version.

Standard library and `db/model.py` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db.model import Kind, Term, Urgency

LEAST_TERM = Term(2, "wd")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """Terms of one urgency. `reply` is by kind of letter."""

    forward: Term
    sign: Term
    return_: Term
    reply: Mapping[Kind, Term]
    extension: Term | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days: Monday to Friday, but for the exceptions of the State Council's notices (调休).

    Beyond `known_until` the notice is not out: due times are 暂定 (tentative), Monday to Friday.
    """

    off: frozenset[date]
    on: frozenset[date]  # make-up working days
    known_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The newsroom's settings of one version (DESIGN.md §4, Deadlines). Days are calendar days unless said."""

    version: int
    levels: Mapping[Urgency, ServiceLevel]
    calendar: Calendar
    max_asks: int = 2
    tell_days: int = 5
    unrated_days: int = 14
    reopen_days: int = 30
    min_term: Term = LEAST_TERM  # least time after a redo or reopening
    office_hours: tuple[int, int] = (9, 17)  # when the ladder proposes for 一般
    warn_share: float = 0.8
    supervise_after: int = 5  # working days late
    urgent_ladder: tuple[int, int] = (4, 24)  # hours late: 督办, 提级
    open_question_after: int = 10  # working days late


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All versions of the rules; a forward names the one it was made under."""

    versions: Mapping[int, Rules]

    @property
    def newest(self) -> Rules:
        return self.versions[max(self.versions)]

    def of(self, version: int | None) -> Rules:
        """The rules of that version; the newest where none is named or it is not known here."""
        return self.versions.get(version or 0) or self.newest
