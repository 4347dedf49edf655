"""Macros: a person's own sequences of actions with their values, shown before they run.

A macro does to the letter in view what was once done to another, step by step, as one run that `u` takes back. It never
sends what is half written: a step with something missing, or with a draft of its own waiting, opens its dialog.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db.words import _
from desk.actions import BY_ID
from desk.undoing import prepared

if TYPE_CHECKING:
    from db.commands import Command
    from db.model import Actor, Case
    from db.store import Store
    from desk.action_fields import Context
    from desk.actions import Action

SETTING = "desk.macros"
PREFIX = "macro:"
"""A run of a macro is remembered under this and its name."""

MOST = 40


@dataclass(frozen=True, slots=True)
class Step:
    action: str
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Macro:
    """`key`: what runs it on the queue, as Textual names keys; "" for none."""

    name: str
    steps: tuple[Step, ...]
    key: str = ""


def load(store: Store) -> list[Macro]:
    """This person's macros; what cannot be read counts as none. Raises StoreError."""
    try:
        return [
            Macro(
                str(m["name"]),
                tuple(Step(str(s["action"]), dict(s["said"])) for s in m["steps"] if s["action"] in BY_ID),
                str(m.get("key", "")),
            )
            for m in json.loads(store.setting(SETTING) or "[]")
        ]
    except (ValueError, TypeError, KeyError):
        return []


def keep(store: Store, macros: Sequence[Macro]) -> None:
    """These and no others. Raises StoreError."""
    said = [
        {"name": m.name, "key": m.key, "steps": [{"action": s.action, "said": s.said} for s in m.steps]}
        for m in macros[:MOST]
    ]
    store.put_setting(SETTING, json.dumps(said, ensure_ascii=False))


def lately(store: Store, actor: Actor, limit: int = 9) -> list[Step]:
    """What this person did last, the oldest first: what a new macro is made of. Raises StoreError."""
    from db import runs

    return [Step(r.action, r.said) for r in reversed(runs.runs(store, actor.id, limit)) if r.action in BY_ID]


@dataclass(frozen=True, slots=True)
class Seen:
    """A step as it would go: the case before and after it, or `why` it stops. `asks`: its dialog would open."""

    action: Action
    said: dict[str, Any]
    before: Case
    after: Case | None = None
    why: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A macro on one letter: every step up to the one that stops it, and what the steps before that would write."""

    macro: Macro
    steps: tuple[Seen, ...]
    commands: tuple[Command, ...]

    @property
    def stop(self) -> Seen | None:
        """The step that cannot simply be done."""
        return self.steps[-1] if self.steps and self.steps[-1].after is None else None

    @property
    def runs(self) -> bool:
        """Whether pressing enter does anything: a rule's refusal stops all of it, a question only what follows."""
        return bool(self.steps) and (self.stop is None or self.stop.asks)


def course(store: Store, macro: Macro, ctx: Context) -> Course:
    """What the macro would do to the letter, without doing it. Raises StoreError."""
    from db import drafts
    from db.commands import preview
    from db.sentences import say

    seen: list[Seen] = []
    commands: list[Command] = []
    case = ctx.case
    waiting = drafts.of(store, case.id)
    for step in macro.steps:
        action = BY_ID[step.action]
        here = replace(ctx, case=case)
        no = action.why_not(case, ctx.actor, {}, ctx.book, ctx.now)
        if no:
            seen.append(Seen(action, step.said, case, why=no))
            break
        ready = prepared(action, step.said, here)
        if ready.wrong or step.action in waiting:
            why = ready.wrong or _("A draft of it waits: its dialog opens, nothing half written is sent.")
            seen.append(Seen(action, ready.typed, case, why=why, asks=True))
            break
        made = action.commands(here, ready.values)
        result = preview(store, ctx.actor, [*commands, *made])
        if result.refused:
            seen.append(Seen(action, ready.typed, case, why=say(result.refused[0][1])))
            break
        commands += made
        after = result.cases.get(case.id, case)
        seen.append(Seen(action, ready.typed, case, after))
        case = after
    return Course(macro, tuple(seen), tuple(commands))


def run(store: Store, actor: Actor, done: Course) -> tuple[tuple[str, ...], str]:
    """Does the steps before the stop, all in one transaction. Returns the letters changed, and "" or why nothing was
    done. Raises StoreError.
    """
    from db import commands
    from db.runs import Doing
    from db.sentences import say

    if not done.commands:
        return (), ""
    result = commands.run(store, actor, done.commands, doing=Doing(PREFIX + done.macro.name, {}))
    if result.refused:
        return (), say(result.refused[0][1])
    return result.changed, ""
