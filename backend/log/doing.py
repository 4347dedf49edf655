"""What citizens and units do through the doors: made into an event here, judged like any other.

Its id follows from its content, keyed with the newsroom's secret: the same again, after an answer that was lost, is the same
event; and nobody can test from an id what somebody has written.
"""

from __future__ import annotations

import hmac
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select

from backend.database import Database
from backend.log import judging, looking, newsroom
from backend.log.held import CASES
from backend.log.judging import Offered
from backend.log.looking import Place
from backend.people.person import Person
from backend.problems import ProblemError, RefusedError
from db import casefile, cases, log
from db.model import Case, CaseId, DispatchId, Event, Ms, Refusal
from db.model import EventKind as K

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done to a letter."""

    kind: str
    case: CaseId
    facts: Mapping[str, Any]
    words: Mapping[str, str]
    dispatch: DispatchId | None = None


def secret(conn: Connection) -> bytes:
    """The newsroom's key for everything derived."""
    return bytes(conn.execute(select(newsroom.NEWSROOM.c.secret)).scalar_one())


def keyed(key: bytes, *parts: str) -> bytes:
    """32 bytes that follow from the parts, for whoever has the key."""
    return hmac.new(key, "\0".join(parts).encode("utf-8", "surrogatepass"), sha256).digest()


def keyed_id(key: bytes, *parts: str) -> str:
    """An id in the form of a UUID (version 8: of one's own making)."""
    value = int.from_bytes(keyed(key, *parts)[:16])
    value = value & ~(0xF << 76) | 0x8 << 76
    value = value & ~(0x3 << 62) | 0b10 << 62
    return str(uuid.UUID(int=value))


def find(conn: Connection, code: str) -> Case | None:
    """The letter of that code as it now stands."""
    row = conn.execute(select(CASES.c.row).where(CASES.c.code == code)).scalar()
    return casefile.restore(row) if row is not None else None


def named(conn: Connection, text: str) -> Case | None:
    """The letter of that id or code."""
    return by_id(conn, text) if ID.fullmatch(text) else find(conn, text)


def by_id(conn: Connection, id_: CaseId) -> Case | None:
    row = conn.execute(select(CASES.c.row).where(CASES.c.id == id_)).scalar()
    return casefile.restore(row) if row is not None else None


def do(db: Database, who: Person, deed: Deed, now: Ms) -> Place:
    """Does it, or finds it done. Raises RefusedError with the rule's refusal, ProblemError(unknown)."""
    with db.read() as conn:
        case = by_id(conn, deed.case)
        if case is None:
            raise ProblemError("unknown")
        offered = _offered(conn, who, deed, case, now)
        done = conn.execute(select(looking.EVENTS.c.digest).where(looking.EVENTS.c.id == offered.event.id)).first()
    if done is not None:  # the same deed, made into an event at another moment
        return _place(db, offered.event.id)
    judged = judging.judge(db, [offered], who, now)
    outcome = judged.outcomes.get(offered.event.id)
    if isinstance(outcome, Place):
        return outcome
    if offered.event.id in judged.clashing:  # two at once: the other one was first
        return _place(db, offered.event.id)
    raise RefusedError(outcome.refusal if outcome is not None else Refusal("unknown_kind", {"kinds": deed.kind}))


def _place(db: Database, id_: str) -> Place:
    e = looking.EVENTS.c
    with db.read() as conn:
        return Place(*conn.execute(select(e.seq, e.heard, e.digest).where(e.id == id_)).one())


RENEWS: Mapping[str, tuple[str, ...]] = {
    K.TOLD: (K.ASKED,),
    K.RATED: (K.ANSWERED, K.ANSWERED_DIRECTLY),
    K.REPLIED: (K.REDONE, K.REOPENED),
    K.RETURNED: (K.UPHELD,),
    K.EXTENSION_ASKED: (K.EXTENSION_REFUSED,),
    K.WITHDRAWN: (K.REOPENED,),
}
"""After which events the same words are another deed: asked again, the same answer is a new answer."""


def _round(conn: Connection, deed: Deed, case: Case) -> list[Any]:
    """What tells a deed from the same one done earlier; doing it does not change this."""
    e = looking.EVENTS.c
    kinds = [str(k) for k in RENEWS.get(deed.kind, ())]
    before = select(func.count()).where(e.case_id == case.id, e.kind.in_(kinds), e.absorbed == 0)
    return [conn.execute(before).scalar_one() if kinds else 0, case.answer if deed.kind == K.RATED else None]


def _offered(conn: Connection, who: Person, deed: Deed, case: Case, now: Ms) -> Offered:
    re, dispatch = cases.answers(case, deed.kind, deed.dispatch, deed.facts)
    content = log.canonical([who.id, _round(conn, deed, case), deed.dispatch, dict(deed.facts), dict(deed.words)])
    event = Event(
        id=keyed_id(secret(conn), "deed", deed.case, deed.kind, content),
        case=deed.case,
        kind=deed.kind,
        at=now,
        actor=who.id,
        role=who.role,
        device=who.device,
        re=re,
        dispatch=dispatch,
        facts=deed.facts,
        words={k: v for k, v in deed.words.items() if v},
    )
    return judging.offer(replace(event, salt=log.salted(event)))
