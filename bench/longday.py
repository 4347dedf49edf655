"""Eight hours at the desk in one run of the app, compressed: python -m bench.longday [--presses 10000] [--hours 8]

Drives `desk demo` in a real pty by keys alone: read, classify, accept, forward, chase, search, take back, bulks, dialogs opened
and left, board, ladder, month, surveys, settings, palette, help, other sizes of the terminal, syncing. The demo's own backend
runs beside it, with a district that signs and replies and a citizen who rates, so that news comes all the while. Waiting is
what is compressed: the next key is sent when the repaint is over. The first hour begins with everything
once, a notice to print among it: what a part brings into memory when it is used for the first time (the writer of .docx: 22 MB) is
no growth. After every hour: resident memory, open files, threads,
asyncio tasks, Python objects, and what a key cost: CPU of the app (does not depend on what else the machine does) and time
from the key to the last byte. Exit 1 where memory grew by more than 5 % after the first hour, or files, threads or tasks did.

The event loop's pool makes a thread when for the first time so many things are looked up at once, at most one a core and four,
and each has a reader of the store: those are counted apart.
"""

import argparse
import fcntl
import os
import pty
import random
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

QUIET = 0.03
"""Seconds without output after which a repaint is over."""

SILENT = 0.15
"""Seconds after which a key has drawn nothing."""

LONGEST = 3.0
AWAY = 32.0
"""Seconds that the person is away from the keys at the end of an hour: what the app does in a long rest is part of a day."""

GROWTH = 1.05
FILES_A_READER = 2
"""The store and its log."""

POOL = min(32, (os.cpu_count() or 1) + 4)
"""Threads that asyncio lets its pool have."""

WATCHED = """
import asyncio, gc, os, signal, sys, threading
from desk.__main__ import main
where = sys.argv.pop(1)
def tell(*_):
    loop = asyncio._get_running_loop()
    tasks = len(asyncio.all_tasks(loop)) if loop else -1
    pool = len(getattr(getattr(loop, "_default_executor", None), "_threads", ()))
    gc.collect()
    with open(where + ".new", "w") as f:
        f.write(f"{tasks} {threading.active_count()} {len(gc.get_objects())} {pool}")
    os.replace(where + ".new", where)
signal.signal(signal.SIGUSR1, tell)
sys.exit(main(sys.argv[1:]))
"""
"""The app, asked from outside for what only Python can count."""

SIZES = ((24, 80), (40, 120), (50, 200), (40, 120))
ESC = b"\x1b"
SAVE = b"\x13"
LEFT = (ESC, ESC, ESC)


@dataclass
class Hour:
    """Presses of an hour: ms of the app's CPU for each, ms from key to last byte; what there was at its end."""

    pressed: int = 0
    cpu: float = 0.0
    waits: list[float] = field(default_factory=list)
    rss: int = 0  # KiB
    files: int = 0
    threads: int = 0
    tasks: int = 0
    objects: int = 0
    pool: int = 0  # threads of the event loop's own, each with two files

    @property
    def own_threads(self) -> int:
        return self.threads - self.pool

    @property
    def own_files(self) -> int:
        return self.files - FILES_A_READER * self.pool


class Day:
    """The app and whoever sits at it."""

    def __init__(self, home: Path, counts: Path) -> None:
        self.counts, self.log = counts, home / "desk.log"
        self.main, side = pty.openpty()
        self.size(*SIZES[1], tell=False)
        self.process = subprocess.Popen(
            [sys.executable, "-c", WATCHED, str(counts), "demo", "--home", str(home)],
            stdin=side,
            stdout=side,
            stderr=side,
            env=os.environ | {"TERM": "xterm-256color", "DESK_LANG": "zh_CN"},
            start_new_session=True,
        )
        os.close(side)
        self.hour = Hour()
        self.pressed = 0
        self.seen = ""  # before the first press

    def size(self, rows: int, columns: int, *, tell: bool = True) -> None:
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            self.process.send_signal(signal.SIGWINCH)
            self.read()

    def read(self, quiet: float = QUIET, longest: float = LONGEST) -> float | None:
        """Until the output is quiet; when its last byte came, None where none did."""
        begun, last = time.perf_counter(), None
        while time.perf_counter() - begun < longest:
            if not select.select([self.main], [], [], quiet if last else max(quiet, SILENT))[0]:
                break
            try:
                if not (part := os.read(self.main, 65536)):
                    break
                if not self.pressed:
                    self.seen += part.decode("utf-8", "replace")
            except OSError:
                said = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
                raise SystemExit(
                    f"the app ended with {self.process.wait()} after {self.pressed} presses\n{said}"
                ) from None
            last = time.perf_counter()
        return last

    def begin(self) -> None:
        """Until the first screen has stood for two seconds. The demo's letters and its backend come before it."""
        while "收件" not in self.seen:
            self.read(quiet=1, longest=2)
        self.read(quiet=2, longest=60)
        self.seen = ""

    def press(self, *keys: bytes) -> None:
        for key in keys:
            begun = time.perf_counter()
            os.write(self.main, key)
            if (drawn := self.read()) is not None:
                self.hour.waits.append((drawn - begun) * 1e3)
            self.pressed += 1
            self.hour.pressed += 1

    def cpu(self) -> float:
        """Milliseconds of CPU since the app began."""
        return (
            sum(int(p.read_text().split()[0]) for p in Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")) / 1e6
        )

    def look(self) -> None:
        """At what there is now."""
        proc = Path(f"/proc/{self.process.pid}")
        self.counts.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        end = time.perf_counter() + 10
        while not self.counts.exists() and time.perf_counter() < end:
            self.read(quiet=0.05, longest=0.1)
        self.hour.tasks, _, self.hour.objects, self.hour.pool = map(int, self.counts.read_text().split())
        status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
        self.hour.rss = int(status["VmRSS"].split()[0])
        self.hour.threads = int(status["Threads"])
        self.hour.files = len(list((proc / "fd").iterdir()))

    # what a person does

    def do(self, rng: random.Random) -> None:
        rng.choice(PARTS)(self, rng)
        self.press(*LEFT)


def keys(text: str) -> list[bytes]:
    return [c.encode() for c in text]


def read(day: Day, rng: random.Random) -> None:
    day.press(b"1", *keys("j" * rng.randint(3, 25)), b"\r", *keys("jjjjkkJJKK"))


def move(day: Day, rng: random.Random) -> None:
    day.press(rng.choice(keys("123456789")), *keys("\x04\x04\x15Ggg" + "j" * 10 + "k" * 5))


def classify(day: Day, rng: random.Random) -> None:
    day.press(b"1", *keys("j" * rng.randint(0, 9)), b"l", rng.choice(keys("12345")), SAVE)


def accept(day: Day, rng: random.Random) -> None:
    day.press(b"1", *keys("j" * rng.randint(0, 9)), b"a", SAVE)


def forward(day: Day, rng: random.Random) -> None:
    place = rng.choice(
        ("渝北", "沙坪坝", "南岸", "万州", "渝中")
    )  # no letter that means something where no dialog came
    day.press(rng.choice(keys("12")), *keys("j" * rng.randint(0, 5)), b"f", place.encode(), b"\r", SAVE)


def chase(day: Day, rng: random.Random) -> None:
    day.press(rng.choice(keys("34")), *keys("j" * rng.randint(0, 9)), b"c", SAVE)


def note(day: Day, rng: random.Random) -> None:
    day.press(*keys("j" * rng.randint(0, 9)), b"n", *keys("电话联系过"), SAVE)


def reply(day: Day, rng: random.Random) -> None:
    day.press(b"5", *keys("j" * rng.randint(0, 5)), rng.choice(keys("yb")), SAVE)


def search(day: Day, rng: random.Random) -> None:
    word = rng.choice(("电梯", "噪音", "停车", "自来水", "路灯"))
    day.press(rng.choice(keys("013")), b"/", *keys(word), b"\r", *keys("jjjk"))


def take_back(day: Day, rng: random.Random) -> None:
    day.press(b"u", b".", b"u")


def bulk(day: Day, rng: random.Random) -> None:
    day.press(rng.choice(keys("123")), *keys(" j" * rng.randint(2, 6)), rng.choice(keys("ac")), SAVE, b"\r", b"u")


def dialogs(day: Day, rng: random.Random) -> None:
    for key in rng.sample(keys("laxifcerbydtomwnpsv"), 6):
        day.press(key, b"\t", *LEFT)


def board(day: Day, rng: random.Random) -> None:
    day.press(b"D", *keys("jjgsjk"), b"\r", ESC, b"P", b"j", ESC)


def month(day: Day, rng: random.Random) -> None:
    day.press(b":", *keys(rng.choice(("bulletin 2024-10", "handover", "ladder", "board"))), b"\r", *keys("jjkk"))


def surveys(day: Day, rng: random.Random) -> None:
    day.press(b"Q", b"j", b"\r", b"j")


def looks(day: Day, rng: random.Random) -> None:
    day.press(b",", *keys("jjj"), *LEFT, b"?", *keys("jj"), *LEFT, b"\x10", *keys("chong"), *LEFT, b"C")


def resize(day: Day, rng: random.Random) -> None:
    for rows, columns in SIZES:
        day.size(rows, columns)
        day.press(*keys("jk"))


def sync(day: Day, rng: random.Random) -> None:
    day.press(b"S", *keys("jjj"))


PARTS = (
    read,
    read,
    move,
    move,
    classify,
    accept,
    forward,
    chase,
    note,
    reply,
    search,
    take_back,
    bulk,
    dialogs,
    board,
    month,
)
PARTS += (surveys, looks, resize, sync)


def everything(day: Day, rng: random.Random) -> None:
    """Each part once, and a handover sheet kept as .docx."""
    for part in dict.fromkeys(PARTS):
        part(day, rng)
        day.press(*LEFT)
    day.press(b":", *keys("handover"), b"\r", b"e")
    day.read(quiet=1, longest=10)
    day.press(*LEFT)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--presses", type=int, default=10_000)
    options.add_argument("--hours", type=int, default=8)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder) / "home", Path(folder) / "counts")
        try:
            hours = spend(day, given.presses, given.hours)
        finally:
            day.process.terminate()
            day.process.wait(30)
    return verdict(hours)


def spend(day: Day, presses: int, hours: int) -> list[Hour]:
    day.begin()
    rng, past = random.Random(8), []
    print("hour  presses  rss MB  files  threads (pool)  tasks  objects  cpu ms a key   key p50 / p99 ms")
    for n in range(1, hours + 1):
        day.hour, begun = Hour(), day.cpu()
        if n == 1:
            everything(day, rng)
        while day.pressed < presses * n / hours:
            day.do(rng)
        day.press(b"1")
        day.read(quiet=1, longest=5)
        day.hour.cpu = (day.cpu() - begun) / day.hour.pressed
        day.read(quiet=AWAY, longest=AWAY)
        day.look()
        h = day.hour
        p50, p99 = statistics.median(h.waits), statistics.quantiles(h.waits, n=100)[98]
        print(
            f"{n:>4}  {day.pressed:>7}  {h.rss / 1024:>6.1f}  {h.files:>5}  {h.threads:>7} {h.pool:>6}  {h.tasks:>5}  {h.objects:>7}"
            f"  {h.cpu:>12.2f}   {p50:>6.1f} / {p99:.0f}",
            flush=True,
        )
        past.append(h)
    return past


def verdict(hours: list[Hour]) -> int:
    """What the last hour has more than the first."""
    first, last = hours[0], hours[-1]
    print(
        f"memory × {last.rss / first.rss:.3f}, CPU a key × {last.cpu / first.cpu:.3f} from the first hour to the last"
    )
    leaks = [n for n in ("own_files", "own_threads", "tasks") if getattr(last, n) > getattr(first, n)]
    if last.pool > POOL:
        leaks.append("pool")
    if last.rss > first.rss * GROWTH:
        leaks.append("memory")
    print("leaked: " + ", ".join(leaks) if leaks else "nothing leaked")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
