"""A damaged store made anew: the file is kept under another name, what can be read of it goes into a new one.

Order of trust: rows of pages that hold stand as they are (a row is the fold of its events when it was written); a letter whose
row is lost is folded from its events; what was not sent is found again from the events themselves. Where somebody is logged in,
the backend fills in the rest: every own event is offered again, under its id, which makes that harmless (`db/fill_again.reset`).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db import counts, fill_again, link, log, projection
from db.birth import make_store
from db.clock import now_ms
from db.holding import Hold
from db.key_change import settle, swap
from db.keys import Ask, Keeper, NoKeyError
from db.model import Event, Ms
from db.opening import open_store
from db.pages import Pages
from db.people import LOCAL
from db.projection import Held
from db.refold import history, related, replay
from db.rulebook import RULEBOOK_STATE, rulebook
from db.salvage import Found, Walk, shapes
from db.store_copy import TAILS, drop_drafts, free_name, look_over, remove
from db.store_error import StoreError
from db.store_file import FILE, PLAIN, SCHEMA, connect, translate
from db.wire import event_out

DERIVED = frozenset(
    {
        "queue_entry",
        "queue_count",
        "board_count",
        "day_count",
        "to_index",
        "to_learn",
        "filled",
        "part",
        "alembic_version",
    }
)
"""Tables that are made from others, or fetched again."""

LEARNED = frozenset({"learned", "learned_letter", "learned_place"})
"""What was learned of decisions: kept if whole, else learned again."""

LOGGED = frozenset({"event", "cases", "dispatch", "outbox", "refused", "confirmed", "event_touch", "sqlite_master"})
"""Tables of which a lost page means that the backend has to fill in."""

REPAIRED = "repair.last"
"""Setting: JSON of the last rebuilding: when, as what the damaged file is kept, what was lost."""

CHUNK = 200


@dataclass(slots=True)
class Report:
    """What a rebuilding came to: rows by table, what was lost, where the damaged file is kept."""

    kept: Path
    found: Found
    rows: Counter[str] = field(default_factory=Counter)
    folded: int = 0  # letters whose row was made of their events
    unplaced: int = 0  # events whose letter is lost: among the refused ones now
    unsent: int = 0
    unsent_lost: int = 0  # things not sent of which only the mark is left
    letters: int = 0
    short: list[str] = field(default_factory=list)  # codes of letters that lost part of their history
    server: str = ""  # the backend that fills in the rest; "" where there is none or nothing is missing


def survey(path: Path, key: bytes) -> Found:
    """Which pages are lost, and whose they are; nothing is changed. Raises OSError."""
    walk = Walk(Pages(path, key), {})
    for _row in walk.rows():
        pass
    return walk.found


def rebuild(home: Path, ask: Ask | None = None, now: Ms | None = None) -> Report:
    """Rebuilds the store of that home. Raises StoreError (then the damaged file is where it was, as it was)."""
    path = home / FILE
    moment = now_ms() if now is None else now
    try:
        with Hold(home, alone=True):
            keys = Keeper(home, ask)
            if (home / "key.next").exists():
                settle(home, path, keys)
            drop_drafts(path)
            report = _rebuilt(path, keys, moment)
    except NoKeyError as e:
        raise StoreError(e.code, {"path": home / "key"}) from None
    except OSError as e:
        raise StoreError("no_access", {"path": home, "what": e.strerror or type(e).__name__}) from None
    with open_store(home, ask=keys.ask) as store:
        tie = link.of(store)
        if tie is not None and (report.found.headless or report.found.hurt & LOGGED):
            fill_again.reset(store, tie.user)
            report.server = tie.server
    return report


def _rebuilt(path: Path, keys: Keeper, now: Ms) -> Report:
    with path.open("rb") as f:
        if f.read(len(PLAIN)) == PLAIN:
            raise StoreError("foreign", {"path": path})
    key = keys.get()
    work = path.with_name(f"{FILE}.{os.getpid()}.new")
    make_store(work, keys)
    try:
        report = Report(free_name(path, "damaged", now), Found())
        with translate(work), closing(connect(work, key)) as conn:
            conn.execute("BEGIN")
            _pour(conn, Pages(path, key), report)
            _mend(conn, report, now)
            conn.execute("COMMIT")
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        look_over(work, key)
        for tail in TAILS[:2]:  # kept as it was: the file, and its log
            old = path.with_name(path.name + tail)
            if old.exists():
                os.link(old, report.kept.with_name(report.kept.name + tail))
        swap(work, path)
    finally:
        remove(work)
    return report


def _pour(conn: Any, pages: Pages, report: Report) -> None:
    """Every row that can be read, into the table of its name. Raises StoreError where nothing can: the key is another one's."""
    made = conn.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL").fetchall()
    known = shapes([sql for (sql,) in made])
    walk = Walk(pages, known)
    report.found = walk.found
    fresh = conn.execute("SELECT id FROM device").fetchall()
    learned: list[tuple[str, dict[str, Any]]] = []
    for name, row in walk.rows():
        if name not in known or name in DERIVED:
            continue
        if name in LEARNED:
            learned.append((name, row))
            continue
        if name == "event" and not pages.checked and not _proves_itself(row):
            continue
        report.rows[name] += _put(conn, known[name].columns, name, row)
    if walk.found.version > SCHEMA:
        raise StoreError("newer", {"path": "", "found": walk.found.version, "known": SCHEMA})
    if not report.rows["event"] and not report.rows["setting"]:
        raise StoreError("unreadable", {"path": report.kept.with_name(FILE)})
    if conn.execute(
        "SELECT 1 FROM device WHERE own = 1 AND id NOT IN (SELECT value FROM json_each(?))", _ids(fresh)
    ).fetchone():
        conn.execute("DELETE FROM device WHERE id IN (SELECT value FROM json_each(?))", _ids(fresh))
    if not walk.found.hurt & LEARNED and not walk.found.headless:
        for name, row in learned:
            _put(conn, known[name].columns, name, row)
    else:
        conn.execute("INSERT INTO to_learn(n) SELECT n FROM cases")


def _ids(rows: list[tuple[str]]) -> tuple[str]:
    return (json.dumps([id_ for (id_,) in rows]),)


def _put(conn: Any, columns: tuple[str, ...], name: str, row: dict[str, Any]) -> int:
    values = {c: v for c, v in row.items() if c in columns}
    marks = ", ".join("?" * len(values))
    sql = f"INSERT OR IGNORE INTO {name}({', '.join(values)}) VALUES ({marks})"  # noqa: S608 - names of our own tables
    return int(conn.execute(sql, tuple(values.values())).rowcount)


def _proves_itself(row: dict[str, Any]) -> bool:
    """Whether an event's digest is that of what was read: for pages whose HMAC cannot be told."""
    try:
        words = json.loads(row["words"]) if row["words"] else {}
        return bool(row["inner"]) and (not words or log.inner(row["salt"], words) == row["inner"])
    except (KeyError, ValueError, TypeError):
        return False


def _mend(conn: Any, report: Report, now: Ms) -> None:
    """From rows that were read to a store that holds together."""
    hurt = report.found.hurt
    book = rulebook(
        conn.execute("SELECT version, body FROM rules").fetchall(), conn.execute(RULEBOOK_STATE).fetchone()[2]
    )
    if hurt & {"outbox", "sqlite_master"} or report.found.headless:
        _outbox_again(conn)
    lost = "event_n NOT IN (SELECT n FROM event)"
    report.unsent_lost = int(conn.execute(f"SELECT count(*) FROM outbox WHERE {lost}").fetchone()[0])  # noqa: S608 - ours
    for table in ("outbox", "event_touch"):
        conn.execute(f"DELETE FROM {table} WHERE {lost}")  # noqa: S608 - ours
    again = _rows_again(conn, report, book, now)
    if hurt & {"event_touch", "sqlite_master"} or report.found.headless:
        _touches_again(conn, book, now)
    _together_again(conn, again, book, now)
    _unplaced(conn, report, now)
    for table, column in (("dispatch", "n"), ("confirmed", "n"), ("event_touch", "case_n")):
        conn.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT n FROM cases)")  # noqa: S608 - ours
    conn.execute(
        "UPDATE cases SET pending = (SELECT count(*) FROM outbox o JOIN event e ON e.n = o.event_n WHERE e.case_n = cases.n)"
    )
    conn.execute("UPDATE cases SET refused = (SELECT count(*) FROM refused r WHERE r.case_n = cases.n)")
    projection.relist(conn)
    counts.recount(conn, now)
    conn.execute("INSERT OR IGNORE INTO to_index(n) SELECT n FROM cases")
    report.unsent = int(conn.execute("SELECT count(*) FROM outbox").fetchone()[0])
    report.letters = int(conn.execute("SELECT count(*) FROM cases").fetchone()[0])
    if "event" in hurt or report.found.headless:
        report.short = _shortened(conn, book, now)
    note = {"at": now, "kept": report.kept.name, "bad": report.found.bad, "short": report.short}
    conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (REPAIRED, json.dumps(note)))


def _outbox_again(conn: Any) -> None:
    """What has no number of the log was not sent, or was and nobody heard of it: it is offered, and not taken back by `u`."""
    user = conn.execute("SELECT value FROM setting WHERE name = ?", (link.USER,)).fetchone()
    conn.execute(
        "INSERT OR IGNORE INTO outbox(event_n, actor, offered) SELECT n, CASE WHEN role IN ('import', 'system') THEN ? ELSE "
        "actor END, at FROM event WHERE seq IS NULL AND absorbed = 0 "
        "AND (? <> '' OR device IN (SELECT id FROM device) OR device LIKE 'local-%')",
        (user[0] if user else LOCAL, user[0] if user else ""),
    )


def _rows_again(conn: Any, report: Report, book: Any, now: Ms) -> list[int]:
    """Letters whose row is lost and whose receipt is not: folded from what is left of their events. Their places."""
    missing = [
        n
        for (n,) in conn.execute(
            "SELECT DISTINCT e.case_n FROM event e WHERE e.kind = 'received' AND e.case_n IS NOT NULL "
            "AND e.case_n NOT IN (SELECT n FROM cases)"
        )
    ]
    for first in range(0, len(missing), CHUNK):
        held = []
        for n in missing[first : first + CHUNK]:
            conn.execute("DELETE FROM dispatch WHERE n = ?", (n,))
            rows = conn.execute(
                f"SELECT e.absorbed, {_OWN} FROM event e WHERE e.case_n = ? ORDER BY {log.ORDER}",  # noqa: S608 - ours
                (n, n),
            ).fetchall()
            case = replay([(log.load(r[1:]), bool(r[0])) for r in rows], book, now, leave=[]).get(rows[0][2])
            if case is not None:
                held.append(Held(n, None, case))
        projection.write(conn, held, now)
        report.folded += len(held)
    return missing


def _together_again(conn: Any, again: list[int], book: Any, now: Ms) -> None:
    """Of letters made again, those that others were merged into or out of: folded with those others."""
    for n in again:
        group = related(conn, n)
        if len(group) == 1:
            continue
        (id_,) = conn.execute("SELECT id FROM cases WHERE n = ?", (n,)).fetchone()
        made = replay(history(conn, group), book, now, leave=[]).get(id_)
        for held in projection.fetch(conn, [id_]).values():
            held.case = made or held.case
            projection.write(conn, [held], now)


def _touches_again(conn: Any, book: Any, now: Ms) -> None:
    """Which events also move another letter: merged letters, and what happened to them since, folded together once more."""
    places = dict(conn.execute("SELECT id, n FROM cases").fetchall())
    groups: dict[int, set[int]] = {}
    for n, facts in conn.execute(
        "SELECT case_n, facts FROM event WHERE kind IN ('merged', 'linked', 'split') AND case_n IS NOT NULL"
    ):
        for other in [places[v] for v in json.loads(facts).values() if isinstance(v, str) and v in places]:
            joined = groups.get(n, {n}) | groups.get(other, {other})
            groups |= dict.fromkeys(joined, joined)
    for group in {id(g): g for g in groups.values()}.values():
        touched: dict[str, tuple[str, ...]] = {}
        replay(history(conn, group), book, now, leave=[], touched_by=touched)
        conn.executemany(
            "INSERT OR IGNORE INTO event_touch(case_n, event_n) SELECT ?, n FROM event WHERE id = ?",
            [(places[other], event) for event, others in touched.items() for other in others if other in places],
        )


_OWN = log.SELECT.replace("c.id", "(SELECT r.id FROM event r WHERE r.case_n = ? AND r.kind = 'received')")
"""As `log.SELECT`, the letter's id being that of its receipt: its row is lost."""


def _unplaced(conn: Any, report: Report, now: Ms) -> None:
    """Events whose letter cannot be told any more: what was not sent goes to the refused ones, whole; the rest is the log's."""
    gone = "case_n IS NOT NULL AND case_n NOT IN (SELECT n FROM cases)"
    rows = conn.execute(
        f"SELECT e.n, e.id, {log.SELECT.replace('c.id', 'NULL')} FROM event e JOIN outbox o ON o.event_n = e.n WHERE {gone}"  # noqa: S608
    ).fetchall()
    for _n, id_, *columns in rows:
        event: Event = log.load(columns)
        text = json.dumps(event_out(event), ensure_ascii=False)
        conn.execute(
            "INSERT OR IGNORE INTO refused(id, case_n, event, code, detail, at) VALUES (?, NULL, ?, 'unplaced', '{}', ?)",
            (id_, text, now),
        )
    report.unplaced = len(rows)
    conn.execute(f"DELETE FROM outbox WHERE event_n IN (SELECT n FROM event WHERE {gone})")  # noqa: S608 - ours
    conn.execute(f"DELETE FROM event_touch WHERE event_n IN (SELECT n FROM event WHERE {gone})")  # noqa: S608 - ours
    conn.execute(f"DELETE FROM event WHERE {gone}")  # noqa: S608 - ours


def _shortened(conn: Any, book: Any, now: Ms) -> list[str]:
    """Codes of the letters whose row says more than the events that are left of them."""
    short: list[str] = []
    ids = conn.execute("SELECT n, id, code FROM cases").fetchall()
    for first in range(0, len(ids), CHUNK):
        page = ids[first : first + CHUNK]
        rows = projection.fetch(conn, [id_ for _n, id_, _code in page])
        for n, id_, code in page:
            try:
                made = replay(history(conn, related(conn, n)), book, now).get(id_)
            except ValueError:
                made = None
            if made != rows[id_].case:
                short.append(code)
    return short
