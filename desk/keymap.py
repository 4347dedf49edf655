"""A person's own keys: ids of actions and moves → keys, with what cannot be said in sentences.

A key that is wrong, unknown or taken leaves its action where it was; all the others count. Footer, help and palette
show the keys in force.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.keys import Keys, _character_to_key

from db.text import one_line
from db.words import _
from desk.actions import ACTIONS
from desk.navigation import EVERYWHERE, NAVIGATION

if TYPE_CHECKING:
    from desk.likes import Likes
    from desk.settings import Problem

_KNOWN = frozenset(k.value for k in Keys) | {f"f{n}" for n in range(1, 25)}
_NAMED = re.compile(r"(?:(?:ctrl|shift|alt|super|hyper|meta)\+)*([a-z][a-z0-9_]*|[A-Za-z0-9])")

FIXED = frozenset({"escape", "ctrl+c", "enter"})
"""Keys that always mean what they mean: out, out, and open."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """`own`: binding id → its keys, as Textual names them, only where they differ from the shipped ones."""

    own: Mapping[str, str] = field(default_factory=dict)

    def of(self, id_: str, shipped: str) -> str:
        """The keys of a binding as they are in force."""
        return self.own.get(id_, shipped)


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the keys that does not count: its id as written, and why."""

    id: str
    sentence: str


def of_file(likes: Likes) -> tuple[Keymap, list[Problem]]:
    """The keymap of a person's settings file as it is in force, and what of its keys does not count, each with its line.

    What does not count is as it was when the keys were last without a fault. Of a file that cannot be read at all
    nothing is said but that: its keys are the old ones, and no line of it is at fault for them.
    """
    from desk import settings_good as good
    from desk.settings import Problem
    from desk.settings_text import line_of

    wanted = dict(likes.now.keys)
    keymap, faults = understood(wanted)
    likes.keys_wrong = bool(faults)
    if not faults:
        return keymap, []
    kept = good.read(likes.path)
    before = kept[1].get("keys") if kept else None
    for fault in faults:
        wanted.pop(fault.id, None)
        if isinstance(before, dict) and isinstance(before.get(fault.id), str):
            wanted[fault.id] = before[fault.id]
    text = likes.path.read_text(encoding="utf-8", errors="replace") if likes.path.exists() else ""
    problems = [Problem(line_of(text, ("keys", f.id)), f.sentence) for f in faults]
    if any(problem.whole for problem in likes.problems):
        problems = []
    return understood(wanted)[0], sorted(problems, key=lambda problem: problem.line)


def faults_of(likes: Likes) -> list[Problem]:
    """All that is wrong in a person's settings file, by line: values, and keys that cannot be."""
    return sorted([*likes.problems, *of_file(likes)[1]], key=lambda problem: problem.line)


def shipped() -> dict[str, str]:
    """Every binding of the queue that a person may move: id → keys."""
    return {id_: keys for id_, keys, _action, _says in (*NAVIGATION, *EVERYWHERE)} | {
        f"do.{a.id}": a.key for a in ACTIONS
    }


def understood(wanted: Mapping[str, str]) -> tuple[Keymap, list[Fault]]:
    """The keymap in force and what of `wanted` does not count. Ids may be written short (`forward` for `do.forward`)."""
    known = shipped()
    own: dict[str, str] = {}
    faults: list[Fault] = []
    for written, keys in wanted.items():
        id_ = written if written in known else f"do.{written}"
        if id_ not in known:
            near = ", ".join(sorted(k for k in known if written.split(".")[-1][:4] in k)[:4]) or "do.forward, move.down"
            faults.append(
                Fault(
                    written,
                    _("There is no “{id}” to give a key to; there are {near} …", id=one_line(written), near=near),
                )
            )
            continue
        named = [_key(part.strip()) for part in keys.split(",") if part.strip()]
        if not named or None in named:
            faults.append(
                Fault(written, _("“{keys}” is no key. Write a letter, f5, ctrl+t or j,down.", keys=one_line(keys)))
            )
        elif FIXED & set(named):
            faults.append(
                Fault(written, _("“{keys}” keeps its meaning everywhere. Choose another.", keys=one_line(keys)))
            )
        else:
            own[id_] = ",".join(k for k in named if k)
    return _without_clashes(known, own, wanted, faults)


def _without_clashes(
    known: Mapping[str, str], own: dict[str, str], wanted: Mapping[str, str], faults: list[Fault]
) -> tuple[Keymap, list[Fault]]:
    """Takes away what would put two things on one key, the later line first, until nothing clashes."""
    while True:
        holders: dict[str, list[str]] = {}
        for id_, keys in (dict(known) | own).items():
            for key in filter(None, keys.split(",")):
                holders.setdefault(key, []).append(id_)
        for digit in "0123456789":
            holders.setdefault(digit, []).append(f"queue.{digit}")
        clash = next(((key, ids) for key, ids in holders.items() if len(ids) > 1 and set(ids) & own.keys()), None)
        if clash is None:
            return Keymap(own), faults
        key, ids = clash
        loser = [id_ for id_ in own if id_ in ids][-1]
        other = next(id_ for id_ in ids if id_ != loser)
        del own[loser]
        written = next((w for w in wanted if w == loser or f"do.{w}" == loser), loser)
        faults.append(
            Fault(written, _("“{key}” is already {other}: give that another key first.", key=printed(key), other=other))
        )


def _key(typed: str) -> str | None:
    """A key as Textual names it; None for what no keyboard sends."""
    if len(typed) == 1:
        return _character_to_key(typed) if typed.isprintable() and not typed.isspace() else None
    if typed in _KNOWN:
        return typed
    match = _NAMED.fullmatch(typed)
    if match is None:
        return None
    last = match[1]
    return typed if len(last) == 1 or last in _KNOWN else None


def printed(keys: str) -> str:
    """Keys as they stand on a keyboard."""
    from desk.screens.help import shown as as_printed

    return as_printed(keys)
