"""Keys of the real app in a pty, each timed to the end of its repaint, while something else goes on: a process of its own.

    python -m bench.line_keys HOME FILE

Until the list has rows the queues are walked through (`2`, `1`: each repaints), then the cursor moves and, every few keys, a letter
is accepted (`.`) and that taken back (`u`). FILE gets a line a key: name, when (monotonic seconds), ms to the first byte, to
the one after which the screen shows that it is done, and to the last.
"""

import itertools
import json
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.measure import Term

ROWS = "收件 [1-9][0-9]*/[0-9]{2}"
"""The status bar, once the list is long enough to move in."""

SAVED = "已存本机，待发送"
APP = (sys.executable, "-m", "desk")


def main() -> int:
    home, out = sys.argv[1:3]
    app = os.environ.get("BENCH_APP", "").split() or APP
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(1))
    term = Term([*app, "--home", home], {"DESK_LANG": "zh_CN"})
    term.wait(quiet=0.5)
    with Path(out).open("w", buffering=1) as file:

        def press(name: str, keys: str, expect: str | None = None) -> None:
            if term.eof:
                sys.exit("the app has ended by itself")
            t0 = term.send(keys)
            got = term.wait(expect, quiet=0.03, t0=t0, timeout=3)
            file.write(json.dumps([name, t0, got["first"], got["shown"], got["last"]]) + "\n")
            term.wait(quiet=0.15, t0=time.perf_counter(), timeout=0.4)  # what the pane paints after a rest

        for key in itertools.cycle("21"):
            if ended or (key == "2" and term.screen.shows(ROWS, only_dirty=False)):
                break
            press("queue", key)
        for keys in ("a", "\x13"):  # accepted once, by its dialog: what `.` repeats
            term.wait(quiet=0.5, t0=term.send(keys), timeout=3)
        for key in itertools.cycle("jjjjkkk.u"):
            if ended:
                break
            press("act" if key == "." else "undo" if key == "u" else "move", key, SAVED if key == "." else None)
    term.close("q")
    return 0


if __name__ == "__main__":
    sys.exit(main())
