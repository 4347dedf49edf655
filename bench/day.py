"""A day at the desk in a real terminal: python -m bench.day LETTERS.csv [N]

Imports the first N letters (100), then works them by keys alone: read, classify, accept, forward, merge, sign, chase in
bulk, take back, search. Prints what each part took in keys and in time, and whether the store is sound afterwards.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.measure import Term

DESK = str(Path(sys.executable).with_name("desk"))
NOW = "2024-11-04T09:30:00+08:00"  # a Monday
LATER = "2024-12-05T09:30:00+08:00"  # every term has run out
DISTRICTS = ("yb", "spb", "jb", "na", "wz")  # initials, as far as one district is left


class Seat:
    """Somebody typing; counts keys, and waits as a person does for what the screen says."""

    def __init__(self, home: Path, now: str) -> None:
        env = {"DESK_NOW": now, "DESK_LANG": "zh_CN"}
        self.term = Term([DESK, "--home", str(home)], env)
        self.keys = 0
        self.waits: list[float] = []
        self.term.wait("收件", timeout=10)

    def press(self, *keys: str, expect: str | None = None) -> None:
        for i, key in enumerate(keys):
            self.keys += 1
            wanted = expect if i == len(keys) - 1 else None
            quiet, timeout = (
                (0.25, 0.5) if key == "\x1b" else (0.06, 5)
            )  # a key close behind an esc makes another key of both
            rec = self.term.wait(wanted, t0=self.term.send(key), quiet=quiet, timeout=timeout)
            if rec["shown"] is not None:
                self.waits.append(rec["shown"])
            elif wanted:
                shown = "\n".join(line.rstrip() for line in self.term.screen.display if line.strip())
                raise SystemExit(f"after {keys}: “{wanted}” did not come\n{shown}")

    def part(self, name: str, letters: int, work: Callable[[], None]) -> None:
        keys, begun = self.keys, time.perf_counter()
        self.waits = []
        work()
        waits = sorted(self.waits)
        spent = time.perf_counter() - begun
        p50, worst = (waits[len(waits) // 2], waits[-1]) if waits else (0, 0)
        print(
            f"{name:<34} {letters:>4} letters  {self.keys - keys:>5} keys  {(self.keys - keys) / max(1, letters):>5.1f} a letter"
            f"  {spent:>6.1f} s  key to repaint {p50:>5.1f} / {worst:>6.1f} ms"
        )

    def leave(self) -> None:
        self.term.close("q")


def run(*words: str) -> str:
    done = subprocess.run(
        [DESK, *words], capture_output=True, text=True, check=False, env=os.environ | {"DESK_NOW": LATER}
    )
    if done.returncode:
        raise SystemExit(f"desk {' '.join(words)}: {done.stderr}")
    return done.stdout


def first_rows(source: Path, n: int, to: Path) -> None:
    with source.open(encoding="utf-8-sig", newline="") as given, to.open("w", encoding="utf-8", newline="") as kept:
        rows = csv.reader(given)
        out = csv.writer(kept)
        for i, row in enumerate(rows):
            if i > n:
                break
            out.writerow(row)


def main() -> int:
    if len(sys.argv) < 2:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    source, n = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100
    with tempfile.TemporaryDirectory() as folder:
        home, rows = Path(folder) / "home", Path(folder) / "letters.csv"
        first_rows(source, n, rows)
        print(run("--home", str(home), "import", str(rows), "--keep-good").strip())
        morning(home)
        evening(home)
        status = json.loads(run("--home", str(home), "status", "--json"))
        print("queues", status["queues"], "pending", status["pending"])
        print(run("--home", str(home), "doctor").strip().splitlines()[-1])
    return 0


def read(seat: Seat, home: Path) -> None:
    seat.press("\r", *("j" for _ in range(20)), *("k" for _ in range(20)), "\x1b")


def classify(seat: Seat, home: Path) -> None:
    for _ in range(20):
        seat.press("l", expect="分类  RMLX")
        seat.press("2")
        seat.press("\x13", expect="已存本机|没有不同|与来信现状")
        if not any("已存本机" in line for line in seat.term.screen.display):
            seat.press("\x1b")  # it is of that kind already: nothing to send, the dialog stands
        seat.press("j")


def accept(seat: Seat, home: Path) -> None:
    for _ in range(20):
        seat.press("a", expect="受理  RMLX")
        seat.press("\x13", expect="已存本机")


def forward(seat: Seat, home: Path) -> None:
    seat.press("2", expect="待转办")
    for i in range(20):
        seat.press("f", expect="转办  RMLX")
        seat.press(*DISTRICTS[i % len(DISTRICTS)])  # what is typed is unique: sending takes it
        seat.press("\x13", expect="已存本机")


def together(seat: Seat, home: Path) -> None:
    seat.press("1", *" " * 30)  # a mark goes on to the next letter by itself
    seat.press("a", expect="受理  30 封")
    seat.press("\x13", expect="将办理")
    seat.press("\r", expect="已存本机")


def back(seat: Seat, home: Path) -> None:
    seat.press("u", expect="已撤销")


def merge(seat: Seat, home: Path) -> None:
    """The next two of the inbox, as the list shows them: marked, merged, three times over."""
    seat.press("1", "g", "g")
    for _ in range(3):
        seat.press(" ", " ")
        seat.press("m", expect="并案：同一件事的来信")
        seat.press("\r", expect="✓ 并案")


def search(seat: Seat, home: Path) -> None:
    for word in ("电梯", "噪音", "停车", "自来水"):
        seat.press("0", "/")
        seat.press(word, expect="/" + word)
        seat.press("\r", "j", "\x1b")


def path(seat: Seat, home: Path) -> None:
    """Read, classified, accepted and forwarded by hand: kind by its number, the district by its initials."""
    seat.press("1", "\r")
    for i in range(PATH):
        seat.press("l", expect="分类  RMLX")
        seat.press("3")
        seat.press("\x13", expect="✓ 分类")
        _forwarded(seat, DISTRICTS[i % len(DISTRICTS)])


def path_suggested(seat: Seat, home: Path) -> None:
    """The same with what the desk suggests: `+` takes it, and where it names a district that stands in `f` already."""
    seat.press("1")
    for i in range(PATH):
        seat.press("+", expect="再按一次|已按建议|没有新的建议")
        if any("再按一次" in line for line in seat.term.screen.display):
            seat.press("+", expect="已按建议")
        _forwarded(seat, DISTRICTS[i % len(DISTRICTS)])


def _forwarded(seat: Seat, initials: str) -> None:
    seat.press("f", expect="转办  RMLX")
    if any("拼音首字母" in line for line in seat.term.screen.display):  # no district is proposed
        seat.press(*initials)
    seat.press("\x13", expect="✓ 转办")


PATH = 5
"""Letters that go the whole way in a row, once by hand and once as suggested."""

MORNING = (
    ("read on, pane open", 20, read),
    ("classify", 20, classify),
    ("accept", 20, accept),
    ("forward, district by initials", 20, forward),
    ("accept 30 together", 30, together),
    ("take the 30 back", 30, back),
    ("merge", 3, merge),
    ("search", 4, search),
    ("read, classify, forward by hand", PATH, path),
    ("the same, as suggested", PATH, path_suggested),
)


def morning(home: Path) -> None:
    seat = Seat(home, NOW)
    for name, letters, work in MORNING:
        seat.part(name, letters, partial(work, seat, home))
    seat.leave()


def chase(seat: Seat) -> None:
    seat.press("3", expect="在办")
    seat.press("*")
    seat.press("c", expect="按各件进度")
    seat.press("\x13", expect="将办理")
    seat.press("\r", expect="通知书")


def evening(home: Path) -> None:
    seat = Seat(home, LATER)
    seat.part("chase all that is late, in bulk", 20, partial(chase, seat))
    seat.leave()
    print("notices:", len(list((home / "notices").glob("*.docx"))))


if __name__ == "__main__":
    sys.exit(main())
