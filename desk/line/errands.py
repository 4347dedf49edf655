"""What a person waits for beyond the letters themselves: a closed letter's words, a sender's record, an attachment."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from db import attachments, replica
from desk.line import pieces
from desk.line.state import Brought, FileNews
from desk.line.trouble import LineError

if TYPE_CHECKING:
    from db.attachments import Attached
    from db.model import CaseId
    from db.store import Store
    from desk.line.rounds import Rounds

WAITED = ("offline", "not_ours", "not_ready", "slow_down", "failed")
"""Codes after which the same is tried again: it can still be had."""


class Errands:
    """Asked for by the app, done by the worker's thread; one that cannot be had (unknown there, no right) is let go.

    A file comes a piece at a time, so that what the desk itself has to send goes in between.
    """

    def __init__(self, store: Store, told: Callable[[Brought], None]) -> None:
        self.store = store
        self.told = told
        self._wanted: deque[tuple[str, CaseId]] = deque()
        self._files: deque[tuple[CaseId, Attached]] = deque()

    def letter(self, case: CaseId) -> bool:
        """A letter's words and history; False where they are asked for already."""
        if ("letter", case) in self._wanted:
            return False
        self._wanted.append(("letter", case))
        return True

    def contact(self, case: CaseId) -> None:
        self._wanted.append(("contact", case))

    def file(self, case: CaseId, file: Attached) -> None:
        """An attachment; the one asked for last comes first."""
        self._files = deque(one for one in self._files if one[1].hash != file.hash)
        self._files.appendleft((case, file))

    def run(self, rounds: Rounds) -> bool:
        """Does what is wanted, of files one piece; whether there is more to do at once. Raises LineError, StoreError."""
        while self._wanted:
            what, case = self._wanted[0]
            try:
                if what == "contact":
                    self.told(Brought(contact=rounds.contact(case)))
                else:
                    replica.keep_whole(self.store, rounds.letter(case))
                    self.told(Brought((case,)))
            except LineError as e:
                if e.stops or e.code in WAITED:
                    raise
            self._wanted.popleft()
        if self._files:
            self._piece(rounds, *self._files[0])
        return bool(self._files)

    def _piece(self, rounds: Rounds, case: CaseId, file: Attached) -> None:
        try:
            self._more(rounds, case, file)
        except LineError as e:
            if e.stops or e.code in WAITED:
                raise
            self._done(case, file)
            self.told(Brought(file=FileNews(file.hash, file.name, 0, file.size, e.code)))

    def _more(self, rounds: Rounds, case: CaseId, file: Attached) -> None:
        here = attachments.held(self.store, file)
        if here < file.size:
            path = f"/v1/attachments/{file.hash}"
            pieces.fetch(rounds, path, file.hash, here, file.size, lambda held: self._tell(file, held))
            here = attachments.held(self.store, file)
        if here < file.size:
            self._tell(file, here)
            return
        if attachments.body(self.store, file.hash) is None and not attachments.keep(self.store, case, file):
            raise LineError("not_whole")
        self._done(case, file)
        self.told(Brought((case,), file=FileNews(file.hash, file.name, file.size, file.size)))

    def _tell(self, file: Attached, held: int) -> None:
        self.told(Brought(file=FileNews(file.hash, file.name, min(held, file.size - 1), file.size)))

    def _done(self, case: CaseId, file: Attached) -> None:
        self._files = deque(one for one in self._files if one != (case, file))
