"""The people around the letters: who wrote (a record apart), who works here, and on which terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from db.model_codes import Actor, Role
from db.text import mask_name, mask_phone, one_line

if TYPE_CHECKING:
    from db.store import Store


class Sender(NamedTuple):
    """来信人. Never in an event: events hold the id only."""

    id: str
    name: str
    salutation: str = ""  # 先生, 女士 …
    phone: str = ""
    contact: Mapping[str, str] = MappingProxyType({})  # whatever else the channel gave: address, e-mail …

    @property
    def elsewhere(self) -> bool:
        """Whether this desk was only told what the screen shows; the rest is with the backend (GET /v1/contacts)."""
        return self.contact.get(_HELD) == "backend"

    def masked(self) -> str:
        """What the screen shows without revealing: 陈先生 138****1234."""
        name = mask_name(self.name, self.salutation)
        return f"{name} {mask_phone(self.phone)}" if self.phone else name


class User(NamedTuple):
    """Somebody of the newsroom."""

    id: str
    name: str
    role: Role
    active: bool = True


_HELD = "held"
ELSEWHERE = json.dumps({_HELD: "backend"})
"""`contact` of a sender whose record is with the backend."""


def put_masked(conn: Any, told: Iterable[Sequence[str]]) -> None:
    """Keeps senders as far as a desk is told unasked: (id, surname, salutation, masked phone). A record that is here stays."""
    rows = [(*sender, ELSEWHERE) for sender in told]
    conn.executemany("INSERT OR IGNORE INTO sender(id, name, salutation, phone, contact) VALUES (?, ?, ?, ?, ?)", rows)


_SENDER = "INSERT OR REPLACE INTO sender(id, name, salutation, phone, contact) VALUES (?, ?, ?, ?, ?)"


def put_senders(conn: Any, senders: Iterable[Sender]) -> None:
    """Keeps senders within an open write transaction; one of the same id is replaced."""
    rows = (
        (s.id, s.name, s.salutation, s.phone, json.dumps(dict(s.contact), ensure_ascii=False) if s.contact else "")
        for s in senders
    )
    conn.executemany(_SENDER, rows)


def sender(store: Store, id_: str | None) -> Sender | None:
    """The whole record, for who may see it: showing it is a `revealed` event first. None if there is none."""
    found = store.rows("SELECT id, name, salutation, phone, contact FROM sender WHERE id = ?", (id_,))
    if not found:
        return None
    key, name, salutation, phone, contact = found[0]
    return Sender(key, name, salutation, phone, json.loads(contact) if contact else {})


def put_users(store: Store, users: Iterable[User]) -> None:
    """Keeps people of the newsroom; one of the same id is replaced."""
    rows = [(u.id, u.name, u.role, int(u.active)) for u in users]
    with store.write() as conn:
        conn.executemany("INSERT OR REPLACE INTO user(id, name, role, active) VALUES (?, ?, ?, ?)", rows)


def users(store: Store, *, all_: bool = False) -> list[User]:
    """Those who work here by name; with `all_` also those who left, whose names stand in old letters."""
    rows = store.rows("SELECT id, name, role, active FROM user WHERE active OR ? ORDER BY name", (int(all_),))
    return [User(id_, name, Role(role), bool(active)) for id_, name, role, active in rows]


def name_of(store: Store, id_: str | None) -> str | None:
    """A person's name on one line; None if this desk does not know them."""
    found = store.rows("SELECT name FROM user WHERE id = ?", (id_,)) if id_ else []
    return one_line(found[0][0]) if found else None


def names(store: Store) -> dict[str, str]:
    """Id → name of everybody this desk knows, each on one line."""
    return {id_: one_line(name) for id_, name in store.rows("SELECT id, name FROM user")}


LOCAL = "local"
"""Who presses the keys before a first login, with a supervisor's rights (DESIGN.md §6)."""


def own_actor(store: Store) -> Actor:
    """Who presses the keys on this terminal: who logged in last, `local` before the first login."""
    from db.link import of

    tie = of(store)
    if tie is None:
        return Actor(LOCAL, Role.SUPERVISOR, own_device(store))
    return Actor(tie.user, Role(tie.role), own_device(store))


def own_device(store: Store) -> str:
    """This terminal's id."""
    return str(store.rows("SELECT id FROM device WHERE own = 1 ORDER BY since LIMIT 1")[0][0])
