"""A desk on a bad line: first fill, fifty actions, nothing lost or doubled, and the app's keys meanwhile.

    python -m bench.line [--letters 4000] [--actions 50] [--rate 32000] [--cut 20] [--within 60000] [--log] [--rest 120]

Real processes: backend, proxy (`tools/line.py`), two desks; the second one is the app in a terminal of its own (a pty), filled over
the bad line while somebody works in it (`bench/line_keys.py`): each key is timed to the end of what it painted, also while the fifty
actions travel, and with nothing on the line for `--rest` seconds, which says what the machine itself does to a key. The fill
comes from the backend's snapshot; with `--log` from the log alone, as on a backend that has not made one yet. Budgets: DESIGN.md §7.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.backend_desks import PASSWORD, free_port, running, texts
from db import commands, joining, link, outbox
from db.clock import now_ms
from db.commands import Command
from db.opening import open_store
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
    """What `bench/line_keys.py` has measured so far."""

    def __init__(self, home: Path, file: Path) -> None:
        self.file, self.read = file, 0
        self.process = subprocess.Popen([sys.executable, "-m", "bench.line_keys", str(home), str(file)])

    def alive(self) -> None:
        if self.process.poll() is not None:
            sys.exit("the app, or who presses its keys, has ended")

    def told(self, when: str) -> None:
        """Prints what came since the last time."""
        lines = self.file.read_text().splitlines()
        lines, self.read = lines[self.read :], len(lines)
        keys = [json.loads(line) for line in lines]
        for name in ("queue", "move", "act"):
            ends = [shown if name == "act" else last for what, _t, _first, shown, last in keys if what == name]
            took = sorted(end for end in ends if end is not None)
            silent = len(ends) - len(took)
            if took:
                p50, p90, p99 = (took[min(len(took) - 1, int(len(took) * q))] for q in (0.5, 0.9, 0.99))
                said = f"p50 {p50:.1f}, p90 {p90:.1f}, p99 {p99:.1f}, worst {took[-1]:.1f} ms"
                print(
                    f"{when}: {len(took)} × {name}: {said}" + (f", {silent} painted nothing" * bool(silent)), flush=True
                )

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class Phases:
    """Seconds and bytes of each part of the way, beside what the line could have carried."""

    def __init__(self, line: Line, rate: float) -> None:
        self.line, self.rate = line, rate
        self._mark()

    def _mark(self) -> None:
        self.at, self.up, self.down, self.cuts = time.monotonic(), self.line.sent, self.line.received, self.line.cuts

    def told(self, what: str) -> None:
        """Prints the part that ends here."""
        took = time.monotonic() - self.at
        up, down = self.line.sent - self.up, self.line.received - self.down
        used = down * 8 / self.rate / took if took else 0
        cuts = self.line.cuts - self.cuts
        print(f"{what}: {took:.0f} s, {up:,} B up, {down:,} B down ({used:.0%} of the line), {cuts} cuts", flush=True)
        self._mark()


def filled(far: Store, letters: int, phases: Phases, keys: Keys) -> None:
    usable = False
    while True:
        tie = link.of(far)
        assert tie is not None
        if not usable and tie.usable and tie.fill is not None:
            usable = True
            phases.told("open rows workable")
        if tie.fill is None and far.rows("SELECT count(*) FROM cases")[0][0] >= letters:
            break
        keys.alive()
        time.sleep(0.3)
    phases.told("filled")


def acted(far: Store, count: int, phases: Phases, keys: Keys) -> None:
    ids = [i for (i,) in far.rows("SELECT id FROM cases ORDER BY n DESC LIMIT ?", (count,))]
    for n, id_ in enumerate(ids):
        commands.run(far, own_actor(far), [Command("noted", id_, words={"text": f"第 {n} 条：已与来信人电话联系"})])
    joining.wish(far, now_ms())  # as a verb does: the app sends at once
    noted = "SELECT count(*) FROM outbox o JOIN event e ON e.n = o.event_n WHERE e.kind = 'noted'"
    while far.rows(noted)[0][0]:
        keys.alive()
        time.sleep(0.3)
    phases.told(f"{count} actions travelled")


def in_step(rounds: Rounds) -> None:
    while rounds.fill_step() or rounds.round(None).more:
        pass


def snapshot(rounds: Rounds, letters: int) -> None:
    """Waits until the backend's snapshot has the letters."""
    while True:
        told = rounds.ask("GET", "/v1/snapshot", params={"d": 1})
        if sum(b["letters"] for b in told["blobs"] if b["kind"] == "rows") >= letters:
            print(f"the snapshot: {sum(b['bytes'] for b in told['blobs']):,} B", flush=True)
            return
        time.sleep(1)


@contextmanager
def backend(folder: Path):
    """A backend with two editors; its port."""
    database = f"sqlite:///{folder / 'backend.db'}"
    tool = [sys.executable, "-m", "backend"]
    for n in range(2):
        add = [*tool, "user", "add", f"e{n}", "--role", "editor", "--database", database]
        subprocess.run(add, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    with running([*tool, "serve", "--database", database, "--port", str(port)], f"http://127.0.0.1:{port}/ready"):
        yield port


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--letters", type=int, default=4000)
    options.add_argument("--actions", type=int, default=50)
    options.add_argument("--rate", type=float, default=32_000)
    options.add_argument("--cut", type=float, default=20)
    options.add_argument(
        "--within", type=int, default=60_000, help="a connection ends after about so many bytes; 0: never"
    )
    options.add_argument("--log", action="store_true", help="no snapshot: all by the log")
    options.add_argument("--rest", type=float, default=120, help="seconds of keys with nothing on the line")
    given = options.parse_args()
    folder = Path(os.environ.get("BENCH_FOLDER") or tempfile.mkdtemp(prefix="desk-line-"))
    with backend(folder) as port:
        first, far = open_store(folder / "first"), open_store(folder / "far")
        login.login(first, f"http://127.0.0.1:{port}", "e0", PASSWORD)
        write(first, texts(given.letters, folder))
        near = login.rounds(first)
        in_step(near)
        if not given.log:
            snapshot(near, given.letters)
        print(
            f"{given.letters} letters at the backend; the line: {given.rate:,.0f} bit/s, 0.5 s each way, cut every {given.cut:g} s"
        )
        with Line(port, rate=given.rate, cut=given.cut, within=given.within) as line:
            phases = Phases(line, given.rate)
            logged_in(far, line)
            phases.told("logged in")
            keys = Keys(far.home, folder / "keys")
            filled(far, given.letters, phases, keys)
            keys.told("during the fill")
            acted(far, given.actions, phases, keys)
            keys.told("while actions travel")
            time.sleep(given.rest)  # what else this machine does meets these keys as it met those
            keys.told("with nothing on the line")
            keys.end()
            phases.told("at rest")
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
