"""Rounds of sync (docs/sync.md): one request each, and what its answer does to the store. Blocking; called from a thread or a verb.

Every method may be broken off anywhere and called again: what is offered twice is judged once, what comes twice is laid once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db import fill, fill_again, frames, link, outbox, parts, replica
from db.clock import DAY, now_ms
from db.model import CaseId
from db.refold import fingerprint
from db.replica_news import MissingError, News, OtherLogError, UnknownOwnError
from db.wire import SCHEMA
from desk.line import pieces
from desk.line.trouble import LineError, refused

if TYPE_CHECKING:
    import httpx

    from db.link import Link
    from db.outbox import Batch
    from db.replica_news import Whole
    from db.store import Store

WHOLE_PAGE, LEAST_PAGE = 96_000, 2_000
"""Bytes of a page before it is packed: what a backend sends at most, and what the worst line is asked to carry."""

AIM = 5.0
"""Seconds that a request is meant to take: what a cut costs at most."""

FETCHES = 6
"""Tries to get letters whole that a page speaks of, each for more of them."""


@dataclass(slots=True)
class Round:
    """What one request brought. `more`: there is more to send or to read at once."""

    news: News = field(default_factory=News)
    more: bool = False
    reset: bool = False
    sent: int = 0


class Rounds:
    """One connection's worth of requests. `client` has the backend's address; `token` is this device's."""

    def __init__(self, store: Store, client: httpx.Client, token: str) -> None:
        self.store = store
        self.client = client
        self.token = token
        self.dictionaries: tuple[int, ...] = frames.DICTIONARIES
        self.most_bytes = outbox.MOST_BYTES
        self.page: int | None = None  # bytes of a page that this line carried; None: as many as the backend likes

    # requests

    def ask(self, method: str, path: str, body: bytes | None = None, *, frame: bool = True, **more: Any) -> Any:
        """One request; the frame of the answer (None for 204), or the response. Raises LineError."""
        import httpx

        headers = {"authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        try:
            response = self.client.request(method, path, content=body, headers=headers, **more)
        except (httpx.TransportError, httpx.InvalidURL) as e:
            raise LineError("offline", reached=not isinstance(e, httpx.ConnectError | httpx.ConnectTimeout)) from e
        if response.status_code >= 300 and response.status_code != 304:
            raise refused(response)
        if not frame:
            return response
        if response.status_code == 204:
            return None
        self.store.turns.breathe()  # it was a second on its way: a tenth more, and no key meets the reading of it
        try:
            return frames.unpack(response.content)
        except frames.FrameError as e:
            raise LineError("not_ours") from e

    def tie(self) -> Link:
        """Where this desk stands. Raises LineError(token) before the first login."""
        found = link.of(self.store)
        if found is None:
            raise LineError("token", stops=True)
        return found

    # both directions

    def round(self, upto: int | None = None, *, push: bool = True, full: bool = False) -> Round:
        """Sends what may leave (events up to `upto`; None: all) and lays what is new. Raises LineError, StoreError."""
        tie, far = self.tie(), replica.furthest(self.store)
        batch = outbox.take(self.store, tie.user, upto, now_ms(), self.most_bytes) if push else None
        began = time.monotonic()
        try:
            answer = self.ask("POST", "/v1/sync", frames.pack(self._request(tie, batch, full=full), self.dictionaries))
        except LineError as e:
            if self._smaller(e, batch):
                return self.round(upto, push=push, full=full)
            raise
        more = isinstance(answer, dict) and bool(answer.get("m"))
        self._carried(time.monotonic() - began, up=bool(batch and batch.more), down=more)
        try:
            made = self._taken(tie, answer, far)
        except UnknownOwnError:
            return self.round(upto, push=push, full=True)
        made.sent = len(batch.events) if batch else 0
        settled = made.news.confirmed + len(made.news.refused)
        made.more = made.more or made.reset or bool(batch and batch.more and settled)
        if batch and not settled and not made.more and made.news.applied and not made.news.events:
            raise LineError("stuck")  # a kind of event that the backend is too old for
        return made

    def _request(self, tie: Link, batch: Batch | None, *, full: bool) -> dict[str, Any]:
        request: dict[str, Any] = {"v": SCHEMA, "d": list(self.dictionaries), "c": tie.cursor, "h": tie.hash}
        if batch is not None:
            request |= {"e": batch.events, "p": batch.senders}
        elif (mark := self._fingerprint(tie)) is not None:
            request["s"] = mark
        asides = {"full": 1 if full else None, "b": self.page, "n": tie.newsroom}
        return request | {k: v for k, v in asides.items() if v is not None}

    def _smaller(self, e: LineError, batch: Batch | None) -> bool:
        """Whether the same may go again at once, otherwise packed; after a cut it is less the next time."""
        if e.code == "dictionary" and self.dictionaries:
            self.dictionaries = ()
            return True
        if e.code == "too_big" and batch is not None and len(batch.events) > 1:
            self.most_bytes //= 2
            return True
        if e.code in ("offline", "not_ours") and e.reached:
            self._cut()
        return False

    def _cut(self) -> None:
        """An answer did not come whole: less at a time, in both directions."""
        self.page = max(LEAST_PAGE, (self.page or WHOLE_PAGE) // 2)
        self.most_bytes = max(LEAST_PAGE, self.most_bytes // 2)

    def _carried(self, took: float, *, up: bool, down: bool) -> None:
        """It did, in `took` seconds: the next one is measured by that. `up`, `down`: it was as much as may go at a time."""
        scale = min(2.0, max(0.5, AIM / max(took, 0.01)))
        if down:
            page = int((self.page or WHOLE_PAGE) * scale)
            self.page = max(LEAST_PAGE, page) if page < WHOLE_PAGE else None
        if up:
            self.most_bytes = max(LEAST_PAGE, min(outbox.MOST_BYTES, int(self.most_bytes * scale)))

    def poll(self, wait: float) -> Round:
        """Asks for news and waits for them up to `wait` seconds. Raises LineError, StoreError."""
        tie, far = self.tie(), replica.furthest(self.store)
        asked: dict[str, Any] = {"v": SCHEMA, "c": tie.cursor, "h": tie.hash, "w": f"{wait:g}"}
        if self.dictionaries:
            asked["d"] = self.dictionaries[0]
        try:
            return self._taken(tie, self.ask("GET", "/v1/sync", params=asked), far)
        except UnknownOwnError:
            return Round(more=True)

    def _taken(self, tie: Link, answer: Any, far: int) -> Round:
        """What an answer brought. `far`: what was known of the log before it was asked for (`replica.furthest`)."""
        if answer is not None and not isinstance(answer, dict):
            raise LineError("not_ours")
        if answer is not None and "reset" in answer:
            self._reset(tie, str(answer["reset"]))
            return Round(reset=True)
        if _ends(tie, answer) < far:  # a log that has less than this desk had read of it is another one
            self._reset(tie, tie.epoch)
            return Round(reset=True)
        if answer is None:
            self._in_step(tie, None)
            return Round(News(applied=True))
        try:
            news = self._laid(tie.place, answer)
        except OtherLogError:
            self._reset(tie, tie.epoch)
            return Round(reset=True)
        if answer.get("n"):
            self.newsroom()
        if not news.applied:
            return Round(news, more=True)
        if not answer.get("m"):
            self._in_step(tie, answer.get("t"))
        return Round(news, more=bool(answer.get("m")))

    def _laid(self, asked: tuple[int, str], answer: Mapping[str, Any]) -> News:
        wholes: dict[CaseId, Whole] = {}
        for _try in range(FETCHES):
            try:
                return replica.apply(self.store, asked, answer, wholes)
            except MissingError as missing:
                wholes |= {id_: self.letter(id_) for id_ in missing.ids}
            except (KeyError, TypeError, ValueError) as e:
                raise LineError("not_ours") from e
        raise LineError("bug")

    def _reset(self, tie: Link, epoch: str) -> None:
        if tie.epoch and epoch != tie.epoch:
            raise LineError("other_newsroom", stops=True)
        fill_again.reset(self.store, tie.user)

    def _in_step(self, tie: Link, theirs: Any) -> None:
        """In step with the backend as of now: kept, not more often than a person could see."""
        now = now_ms()
        skew = now - theirs if isinstance(theirs, int) else tie.skew
        if tie.last is None or abs(now - tie.last) > 5_000 or abs(skew - tie.skew) > 1_000:
            with self.store.write() as conn:
                link.put(conn, last=now, skew=skew)

    def _fingerprint(self, tie: Link) -> str | None:
        """Once a day, with nothing pending: what the open rows come to. The backend says whether its own do."""
        checked = self.store.setting(link.CHECKED)
        if tie.fill is not None or (checked and now_ms() - int(checked) < DAY):
            return None
        made = fingerprint(self.store)
        if made is not None:
            self.store.put_setting(link.CHECKED, str(now_ms()))
        return made

    # single things

    def letter(self, named: str) -> Whole:
        """A letter whole, by id or code. Raises LineError."""
        answer = self.ask(
            "GET", f"/v1/cases/{named}", params={"d": self.dictionaries[0]} if self.dictionaries else None
        )
        try:
            return replica.whole(answer)
        except (KeyError, TypeError, ValueError) as e:
            raise LineError("not_ours") from e

    def newsroom(self) -> None:
        """Fetches people and decisions of the newsroom."""
        told = self.ask("GET", "/v1/newsroom", params={"d": self.dictionaries[0]} if self.dictionaries else None)
        fill.put_newsroom(self.store, told)

    def contact(self, case: CaseId) -> Mapping[str, Any]:
        """The sender's whole record, after a `revealed` event of one's own has arrived there."""
        found: Mapping[str, Any] = self.ask("GET", f"/v1/contacts/{case}")
        return found

    # first fill

    def fill_step(self) -> bool:
        """One step of a fill: the manifest, some bytes of a part, or laying it in. False where none is under way, or where the
        log has to be read further first: a closed letter's row must not be newer than what has been read.
        """
        tie = self.tie()
        if tie.fill is None:
            return False
        plan = fill.read(tie.fill)
        if plan is None:
            self._manifest(tie)
            return True
        blob = plan.next
        if blob is None:
            parts.drop(self.store)
            fill.end(self.store)
            return True
        if plan.usable and tie.cursor < plan.seq:
            return False
        here = parts.held(self.store, blob.hash)
        if here < blob.bytes:
            self._bytes(tie, blob, here)
            return True
        body = parts.whole(self.store, blob.hash)
        if body is not None:
            fill.take(self.store, blob, body)
            parts.drop(self.store, blob.hash)
        return True

    def widen(self) -> None:
        """Plans what the desk's scope wants beyond what is here: it was made wider, or history is not here yet.
        Raises LineError, StoreError.
        """
        tie = self.tie()
        if tie.fill is None:
            fill.widen(self.store, fill.plan(self._snapshot(tie), now_ms(), tie.scope))

    def _snapshot(self, tie: Link) -> Any:
        told = self.ask("GET", "/v1/snapshot", params={"d": self.dictionaries[0]} if self.dictionaries else None)
        if tie.epoch and told["epoch"] != tie.epoch:
            raise LineError("other_newsroom", stops=True)
        return told

    def _manifest(self, tie: Link) -> None:
        told = self._snapshot(tie)
        self.newsroom()
        fill.begin(self.store, fill.plan(told, now_ms(), tie.scope))

    def _bytes(self, tie: Link, blob: fill.Blob, here: int) -> None:
        """The next bytes of a part, kept as they come: a cut costs what was on its way, and nothing else."""
        try:
            pieces.fetch(self, f"/v1/blobs/{blob.hash}", blob.hash, here, blob.bytes)
        except LineError as e:
            if e.code not in ("gone", "unknown"):
                raise
            self._manifest(tie)


def _ends(tie: Link, answer: Mapping[str, Any] | None) -> float:
    """The last number of the log that an answer speaks of; no end where more is to come, or it cannot be read."""
    if answer is None:
        return tie.cursor
    end = answer.get("c", tie.cursor)
    return end if isinstance(end, int) and not answer.get("m") else math.inf
