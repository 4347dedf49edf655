"""`:` on the desk: the verbs of the command line on the letters in view, a queue by its number, a letter by its code."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.search_complete import Offer
from db.text import one_line
from db.words import _, term
from desk.actions import VERBS

if TYPE_CHECKING:
    from db.model import Actor, CaseId
    from db.store import Store
    from desk.action_fields import Field

HISTORY = "desk.commands"
REMEMBERED = 50


SCREENS = ("board", "ladder", "surveys", "handover", "load", "ratings", "settings", "help")
"""Words that open a screen; so do their names in the person's language."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a command came to: a sentence, and what the desk does next."""

    sentence: str = ""
    good: bool = False
    changed: tuple[CaseId, ...] = ()
    done: str = ""
    queue: int | None = None
    query: str | None = None
    finds: bool = False  # `query` is a search, not one letter's code
    quits: bool = False
    opens: str = ""  # a screen of its own, of SCREENS


def do(store: Store, actor: Actor, text: str, codes: Sequence[str]) -> Told:
    """Runs what was typed; `codes` are the letters meant where it names none. Raises StoreError."""
    from db import queries

    typed = text.strip()
    if not typed:
        return Told()
    if re.fullmatch(r"[0-9]", typed):
        return Told(queue=int(typed))
    if typed in ("q", "quit"):
        return Told(quits=True)
    if typed.split()[0] == "bulletin":
        return _bulletin(typed.split()[1:])
    if screen := _screen_named(typed):
        return Told(opens=screen)
    if queries.find(store, typed) is not None:
        return Told(queue=0, query=typed)
    if re.match(r"(list|call|清单|征集)[:：]", typed):
        return Told(queue=0, query=typed, finds=True)
    try:
        words = shlex.split(typed)
    except ValueError:
        return Told(_("A quotation mark is not closed. Nothing was done; : and ↑ bring it back."))
    words[0] = _verb_named(words[0])
    if words[0] not in VERBS:
        return Told(_("There is no “{verb}”: tab shows what there is.", verb=one_line(words[0])))
    return _verb(store, actor, words, codes)


def _screen_named(typed: str) -> str:
    """The screen of that name, or whose name alone so begins, in either language; "" where it may be a verb."""
    named = {name: (name, term("screen", name)) for name in (*SCREENS, "bulletin")}
    if exact := next((name for name, called in named.items() if typed in called), ""):
        return exact
    begun = [name for name, called in named.items() if any(one.startswith(typed) for one in called)]
    return begun[0] if len(begun) == 1 and len(offers(typed)) == 1 else ""


def _verb_named(typed: str) -> str:
    """A verb typed as its key is called in the person's language: 转办 is forward."""
    found = [verb for verb, (action, preset) in VERBS.items() if not preset and term("action", action.id) == typed]
    return found[0] if found else typed


def _bulletin(words: list[str]) -> Told:
    """`:bulletin 2024-10`: the month in figures; without a period the one last looked at."""
    from db.figures.period import BadPeriodError, parse

    if not words:
        return Told(opens="bulletin")
    try:
        return Told(opens=f"bulletin('{parse(words[0]).name}')")
    except BadPeriodError:
        said = "“{typed}” is no period. Write 2024-10, 2024-W41, 2024-Q4, 2024 or 2024-10-01..2024-10-15."
        return Told(_(said, typed=one_line(words[0])))


def _verb(store: Store, actor: Actor, words: list[str], codes: Sequence[str]) -> Told:
    from desk.cli.act import perform
    from desk.cli.out import StopError
    from desk.cli.parser import parser

    try:
        options = parser().parse_args(words)
        if not options.code and options.query is None:
            options.code = list(codes)
        sent, _contexts = perform(store, actor, options, undo=True)
    except StopError as stop:
        return Told(one_line(stop.sentence.replace("\n", " ")) or _("Nothing was done."))
    return Told(sent.sentence, bool(sent.changed), sent.changed, VERBS[words[0]][0].id)


def history(store: Store) -> list[str]:
    """What was typed before, the oldest first."""
    try:
        return [str(line) for line in json.loads(store.setting(HISTORY) or "[]")]
    except (ValueError, TypeError):
        return []


def remember(store: Store, text: str) -> None:
    """Keeps what was typed for ↑; words of a letter only as long as the history goes. Raises StoreError."""
    lines = [line for line in history(store) if line != text]
    store.put_setting(HISTORY, json.dumps([*lines, text][-REMEMBERED:], ensure_ascii=False))


def offers(typed: str) -> Sequence[Offer]:
    """What may come next: verbs, then the options of the verb, then the option's values."""
    head, _space, last = typed.rpartition(" ")
    start = len(typed) - len(last)
    words = head.split()
    if not words:
        named = [(name, term("screen", name)) for name in (*SCREENS, "bulletin")]
        named += [(verb, term("action", action.id)) for verb, (action, _p) in VERBS.items()]
        found = [(name, f"{name} {label}") for name, label in named if name.startswith(last) or label.startswith(last)]
        return tuple(Offer(start, f"{verb} ", label) for verb, label in found[:12])
    words[0] = _verb_named(words[0])
    if words[0] not in VERBS:
        return ()
    action, preset = VERBS[words[0]]
    fields = {_option(f): f for f in action.fields if f.name not in preset}
    if words[-1] in fields and not last.startswith("--"):
        return tuple(Offer(start, f"{text} ", label) for text, label in _values(fields[words[-1]], last)[:12])
    free = [(name, f) for name, f in fields.items() if name.startswith(last) and name not in words]
    return tuple(Offer(start, f"{name} ", f"{name} {f.label}") for name, f in free[:12])


def _option(field: Field) -> str:
    return "--" + (field.option or field.name).replace("_", "-")


def _values(field: Field, begun: str) -> list[tuple[str, str]]:
    from db.clock import day_of, now_ms

    if field.kind in ("district", "districts"):
        from db.places import load

        found = load().filter(begun, day_of(now_ms())) if begun else load().districts(day_of(now_ms()))
        return [(d.name, d.name) for d in found]
    if field.kind == "topic":
        from db.topics import load as load_topics

        return [(t, t) for t in load_topics().filter(begun)]
    return []
