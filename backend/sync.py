"""One round of sync (docs/sync.md): judge what came, give what is new. Called by the door, once a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from backend.database import Database
from backend.log import judging, newsroom, reading
from backend.log.judging import Judged
from backend.log.looking import Place, Refused
from backend.log.reading import Entry, Head, Page
from backend.log.writing import SenderRow
from backend.people.person import REVEALING, Person
from backend.problems import ProblemError
from db.model import EventKind, Ms, Refusal
from db.wire import LAST_MS, MAX_FACT, OLDEST, SCHEMA, BadEventError, dumps, whole

MOST_EVENTS = 2_000
"""Events of one request. A desk sends 16 kB at a time, about 200."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request of a desk, read and checked."""

    cursor: int
    hash: str
    events: Sequence[Any] = ()
    senders: Sequence[SenderRow] = ()
    full: bool = False
    newsroom: str | None = None
    fingerprint: str | None = None
    most: int | None = None  # of a page, as `reading.PLAIN` counts
    dictionaries: tuple[int, ...] = ()
    schema: int = SCHEMA


@dataclass(slots=True)
class Answer:
    """The answer as JSON text; None where there is nothing to say. `seq`: how far the log went, `logged`: what was added."""

    text: str | None
    seq: int
    judged: Judged = field(default_factory=Judged)


def read(given: Any, header: str | None = None) -> Ask:
    """The body of a POST. Raises ProblemError."""
    if not isinstance(given, dict):
        raise ProblemError("bad_json")
    schema = _number(given, "v", default=SCHEMA if header is None else _heard(header))
    if schema < OLDEST:
        raise ProblemError("too_old", more={"v": OLDEST})
    events = given.get("e", [])
    if not isinstance(events, list):
        raise ProblemError("field", field="e")
    if len(events) > MOST_EVENTS:
        raise ProblemError("field", field="e")
    return Ask(
        cursor=_number(given, "c", default=0),
        hash=_text(given, "h", 64) or "",
        events=events,
        senders=_senders(given.get("p", [])),
        full=bool(given.get("full")),
        newsroom=_text(given, "n", 64),
        fingerprint=_text(given, "s", 16),
        most=_number(given, "b", default=0) or None,
        dictionaries=dictionaries(given.get("d", [])),
        schema=schema,
    )


def _heard(header: str) -> int:
    if not header.isdecimal() or len(header) > 9:
        raise ProblemError("field", field="Desk-Schema")
    return int(header)


def dictionaries(given: Any) -> tuple[int, ...]:
    if not isinstance(given, list) or len(given) > 50 or not all(whole(n) for n in given):
        raise ProblemError("field", field="d")
    return tuple(given)


def _number(given: dict[str, Any], name: str, default: int) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < LAST_MS:
        raise ProblemError("field", field=name)
    return value


def _text(given: dict[str, Any], name: str, most: int) -> str | None:
    value = given.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > most):
        raise ProblemError("field", field=name)
    return value


def _senders(given: Any) -> list[SenderRow]:
    """[id, name, salutation, phone, {contact}] of letters that came with this request."""
    if not isinstance(given, list) or len(given) > MOST_EVENTS:
        raise ProblemError("field", field="p")
    rows: list[SenderRow] = []
    for one in given:
        if not isinstance(one, list) or len(one) not in (4, 5) or not all(isinstance(v, str) for v in one[:4]):
            raise ProblemError("field", field="p")
        contact = one[4] if len(one) == 5 else {}
        if not isinstance(contact, dict) or not all(isinstance(v, str) for v in contact.values()):
            raise ProblemError("field", field="p")
        text = dumps(contact) if contact else ""
        if len(text) > 4_000 or any(len(v) > MAX_FACT or "\x00" in v for v in one[:4]):
            raise ProblemError("field", field="p")
        names = ("id", "name", "salutation", "phone")
        row = dict(zip(names, (_storable(v) for v in one[:4]), strict=True))
        rows.append(row | {"contact": _storable(text)})
    return rows


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


# ── the round ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sync(db: Database, who: Person, ask: Ask, now: Ms) -> Answer:
    """Judges the events of a request and reads what is new behind its cursor. Raises ProblemError."""
    try:
        offered, bad = judging.read(ask.events, now)
    except BadEventError as wrong:
        raise ProblemError("field", field=f"e.{wrong.field}") from None
    with db.read() as conn:
        end = reading.head(conn)
        if not offered:
            return _answer(conn, who, ask, now, end, Judged(), bad)
        if not reading.matches(conn, ask.cursor, ask.hash, end):
            return _reset(conn, now, end)
    judged = judging.judge(db, offered, who, now, ask.senders)
    with db.read() as conn:  # what others have added since then comes with the next request
        return _answer(conn, who, ask, now, judged.end or reading.head(conn), judged, bad)


def _reset(conn: Connection, now: Ms, end: Head) -> Answer:
    """The cursor is none of this log's: another log, or one that was put back."""
    return Answer(dumps({"reset": reading.epoch(conn), "t": now}), end.seq)


def _answer(conn: Connection, who: Person, ask: Ask, now: Ms, end: Head, judged: Judged, bad: dict[str, str]) -> Answer:
    page = _own_only(ask, end, judged) or reading.page(conn, ask.cursor, ask.hash, end, ask.most)
    if page is None:
        return _reset(conn, now, end)
    parts: list[str] = []
    if page.entries:
        parts += [f'"c":{page.seq}', f'"h":"{page.hash}"', f'"e":[{",".join(_entries(page, ask, judged))}]']
    refused = [_refused(r) for r in _refusals(ask.events, judged, bad, end.seq)]
    if refused:
        parts.append(f'"x":{dumps(refused)}')
    stands = [
        [id_, o.seq, o.heard] for id_, o in judged.outcomes.items() if isinstance(o, Place) and o.seq <= ask.cursor
    ]
    if stands:
        parts.append(f'"y":{dumps(stands)}')
    if who.role in REVEALING and (senders := reading.masked_senders(conn, page.entries)):
        parts.append(f'"p":{dumps(senders)}')
    if page.more:
        parts.append('"m":1')
    parts += _asides(conn, ask, end)
    if not parts:
        return Answer(None, end.seq, judged)
    parts.append(f'"t":{now}')
    return Answer(f"{{{','.join(parts)}}}", end.seq, judged)


OWN = 80
"""Characters of an own event as it comes back: id, number and receipt."""


def _own_only(ask: Ask, end: Head, judged: Judged) -> Page | None:
    """The page where the log behind the cursor is just what this request brought: nothing is read again. None where it is not."""
    fresh = judged.accepted
    fits = 0 < len(fresh) <= reading.PAGE and len(fresh) * OWN <= min(reading.PLAIN, ask.most or reading.PLAIN)
    if ask.full or not fits or end.seq != ask.cursor + len(fresh):
        return None
    entries: list[Entry] = []
    for a in fresh:
        place = judged.outcomes.get(a.event.id)
        if not isinstance(place, Place) or place.seq != ask.cursor + len(entries) + 1:
            return None
        sender = a.event.kind == EventKind.RECEIVED and a.event.facts.get("sender")
        # as much of its text as is looked at: it is not sent back
        text = f'{{"id":"{a.event.id}"' + (f',"sender":{dumps(sender)}' if sender else "")
        entries.append(Entry(place.seq, place.heard, text, a.event.kind))
    return Page(entries, end.seq, end.short, more=False)


def _entries(page: Page, ask: Ask, judged: Judged) -> list[str]:
    """Events of the page; those that this request carried only by id, number and receipt."""
    if ask.full or not judged.outcomes:
        return reading.travelling(page.entries)
    texts: list[str] = []
    for entry in page.entries:
        id_ = reading.id_in(entry.wire)
        own = isinstance(judged.outcomes.get(id_), Place)
        texts.append(f'["{id_}",{entry.seq},{entry.heard}]' if own else reading.travelling((entry,))[0])
    return texts


def _refusals(given: Iterable[Any], judged: Judged, bad: dict[str, str], seq: int) -> Iterable[Refused]:
    """The verdict on each refused event of the request, in its order, each once."""
    seen: set[str] = set()
    for one in given:
        id_ = one["id"]
        if id_ in seen:
            continue
        seen.add(id_)
        outcome = judged.clashing.get(id_) or judged.outcomes.get(id_)
        if isinstance(outcome, Refused):
            yield outcome
        elif id_ in bad:
            yield Refused(id_, b"", Refusal("bad_event", {"field": bad[id_]}), seq, "")


def _refused(r: Refused) -> list[Any]:
    return [r.id, r.refusal.code, dict(r.refusal.facts), r.seq]


def _asides(conn: Connection, ask: Ask, end: Head) -> Iterable[str]:
    """What is said besides: another schema, other people or rules, whether the fingerprints agree."""
    if ask.schema != SCHEMA and ask.events:
        yield f'"v":{SCHEMA}'
    if ask.newsroom is not None and (tag := newsroom_tag(conn)) != ask.newsroom:
        yield f'"n":"{tag}"'
    if ask.fingerprint is not None and ask.cursor == end.seq:
        yield f'"s":{int(ask.fingerprint == f"{end.mark % (1 << 64):016x}")}'


def newsroom_tag(conn: Connection) -> str:
    """Changes whenever what /v1/newsroom tells does."""
    row = conn.execute(select(newsroom.NEWSROOM.c.epoch, newsroom.NEWSROOM.c.people)).one()
    return f"{row.epoch}-{row.people}"
