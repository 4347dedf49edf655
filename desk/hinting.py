"""What a new letter suggests, taken with one key: each alone, or all. Nothing is ever taken by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from db.clock import now_ms
from db.model import State
from desk.actions import BY_ID

if TYPE_CHECKING:
    from db.model import Actor, Case
    from db.store import Store
    from db.suggest import Hint
    from desk.sending import Sent

NEW = frozenset({State.RECEIVED, State.ACCEPTED})
"""States in which a letter is still being classified."""


def hints(store: Store, case: Case) -> tuple[Hint, ...]:
    """What is suggested and not yet so, with what is worth reading; up to a tenth of a second: call it in a thread."""
    from db.suggest import suggest

    if case.state not in NEW or case.erased:
        return ()
    found = suggest(store, case.id, now_ms()).hints.values()
    return tuple(h for h in found if h.value is None or h.value != getattr(case, h.field))


def take(store: Store, actor: Actor, case: Case, taken: Sequence[Hint]) -> Sent | None:
    """Classifies the letter as these hints say, and leaves the rest of it as it stands; None where they say nothing."""
    from desk import contexts
    from desk.sending import send

    wanted = {h.field: h.value for h in taken if h.value is not None}
    found = contexts.of_cases(store, actor, [case.id])
    if not wanted or not found:
        return None
    action, here = BY_ID["classify"], found[0].case
    values = {f.name: getattr(here, f.name, None) for f in action.fields} | wanted
    typed = {name: "" if value is None else value for name, value in values.items()}
    return send(store, action, found, values, typed)
