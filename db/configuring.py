"""What a supervisor decides for the newsroom: commands for each kind of decision, what they would do, and what forbids them.

A decision is a `configured` event without a case, run like everything else by `db/commands.run`: log and outbox in one
transaction, and the rows of the newsroom made anew in the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from db import configured as c
from db.case_turn import refuse
from db.clock import day_of
from db.commands import Command
from db.configured_values import contacts_out, notice_out
from db.model import OPEN, DispatchState, Event, EventKind, Ms, Refusal, Role, Urgency
from db.newsroom import level_out

if TYPE_CHECKING:
    from db.configured import Newsroom
    from db.model_rules import ServiceLevel
    from db.store import Store
    from db.units import Contact

RUNNING = (DispatchState.SENT, DispatchState.SIGNED)
WITH_THEM = (*RUNNING, DispatchState.REPLIED)
"""Dispatches that a unit still has a part in."""

FIRST = 3
"""Letters named in a refusal; of more, the number says."""


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def decide(
    what: str,
    id_: str,
    begins: date,
    value: Mapping[str, Any] | None,
    *,
    words: Mapping[str, str] | None = None,
    successors: Sequence[str] = (),
    re: str | None = None,
) -> Command:
    """A decision on one item from a day on; `value` None ends it. `re`: the decision that its author had in view."""
    facts: dict[str, Any] = {"what": what, "id": id_, "from": begins.isoformat(), "value": value}
    if successors:
        facts["successors"] = list(successors)
    return Command(EventKind.CONFIGURED, facts=facts, words=words or {}, re=re)


def cancel(decision: c.Decision) -> Command:
    """Takes back a decision that has not begun yet."""
    facts = {"what": decision.what, "id": decision.id, "from": decision.day.isoformat(), "cancels": decision.event}
    return Command(EventKind.CONFIGURED, facts=facts)


def level(urgency: Urgency, begins: date, terms: ServiceLevel) -> Command:
    return decide(c.LEVEL, urgency.value, begins, level_out(terms))


def limit(name: str, begins: date, value: Any) -> Command:
    """`value` as `newsroom.limit_out` gives it."""
    return decide(c.LIMIT, name, begins, {"is": value})


def notice(given: Mapping[str, Any], today: date) -> Command:
    """A year's notice in the form of the holiday-cn lists. Raises ValueError naming the entry that is wrong."""
    year, value = notice_out(given)
    return decide(c.CALENDAR, year, today, value)


def topic(name: str, begins: date, of: str | None) -> Command:
    """`of`: its field; None: it is not offered from that day."""
    return decide(c.TOPIC, name, begins, None if of is None else {"field": of})


def unit(id_: str, begins: date, district: str, name: str, note: str = "") -> Command:
    value = {"district": district, "name": name} | ({"note": note} if note else {})
    return decide(c.UNIT, id_, begins, value)


def end_unit(id_: str, begins: date) -> Command:
    return decide(c.UNIT, id_, begins, None)


def contacts(unit_id: str, today: date, people: Iterable[Contact]) -> Command:
    """Whom to call in a unit, from now on. Their names and numbers are words: they can be erased."""
    people = list(people)
    return decide(c.CONTACTS, unit_id, today, {"count": len(people)}, words=contacts_out(people))


def division(code: str, begins: date, value: Mapping[str, Any]) -> Command:
    """`value`: name, short, kind, [parents], [managed_by], [aliases]."""
    return decide(c.DIVISION, code, begins, value)


def end_division(code: str, begins: date, successors: Sequence[str]) -> Command:
    return decide(c.DIVISION, code, begins, None, successors=successors)


def template(id_: str, today: date, action: str, name: str, body: str, topic: str | None, unit: str | None) -> Command:
    value = {"action": action, "topic": topic, "unit": unit}
    return decide(c.TEMPLATE, id_, today, value, words={"name": name, "body": body})


def end_template(id_: str, today: date) -> Command:
    return decide(c.TEMPLATE, id_, today, None)


def call(
    id_: str, begins: date, title: str, text: str, topics: Sequence[str] = (), until: date | None = None
) -> Command:
    """A call for suggestions from a day on, or what is new about it. `until`: its last day."""
    value = {"title": title, "topics": list(topics), "until": until.isoformat() if until else None}
    return decide(c.CALL, id_, begins, value, words={"text": text} if text else {})


def end_call(id_: str, begins: date) -> Command:
    """Withdrawn: nothing that comes from that day on belongs to it by itself."""
    return decide(c.CALL, id_, begins, None)


def letterhead(name: str, today: date) -> Command:
    return decide(c.LETTERHEAD, "newsroom", today, {"name": name})


def paper(district: str, today: date, *, on: bool) -> Command:
    """A district without an account: it gets documents from now on, or no longer. `district`: its code."""
    return decide(c.PAPER, district, today, {} if on else None)


# ── what forbids one here ────────────────────────────────────────────────────────────────────────────────────────────


def guard(conn: Any, newsroom: Newsroom, event: Event) -> Refusal | None:
    """Why this desk does not write the decision, beyond what the log itself forbids (`configured.decide`)."""
    facts = event.facts
    what, id_, value = facts.get("what"), str(facts.get("id")), facts.get("value")
    begins = c.since(event)
    if facts.get("cancels"):
        return None
    before = newsroom.on(str(what), id_, begins)
    if before is not None and (before.value, before.words) == (value, event.words):
        same = before.successors == tuple(facts.get("successors") or ())
        if same:
            return refuse("as_it_stands")
    if what in (c.TOPIC, c.DIVISION):
        frozen = conn.execute("SELECT max(month) FROM bulletin").fetchone()[0]
        if frozen and day_of(begins).isoformat()[:7] <= frozen:
            return refuse("frozen_month", month=frozen)
    if what == c.UNIT and value is None and begins <= event.at:
        return _busy(conn, newsroom, id_, begins)
    return None


def _busy(conn: Any, newsroom: Newsroom, id_: str, begins: Ms) -> Refusal | None:
    """A unit whose letters are still with it ends when they are somebody else's."""
    d = newsroom.on(c.UNIT, id_, begins)
    if d is None or d.value is None:
        return None
    codes = _with_unit(conn, d.value["district"], d.value["name"])
    if not codes:
        return None
    return refuse("unit_busy", n=len(codes), letters="、".join(codes[:FIRST]), name=d.value["name"])


def _with_unit(conn: Any, district: str, name: str | None) -> list[str]:
    """Codes of open letters that a unit, or any of a district's (None), still has."""
    rows = conn.execute(
        f"SELECT DISTINCT c.code FROM dispatch d JOIN cases c ON c.n = d.n WHERE d.district = ? "  # noqa: S608 - ours
        f"AND (?2 IS NULL OR d.unit = ?2) AND d.state IN ({_listed(WITH_THEM)}) AND c.state IN ({_listed(OPEN)}) "
        "ORDER BY c.n",
        (district, name),
    )
    return [code for (code,) in rows]


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{v}'" for v in sorted(values))


# ── what one would do ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a decision would bring: a code, and what its sentence is filled with (`db/configured_words.py`)."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def effects(store: Store, command: Command, now: Ms) -> list[Effect]:
    """What a decision would change and what it leaves alone, counted over the letters that are here. Reads only."""
    facts = command.facts
    what, id_, value = facts["what"], str(facts["id"]), facts.get("value")
    begins = date.fromisoformat(facts["from"])
    with store.view() as conn:
        if what in (c.LEVEL, c.LIMIT):
            return _of_rules(conn, what, id_, begins)
        if what == c.CALENDAR:
            return _of_notice(conn, command, now)
        if what == c.TOPIC and value is None:
            return [Effect("topic_kept", {"n": _count(conn, "topic = ?", id_)})]
        if what == c.UNIT:
            return _of_unit(conn, id_, value, begins)
        if what == c.DIVISION:
            return _of_division(conn, id_, value, begins)
    return []


def _count(conn: Any, where: str, *values: Any) -> int:
    sql = f"SELECT count(*) FROM cases WHERE state IN ({_listed(OPEN)}) AND {where}"  # noqa: S608 - ours
    return int(conn.execute(sql, values).fetchone()[0])


def _of_rules(conn: Any, what: str, id_: str, begins: date) -> list[Effect]:
    """Letters not yet forwarded will go out under it; what was sent keeps its due times."""
    urgency = id_ if what == c.LEVEL else None
    waiting = _count(conn, "state IN ('received', 'needs_info', 'accepted', 'returned') AND urgency = ?", urgency)
    sql = (
        f"SELECT count(*) FROM cases c JOIN dispatch d ON d.n = c.n WHERE c.state IN ({_listed(OPEN)}) "  # noqa: S608
        f"AND d.state IN ({_listed(RUNNING)}) AND (?1 IS NULL OR c.urgency = ?1)"
    )
    kept = Effect("sent_keep", {"n": int(conn.execute(sql, (urgency,)).fetchone()[0])})
    return [Effect("future_forwards", {"n": waiting, "day": begins.isoformat()}), kept] if urgency else [kept]


def _of_notice(conn: Any, command: Command, now: Ms) -> list[Effect]:
    """The due times that were provisional, before and after."""
    from db import configured_rows
    from db.rescheduling import would_move

    event = Event(
        id="", case=None, kind=command.kind, at=now, actor="", role=Role.SUPERVISOR, device="", facts=command.facts
    )
    after = c.apply(configured_rows.state(conn), event)
    moved = would_move(conn, after.book)
    changed = [m for m in moved if m.was != m.to]
    year = command.facts["id"]
    said = [
        Effect(
            "notice", {"year": year, "off": len(command.facts["value"]["off"]), "on": len(command.facts["value"]["on"])}
        )
    ]
    said.append(Effect("notice_moves", {"n": len({m.code for m in changed}), "settled": len({m.code for m in moved})}))
    return said + [Effect("notice_move", {"code": m.code, "clock": m.clock, "was": m.was, "to": m.to}) for m in changed]


def _of_unit(conn: Any, id_: str, value: Mapping[str, Any] | None, begins: date) -> list[Effect]:
    row = conn.execute(
        "SELECT district, name FROM unit WHERE id = ? AND valid_from <= ? ORDER BY valid_from DESC LIMIT 1",
        (id_, begins.isoformat()),
    ).fetchone()
    if row is None:
        return []
    codes = _with_unit(conn, row[0], row[1])
    facts = {"n": len(codes), "letters": "、".join(codes[:FIRST]), "name": row[1]}
    if value is None:
        return [Effect("unit_letters" if codes else "unit_free", facts)]
    return [Effect("name_kept", facts)] if (value["district"], value["name"]) != tuple(row) and codes else []


def _of_division(conn: Any, code: str, value: Mapping[str, Any] | None, begins: date) -> list[Effect]:
    codes = _with_unit(conn, code, None)
    facts = {"n": len(codes), "letters": "、".join(codes[:FIRST]), "day": begins.isoformat()}
    if value is None:
        units = int(
            conn.execute(
                "SELECT count(*) FROM unit WHERE district = ? AND (valid_to IS NULL OR valid_to >= ?)",
                (code, begins.isoformat()),
            ).fetchone()[0]
        )
        return [Effect("inherit", facts), Effect("units_left", {"n": units})]
    return [Effect("name_kept", facts)] if codes else []


def orphans(store: Store, day: date) -> list[tuple[str, str, int]]:
    """Districts that no longer exist and still have letters: (code, name then, how many). A supervisor says who inherits."""
    from db import places

    divisions = places.load()
    rows = store.rows(
        f"SELECT d.district, max(d.district_name), count(DISTINCT d.n) FROM dispatch d JOIN cases c ON c.n = d.n "  # noqa: S608
        f"WHERE d.state IN ({_listed(WITH_THEM)}) AND c.state IN ({_listed(OPEN)}) GROUP BY d.district ORDER BY 3 DESC, 1"
    )
    return [(code, name, n) for code, name, n in rows if divisions.get(code) and divisions.on(code, day) is None]
