"""What moved a letter's due times, who and why; and the third return, which is a supervisor's."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from db import commands
from db.clock import from_iso
from db.commands import Command
from db.model import Actor, Role
from db.people import own_actor
from db.store import Store
from desk.actions import BY_ID
from desk.app import DeskApp
from desk.cli import main as cli
from tests.desk import inbox
from tests.desk.inbox import NOW, do, forward
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


def extended(store: Store) -> str:
    """A letter whose reply a supervisor gave more time."""
    case = inbox.arrive(store, inbox.LETTERS[:1])[0]
    forward(store, case)
    do(store, case, "signed")
    do(store, case, "extension_asked", {"text": "等配件"})
    do(store, case, "extended", {"text": "配件在途，准予延期"})
    return case


async def test_the_letter_says_who_moved_its_due_time_and_why(store: Store, desk: Desk) -> None:
    extended(store)
    async with seated(desk(), 160, 50) as seat:
        await seat.press("3", "enter")
        text = "\n".join(seat.lines)
        assert "期限变更" in text
        assert "延期 1 次" in text
        line = next(line for line in seat.lines if "→" in line)
        assert "回复期限" in line.replace(" ", "") or "回复" in line
        assert "配件在途" in text


def test_show_json_names_who_and_why(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    case = extended(store)
    code = inbox.letter(store, case).case.code
    home = store.home
    assert cli(["--home", str(home), "show", code, "--json"]) == 0
    moves = json.loads(capsys.readouterr().out)["due_moves"]
    reply = next(m for m in moves if m["clock"] == "reply")
    assert (reply["why"], reply["actor"], reply["reason"]) == ("extended", own_actor(store).id, "配件在途，准予延期")
    assert reply["at"]


def thrice_returned(store: Store) -> str:
    """A letter that three units in turn said is not theirs."""
    case = inbox.arrive(store, inbox.LETTERS[2:3])[0]
    for n in range(3):
        forward(store, case, now=NOW + n * 3_600_000)
        do(store, case, "returned", {"text": "不归我们管"}, now=NOW + n * 3_600_000 + 60_000, reason="not_ours")
    return case


def test_after_the_third_return_the_editors_desk_says_who_goes_on(store: Store) -> None:
    case = inbox.letter(store, thrice_returned(store)).case
    me = own_actor(store)
    editor = Actor(me.id, Role.EDITOR, me.device)
    later = from_iso("2024-11-02T09:30")
    for action in ("forward", "uphold"):
        why = BY_ID[action].why_not(case, editor, {}, store.rulebook(), later)
        assert why is not None
        assert "主任" in why, action
        assert (
            BY_ID[action].why_not(case, Actor(me.id, Role.SUPERVISOR, me.device), {}, store.rulebook(), later) is None
        )
    refused = commands.run(store, editor, [Command("forwarded", case.id, {"district": inbox.YUBEI})], later).refused
    assert [refusal.code for _c, refusal in refused] == ["third_return"]


async def test_the_letter_shows_that_a_supervisor_goes_on_after_three_returns(store: Store, desk: Desk) -> None:
    thrice_returned(store)
    async with seated(desk(), 160, 50) as seat:
        await seat.press("2", "enter")
        text = "\n".join(seat.lines)
        assert "退单 3 次，须值班主任处理" in text
        assert "退单、重办" in text
        assert "期限变更" not in text, "nothing moved a due time"
