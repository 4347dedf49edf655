"""Attached files on their way up, a piece between two rounds: what the desk itself has to send is never queued behind a film."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from db import uploads
from desk.line.errands import WAITED
from desk.line.state import Brought, FileNews
from desk.line.trouble import LineError

if TYPE_CHECKING:
    from db.store import Store
    from db.uploads import Upload
    from desk.line.rounds import Rounds

AIM = 5.0
"""Seconds that a piece is meant to take: what a cut costs at most."""

FIRST, LEAST, MOST = 16_000, 2_000, 2_000_000
"""Bytes of a piece: the first one (four seconds of a line of 32 kbit/s), and the bounds."""

WAITING = (*WAITED, "slow")


class Uploading:
    """Sends what `db/uploads.py` lists. `told`: how far a file is, that it is there, or why it is not taken."""

    def __init__(self, store: Store, told: Callable[[Brought], None]) -> None:
        self.store = store
        self.told = told
        self.piece = FIRST

    def step(self, rounds: Rounds) -> bool:
        """One piece of one file; whether there is more to send at once. Raises LineError (kept: go on later), StoreError."""
        upload = uploads.following(self.store)
        if upload is None:
            return False
        try:
            held = self._put(rounds, upload)
        except LineError as e:
            if e.code == "range":  # another desk has begun with it, or the newsroom has less than it said
                held = self._held_there(rounds, upload)
            elif e.stops or e.code in WAITING:
                if e.reached:
                    self.piece = max(LEAST, self.piece // 2)
                raise
            else:
                uploads.refuse(self.store, upload, e.code)
                self._tell(upload, 0, e.code)
                return True
        uploads.arrived(self.store, upload, held)
        self._tell(upload, held)
        return True

    def _put(self, rounds: Rounds, upload: Upload) -> int:
        """Sends the next piece; how many bytes are there then."""
        body = uploads.piece(self.store, upload.hash, upload.held, self.piece)
        if not body:
            raise LineError("lost_file")
        last = upload.held + len(body) - 1
        headers = {"content-range": f"bytes {upload.held}-{last}/{upload.size}"}
        began = time.monotonic()
        answer = rounds.ask("PUT", f"/v1/attachments/{upload.hash}", body, frame=False, headers=headers)
        scale = min(2.0, max(0.5, AIM / max(time.monotonic() - began, 0.01)))
        self.piece = max(LEAST, min(MOST, int(self.piece * scale)))
        try:
            told = answer.json()
            return upload.size if told["whole"] else int(told["held"])
        except (ValueError, KeyError, TypeError) as e:
            raise LineError("not_ours") from e

    def _held_there(self, rounds: Rounds, upload: Upload) -> int:
        try:
            answer = rounds.ask("HEAD", f"/v1/attachments/{upload.hash}", frame=False)
        except LineError as e:
            if e.code in ("unknown", "not_ours", "failed"):  # a HEAD's answer has no words
                return 0
            raise
        if answer.status_code == 200:
            return upload.size
        held = answer.headers.get("attachment-held", "")
        return int(held) if held.isdecimal() else 0

    def _tell(self, upload: Upload, held: int, code: str = "") -> None:
        self.told(Brought((upload.case,), file=FileNews(upload.hash, upload.name, held, upload.size, code, up=True)))
