"""What the newsroom decides, as the rules are told it: service levels, calendar and numbers, by version.

Standard library and `db/model_codes.py` only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db.model_codes import Kind, Ms, Term, Urgency

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
    contact_days: int = 180  # after closing: then the sender's name and contact are removed
    min_term: Term = LEAST_TERM  # least time after a redo or reopening
    office_hours: tuple[int, int] = (9, 17)  # when the ladder proposes for 一般
    warn_share: float = 0.8
    supervise_after: int = 5  # working days late
    urgent_ladder: tuple[int, int] = (4, 24)  # hours late: 督办, 提级
    open_question_after: int = 10  # working days late
    rating_days: int = 30  # ratings looked at for 评价督办
    rating_floor: int = 60  # per cent satisfied below which a unit is supervised for its ratings


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All versions of the rules, none ever changed; a forward names the one it was made under.

    `plan`: from which moment (UTC ms) which version is in force, in order; before the first of them, and without
    any, the lowest version is. A version that another plan overtook before it began is in no plan.
    """

    versions: Mapping[int, Rules]
    plan: tuple[tuple[Ms, int], ...] = ()

    @property
    def newest(self) -> Rules:
        """The rules of the highest number: what an event means that names a version not known here."""
        return self.versions[max(self.versions)]

    def at(self, moment: Ms) -> Rules:
        """The rules in force at that moment."""
        behind = bisect_right(self.plan, moment, key=lambda step: step[0])
        return self.versions[self.plan[behind - 1][1] if behind else min(self.versions)]

    def of(self, version: int | None) -> Rules:
        """The rules of that version; the newest where none is named or it is not known here."""
        return self.versions.get(version or 0) or self.newest

    def named(self, version: int | None, moment: Ms) -> Rules:
        """The rules of a version where one is named, else those in force at that moment."""
        return self.at(moment) if version is None else self.of(version)
