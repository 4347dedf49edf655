"""What encryption costs: opening a store by each way of keeping its key, and reading it beside the same tables unencrypted.

`python -m bench.vault [HOME]`; without a home one with 2,000 letters is made. CPU and wall time, the least of several.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from db import passphrase
from db.keys import keeper
from db.opening import open_store
from db.store_file import FILE, connect

PASSPHRASE = "correct horse battery staple"
TIMES = 7


def least(work: Callable[[], Any], times: int = TIMES) -> tuple[float, float]:
    """CPU and wall milliseconds of the quickest run."""
    best = (float("inf"), float("inf"))
    for _ in range(times):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        best = min(best[0], (time.process_time() - cpu) * 1e3), min(best[1], (time.perf_counter() - wall) * 1e3)
    return best


def plain_copy(home: Path, to: Path) -> Any:
    """The same pages, unencrypted, with the same settings of the connection."""
    from sqlcipher3 import dbapi2 as sqlite

    with open_store(home) as store:
        conn = store.reader()
        conn.execute("PRAGMA query_only = OFF")
        conn.execute("ATTACH DATABASE ? AS plain KEY ''", (str(to),))
        conn.execute("SELECT sqlcipher_export('plain')")
        conn.execute("DETACH DATABASE plain")
    opened = sqlite.connect(str(to), isolation_level=None)
    opened.execute("PRAGMA cache_size = -16384")
    return opened


READS = {
    "first page of a queue": "SELECT c.* FROM queue_entry q JOIN cases c ON c.n = q.n WHERE q.queue = 1 ORDER BY q.sort LIMIT 48",
    "one letter's events": "SELECT * FROM event WHERE case_n = (SELECT max(n) FROM cases)",
    "every event": "SELECT sum(length(words)) FROM event",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else made(Path(folder) / "home")
        key = keeper(home).get()
        line = passphrase.seal(key, PASSPHRASE)
        print("| opening | CPU ms | wall ms |\n|---|--:|--:|")
        rows = {
            "the store, key in hand": lambda: open_store(home).close(),
            "key file": lambda: keeper(home).get(),
            "passphrase (Argon2id, 64 MiB, 3 rounds)": lambda: passphrase.unseal(line, PASSPHRASE),
        }
        for name, work in rows.items():
            print("| {} | {:.2f} | {:.2f} |".format(name, *least(work)))
        print("| keyring: its import | {:.0f} | {:.0f} |".format(*imported()))
        print("\n| reading, cold cache | encrypted, CPU ms | plain, CPU ms | × |\n|---|--:|--:|--:|")
        plain_copy(home, Path(folder) / "plain.db").close()
        for name, sql in READS.items():
            locked = least(lambda sql=sql: once(lambda: connect(home / FILE, key, cache_kib=16384), sql))[0]
            bare = least(lambda sql=sql: once(lambda: bare_connection(Path(folder) / "plain.db"), sql))[0]
            print(f"| {name} | {locked:.2f} | {bare:.2f} | {locked / bare:.1f} |")


def once(open_: Callable[[], Any], sql: str) -> None:
    conn = open_()
    conn.execute(sql).fetchall()
    conn.close()


def bare_connection(path: Path) -> Any:
    from sqlcipher3 import dbapi2 as sqlite

    conn = sqlite.connect(str(path), isolation_level=None)
    conn.execute("PRAGMA cache_size = -16384")
    return conn


def imported() -> tuple[float, float]:
    """CPU and wall ms of importing keyring in a new interpreter."""
    import subprocess

    code = "import time; c, w = time.process_time(), time.perf_counter(); import keyring; keyring.get_keyring()\n"
    code += "print((time.process_time() - c) * 1e3, (time.perf_counter() - w) * 1e3)"
    found = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)]
    cpu, wall = zip(*([float(x) for x in f.stdout.split()] for f in found), strict=True)
    return min(cpu), min(wall)


def made(home: Path) -> Path:
    """A home with 2,000 letters."""
    import csv

    from db.intake import bring_in

    path = home.parent / "letters.csv"
    with path.open("w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(["id", "title", "body", "received_at"])
        out.writerows([n, f"电梯停运 {n}", "楼里的电梯又停了。" * 30, "2024-10-15 10:00"] for n in range(2000))
    with open_store(home) as store:
        bring_in(store, path)
    return home


if __name__ == "__main__":
    main()
