"""News as a backend tells them, without one: what a colleague's store offers, numbered, on its way to a desk's store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from db import casefile, commands, link, outbox, replica
from db.clock import from_iso
from db.commands import Command
from db.model import Case, CaseId, Ms
from db.people import own_actor
from db.refold import stored
from db.replica_news import News, Whole
from db.store import Store

NOW: Ms = from_iso("2024-11-01T09:30")
HEARD: Ms = NOW + 60_000
"""When the backend heard of the first event; of each later one a millisecond later."""


@dataclass
class Log:
    """The log: numbers in the order in which events come."""

    entries: list[dict[str, Any]] = field(default_factory=list)

    def take(self, *events: Mapping[str, Any]) -> list[dict[str, Any]]:
        """They are accepted; as they travel from now on."""
        made = [dict(e) | {"seq": len(self.entries) + i + 1, "heard": HEARD + i} for i, e in enumerate(events)]
        self.entries += made
        return made

    def page(self, after: int, *, own: str = "", upto: int | None = None, **more: Any) -> dict[str, Any]:
        """What lies behind a number; own events of a device by id only, as they are told when it has them."""
        told = self.entries[after:upto]
        end = after + len(told)
        events = [[e["id"], e["seq"], e["heard"]] if e["device"] == own else e for e in told]
        return {"c": end, "h": f"hash {end}", "e": events} | more


class Desk:
    """A store whose person has logged in, and what comes to it from the log."""

    def __init__(self, store: Store, log: Log, user: str = "li", role: str = "supervisor") -> None:
        self.store, self.log, self.user = store, log, user
        with store.write() as conn:
            link.put(conn, server="https://letters.example", user=user, role=role, name=user, epoch="one")
            mine = (f"terminal-of-{user}", 10 + len(user))  # its home is a copy, with the number of the first
            conn.execute("UPDATE device SET id = ?, number = ? WHERE own = 1", mine)
        self.device = own_actor(store).device

    def do(self, kind: str, case: CaseId | None = None, **more: Any) -> str:
        """What a key press does; the event's id."""
        return self.run(Command(kind, case, **more))

    def run(self, command: Command) -> str:
        made = commands.run(self.store, own_actor(self.store), [command], NOW)
        assert made.ok, [no.code for _c, no in made.refused]
        return str(self.store.rows("SELECT id FROM event ORDER BY n DESC LIMIT 1")[0][0])

    def letter(self, title: str = "电梯停运") -> CaseId:
        return self.do("received", words={"title": title, "body": f"{title}，没有人管。"})

    def forward(self, case: CaseId, district: str = "500112", name: str = "渝北区") -> str:
        return self.do("forwarded", case, facts={"district": district, "district_name": name})

    def offer(self) -> list[dict[str, Any]]:
        """What it has to send, all of it."""
        batch = outbox.take(self.store, self.user, None, NOW, 1 << 30)
        return list(batch.events) if batch else []

    def send(self) -> list[dict[str, Any]]:
        """All of it is in the log now."""
        return self.log.take(*self.offer())

    @property
    def cursor(self) -> int:
        tie = link.of(self.store)
        assert tie is not None
        return tie.cursor

    def hear(
        self, answer: Mapping[str, Any] | None = None, wholes: Mapping[CaseId, Whole] | None = None, **more: Any
    ) -> News:
        """Lays an answer: all that is behind the cursor, or that one."""
        tie = link.of(self.store)
        assert tie is not None
        given = self.log.page(tie.cursor, own=self.device, **more) if answer is None else answer
        return replica.apply(self.store, tie.place, given, wholes, NOW)

    def case(self, id_: CaseId) -> Case:
        found = stored(self.store, id_)
        assert found is not None
        return found

    def rows(self, sql: str, *values: Any) -> list[Any]:
        return self.store.rows(sql, values)

    def pending(self) -> list[str]:
        """Ids of what waits to be sent, in order."""
        return [id_ for (id_,) in self.rows("SELECT e.id FROM outbox o JOIN event e ON e.n = o.event_n ORDER BY e.n")]


def whole_of(desk: Desk, id_: CaseId, seq: int, senders: Any = ()) -> Whole:
    """That letter as the backend has it, which knows what this desk knows; its events to the end of the log."""
    row = json.loads(casefile.dump(desk.case(id_)))
    return replica.whole({"row": row, "seq": seq, "e": [e for e in desk.log.entries if e["case"] == id_], "p": senders})
