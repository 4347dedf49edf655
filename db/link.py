"""The desk's tie to a backend: which one, as whom, how far its log has been read. Settings of the store; no secret is among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.model_codes import Ms

if TYPE_CHECKING:
    from db.store import Store

SERVER = "sync.server"
"""Setting: the backend this desk belongs to. Where there is one, it does what happens by itself."""

USER, ROLE, NAME, EPOCH = "sync.user", "sync.role", "sync.name", "sync.epoch"
CURSOR, HASH, LAST, NEWSROOM = "sync.cursor", "sync.hash", "sync.last", "sync.newsroom"
SCOPE, CHECKED = "sync.scope", "sync.checked"


SCOPE_DAYS = 90
"""Letters closed within so many days are kept as rows; older ones are fetched when they are opened (DESIGN.md §6)."""

ALL = "all"

WANTED = "wanted"
"""As `Link.fill`: a manifest is to be fetched."""


class Link(NamedTuple):
    """Where this desk stands. `last`: when it was last in step (UTC ms); `skew`: this clock less the backend's, ms."""

    server: str
    user: str
    role: str
    name: str
    epoch: str
    cursor: int = 0
    hash: str = ""
    last: Ms | None = None
    skew: Ms = 0
    fill: str | None = None  # JSON: a fill under way (`db/fill.py`)
    newsroom: str | None = None
    stopped: str | None = None  # code of what ended it: revoked, inactive, too_old …
    scope: int | None = SCOPE_DAYS  # letters closed within so many days are kept as rows; None: all there are
    whole: Ms | None = (
        None  # everything that happened since is here (UTC ms; 0: ever); None: not before a fill has ended
    )

    page: int = 0  # up to which number the page goes that is being laid, in several transactions; 0: none is
    anchor: str | None = None  # `NUMBER:HASH:HEARD`, whole: where the fill began, and the chain can be followed from

    @property
    def usable(self) -> bool:
        """Whether the open letters are here: before that no page of the log has a row to be laid over."""
        return self.fill is None or '"usable": true' in self.fill

    @property
    def place(self) -> tuple[int, str]:
        """The cursor with the log's hash there."""
        return self.cursor, self.hash


def read(conn: Any) -> Link | None:
    """The tie as the connection sees it; None before the first login."""
    rows = dict(conn.execute("SELECT name, value FROM setting WHERE name LIKE 'sync.%'").fetchall())
    if SERVER not in rows or USER not in rows:
        return None
    return Link(
        server=rows[SERVER],
        user=rows[USER],
        role=rows.get(ROLE, "editor"),
        name=str(rows.get(NAME, rows[USER])),
        epoch=rows.get(EPOCH, ""),
        cursor=int(rows.get(CURSOR, "0")),
        hash=rows.get(HASH, ""),
        last=int(rows[LAST]) if LAST in rows else None,
        skew=int(rows.get("sync.skew", "0")),
        fill=rows.get("sync.fill"),
        newsroom=rows.get(NEWSROOM),
        stopped=rows.get("sync.stopped"),
        scope=None if rows.get(SCOPE) == ALL else int(rows.get(SCOPE, SCOPE_DAYS)),
        whole=int(rows["sync.whole"]) if "sync.whole" in rows else None,
        page=int(rows.get("sync.page", "0")),
        anchor=rows.get("sync.anchor"),
    )


def of(store: Store) -> Link | None:
    """As `read`. Raises StoreError."""
    with store.view() as conn:
        return read(conn)


def put(conn: Any, **values: Any) -> None:
    """Writes parts of it (`cursor=…`) in the open transaction; None takes one away."""
    for name, value in values.items():
        key = f"sync.{name}"
        if value is None:
            conn.execute("DELETE FROM setting WHERE name = ?", (key,))
        else:
            conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (key, str(value)))
