"""Macros: a person's own sequences of actions with their values, shown before they run.

A macro does to the letter in view what was once done to another, step by step, as one run that `u` takes back. It never
sends what is half written: a step with something missing, or with a draft of its own waiting, opens its dialog.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db.text import one_line
from db.words import _
from desk.actions import BY_ID
from desk.undoing import prepared

if TYPE_CHECKING:
    from db.commands import Command
    from db.model import Actor, Case
    from db.store import Store
    from desk.action_fields import Context
    from desk.actions import Action
    from desk.bulk import Plan
    from desk.sending import Sent

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
    def begun(self) -> Case:
        """The letter as it is now."""
        return self.steps[0].before

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
    return courses(store, macro, [ctx])[0]


def courses(store: Store, macro: Macro, contexts: Sequence[Context]) -> list[Course]:
    """What it would do to each of the letters, in their order: every step is judged for all of them at once.

    Raises StoreError.
    """
    from db import drafts
    from db.commands import preview
    from db.sentences import say

    going = [_Going(ctx, drafts.of(store, ctx.case.id)) for ctx in contexts]
    for step in macro.steps:
        action = BY_ID[step.action]
        for one in going:
            one.begin(action, step.said)
        wanted = [one for one in going if one.made]
        result = preview(
            store, contexts[0].actor, [c for one in wanted for c in (*one.commands, *one.made)], whole=False
        )
        no = {command.case: say(refusal) for command, refusal in reversed(result.refused)}
        for one in wanted:
            one.judged(action, no.get(one.case.id, ""), result.cases.get(one.case.id, one.case))
    return [Course(macro, tuple(one.seen), tuple(one.commands)) for one in going]


class _Going:
    """One letter on its way through the steps: `commands` of those that go, `made` of the one being judged."""

    def __init__(self, ctx: Context, waiting: Collection[str]) -> None:
        self.ctx, self.case, self.waiting = ctx, ctx.case, waiting
        self.seen: list[Seen] = []
        self.commands: list[Command] = []
        self.made: list[Command] = []
        self.typed: dict[str, Any] = {}

    @property
    def stopped(self) -> bool:
        return bool(self.seen) and self.seen[-1].after is None

    def begin(self, action: Action, said: dict[str, Any]) -> None:
        """The step as commands; where a rule refuses it, or a person must look at it, the way ends here."""
        self.made = []
        if self.stopped:
            return
        here = replace(self.ctx, case=self.case, many=False)
        no = action.why_not(self.case, here.actor, here.related, here.book, here.now)
        if no:
            self.seen.append(Seen(action, said, self.case, why=no))
            return
        ready = prepared(action, said, here)
        why = ready.wrong
        if action.id in self.waiting:
            why = _("A draft of it waits: its dialog opens, nothing half written is sent.")
        elif action.alone:
            why = why or _("Each letter is looked at for this: its dialog opens.")
        if why:
            self.seen.append(Seen(action, ready.typed, self.case, why=why, asks=True))
            return
        self.made, self.typed = action.commands(here, ready.values), ready.typed
        if not self.made:  # it is so already
            self.seen.append(Seen(action, ready.typed, self.case, self.case))

    def judged(self, action: Action, why: str, after: Case) -> None:
        """What the rules say of the step: the next one begins where it ends."""
        if why:
            self.seen.append(Seen(action, self.typed, self.case, why=why))
            return
        self.commands += self.made
        self.seen.append(Seen(action, self.typed, self.case, after))
        self.case = after


def plan(found: Sequence[Course]) -> Plan:
    """The same of several letters, as a bulk shows it: only those that it can be done to whole go."""
    from desk.bulk import Plan, letter_line

    lines = [letter_line(one.begun, one.steps[-1].after) for one in found if one.steps and one.stop is None]
    refused = [letter_line(one.begun, why=one.stop.why) for one in found if one.stop is not None]
    return Plan((), tuple(lines), tuple(refused))


def run(store: Store, actor: Actor, macro: Macro, done: Sequence[Course]) -> Sent:
    """Does the steps before the stop, of all these letters, in one transaction: all of it or nothing."""
    from db import commands
    from db.runs import Doing
    from db.sentences import say
    from db.store_error import StoreError
    from desk.sending import Sent

    wanted = [command for one in done for command in one.commands]
    if not wanted:
        return Sent()
    try:
        result = commands.run(store, actor, wanted, doing=Doing(PREFIX + macro.name, {}))
    except StoreError as e:
        return Sent(refused=(e.sentence(),), trouble=True)
    if result.refused:
        return Sent(refused=(say(result.refused[0][1]),))
    name = one_line(macro.name)
    if len(done) == 1:
        return Sent(result.changed, _("{name}: done, saved here, to be sent.", name=name))
    return Sent(result.changed, _("{name}: {n} letters, saved here, to be sent.", name=name, n=len(done)))


def named(action: str) -> str | None:
    """The name of the macro that a run remembered as `action` was of; None where it was none. Safe text."""
    return one_line(action.removeprefix(PREFIX)) if action.startswith(PREFIX) else None
