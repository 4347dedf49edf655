"""What the backend refused, in the groups that hang together, and the ways out of each (DESIGN.md §6, two desks offline).

A refused event is kept whole until a person settles it. What hung on it (chases and replies of a forward that did not hold)
was refused with it and goes the same way. Repeating makes new events with ids of their own: nothing refused is ever sent again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db import commands
from db.clock import now_ms
from db.commands import Command
from db.ids import uuid7
from db.model import Actor, CaseId, Event, EventId, EventKind, Ms, Refusal
from db.standing import Standing, show
from db.verdicts import RefusedEvent, in_codes
from db.wire import BadEventError, event_in
from db.words import _
from db.work import Work

if TYPE_CHECKING:
    from db.store import Store

CO, MINE, MASTER, AGAIN, NOTE, DROP = "co", "mine", "master", "again", "note", "drop"
"""Ways out: mine as co-handler; recall theirs and forward mine; repeat on the master; repeat on what stands now; keep the
words as a note; drop."""

WAYS = (CO, MINE, MASTER, AGAIN, NOTE, DROP)


@dataclass(frozen=True, slots=True)
class Group:
    """Refused events that belong together, the one that was judged first; `case` None: of no letter that is here."""

    case: CaseId | None
    code: str
    title: str
    events: tuple[RefusedEvent, ...]

    @property
    def first(self) -> RefusedEvent:
        return self.events[0]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out. `why_not`: the rules' refusal if it were taken now; None where it can be."""

    name: str
    why_not: Refusal | None = None


def groups(store: Store, case: CaseId | None = None) -> list[Group]:
    """All groups of this desk, or those of one letter; the oldest first."""
    sql = (
        "SELECT r.id, r.event, r.code, r.detail, r.at, c.id, c.code, c.title FROM refused r "
        "LEFT JOIN cases c ON c.n = r.case_n WHERE ?1 IS NULL OR c.id = ?1 ORDER BY r.at, r.id"
    )
    with store.view() as conn:
        return _grouped(conn, conn.execute(sql, (case,)).fetchall())


def _grouped(conn: Any, rows: Sequence[Any]) -> list[Group]:
    found: list[list[Any]] = []
    for id_, event, code, detail, at, of, of_code, title in rows:
        one = RefusedEvent(id_, json.loads(event), in_codes(conn, Refusal(code, json.loads(detail))), at)
        home = next((g for g in reversed(found) if g[0] == of and _hangs(one, g[3])), None)
        if home is None:
            found.append([of, of_code or "", title or "", [one]])
        else:
            home[3].append(one)
    return [Group(of, code, title, tuple(events)) for of, code, title, events in found]


def _hangs(one: RefusedEvent, group: Sequence[RefusedEvent]) -> bool:
    """Whether it answers something of the group."""
    ids = {e.id for e in group}
    named = {one.event.get("re"), one.event.get("dispatch")}
    letter = group[0].event.get("kind") == EventKind.RECEIVED and one.event.get("case") == group[0].event.get("case")
    return bool(ids & named) or letter


def ways(store: Store, actor: Actor, group: Group, now: Ms | None = None) -> list[Way]:
    """What can be done about a group, in the order of `WAYS`; each that needs the rules is tried without being done.
    `now` is UTC ms, the clock's if None.
    """
    moment = now_ms() if now is None else now
    found = []
    for name in WAYS:
        made = _commands(store, group, name, moment)
        if made is None:
            continue
        why = None
        if made:
            result = commands.preview(store, actor, made, moment)
            why = result.refused[0][1] if result.refused else None
        found.append(Way(name, why))
    return found


def settle(store: Store, actor: Actor, group: Group, way: str, now: Ms | None = None) -> commands.Result:
    """Takes a way out, in one transaction: new events are written and the refused ones are gone, or nothing is done and
    the result says why. `now` is UTC ms, the clock's if None. Raises StoreError.
    """
    moment = now_ms() if now is None else now
    made = _commands(store, group, way, moment)
    if made:
        result = commands.run(store, actor, made, moment, also=lambda conn, work: _gone(conn, work, group))
        if result.refused or result.events:
            return result
    with store.write() as conn:  # nothing to write, or somebody did it already
        work = Standing(conn, store.rulebook())
        work.load([group.case] if group.case else [])
        _gone(conn, None, group)
        show(conn, work, moment)
    store.changed()
    return commands.Result(changed=(group.case,) if group.case else ())


def _gone(conn: Any, work: Work | None, group: Group) -> None:
    ids = json.dumps([e.id for e in group.events])
    conn.execute("DELETE FROM refused WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    held = work.get(group.case) if work is not None else None
    if held is not None:
        held.refused = max(0, held.refused - len(group.events))


def _commands(store: Store, group: Group, way: str, now: Ms) -> list[Command] | None:
    """The commands of a way; none to be run for DROP; None where the way is not one for this group."""
    if way == DROP:
        return []
    try:
        events = [event_in(e.event) for e in group.events]
    except BadEventError:
        return None  # erased meanwhile, or never an event: it can only be dropped
    first, code = events[0], group.first.refusal.code
    if first.kind == EventKind.CONFIGURED:
        return [Command(first.kind, facts=first.facts, words=first.words)] if way == AGAIN else None
    if first.kind == EventKind.RECEIVED:
        return _new_letter(events) if way == AGAIN else None
    if group.case is None:
        return None
    lead = first.kind == EventKind.FORWARDED and first.facts.get("role", "lead") == "lead"
    if way in (CO, MINE):
        return _forwards(store, group.case, events, way, now) if lead and code == "taken" else None
    if way == MASTER:
        master = _master(store, group.case) if code == "merged" else None
        return _again(events, master, now) if master else None
    if way == AGAIN:
        return _again(events, group.case, now) if code != "merged" and not (lead and code == "taken") else None
    return _as_note(events, group.case)


def _as_note(events: Sequence[Event], case: CaseId) -> list[Command] | None:
    """What was written, and the files that went with it; None where there is neither."""
    text = "\n\n".join(t for e in events for name, t in e.words.items() if name != "files" and t.strip())
    files = [tuple(one) for e in events for one in e.facts.get("attachments") or ()]
    if not text and not files:
        return None
    facts = {"attachments": [list(one) for one in files]} if files else {}
    names = "\n".join(e.words.get("files", "") for e in events if e.facts.get("attachments"))
    return [Command(EventKind.NOTED, case, facts, {"text": text or _("(files only)"), "files": names})]


def _forwards(store: Store, case: CaseId, events: Sequence[Event], way: str, now: Ms) -> list[Command] | None:
    """Mine beside theirs, or in its place; what hung on mine goes along, when it happened."""
    first = events[0]
    new = uuid7(now)
    role = "co" if way == CO else "lead"
    made = [
        Command(
            first.kind,
            case,
            facts={**first.facts, "role": role},
            words=first.words,
            id=new,
            when=_happened(first) if way == CO else None,
        )
    ]
    if way == MINE:
        lead = store.rows(
            "SELECT d.id FROM dispatch d JOIN cases c ON c.n = d.n WHERE c.id = ? AND d.lead = 1 AND d.recalled = 0 "
            "ORDER BY d.place DESC LIMIT 1",
            (case,),
        )
        if not lead:
            return None
        recall = Command(EventKind.RECALLED, case, facts={"reason": "wrong_unit"}, dispatch=lead[0][0])
        made.insert(0, recall)
    return made + _hanging(events[1:], case, {first.id: new}, now, timed=way == CO)


def _hanging(
    events: Sequence[Event], case: CaseId, names: Mapping[EventId, EventId], now: Ms, *, timed: bool
) -> list[Command]:
    ids = dict(names)
    made = []
    for e in events:
        ids[e.id] = uuid7(now)
        made.append(
            Command(
                e.kind,
                case,
                facts=e.facts,
                words=e.words,
                id=ids[e.id],
                re=ids.get(e.re or ""),
                dispatch=ids.get(e.dispatch or ""),
                when=_happened(e) if timed else e.when,
            )
        )
    return made


def _again(events: Sequence[Event], case: CaseId, now: Ms) -> list[Command]:
    """The same, as the letter stands now: what it answers is what stands now."""
    return _hanging(events, case, {}, now, timed=False)


def _new_letter(events: Sequence[Event]) -> list[Command]:
    """A letter whose code or number was somebody else's already: taken down once more, under a new code."""
    first = events[0]
    facts = {k: v for k, v in first.facts.items() if k not in ("code", "number", "channel")}
    return [Command(first.kind, facts=facts, words=first.words, when=first.when)]


def _happened(event: Event) -> Ms:
    return event.at if event.when is None else event.when


def _master(store: Store, case: CaseId) -> CaseId | None:
    from db.queries import cases_of

    found = cases_of(store, (case,)).get(case)
    return found.merged_into if found else None


def shown_event(one: RefusedEvent) -> Event | None:
    """A refused event as one to be shown; None where it was erased."""
    try:
        return replace(event_in(one.event), seq=None)
    except BadEventError:
        return None
