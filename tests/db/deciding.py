"""Decisions of the newsroom run through a store, as the settings screen runs them: accepted, or refused by code."""

from __future__ import annotations

from datetime import date

from db import commands
from db.clock import from_iso
from db.commands import Command
from db.model import Actor
from db.people import own_actor
from db.sentences import say
from db.store import Store

NOW = from_iso("2024-11-01T09:30")
TODAY = date(2024, 11, 1)
DAY = 86_400_000


def run(store: Store, *decided: Command, now: int = NOW, actor: Actor | None = None) -> commands.Result:
    return commands.run(store, actor or own_actor(store), list(decided), now)


def must(store: Store, *decided: Command, now: int = NOW) -> None:
    result = run(store, *decided, now=now)
    assert result.ok, [say(no, "en") for _c, no in result.refused]


def no(store: Store, *decided: Command, now: int = NOW) -> str:
    [(_command, refusal)] = run(store, *decided, now=now).refused
    assert "{" not in say(refusal, "zh_CN")
    return refusal.code
