"""A desk on a bad line: first fill, fifty actions, nothing lost or doubled, and the app's keys meanwhile.

    python -m bench.line [--letters 1000] [--actions 50] [--rate 32000] [--cut 20]

Real processes: backend, proxy (`tools/line.py`), two desks; the second one is the app in a terminal of its own (a pty), filled over
the bad line while somebody moves through the list: each key is timed to the end of what it painted, also while the fifty
actions travel. Budgets: DESIGN.md §7.
"""

import argparse
import itertools
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.backend import PASSWORD, free_port, running, texts
from bench.measure import Term
from db import commands, joining, link, outbox
from db.clock import now_ms
from db.commands import Command
from db.people import own_actor
from db.store import Store
from desk.line import login
from desk.line.rounds import Rounds
from desk.line.trouble import LineError
from tools.line import Line


def write(store: Store, letters: list[dict]) -> None:
    wanted = [Command("received", words={"title": one["title"], "body": one["body"]}) for one in letters]
    for first in range(0, len(wanted), 100):
        commands.run(store, own_actor(store), wanted[first : first + 100])


def logged_in(store: Store, line: Line) -> None:
    """Cut in the middle: once more, as a person would."""
    while True:
        try:
            login.login(store, line.url, "e1", PASSWORD)
            return
        except LineError:
            print("the login was cut", flush=True)


class Keys:
    """The app in a terminal: `j` and `k`, again and again, each timed to its first and its last byte."""

    def __init__(self, home: Path) -> None:
        self.term = Term([sys.executable, "-m", "desk", "--home", str(home)], {"DESK_LANG": "zh_CN"})
        self.term.wait(quiet=0.5)
        self.times: list[tuple[float, float]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._press, daemon=True)
        self._thread.start()

    def _press(self) -> None:
        for key in itertools.cycle("jjjkk"):
            if self._ended.is_set():
                return
            got = self.term.wait(quiet=0.03, t0=self.term.send(key), timeout=2)
            if got["first"] is not None:
                self.times.append((got["first"], got["last"]))
            self.term.wait(quiet=0.15, t0=time.perf_counter(), timeout=0.4)  # what the pane paints after a rest

    def told(self, when: str) -> None:
        """Prints what there is so far, and begins anew."""
        times, self.times = self.times, []
        for name, column in zip(
            ("to its first byte", "to the end of its repaint"), zip(*times, strict=True), strict=False
        ):
            ordered = sorted(column)
            print(
                f"{when}: {len(ordered)} keys {name}: p50 {statistics.median(ordered):.1f} ms, "
                f"p99 {ordered[int(len(ordered) * 0.99)]:.1f} ms, worst {ordered[-1]:.1f} ms",
                flush=True,
            )

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        self.term.close("q")


def filled(far: Store, line: Line, begin: float) -> None:
    usable = False
    while True:
        tie = link.of(far)
        assert tie is not None
        if not usable and tie.usable:
            usable = True
            print(
                f"open rows workable after {time.monotonic() - begin:.0f} s, {line.received:,} B down, {line.cuts} cuts"
            )
        if tie.fill is None and tie.cursor:
            break
        time.sleep(0.2)
    took = time.monotonic() - begin
    print(f"filled after {took:.0f} s: {line.received:,} B down, {line.sent:,} B up, {line.cuts} cuts", flush=True)


def acted(far: Store, line: Line, count: int) -> None:
    down, up, start = line.received, line.sent, time.monotonic()
    ids = [i for (i,) in far.rows("SELECT id FROM cases ORDER BY n LIMIT ?", (count,))]
    for n, id_ in enumerate(ids):
        commands.run(far, own_actor(far), [Command("noted", id_, words={"text": f"第 {n} 条：已与来信人电话联系"})])
    joining.wish(far, now_ms())  # as a verb does: the app sends at once
    while outbox.waiting(far, own_actor(far).id).mine:
        time.sleep(0.1)
    took = time.monotonic() - start
    up, down = line.sent - up, line.received - down
    print(
        f"{count} actions travelled in {took:.0f} s: {up:,} B up, {down:,} B down, {line.cuts} cuts in all", flush=True
    )


def in_step(rounds: Rounds) -> None:
    while rounds.fill_step() or rounds.round(None).more:
        pass


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--letters", type=int, default=1000)
    options.add_argument("--actions", type=int, default=50)
    options.add_argument("--rate", type=float, default=32_000)
    options.add_argument("--cut", type=float, default=20)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="desk-line-"))
    database = f"sqlite:///{folder / 'backend.db'}"
    tool = [sys.executable, "-m", "backend"]
    for n in range(2):
        add = [*tool, "user", "add", f"e{n}", "--role", "editor", "--database", database]
        subprocess.run(add, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running([*tool, "serve", "--database", database, "--port", str(port)], f"{url}/ready"):
        first, far = Store.open(folder / "first"), Store.open(folder / "far")
        login.login(first, url, "e0", PASSWORD)
        write(first, texts(given.letters, folder))
        near = login.rounds(first)
        in_step(near)
        print(
            f"{given.letters} letters at the backend; the line: {given.rate:,.0f} bit/s, 0.5 s each way, cut every {given.cut:g} s"
        )
        with Line(port, rate=given.rate, cut=given.cut, within=60_000) as line:
            begin = time.monotonic()
            logged_in(far, line)
            keys = Keys(far.home)
            filled(far, line, begin)
            keys.told("during the fill")
            acted(far, line, given.actions)
            keys.told("while actions travel")
            keys.end()
        in_step(near)
        for store in (first, far):
            letters, notes = (
                store.rows(f"SELECT count(*) FROM {what}")[0][0] for what in ("cases", "event WHERE kind = 'noted'")
            )
            print(f"{store.home.name}: {letters} letters, {notes} notes, {outbox.waiting(store, '')}")
            store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
