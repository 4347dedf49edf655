"""Letters for tests of dialogs: a real store in a folder of its own, and letters as they come in."""

from __future__ import annotations

from typing import Any

from db.clock import from_iso
from db.commands import Command, Result, receive, run
from db.ids import letter_id
from db.letters import Letter
from db.model import Actor, CaseId, Event, Ms, Role
from db.people import Sender, User, own_actor, put_users
from db.queries import letter
from db.store import Store
from db.units import Contact
from tests.desk.inbox import unit

TITLE = "电梯三天两头停运"
BODY = "茄子溪街道文体路12号楼的电梯三天两头停运，七楼老人下不了楼，物业说等维修基金。"


def fill(store: Store) -> None:
    """People of the desk, and a unit with somebody to call."""
    put_users(
        store,
        [
            User("local", "本机", Role.SUPERVISOR),
            User("lin", "林编辑", Role.EDITOR),
            User("zhou", "周编辑", Role.EDITOR),
        ],
    )
    unit(store, "u1", "500104", "区住房城乡建委", Contact("王主任", "023-0000-0101", "物业科", "9:00-17:00"))


def write_letter(store: Store, number: str = "1", **more: Any) -> CaseId:
    """A letter has come in. `more`: facts, or title, body, place, at (ISO)."""
    at = from_iso(more.pop("at", "2024-11-01T08:10"))
    words = {name: more.pop(name, default) for name, default in (("title", TITLE), ("body", BODY), ("place", ""))}
    sender = Sender(f"s{number}", "陈晓明", "先生", "13800001234")
    case = letter_id("app", number)
    facts = {
        "code": f"RMLX-20241101-00-{int(number):04d}",
        "channel": "app",
        "number": number,
        "source": "channel",
        "received_at": at,
        "sender": sender.id,
        "rules": 1,
        **more,
    }
    event = Event(
        id=case,
        case=case,
        kind="received",
        at=at,
        actor="backend",
        role=Role.BACKEND,
        device="00",
        facts=facts,
        words={k: v for k, v in words.items() if v},
        salt="00",
    )
    got = receive(store, [event], [sender], pending=False)
    assert not got.refused, got.refused
    return case


def do(store: Store, case: CaseId, event: str, at: Ms | str | None = None, **given: Any) -> Result:
    """Something happens to the letter, through the same commands as the desk's own. Facts and words as keywords."""
    words = {k: given.pop(k) for k in ("text", "note", "title", "source") if k in given}
    dispatch = given.pop("dispatch", None)
    when = from_iso(at) if isinstance(at, str) else at
    result = run(store, own_actor(store), [Command(event, case, given, words, dispatch=dispatch)], when)
    assert result.ok, result.refused
    return result


def forward(store: Store, case: CaseId, district: str = "500104", at: str | None = None, **more: Any) -> Result:
    return do(store, case, "forwarded", at, district=district, **more)


def read(store: Store, case: CaseId) -> Letter:
    found = letter(store, case)
    assert found is not None
    return found


def kinds(store: Store, case: CaseId) -> list[str]:
    """What happened to the letter, oldest first."""
    return [e.kind for e in read(store, case).events]


def editor(store: Store) -> Actor:
    return Actor("lin", Role.EDITOR, own_actor(store).device)
