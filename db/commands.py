"""What a person does to letters: command → event → fold → one transaction, or nothing at all.

A command names what it wants; the event made of it names what it answers (`re`, `dispatch`), as the case stands at
this moment. Within one run each command is judged on what those before it left, so "forward, then add a co-handler"
is one run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from db import cases, log, outcome, overlay, runs
from db.case_turn import refuse
from db.clock import now_ms
from db.codes import Codes
from db.copies import maker, replace
from db.ids import letter_id, uuid7
from db.intake_log import Received, receive
from db.model import Absorbed, Actor, Case, CaseId, DispatchId, Event, EventId, EventKind, Ms, Refusal
from db.model_rules import Rulebook
from db.outcome import Entry
from db.runs import Doing
from db.verdicts import in_codes
from db.work import Work

if TYPE_CHECKING:
    from db.people import Sender
    from db.projection import Held
    from db.store import Store

__all__ = ["Command", "Received", "Result", "preview", "receive", "rehearse", "run"]

Progress = Callable[[int, int], None]
"""Told how many commands are done, of how many."""

STEP = 25
"""Commands between two words of progress."""

_looked: WeakKeyDictionary[Store, tuple[tuple[int, int], tuple[Held, ...]]] = WeakKeyDictionary()
"""What the last preview of a store read, at which `mark`: who previews runs it next, most likely."""

LAST_AT = "clock.last"
"""Setting: `at` of the last event made here, so that no later one is older, whatever the clock does."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do to one letter. What facts and words each kind wants is in `docs/events.md`."""

    kind: str
    case: CaseId | None = None  # None: a new letter (`received`)
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    dispatch: DispatchId | None = None
    re: EventId | None = None
    when: Ms | None = None  # when the fact happened, if it is recorded for others (代录)
    draft: str | None = None  # the action whose draft on this letter is used up by it
    sender: Sender | None = None  # with `received`: the record apart
    id: EventId | None = None  # drawn beforehand, where a later command of the same run names it


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run. Nothing was written if `whole` was asked and anything refused."""

    events: tuple[Event, ...] = ()
    changed: tuple[CaseId, ...] = ()
    refused: tuple[tuple[Command, Refusal], ...] = ()
    absorbed: tuple[tuple[Command, Absorbed], ...] = ()
    cases: Mapping[CaseId, Case] = field(default_factory=dict)  # the changed ones as they now are

    @property
    def ok(self) -> bool:
        return not self.refused


def run(
    store: Store,
    actor: Actor,
    commands: Sequence[Command],
    now: Ms | None = None,
    *,
    whole: bool = True,
    doing: Doing | None = None,
    progress: Progress | None = None,
    also: Callable[[Any, Work], None] | None = None,
) -> Result:
    """Does all commands in one durable transaction. `now` is UTC ms, the clock's if None.

    whole: one refusal and nothing is written; else what is not refused is. What is absorbed (somebody already did it)
    writes nothing and is listed. `doing` is remembered, so that the run can be taken back (`db/undo.py`).
    `progress(done, of)` is called now and then; `also` does more in the transaction. Raises StoreError, and then nothing was written.
    """
    moment = now_ms() if now is None else now
    book = store.rulebook()
    looked = _looked.pop(store, None)
    with store.write() as conn:
        work = Work(conn, book)
        if looked is not None and looked[0] == store.marked(conn):
            work.know(looked[1])
        result, written = _judge(work, actor, commands, moment, progress)
        if (whole and result.refused) or not written:
            return replace(result, events=(), changed=(), cases={})
        if also is not None:
            also(conn, work)
        outcome.write(conn, work, written, moment)
        _after(conn, commands, result, written)
        if doing is not None:
            last = int(conn.execute("SELECT max(n) FROM event").fetchone()[0])
            runs.note(conn, actor.id, doing, last - len(written) + 1, last, moment)
    store.changed()
    if any(event.kind == EventKind.CONFIGURED for event in result.events):
        overlay.show(store)
    return result


def preview(
    store: Store, actor: Actor, commands: Sequence[Command], now: Ms | None = None, *, whole: bool = True
) -> Result:
    """What `run` would do, without doing it: the same result, with ids and codes that are nobody's yet."""
    moment = now_ms() if now is None else now
    book, mark = store.rulebook(), store.mark()
    with store.view() as conn:
        work = Work(conn, book)
        result, _written = _judge(work, actor, commands, moment)
    _looked[store] = (mark, tuple(work.held.values()))
    return replace(result, events=(), changed=(), cases={}) if whole and result.refused else result


class _TakenBackError(Exception):
    """Ends a transaction: nothing of it was done."""


def rehearse(store: Store, actor: Actor) -> None:
    """Makes a note to the first letter of the first queue, as far as the last step, and takes it back: the first change to a letter
    is as quick as the tenth. For a thread; some milliseconds. Raises StoreError.

    What stays ready are the schema as the writing connection reads it, its statements, makers of events and cases (`db/copies.py`).
    Nothing else: the transaction is never committed.
    """
    first = store.rows(
        "SELECT c.id FROM queue_entry q JOIN cases c ON c.n = q.n WHERE q.queue = 1 ORDER BY q.sort, q.n LIMIT 1"
    )
    if not first:
        return
    book, now = store.rulebook(), now_ms()
    commands = [Command(EventKind.NOTED.value, first[0][0], words={"text": "-"}, draft="note")]
    with suppress(_TakenBackError), store.write() as conn:
        work = Work(conn, book)
        result, written = _judge(work, actor, commands, now)
        if written:
            outcome.write(conn, work, written, now)
            _after(conn, commands, result, written)
            runs.note(conn, actor.id, Doing("note", {}), 1, 1, now)
        raise _TakenBackError


def _judge(
    work: Work, actor: Actor, commands: Sequence[Command], now: Ms, progress: Progress | None = None
) -> tuple[Result, list[Entry]]:
    work.load(c.case for c in commands if c.case)
    make = _Maker(work, actor, now)
    written: list[Entry] = []
    refused: list[tuple[Command, Refusal]] = []
    absorbed: list[tuple[Command, Absorbed]] = []
    for n, command in enumerate(commands):
        if progress is not None and n % STEP == 0:
            progress(n, len(commands))
        event = make.event(command)
        verdict = _forbidden(work, event) or work.fold(event, max(now, event.at))
        if isinstance(verdict, Refusal):
            refused.append((command, in_codes(work.conn, verdict)))
        elif isinstance(verdict, Absorbed):
            absorbed.append((command, verdict))
        else:
            written.append(Entry(event, verdict))
            make.last = event.at
    changed = {i: h.case for i, h in work.held.items() if h.case is not None and h.case is not h.before}
    events = tuple(entry.event for entry in written)
    return Result(events, tuple(changed), tuple(refused), tuple(absorbed), changed), written


def _forbidden(work: Work, event: Event) -> Refusal | None:
    """Why this desk does not write what the log would take: on a letter that the log has lost, or a decision of the newsroom."""
    if event.case is not None and (gone := work.lost()):
        case = work.case(event.case)
        involved = {event.case, *(cases.touches(case, event) if case else ())}
        return refuse("lost") if involved & gone else None
    if event.kind != EventKind.CONFIGURED:
        return None
    from db.configured import decide
    from db.configuring import guard

    verdict = decide(work.newsroom, event)
    return verdict if isinstance(verdict, Refusal) else guard(work.conn, work.newsroom, event)


def _after(conn: Any, commands: Sequence[Command], result: Result, written: Sequence[Entry]) -> None:
    """What belongs to the same transaction: used-up drafts, new senders, this device's clock."""
    failed = {id(c) for c, _ in result.refused}
    used = [(c.case or "", c.draft) for c in commands if c.draft and id(c) not in failed]
    conn.executemany("DELETE FROM draft WHERE case_id = ? AND action = ?", used)
    senders = [c.sender for c in commands if c.sender and id(c) not in failed]
    if senders:
        from db.people import put_senders

        put_senders(conn, senders)
    conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (LAST_AT, str(written[-1].event.at)))


class _Maker:
    """Makes events of commands: ids, times that only go forward, and what each answers."""

    def __init__(self, work: Work, actor: Actor, now: Ms) -> None:
        self.work = work
        self.actor = actor
        self.now = now
        found = work.conn.execute("SELECT value FROM setting WHERE name = ?", (LAST_AT,)).fetchone()
        self.last: Ms = int(found[0]) if found else 0
        self.codes: Codes | None = None

    def event(self, command: Command) -> Event:
        at = max(self.now, self.last + 1)
        if command.kind == EventKind.RECEIVED:
            return self._receipt(command, at)
        case = self.work.case(command.case)
        re, dispatch = command.re, command.dispatch
        if command.kind == EventKind.CONFIGURED and re is None:
            re = self.work.newsroom.last.get((str(command.facts.get("what")), str(command.facts.get("id"))))
        if case is not None and not (re and dispatch):
            named = cases.answers(case, command.kind, command.dispatch, command.facts)
            re, dispatch = re or named[0], dispatch or named[1]
        words = log.storable({k: v for k, v in command.words.items() if v})
        return maker(Event)(
            id=command.id or uuid7(at),
            case=command.case,
            kind=str(command.kind),
            at=at,
            actor=self.actor.id,
            role=self.actor.role,
            device=self.actor.device,
            re=re,
            dispatch=dispatch,
            when=command.when,
            facts=_filled(command, case, self.work.book, at),
            words=words,
            salt=log.new_salt() if words else "",
        )

    def _receipt(self, command: Command, at: Ms) -> Event:
        """A letter taken down here: its code comes from this device, its number is the code where there is none."""
        facts: dict[str, Any] = {
            "channel": "desk",
            "source": "manual",
            "received_at": command.when or at,
            "rules": self.work.book.at(command.when or at).version,
        } | dict(command.facts)
        if command.sender:
            facts["sender"] = command.sender.id
        if not facts.get("code"):
            self.codes = self.codes or Codes(self.work.conn)
            facts["code"] = self.codes.next(facts["received_at"])
        facts.setdefault("number", facts["code"])
        id_ = letter_id(facts["channel"], facts["number"])
        event = Event(
            id=id_,
            case=id_,
            kind=EventKind.RECEIVED.value,
            at=at,
            actor=self.actor.id,
            role=self.actor.role,
            device=self.actor.device,
            when=command.when,
            facts=facts,
            words=log.storable({k: v for k, v in command.words.items() if v}),
        )
        return replace(event, salt=log.salted(event))


def _filled(command: Command, case: Case | None, book: Rulebook, at: Ms) -> dict[str, Any]:
    """The facts of a command with those that follow from the case: a forward's rules, role, contact and place name."""
    facts = dict(command.facts)
    if command.kind == EventKind.FORWARDED:
        facts.setdefault("role", "lead")
        facts.setdefault("rules", book.at(at if command.when is None else command.when).version)
        facts.setdefault("contact", "withheld" if case is not None and case.confidential else "shared")
        if not facts.get("district_name"):
            from db import places

            facts["district_name"] = places.load().name(facts.get("district", ""))
    return facts
