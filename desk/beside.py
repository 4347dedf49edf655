"""What stands beside a letter that is read: suggestions, letters like it, what it is merged with. For a thread.

Reading it takes some 30 ms, longer the first time, so the screen shows the letter first and this when it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from db.model import CLOSED, Case, CaseId, EventKind, Role, State, Urgency

if TYPE_CHECKING:
    from db.letters import Letter
    from db.model import Event, Ms
    from db.similar import Similar
    from db.store import Store
    from db.suggest import Hint

RANK = {Urgency.NORMAL: 0, Urgency.URGENT: 1, Urgency.CRITICAL: 2}
UNSENT = frozenset({State.RECEIVED, State.NEEDS_INFO, State.ACCEPTED, State.RETURNED})
"""Where somebody still has to say what the letter is and where it goes."""


@dataclass(frozen=True, slots=True)
class Beside:
    """`hints`: suggestions for what nobody has decided yet. `like`: open letters that are probably the same matter."""

    case: CaseId
    hints: Mapping[str, Hint] = field(default_factory=dict)
    like: tuple[Similar, ...] = ()
    master: Case | None = None
    followers: tuple[Case, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """What taking all suggestions would set."""
        return {name: hint.value for name, hint in self.hints.items() if hint.value is not None}

    def __bool__(self) -> bool:
        return bool(self.hints or self.like or self.master or self.followers)


class LeftError(Exception):
    """The person has gone on to another letter: nobody wants to know any more."""


def look(store: Store, letter: Letter, now: Ms, stay: Callable[[], None] = lambda: None) -> Beside:
    """All of it, for one letter. `stay` is called between two steps of some milliseconds; what it raises ends the work.

    Raises StoreError.
    """
    from db.queries import cases_of
    from db.similar import similar

    case = letter.case
    named = cases_of(store, [*case.followers, *([case.merged_into] if case.merged_into else [])])
    stay()
    suggested = hints(store, case, letter.events, now)
    stay()
    like = () if case.state in CLOSED else tuple(s for s in similar(store, case.id, stay=stay) if s.likely)
    return Beside(
        case=case.id,
        hints=suggested,
        like=like,
        master=named.get(case.merged_into or ""),
        followers=tuple(named[i] for i in case.followers if i in named),
    )


def hints(store: Store, case: Case, events: tuple[Event, ...], now: Ms) -> dict[str, Hint]:
    """Suggestions for the fields that are still open; none for a letter that has gone to a unit or is closed."""
    if case.state not in UNSENT or case.erased:
        return {}
    wanted = undecided(case, events)
    if not wanted:
        return {}
    from db.suggest import suggest

    found = suggest(store, case.id, now).hints
    return {name: hint for name, hint in found.items() if name in wanted and _more(case, hint)}


def undecided(case: Case, events: tuple[Event, ...]) -> set[str]:
    """Fields of which no person has said anything; how urgent a letter is counts as said once somebody classified it so."""
    wanted = {name for name in ("kind", "topic", "district") if getattr(case, name) is None}
    deciding = (EventKind.CLASSIFIED, EventKind.CORRECTED, EventKind.ACCEPTED)
    said = any("urgency" in e.facts for e in events if e.kind in deciding and e.role in (Role.EDITOR, Role.SUPERVISOR))
    return wanted if said else wanted | {"urgency"}


def _more(case: Case, hint: Hint) -> bool:
    """Of urgency only more than the letter has is worth saying."""
    return hint.field != "urgency" or RANK[Urgency(hint.value or "normal")] > RANK[Urgency(case.urgency)]
