"""A newsroom under a seed: desks, a backend that runs twice over one database, a network that loses, doubles and delays,
crashes, restores from a backup, clocks that are wrong. One thread, one virtual clock; after every step the invariants of
docs/sync.md are looked at.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from db import commands, conflicts, frames, link, outbox, replica, replica_news, replica_page, runs
from db.casefile import dump
from db.clock import to_iso
from db.model import Absorbed, CaseId, Refusal
from db.opening import open_store
from db.people import own_actor
from db.refold import stored
from db.runs import Doing
from db.standing import AGAIN, Standing, pending_of
from db.store import Store
from db.undo import TakenBack, take_back
from desk.line import login
from desk.line.rounds import Rounds
from desk.line.trouble import LineError
from tests.backend.desks import PASSWORD
from tests.line.office import Office
from tests.line.presses import command as press
from tests.line.weather import Net

Step = tuple[int, int, int]
START = 1_730_424_600_000  # 2024-11-01T09:30
USERS = ("Li", "Zhou", "He")


class Crash(BaseException):
    """The process was killed here."""


@dataclass
class Seat:
    """A desk of the world. `ahead`: ms by which its clock is wrong."""

    user: str
    store: Store
    net: Net
    client: httpx.Client
    rounds: Rounds
    ahead: int
    made: set[str] = field(default_factory=set)  # ids of events made here that nobody took back or settled
    late: list[tuple[tuple[int, str], Any]] = field(default_factory=list)  # answers that are still under way


class World:
    """See the module. `office` gives backend and people."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.folder = folder
        self.now = START
        self.seats: list[Seat] = []
        self.backup: Path | None = None
        self.backed = 0
        self.restored = False
        self.homes = 0
        self.letters: list[CaseId] = []
        self.script: list[str] = []
        self._clock(0)

    # clock and backend

    def _clock(self, ahead: int) -> None:
        moment = self.now + ahead
        os.environ["DESK_NOW"] = to_iso(moment)[:19] + f".{moment % 1000:03d}+08:00"

    @contextmanager
    def at_backend(self) -> Iterator[None]:
        """The backend's clock, which is right, for as long as it works."""
        kept = os.environ["DESK_NOW"]
        self.now += 7
        self._clock(0)
        try:
            yield
        finally:
            os.environ["DESK_NOW"] = kept

    @property
    def transport(self) -> httpx.BaseTransport:
        return self.office.transports[self.now % len(self.office.transports)]

    # steps

    def step(self, step: Step) -> None:
        """Does one step and looks at the invariants."""
        kind, a, b = step
        name, act = STEPS[kind % len(STEPS)]
        if name == "nothing":
            return
        self.now += 1 + (a * 37 + b) % 900
        if name in ("join", "letter", "backup", "restore", "restart"):
            self.script.append(f"{name}({a}, {b})")
            act(self, a, b)
            return
        if not self.seats:
            self.join(0, 0)
        seat = self.seats[a % len(self.seats)]
        self.script.append(f"{name}(desk {a % len(self.seats)}, {b})")
        self._clock(seat.ahead)
        try:
            act(self, seat, b)
        except Crash:
            self._reopen(seat)
        self.check(seat)

    def join(self, a: int, b: int) -> None:
        """Somebody sits down at a new terminal."""
        if len(self.seats) >= 3:
            return
        self.homes += 1
        home = self.folder / f"seat{self.homes}"
        shutil.copytree(self.office.fresh, home)
        net = Net(self)
        client = httpx.Client(transport=net, base_url="http://backend")
        store = open_store(home)
        store.turns.clock = float  # seconds: always 0, so that a script makes the same transactions again
        user = USERS[len(self.seats)]
        ahead = (0, 0, 90_000, -400_000)[b % 4]
        self._clock(ahead)
        login.login(store, "http://backend", user, PASSWORD, client)
        self.seats.append(Seat(user, store, net, client, login.rounds(store, client), ahead))

    def letter(self, a: int, _b: int) -> None:
        with self.at_backend():
            self.letters.append(self.office.write(("电梯停运", "路灯不亮", "井盖丢失")[a % 3]))

    def restart(self, _a: int, _b: int) -> None:
        """Both backends begin anew over their database."""
        with self.at_backend():
            self.office.restart()

    def save(self, _a: int, _b: int) -> None:
        """A backup of the backend is made."""
        self.backup = self.folder / "backup.db"
        source = sqlite3.connect(self.office.file)
        with sqlite3.connect(self.backup) as target:
            source.backup(target)
        source.close()
        target.close()

    def restore(self, _a: int, _b: int) -> None:
        """The backend is what the backup says."""
        if self.backup is None:
            return
        with self.at_backend():
            self.office.restore(self.backup)
        self.restored = True

    def do(self, seat: Seat, b: int) -> None:
        """One key press on some letter, as far as the rules allow."""
        cases = [i for (i,) in seat.store.rows("SELECT id FROM cases ORDER BY id")]
        command = press(b, cases)
        if command is None:
            return
        result = commands.run(seat.store, own_actor(seat.store), [command], doing=Doing(command.kind, {}))
        seat.made |= {e.id for e in result.events}

    def undo(self, seat: Seat, _b: int) -> None:
        run = runs.last(seat.store, own_actor(seat.store).id)
        if run is None:
            return
        ids = {i for (i,) in seat.store.rows("SELECT id FROM event WHERE n BETWEEN ? AND ?", (run.first, run.last))}
        if isinstance(take_back(seat.store, own_actor(seat.store), run.n), TakenBack):
            seat.made -= ids

    def sync(self, seat: Seat, b: int) -> None:
        """A round, with what the line does to it."""
        seat.net.next = ("", "", "", "drop", "lose", "twice", "cut", "flip")[b % 8]
        self._tried(seat, lambda: seat.rounds.fill_step() or seat.rounds.round(None))

    def poll(self, seat: Seat, b: int) -> None:
        seat.net.next = ("", "lose", "cut")[b % 3]
        tie = link.of(seat.store)
        if tie is not None and tie.fill is None:
            self._tried(seat, lambda: seat.rounds.poll(0))

    def delay(self, seat: Seat, _b: int) -> None:
        """A request whose answer comes much later."""
        tie = link.of(seat.store)
        if tie is None or tie.fill is not None:
            return
        batch = outbox.take(seat.store, tie.user, None, self.now)
        request = {"v": 1, "d": [1], "c": tie.cursor, "h": tie.hash, "e": batch.events if batch else []}
        try:
            answer = seat.rounds.ask("POST", "/v1/sync", frames.pack(request, (1,)))
        except LineError:
            return
        if answer is not None and "reset" not in answer:
            seat.late.append((tie.place, answer))

    def arrive(self, seat: Seat, b: int) -> None:
        """Such an answer comes now, to a desk that may have gone on."""
        if not seat.late:
            return
        asked, answer = seat.late.pop(b % len(seat.late))
        try:
            replica.apply(seat.store, asked, answer)
        except (replica_news.MissingError, replica_news.OtherLogError, replica_news.UnknownOwnError):
            return

    def crash(self, seat: Seat, b: int) -> None:
        """Killed in the middle of laying an answer in."""
        left = [1 + b % 4]
        finish = replica_page.Page.finish

        def dying(page: Any) -> None:
            left[0] -= 1
            if left[0] <= 0:
                raise Crash
            finish(page)

        replica_page.Page.finish = dying  # type: ignore[method-assign]
        try:
            self._tried(seat, lambda: seat.rounds.fill_step() or seat.rounds.round(None))
        finally:
            replica_page.Page.finish = finish  # type: ignore[method-assign]
        self._reopen(seat)

    def settle(self, seat: Seat, b: int) -> None:
        """A refused group is settled in one of the ways that are open."""
        found = conflicts.groups(seat.store)
        if not found:
            return
        group = found[b % len(found)]
        actor = own_actor(seat.store)
        ways = [w.name for w in conflicts.ways(seat.store, actor, group) if w.why_not is None]
        result = conflicts.settle(seat.store, actor, group, ways[b % len(ways)])
        seat.made -= {e.id for e in group.events}
        seat.made |= {e.id for e in result.events}

    def _tried(self, seat: Seat, work: Callable[[], object]) -> object:
        """What came of it; None where the line failed."""
        try:
            return work()
        except LineError as e:
            if e.code == "token" and self.restored:  # a login that the backup does not know: once more
                login.login(seat.store, "http://backend", seat.user, PASSWORD, seat.client)
                seat.rounds = login.rounds(seat.store, seat.client)
            elif e.stops or e.code == "bug":
                raise AssertionError(e.code) from e
        return None

    def _reopen(self, seat: Seat) -> None:
        home = seat.store.home
        seat.store.close()
        seat.store = open_store(home)
        seat.store.turns.clock = float
        seat.rounds = login.rounds(seat.store, seat.client)

    # invariants

    def check(self, seat: Seat) -> None:
        self._shown_is_confirmed_plus_pending(seat)
        self._every_event_is_in_one_place(seat)

    def _shown_is_confirmed_plus_pending(self, seat: Seat) -> None:
        with seat.store.view() as conn:
            rows = conn.execute("SELECT id, n, pending, doubtful, refused FROM cases").fetchall()
            work = Standing(conn, seat.store.rulebook())
            work.load(r[0] for r in rows)
            doubts = {}
            for p in pending_of(conn, [r[1] for r in rows]):
                if p.doubt == AGAIN:
                    continue
                verdict = work.fold(p.event, max(self.now + 10**9, p.event.at))
                if isinstance(verdict, Absorbed):
                    work.put(p.event.case, verdict.case)
                doubts[p.event.id] = isinstance(verdict, Refusal), p
            counted = dict(
                conn.execute(
                    "SELECT e.case_n, count(*) FROM outbox o JOIN event e ON e.n = o.event_n GROUP BY e.case_n"
                ).fetchall()
            )
            for id_, n, pending, _doubtful, refused in rows:
                case = work.held[id_].case
                if case is None:  # the log lost it: what is pending on it waits for its verdict
                    assert self.restored
                    assert pending or refused
                    continue
                shown = stored(seat.store, id_)
                assert shown is not None
                assert dump(shown) == dump(case), f"{id_}\n{dump(shown)}\n{dump(case)}"
                assert pending == counted.get(n, 0)
            apart = {n for (n,) in conn.execute("SELECT n FROM confirmed WHERE row <> ''")}
            linked = {
                n for (n,) in conn.execute("SELECT case_n FROM event_touch t JOIN outbox o ON o.event_n = t.event_n")
            }
            assert apart <= counted.keys() | linked

    def _every_event_is_in_one_place(self, seat: Seat) -> None:
        pending = {i for (i,) in seat.store.rows("SELECT e.id FROM outbox o JOIN event e ON e.n = o.event_n")}
        logged = {i for (i,) in seat.store.rows("SELECT id FROM event WHERE seq IS NOT NULL")}
        refused = {i for (i,) in seat.store.rows("SELECT id FROM refused")}
        for id_ in seat.made:
            places = (id_ in pending) + (id_ in logged) + (id_ in refused)
            assert places == 1 or (places == 2 and id_ in logged and id_ in refused and _reused(seat, id_)), (
                id_,
                places,
            )
        assert not pending & logged

    def quiet(self) -> None:
        """The line is whole, everything under way has come: all desks and the backend hold the same."""
        for _round in range(3):
            for seat in self.seats:
                seat.net.next = ""
                self.now += 1000
                self._clock(seat.ahead)
                for _n in range(500):
                    if self._tried(seat, partial(_once, seat)) is False:
                        break
                self.check(seat)
        rows, held = self.office.log(), self.office.cases()
        assert [seq for seq, _id, _kind in rows] == list(range(1, len(rows) + 1))
        log = {id_ for _seq, id_, _kind in rows}
        assert len(log) == len(rows)
        for seat in self.seats:
            tie = link.of(seat.store)
            assert tie is not None
            assert tie.cursor == len(rows)
            assert outbox.waiting(seat.store, tie.user).mine == 0
            refused = {i for (i,) in seat.store.rows("SELECT id FROM refused")}
            assert seat.made <= log | refused, seat.made - log - refused
            mine = {i for (i,) in seat.store.rows("SELECT id FROM cases")}
            for id_, row in held.items():
                assert id_ in mine, id_
                shown = stored(seat.store, id_)
                assert shown is not None
                assert dump(shown) == row, f"{seat.user} {id_}\n{dump(shown)}\n{row}"

    def close(self) -> None:
        for seat in self.seats:
            seat.store.close()
        os.environ.pop("DESK_NOW", None)


def _once(seat: Seat) -> bool:
    return seat.rounds.fill_step() or seat.rounds.round(None).more


def _reused(seat: Seat, id_: str) -> bool:
    return bool(seat.store.rows("SELECT 1 FROM refused WHERE id = ? AND code = 'reused'", (id_,)))


STEPS: tuple[tuple[str, Any], ...] = (
    ("nothing", None),
    *(("do", World.do),) * 9,
    *(("sync", World.sync),) * 7,
    ("poll", World.poll),
    ("delay", World.delay),
    ("arrive", World.arrive),
    ("crash", World.crash),
    ("undo", World.undo),
    ("settle", World.settle),
    ("letter", World.letter),
    ("join", World.join),
    ("restart", World.restart),
    ("backup", World.save),
    ("restore", World.restore),
)
