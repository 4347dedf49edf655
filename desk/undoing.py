"""`u` and `.`: the last thing this person did, taken back, or done again to another letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.text import one_line
from db.words import _, sentences
from desk.action_choices import one_letter
from desk.action_fields import EACH
from desk.action_values import read_all
from desk.actions import BY_ID

if TYPE_CHECKING:
    from db.model import Actor, CaseId
    from db.runs import Run
    from db.store import Store
    from desk.action_fields import Context
    from desk.actions import Action

WAYS_BACK: Mapping[str, str] = {
    "forward": "recall",
    "co_forward": "recall",
    "resolve": "reopen",
    "decline": "reopen",
    "answer": "reopen",
    "merge": "unmerge",
    "publish": "unpublish",
    "classify": "classify",
    "correct": "correct",
    "assign": "assign",
    "tag": "tag",
}
"""What is done instead once an action has left the desk: it opens, and the person decides (DESIGN.md §6)."""


PAPERED = frozenset({"forward", "co_forward", "chase"})
"""Actions after which notices may lie in a folder."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What `u` came to. `opens`: the action that would undo it, where it has left the desk already."""

    sentence: str
    done: bool = False
    cases: tuple[CaseId, ...] = ()
    opens: str = ""

    @property
    def begins(self) -> Mapping[str, Any]:
        """What its dialog begins with: whoever takes back a closing of the desk's own reopens by the desk's own error."""
        return {"reason": "own_error"} if self.opens == "reopen" else {}


def undo(store: Store, actor: Actor) -> Undone:
    """Takes back what this person did last, if no request has carried it. Raises StoreError."""
    from db import runs
    from db.model import Refusal
    from db.sentences import say
    from db.undo import take_back
    from desk.withdrawal import withdraw

    run = runs.last(store, actor.id)
    if run is None:
        return Undone(_("There is nothing of yours to take back here."))
    name = _named(store, run)
    if run.offered:
        way = WAYS_BACK.get(run.action, "")
        if not way:
            return Undone(_("{what} has left the desk and has no way back: write a note, or act anew.", what=name))
        said = _("{what} has left the desk. “{way}” would undo it: decide there.", what=name, way=BY_ID[way].label)
        return Undone(said, cases=run.cases, opens=way)
    got = take_back(store, actor, run.n)
    if isinstance(got, Refusal):
        return Undone(f"{name}: {say(got)}")
    kept = run.action in BY_ID and bool(run.said)  # a macro and what was only agreed to leave nothing to be typed again
    said = _("Taken back: {what}. What you typed waits behind its key.", what=name)
    said = said if kept else _("Taken back: {what}.", what=name)
    if run.action in PAPERED or run.action not in BY_ID:  # or a macro, which may have sent something
        said = sentences(said, withdraw(store, run.cases, run.at))
    return Undone(said, True, (*got.cases, *got.removed))


def _named(store: Store, run: Run) -> str:
    """The action and its letter, or how many letters."""
    from db import queries
    from desk.macros import named

    label = BY_ID[run.action].label if run.action in BY_ID else named(run.action) or run.action
    if len(run.cases) != 1:
        return _("{action}, {n} letters", action=label, n=len(run.cases))
    case = queries.cases_of(store, run.cases).get(run.cases[0])
    return _("{action}: {title}", action=label, title=one_line(case.title)) if case else label


@dataclass(frozen=True, slots=True)
class Again:
    """The last action with what was typed, made ready for other letters. `wrong`: why its dialog must be opened."""

    action: Action
    typed: dict[str, Any]
    values: dict[str, Any]
    wrong: str = ""


def again(store: Store, actor: Actor, contexts: Sequence[Context]) -> Again | None:
    """What `.` would do to these letters; None if this person has done nothing yet. Raises StoreError."""
    from db import runs

    run = runs.last(store, actor.id)
    if run is None or run.action not in BY_ID:
        return None
    return prepared(BY_ID[run.action], run.said, contexts[0])


def prepared(action: Action, said: Mapping[str, Any], ctx: Context) -> Again:
    """An action with values of another letter, for this one: what belongs to that letter alone is proposed anew."""
    typed: dict[str, Any] = {}
    for f in action.fields:
        own = f.to in ("dispatch", "when") or f.kind in ("dispatch", "letter", "letters") or f.shown is one_letter
        own = own or said.get(f.name) == EACH
        typed[f.name] = f.first(ctx, typed) if own or f.name not in said else said[f.name]
    values, wrong = read_all(action.fields, ctx, typed)
    return Again(action, typed, values, wrong[0].sentence if wrong else "")
