"""Key presses from a received letter to a classified, accepted and forwarded one, with and without suggestions.

    python -m bench.presses [LETTERS]

Drives the real app by its pilot over letters of `bench/gold/letters.csv` whose kind, topic and district are known, as an
editor who wants exactly those would: classify, then forward (which accepts). Without suggestions each field is chosen
by number or typed until the first match is the right one; with them `+` takes what is suggested and only what is wrong
or missing is chosen. Nothing was learned before: it is a desk's first day.
"""

from __future__ import annotations

import asyncio
import csv
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("DESK_NOW", "2024-10-15T10:00")
os.environ.setdefault("DESK_LANG", "zh_CN")

from db import places, topics
from db.clock import day_of, now_ms
from db.commands import receive
from db.ids import letter_id
from db.model import Event, Kind, Role
from db.opening import open_store
from db.people import own_actor
from db.queries import letter
from db.store import Store
from desk.app import DeskApp
from desk.screens import form_hints, queue_beside
from desk.screens.form import Form

GOLD = Path(__file__).parent / "gold" / "letters.csv"


def main() -> int:
    most = int(sys.argv[1]) if len(sys.argv) == 2 else 1000
    with GOLD.open(encoding="utf-8", newline="") as f:
        rows = [r for r in csv.DictReader(f) if r["district"] and r["topic"] and r["urgency"] == "normal"][:most]
    for says, on in (("without suggestions", False), ("with suggestions", True)):
        counts = [asyncio.run(one(row, on=on)) for row in rows]
        counts.sort()
        print(
            f"{says}: {len(counts)} letters, keys a letter: mean {sum(counts) / len(counts):.1f}, "
            f"median {counts[len(counts) // 2]}, fewest {counts[0]}, most {counts[-1]}"
        )
    return 0


async def one(row: dict[str, str], *, on: bool) -> int:
    """One letter, on a desk of its own; returns the keys it took."""
    queue_beside.ON = form_hints.ON = on
    queue_beside.REST = 0
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "home") as store:
        case = _write(store, row)
        app = DeskApp(store, own_actor(store), store.home)
        async with app.run_test(size=(120, 40)) as pilot:
            hands = Hands(pilot)
            await hands.settle()
            await pilot.press("enter")  # reading the letter: the same in both
            await hands.settle()
            district = next(d for d in places.load().districts(day_of(now_ms())) if d.name == row["district"])
            await hands.classify(store, case, row, district.code, on=on)
            await hands.press("f")
            await hands.press("enter")
            done = letter(store, case)
            assert done is not None
            lead = done.case.lead_dispatch
            assert lead is not None, (row["title"], done.case.state)
            assert (done.case.kind, done.case.topic, lead.district) == (row["kind"], row["topic"], district.code), row
        return hands.keys


class Hands:
    """Presses keys and counts them."""

    def __init__(self, pilot: Any) -> None:
        self.pilot = pilot
        self.keys = 0

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(3):
            await self.pilot.pause()
            await self.pilot.app.workers.wait_for_complete()

    async def classify(self, store: Store, case: str, row: dict[str, str], district: str, *, on: bool) -> None:
        if on and self.pilot.app.queue.beside and self.pilot.app.queue.beside.values:
            await self.press("plus")
        now = letter(store, case)
        assert now is not None
        wanted = {"kind": row["kind"], "topic": row["topic"], "district": district}
        left = {name: value for name, value in wanted.items() if getattr(now.case, name) != value}
        if not left:
            return
        await self.press("l")
        form = self.pilot.app.screen
        assert isinstance(form, Form)
        for name, value in left.items():
            await self.reach(form, name)
            for key in _typed(name, value):
                await self.press(key)
        await self.press("ctrl+s")

    async def reach(self, form: Form, name: str) -> None:
        """tab until the keys go to that field."""
        for _ in range(20):
            at = next((r.field.name for r in form.shown() if r.has_focus_within), "")
            if at == name:
                return
            await self.press("tab")
        raise AssertionError(name)


def _typed(name: str, value: str) -> Sequence[str]:
    """A number for a kind; the fewest initials that bring the right one to the top, and enter."""
    if name == "kind":
        return [str(list(Kind).index(Kind(value)) + 1)]
    if name == "topic":
        known = topics.load()
        initials = known._initials[value]
        found = next(initials[:n] for n in range(1, 20) if known.filter(initials[:n])[0] == value)
        return [*found, "enter"]
    divisions, today = places.load(), day_of(now_ms())
    division = divisions.get(value)
    assert division is not None
    for typed in (division.initials, division.pinyin):
        for n in range(1, len(typed) + 1):
            matches = divisions.filter(typed[:n], today)
            if matches and matches[0].code == value:
                return [*typed[:n], "enter"]
    raise AssertionError(value)


def _write(store: Store, row: dict[str, str]) -> str:
    case = letter_id("app", "1")
    at = now_ms() - 3_600_000
    words = {k: v for k, v in (("title", row["title"]), ("place", row["place"]), ("body", row["body"])) if v}
    facts = {"code": "", "channel": "app", "number": "1", "source": "channel", "received_at": at, "rules": 1}
    author: dict[str, Any] = {"actor": "backend", "role": Role.BACKEND, "device": "00"}
    event = Event(id=case, case=case, kind="received", at=at, facts=facts, words=words, **author)
    got = receive(store, [event], pending=False)
    assert not got.refused
    return case


if __name__ == "__main__":
    sys.exit(main())
