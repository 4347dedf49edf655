"""The worker: keeps this desk in step while the app is open, in threads of its own; it never makes a key wait.

It decides from the state, never from what happened: is something waiting that may leave, is the desk behind, is a fill under
way → go. One thread sends the desk's own work and fills, by turns of at most 64 kB, the other waits for news. After a failure it
waits 1 → 60 seconds with full jitter; a key press of the person ends the waiting. A fault of ours ends no thread: it is written
down in the log, told at the foot of the screen, and tried again.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from db import fill, joining, link, outbox, uploads
from db.clock import now_ms
from db.model import CaseId
from db.store_error import StoreError
from desk import errors
from desk.line import token
from desk.line.errands import Errands
from desk.line.lease import alive
from desk.line.state import Brought, LineState, Told
from desk.line.trouble import LineError
from desk.line.uploading import Uploading

if TYPE_CHECKING:
    import httpx

    from db.attachments import Attached
    from db.link import Link
    from db.store import Store
    from desk.line.rounds import Round, Rounds

POLL = 25.0
"""Seconds that a request for news waits at the backend."""

SHOWN = 2.0
"""Seconds between two looks of the screen at what a fill has brought."""

CALM = 0.3
"""Seconds after something was done here in which the threads leave the machine to the screen."""

LEASE = 40.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
GOODBYE = 3.0
"""Seconds that quitting may take to send what waits."""


class Worker:
    """Threads over one store. `window`: seconds that an event waits here before it may leave, asked each time."""

    def __init__(
        self,
        store: Store,
        window: Callable[[], float],
        told: Told,
        *,
        client: Callable[[], httpx.Client] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = store
        self.window = window
        self.told = told
        self.client = client
        self.clock = clock
        self.state = LineState()
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._made: deque[tuple[float, outbox.Mark]] = deque()  # (when first seen, last event then)
        self._free = outbox.Mark()  # events up to here may leave
        self._all = True  # everything may leave: at the start, on `S`
        self._behind = True
        self._again = False  # the person asks to try once more what had ended
        self._stop = threading.Event()
        self._wake = threading.Condition()
        self._woken = False
        self._failures = 0
        self._not_before = 0.0  # of the clock: the end of a back-off
        self._rounds: Rounds | None = None
        self.errands = Errands(store, self._errand_told)
        self.uploading = Uploading(store, self._errand_told)
        self._threads: list[threading.Thread] = []
        self._listening = threading.Event()
        self._stepped = 0.0
        self._calm_at = 0.0

    # from the app

    def start(self) -> None:
        """Begins, if somebody is logged in."""
        if self._threads:
            return
        for work in (self._work, self._listen):
            thread = threading.Thread(target=work, name=f"line-{work.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def changed(self) -> None:
        """Something was done here: it leaves when its undo window is over. What the key paints goes first."""
        self._calm_at = self.clock() + CALM
        self._poke()

    def now(self) -> None:
        """`S`: everything may leave, at once."""
        self._all = self._behind = self._again = True
        self._failures, self._not_before = 0, 0.0
        self._poke()

    def key(self) -> None:
        """The person is there: no reason to wait out a long back-off."""
        if self._failures > 2:
            self._failures, self._not_before = 0, 0.0
            self._poke()

    def fetch(self, case: CaseId) -> None:
        """The history of a letter that is here as a row only; it comes as soon as there is a line."""
        if self.state.phase in ("step", "working") and self.errands.letter(case):
            self._poke()

    def reveal(self, case: CaseId) -> None:
        """The sender's record, once the event that says who looks has arrived."""
        self.errands.contact(case)
        self.now()

    def open_file(self, case: CaseId, file: Attached) -> None:
        """An attachment: it comes in pieces, now or as soon as there is a line."""
        self.errands.file(case, file)
        self.key()
        self._poke()

    def stop(self, *, goodbye: bool = True) -> None:
        """Ends the threads. `goodbye`: what waits is sent first, if that takes no more than a moment."""
        if goodbye and self.state.phase in ("step", "working") and self._waits():
            self._all = True
            self._poke()
            end = time.monotonic() + GOODBYE
            while time.monotonic() < end and self._waits() and self.state.phase in ("step", "working"):
                time.sleep(0.05)
        self._stop.set()
        self._poke()
        if self._rounds is not None:
            self._rounds.client.close()
        for thread in self._threads:
            thread.join(2)
        if self._threads:
            try:
                joining.give_lease(self.store, self._owner)
            except (StoreError, RuntimeError):
                return

    def _waits(self) -> bool:
        tie = link.of(self.store)
        return tie is not None and outbox.waiting(self.store, tie.user).mine > 0

    def _poke(self) -> None:
        with self._wake:
            self._woken = True
            self._wake.notify_all()

    # the working thread

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                pause = self._turn()
            except Exception as e:
                if self.store.closed or self._stop.is_set():  # what breaks now breaks because the desk closes
                    return
                pause = self._fell(e)
            self._rest(pause)

    def _fell(self, error: Exception) -> float:
        """Seconds until it is tried again. A store that does not even tell how it stands is asked again like any other."""
        if not isinstance(error, (LineError, StoreError)):
            errors.record(self.store.home, error)
        code = "store" if isinstance(error, StoreError) else "fault"
        try:
            return self._failed(error if isinstance(error, LineError) else LineError(code))
        except StoreError:
            return FIRST_WAIT

    def _turn(self) -> float:
        """One look at the state and what it asks for; seconds until the next look."""
        if (calm := self._calm_at - self.clock()) > 0 and not self._all:
            return calm
        tie = link.of(self.store)
        if tie is None:
            self._tell(LineState())
            return 5.0
        if tie.stopped and (self._again or self.store.setting(joining.WISH) is not None):
            joining.stop(self.store, None)  # an admin may have mended it
            tie = tie._replace(stopped=None)
        self._again = False
        if tie.stopped:
            self._listening.clear()
            self._rounds = None  # whoever logs in next has another token
            self._tell(replace(self._counted(tie.user), phase="stopped", code=tie.stopped, last=tie.last))
            return 5.0
        if (left := self._not_before - self.clock()) > 0:
            self._tell_waiting(tie.user)
            return left
        if not joining.take_lease(self.store, self._owner, LEASE, now_ms(), alive):
            self._listening.clear()
            self._tell(replace(self._counted(tie.user), phase="other", last=tie.last))
            return 3.0
        return self._work_on(self._connected(), tie)

    def _work_on(self, rounds: Rounds, tie: Link) -> float:
        """What is to be done next over the line; seconds until the next look."""
        if fill.wants_more(tie):
            rounds.widen()
            return 0.0
        if tie.fill is not None:
            self._listening.clear()
            if not self._fill(rounds, tie):
                return 0.0
        self._send(rounds, tie)
        more = self.errands.run(rounds)
        more = self.uploading.step(rounds) or more
        tie = link.of(self.store) or tie
        if tie.fill is not None:
            self._behind = True  # the log is read on between the parts
        elif self._behind:
            self._tell(replace(self._counted(tie.user), phase="working", last=tie.last))
        else:
            self._listening.set()
            self._tell(replace(self._counted(tie.user), phase="step", last=tie.last))
        return 0.0 if self._behind or more else self._next_free()

    def _fill(self, rounds: Rounds, tie: Link) -> bool:
        """A step of the fill under way; whether the log may be read already."""
        plan = fill.read(tie.fill)
        share = plan.share if plan else 0.0
        self._tell(replace(self._counted(tie.user), phase="filling", share=share, last=tie.last))
        rounds.fill_step()
        self._failures = 0
        usable = plan is not None and plan.usable
        if self.clock() - self._stepped > SHOWN or not usable:
            self._stepped = self.clock()
            self.told(self.state, Brought(many=True))
        return usable

    def _send(self, rounds: Rounds, tie: Link) -> None:
        """A round, if something may leave, the desk is behind, or another process asked for it."""
        wished = self.store.setting(joining.WISH) is not None
        upto = self._upto(wished=wished)
        waits = outbox.waiting(self.store, tie.user)
        if not (self._behind or wished or (waits.mine and outbox.ready(self.store, tie.user, upto))):
            return
        self._tell(replace(self.state, phase="working", pending=waits.mine + waits.others))
        self._behind = False
        made = rounds.round(upto)
        self._brought(made)
        self._behind = self._behind or made.more
        self._failures = 0
        if wished and not made.more:  # `desk sync`, a verb: it is done
            self.store.put_setting(joining.WISH, None)

    def _connected(self) -> Rounds:
        if self._rounds is None:
            from desk.line.login import rounds

            self._rounds = rounds(self.store, self.client() if self.client else None)
        return self._rounds

    def _upto(self, *, wished: bool) -> int:
        """The last event whose undo window is over."""
        now, newest = self.clock(), outbox.newest(self.store)
        if self._all or wished:
            self._all = False
            self._made.clear()
            self._free = newest
            return newest.n
        while self._made and not outbox.stands(self.store, self._made[-1][1]):  # taken back
            self._made.pop()
        if not outbox.stands(self.store, self._free):
            self._free = outbox.settled(self.store)
        if newest.n > (self._made[-1][1] if self._made else self._free).n:
            self._made.append((now, newest))
        window = self.window()
        while self._made and now - self._made[0][0] >= window:
            self._free = max(self._free, self._made.popleft()[1])
        return self._free.n

    def _next_free(self) -> float:
        if self._made:
            return max(0.05, self._made[0][0] + self.window() - self.clock())
        return 10.0

    def _errand_told(self, brought: Brought) -> None:
        """Something that was asked for has come, or a piece of it."""
        file = brought.file
        if file is not None:
            self.state = replace(self.state, file=None if file.whole or file.code else file)
        self.told(self.state, brought)

    def _brought(self, made: Round) -> None:
        if made.news.cases or made.news.refused:
            self.told(self.state, Brought(tuple(made.news.cases), refused=len(made.news.refused)))

    def _counted(self, user: str) -> LineState:
        waits = outbox.waiting(self.store, user)
        files = sum(not upload.code for upload in uploads.waiting(self.store))
        pending = waits.mine + waits.others
        return replace(self.state, code="", pending=pending, files=files, refused=waits.refused, share=1.0, until=0)

    def _tell_waiting(self, user: str) -> None:
        """What was done meanwhile is told at once, also while the line is waited for."""
        now = self.state
        if now.phase == "waiting":
            counted = self._counted(user)
            self._tell(replace(now, pending=counted.pending, files=counted.files, refused=counted.refused))

    def _failed(self, e: LineError) -> float:
        self._listening.clear()
        tie = link.of(self.store)
        counted = self._counted(tie.user) if tie else self.state
        if e.stops and self._token_is_old():
            self._rounds = None
            return 0.0
        if e.stops:
            joining.stop(self.store, e.code)
            self._rounds = None
            self._tell(replace(counted, phase="stopped", code=e.code))
            return 5.0
        self._failures = 0 if e.code == "offline" and e.wait is not None else self._failures + 1
        self._behind = True
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failures, 8))
        pause = e.wait if e.wait is not None else random.uniform(FIRST_WAIT / 2, longest)
        self._not_before = self.clock() + pause
        last = tie.last if tie else None
        self._tell(replace(counted, phase="waiting", code=e.code, last=last, until=now_ms() + int(pause * 1000)))
        return pause

    def _token_is_old(self) -> bool:
        """Whether somebody has logged in since, in another process: it was the token before that was refused."""
        return self._rounds is not None and token.read(self.store.home) not in (None, self._rounds.token)

    def _tell(self, state: LineState) -> None:
        if state != self.state:
            self.state = state
            self.told(state, Brought())

    def _rest(self, seconds: float) -> None:
        """Waits, until something is wanted."""
        with self._wake:
            if not self._woken and seconds > 0:
                self._wake.wait(seconds)
            self._woken = False

    # the listening thread

    def _listen(self) -> None:
        """Long polls, while the desk is in step. One that is behind reads the log in the working thread alone: the same page
        asked for by both would come down twice.
        """
        while not self._stop.is_set():
            if not self._listening.wait(0.5):
                continue
            rounds = self._rounds
            try:
                made = rounds.poll(POLL) if rounds is not None else None
            except Exception as e:
                if self.store.closed or self._stop.is_set():
                    return
                if not isinstance(e, (LineError, StoreError)):
                    errors.record(self.store.home, e)
                self._over()  # the working thread asks, and hears the same
                continue
            if made is None:
                self._listening.clear()
                continue
            self._brought(made)
            if made.more or made.reset:
                self._over()

    def _over(self) -> None:
        """From waiting for news to reading them: the working thread goes on."""
        self._listening.clear()
        self._behind = True
        self._poke()
