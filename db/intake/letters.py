"""A row of a file → a letter: its sender apart, a `received` event, and where the row has one a `replied` event.

Nothing is invented: no unit, no forwarding time, no reply time. Ids come from what the row says, so that a second import of the same
file meets letters that are already here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from db.clock import now_ms
from db.ids import LETTERS, letter_id, timer_id
from db.intake.reading import Row
from db.intake.times import moment
from db.model import Event, EventKind, Kind, Ms, Role, Urgency
from db.people import Sender
from db.words import LANGUAGES, N_, term

CHANNEL = "import"
MAX_BODY = 1_000_000
MAX_TITLE = 500
DAY_AHEAD: Ms = 86_400_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot become a letter: the line it begins on, the field, and a msgid that says why."""

    line: int
    field: str
    msgid: str


@dataclass(frozen=True, slots=True)
class Letter:
    line: int
    events: tuple[Event, ...]
    sender: Sender | None


def letter(row: Row, device: str) -> Letter | Problem:
    """The row as a letter of this device, or what is wrong with it."""
    if row.problem:
        return Problem(row.line, "", row.problem)
    fields = row.fields
    title, body = _text(fields, "title"), _text(fields, "body")
    if not title and not body:
        return Problem(row.line, "title", N_("Neither a title nor a body."))
    if len(body) > MAX_BODY:
        return Problem(row.line, "body", N_("Longer than 1,000,000 characters."))
    times: dict[str, Ms | None] = {}
    for name in ("received_at", "replied_at"):
        try:
            times[name] = moment(fields[name]) if fields.get(name) not in (None, "") else None
        except (ValueError, OverflowError, OSError):
            return Problem(row.line, name, N_("Not a time that is understood."))
    received, replied = times["received_at"], times["replied_at"]
    if wrong := _wrong_times(row.line, received, replied, _text(fields, "reply")):
        return wrong
    assert received is not None
    return _made(row, device, title[:MAX_TITLE] or body[:30], body, received, replied)


def _wrong_times(line: int, received: Ms | None, replied: Ms | None, reply: str) -> Problem | None:
    if received is None:
        return Problem(line, "received_at", N_("No time of receipt."))
    if received > now_ms() + DAY_AHEAD:
        return Problem(line, "received_at", N_("Lies in the future."))
    if reply and replied is None:
        return Problem(line, "replied_at", N_("A reply without its time."))
    if reply and replied is not None and replied < received:
        return Problem(line, "replied_at", N_("The reply is older than the letter."))
    return None


def _made(row: Row, device: str, title: str, body: str, received: Ms, replied: Ms | None) -> Letter:
    fields, now = row.fields, now_ms()
    digest = sha256(f"{title}\n{body}\n{received}".encode("utf-8", "replace")).hexdigest()[:12]
    number = f"{_text(fields, 'number')[:80]}#{digest}"  # two files may use the same ids for other letters
    case = letter_id(CHANNEL, number)
    sender = _sender(fields, case)
    facts: dict[str, Any] = {
        "code": "",  # this device's next one for its day, given by the store
        "channel": CHANNEL,
        "number": number,
        "source": "import",
        "received_at": received,
        "rules": 1,
        **_classes(fields),
    }
    if sender is not None:
        facts["sender"] = sender.id
    words = {"title": title, "body": body}
    if place := _text(fields, "place"):
        words["place"] = place[:200]
    author: dict[str, Any] = {"actor": "import", "role": Role.IMPORT, "device": device}
    events = [
        Event(id=case, case=case, kind=EventKind.RECEIVED, at=now, when=received, facts=facts, words=words, **author)
    ]
    if (reply := _text(fields, "reply")) and replied is not None:
        id_ = timer_id(case, "replied", replied)
        text = {"text": reply[:MAX_BODY]}
        events.append(Event(id=id_, case=case, kind=EventKind.REPLIED, at=now, when=replied, words=text, **author))
    return Letter(row.line, tuple(events), sender)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").strip().encode("utf-8", "replace").decode("utf-8")


def _sender(fields: dict[str, Any], case: str) -> Sender | None:
    name, phone = _text(fields, "sender_name")[:80], _text(fields, "sender_phone")[:40]
    if not name and not phone:
        return None
    return Sender(str(uuid.uuid5(LETTERS, f"sender\n{case}")), name, phone=phone)


def _classes(fields: dict[str, Any]) -> dict[str, Any]:
    """What the file says about kind, urgency, topic and district, where our lists know it; the rest is for the editor."""
    from db import topics

    facts: dict[str, Any] = {}
    for name, codes in (("kind", Kind), ("urgency", Urgency)):
        if code := _labelled(name, tuple(codes), _text(fields, name)):
            facts[name] = code
    topic = _text(fields, "topic")
    if topic and topic in topics.load().all:
        facts["topic"] = topic
    if (district := _text(fields, "district")) and (code := _district(district)):
        facts["district"] = code
    return facts


@lru_cache(maxsize=4096)
def _district(name: str) -> str | None:
    """The one district so called, of any time; None where none or several are."""
    from db import places

    named = places.load().named(name)
    return named[0].code if len(named) == 1 else None


@lru_cache(maxsize=4096)
def _labelled(kind: str, codes: tuple[str, ...], text: str) -> str | None:
    wanted = text.casefold()
    for code in codes if wanted else ():
        if wanted in {code, *(term(kind, code, lang).casefold() for lang in LANGUAGES)}:
            return str(code)
    return None
