"""The letters an action is about, as a dialog, a repeat or a bulk needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from db.clock import now_ms
from desk.action_fields import Context
from desk.around import StoreAround

if TYPE_CHECKING:
    from db.letters import Letter
    from db.model import Actor, Case, CaseId
    from db.store import Store


def of_letter(store: Store, actor: Actor, letter: Letter, *, many: bool = False) -> Context:
    """One letter with its words and its history."""
    return _context(store, actor, letter.case, letter, many=many)


def of_cases(store: Store, actor: Actor, ids: Sequence[CaseId]) -> list[Context]:
    """Letters in the order given, those that are not here left out. The first of them is read whole, for a dialog
    proposes by it; of several the others come as rows, two reads for all of them. Raises StoreError.
    """
    from db import queries

    many = len(ids) > 1
    found = queries.cases_of(store, ids)
    contexts: list[Context] = []
    for case in (found[i] for i in ids if i in found):
        letter = None if contexts else queries.letter(store, case.id)
        contexts.append(_context(store, actor, case, letter, many=many))
    return contexts


def _context(store: Store, actor: Actor, case: Case, letter: Letter | None, *, many: bool) -> Context:
    from db import queries

    return Context(
        case=case,
        actor=actor,
        book=store.rulebook(),
        now=now_ms(),
        body=letter.body if letter else "",
        events=letter.events if letter else (),
        around=StoreAround(store),
        many=many,
        related=queries.cases_of(store, (case.merged_into,)) if case.merged_into else {},
    )
