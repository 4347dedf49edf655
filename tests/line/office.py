"""An office: one backend, desks with stores of their own, a citizen who writes, a unit that answers."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, insert, select

from backend.database import Database
from backend.log.held import CASES
from backend.log.looking import EVENTS
from backend.people import tokens, users
from backend.settings import Settings
from db import commands, outbox, queries
from db.casefile import dump, restore
from db.clock import now_ms
from db.commands import Command, Result
from db.ids import letter_id
from db.letters import Letter
from db.model import Case, CaseId, Role
from db.opening import open_store
from db.people import own_actor
from db.refold import fingerprint, stored
from db.runs import Doing
from db.store import Store
from desk.line import login
from desk.line.rounds import Round, Rounds
from tests.backend.desks import CHEAP, PASSWORD
from tests.line.served import Served

PEOPLE = {"li": Role.EDITOR, "zhou": Role.EDITOR, "he": Role.SUPERVISOR, "wang": Role.READER}
_HASH = CHEAP.hash(PASSWORD)


class Line(httpx.BaseTransport):
    """Between a desk and the backend's app. `cut`: nothing gets through; `lose`: the backend acts, the answer is lost;
    `short`: answers break off behind so many bytes.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.cut = False
        self.lose = 0
        self.short = 0
        self.carried = 0
        self.requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("cut", request=request)
        self.requests += 1
        response = self.inner.handle_request(request)
        if self.lose:
            self.lose -= 1
            raise httpx.ReadError("lost", request=request)
        if self.short:
            return httpx.Response(response.status_code, headers=response.headers, stream=_Broken(self, response.read()))
        return response


class _Broken(httpx.SyncByteStream):
    """The beginning of an answer."""

    def __init__(self, line: Line, body: bytes) -> None:
        self.line, self.body = line, body

    def __iter__(self) -> Iterator[bytes]:
        sent = self.body[: self.line.short]
        self.line.carried += len(sent)
        yield sent
        if len(sent) < len(self.body):
            raise httpx.ReadError("broken off")


@dataclass
class Desk:
    """One person at one terminal."""

    store: Store
    rounds: Rounds
    line: Line
    _codes: Any = field(default_factory=lambda: itertools.count(1))

    def do(self, kind: str, case: CaseId | None = None, *, now: int | None = None, **more: Any) -> Result:
        """What a key press does; it must hold."""
        command = Command(kind, case, **more)
        result = commands.run(self.store, own_actor(self.store), [command], now, doing=Doing(kind, {}))
        assert result.ok, [no.code for _c, no in result.refused]
        return result

    def letter(self, title: str = "电梯停运") -> CaseId:
        """A letter taken down here."""
        result = self.do("received", words={"title": title, "body": f"{title}，没有人管。"})
        return result.changed[0]

    def forward(self, case: CaseId, district: str = "500112", name: str = "渝北区") -> Result:
        return self.do("forwarded", case, facts={"district": district, "district_name": name})

    def sync(self) -> list[Round]:
        """Until there is nothing more to send or to read."""
        made: list[Round] = []
        while True:
            while self.rounds.fill_step():
                pass
            made.append(self.rounds.round())
            if not made[-1].more:
                return made
            assert len(made) < 200

    def case(self, id_: CaseId) -> Case:
        found = stored(self.store, id_)
        assert found is not None
        return found

    def seen(self, id_: CaseId) -> Letter:
        found = queries.letter(self.store, id_)
        assert found is not None
        return found

    def pending(self) -> int:
        return outbox.waiting(self.store, None).others

    def refused(self) -> dict[str, str]:
        """Event id → code."""
        return dict(self.store.rows("SELECT id, code FROM refused"))

    def rows(self) -> dict[CaseId, Any]:
        """Every letter as its row says, for comparing desks."""
        return {id_: stored(self.store, id_) for (id_,) in self.store.rows("SELECT id FROM cases")}


class Office:
    """The backend, and whoever is at it."""

    def __init__(self, folder: Path, fresh: Path, url: str) -> None:
        self.folder, self.fresh = folder, fresh
        self.url = url
        self._open()
        self.desks: list[Desk] = []
        self._numbers = itertools.count(1)

    def _open(self) -> None:
        """Two backends over one database; `test` asks the first of them."""
        settings = Settings(database=self.url, public_url="https://letters.example", timers=3600)
        self.db = Database(self.url)
        self.transports = [Served(settings), Served(settings)]
        self.test = httpx.Client(transport=self.transports[0], base_url="http://backend")

    def _shut(self) -> None:
        self.test.close()
        for served in self.transports:
            served.end()
        self.db.close()

    @property
    def file(self) -> str:
        """The database's file."""
        return self.url.removeprefix("sqlite:///")

    def restart(self) -> None:
        """Both backends end and begin anew."""
        self._shut()
        self._open()

    def restore(self, backup: Path) -> None:
        """As `restart`, over what a backup holds."""
        self._shut()
        for tail in ("-wal", "-shm"):
            Path(self.file + tail).unlink(missing_ok=True)
        shutil.copy(backup, self.file)
        self._open()

    def __enter__(self) -> Office:
        self.db.write(_hire)
        self.channel_key = self.db.write(lambda conn: tokens.give(conn, "channel", now_ms(), channel="app"))
        return self

    def __exit__(self, *_: object) -> None:
        for desk in self.desks:
            desk.store.close()
        self._shut()

    def client(self) -> tuple[httpx.Client, Line]:
        line = Line(self.transports[len(self.desks) % 2])
        made = httpx.Client(transport=line, base_url="http://backend")
        made.headers.clear()
        return made, line

    def home(self) -> Path:
        """A new store's folder."""
        home = self.folder / f"desk{next(self._numbers)}"
        shutil.copytree(self.fresh, home)
        return home

    def desk(self, user: str = "li", *, store: Store | None = None, fill: bool = True) -> Desk:
        """Somebody logs in at a new terminal (or at that store)."""
        opened = store or open_store(self.home())
        made, line = self.client()
        login.login(opened, "http://backend", user.title(), PASSWORD, made)
        desk = Desk(opened, login.rounds(opened, made), line)
        self.desks.append(desk)
        if fill:
            desk.sync()
        return desk

    def write(self, title: str = "路灯不亮", **more: Any) -> CaseId:
        """A citizen's letter comes in through a channel's door."""
        number = str(next(self._numbers))
        given = {
            "number": number,
            "title": title,
            "body": f"{title}已经一个月。",
            "sender": {"name": "陈晓明", "phone": "13812341234"},
        }
        response = self.test.post(
            "/v1/letters", json=given | more, headers={"authorization": f"Bearer {self.channel_key}"}
        )
        assert response.status_code in (200, 201), response.text
        return letter_id("app", number)

    def log(self) -> list[Any]:
        """(seq, id, kind) of the backend's log."""
        e = EVENTS.c
        with self.db.read() as conn:
            return [tuple(r) for r in conn.execute(select(e.seq, e.id, e.kind).order_by(e.seq))]

    def cases(self) -> dict[CaseId, str]:
        """The backend's rows (`db/casefile.dump`)."""
        with self.db.read() as conn:
            return {id_: dump(restore(row)) for id_, row in conn.execute(select(CASES.c.id, CASES.c.row))}

    def dumped(self, case: Case | None) -> str:
        assert case is not None
        return dump(case)

    def fire(self, user: str) -> None:
        """That person was never here."""
        self.db.write(lambda conn: conn.execute(users.USERS.delete().where(users.USERS.c.id == user)))

    def settled(self) -> None:
        """After quiet, all desks fold to identical rows, and to the backend's."""
        for desk in self.desks:
            desk.line.cut = False
            desk.sync()
        for desk in self.desks:
            desk.sync()
        prints = {fingerprint(d.store) for d in self.desks}
        assert len(prints) == 1, prints
        rows = [d.rows() for d in self.desks]
        common = set.intersection(*(set(r) for r in rows)) if rows else set()
        for id_ in common:
            assert len({repr(r[id_]) for r in rows}) == 1, id_


def _hire(conn: Connection) -> None:
    for id_, role in PEOPLE.items():
        row = {"id": id_, "name": id_.title(), "role": str(role), "password": _HASH, "district": "", "unit": ""}
        conn.execute(insert(users.USERS), row | {"active": 1, "made_at": 0})
