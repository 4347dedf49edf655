"""Decisions looked at and made: what they bring as lines, what forbids them, and writing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from db import configured, configured_rows, configuring, timers_here
from db.clock import midnight, now_ms
from db.configured import Decision, Newsroom
from db.configured_words import say_differences, say_effect, say_item, say_number
from db.model import Urgency
from db.newsroom import level_in, limit_out
from db.sentences import say
from db.store_error import StoreError
from db.words import _, sentences, term

if TYPE_CHECKING:
    from db.commands import Command
    from desk.shelf import Shelf

MOST = 12
"""Letters whose due times are told one by one; of more, the number says."""


def brings(shelf: Shelf, commands: Sequence[Command]) -> list[tuple[str, str]]:
    """Lines with their roles: before → after of each decision, from when, then its effects on letters."""
    try:
        newsroom = configured_rows.read(shelf.store)
        lines: list[tuple[str, str]] = []
        for command in commands:
            lines += _change(newsroom, command)
        for command in commands:
            if not command.facts.get("cancels"):
                lines += [("· " + text, "ink") for text in _effects(shelf, command)]
    except StoreError as e:
        return [(e.sentence(), "late")]
    return list(dict.fromkeys(lines))


def _effects(shelf: Shelf, command: Command) -> list[str]:
    found = configuring.effects(shelf.store, command, now_ms())
    moves = [e for e in found if e.code == "notice_move"]
    said = [say_effect(e) for e in found if e.code != "notice_move"]
    said += [say_effect(e) for e in moves[:MOST]]
    return said + ([_("… and {n} more", n=len(moves) - MOST)] if len(moves) > MOST else [])


def _change(newsroom: Newsroom, command: Command) -> list[tuple[str, str]]:
    facts = command.facts
    item = (str(facts["what"]), str(facts["id"]))
    if cancelled := facts.get("cancels"):
        gone = next((d for d in newsroom.items.get(item, ()) if d.event == cancelled), None)
        return [(_("Cancelled: {what}", what=say_item(gone, newsroom)), "strong")] if gone else []
    begins = date.fromisoformat(facts["from"])
    made = _as_decision(command)
    before = newsroom.on(*item, midnight(begins))
    lines = [(say_item(made, newsroom), "strong")]
    if item[0] not in configured.LAST_HOLDS:
        lines.append((_("from {day}", day=begins.isoformat()), "water"))
    if item[0] in (configured.LEVEL, configured.LIMIT) and made.value is not None:
        return [
            (_title(made), "strong"),
            lines[1],
            *_rules_change(newsroom, made, midnight(begins)),
            *_later(newsroom, made),
        ]
    if before is not None and before.value is not None and before.value != made.value:
        lines.append((_("until then: {what}", what=say_item(before, newsroom)), "faint"))
    return [*lines, *_later(newsroom, made)]


def _title(made: Decision) -> str:
    list_ = "urgency" if made.what == configured.LEVEL else "field"
    return f"{term('configured', made.what)} · {term(list_, made.id)}"


def _rules_change(newsroom: Newsroom, made: Decision, begins: int) -> list[tuple[str, str]]:
    """Only what becomes another term or number."""
    assert made.value is not None
    rules = newsroom.book.at(begins)
    if made.what == configured.LEVEL:
        found = say_differences(rules.levels[Urgency(made.id)], level_in(made.value))
    else:
        was, to = limit_out(rules, made.id), made.value["is"]
        found = [f"{say_number(was)} → {say_number(to)}"] if was != to else []
    return [(text, "amber") for text in found or [_("Nothing is different from how it stands.")]]


def _later(newsroom: Newsroom, made: Decision) -> list[tuple[str, str]]:
    """What was planned for a later day still comes."""
    later = [d for d in newsroom.items.get((made.what, made.id), ()) if d.since > made.since]
    return [
        (
            _("Already planned and still to come: {day} {what}", day=d.day.isoformat(), what=say_item(d, newsroom)),
            "today",
        )
        for d in later
    ]


def _as_decision(command: Command) -> Decision:
    """What the command says, before any event is made of it."""
    facts, now = command.facts, now_ms()
    begins = date.fromisoformat(facts["from"])
    return Decision(
        event="",
        what=str(facts["what"]),
        id=str(facts["id"]),
        day=begins,
        since=midnight(begins),
        at=now,
        actor="",
        value=facts.get("value"),
        words=command.words,
        successors=tuple(facts.get("successors") or ()),
    )


def forbidden(shelf: Shelf, commands: Sequence[Command]) -> str:
    """The sentence that says why they may not be made; "" where they may."""
    from db.commands import preview

    try:
        result = preview(shelf.store, shelf.actor, list(commands))
    except StoreError as e:
        return e.sentence()
    return sentences(*dict.fromkeys(say(no) for _command, no in result.refused))


def decide(shelf: Shelf, commands: Sequence[Command]) -> tuple[bool, str, tuple[str, ...]]:
    """Writes them, all or nothing: (done, sentence, letters whose due times it moved)."""
    from db.commands import run

    try:
        result = run(shelf.store, shelf.actor, list(commands))
        if result.refused:
            return False, sentences(*dict.fromkeys(say(no) for _command, no in result.refused)), ()
        moved = timers_here.run(shelf.store)
    except StoreError as e:
        return False, e.sentence(), ()
    said = _("Decided: saved here, to be sent.")
    if moved:
        said += " " + _("{n} letters were counted anew.", n=len(moved))
    return True, said, moved
