"""A store that is closed while other threads read it: they are sent home, and the process ends as it should."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from db.opening import open_store
from db.readers import Reader, close
from db.store import Store, StoreError

LONG = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000000000) SELECT count(*) FROM c"

READS_WHILE_IT_CLOSES = """
import sys, threading
from pathlib import Path
from db.opening import open_store
from db.store import Store, StoreError

store, inside, said = open_store(Path(sys.argv[1])), threading.Barrier(5), []

def read(viewed):
    try:
        if not viewed:
            store.rows("SELECT 1")
            inside.wait()
            store.rows(sys.argv[2])
        with store.view() as conn:
            inside.wait()
            conn.execute(sys.argv[2]).fetchall()
    except StoreError as e:
        said.append(e.code)

threads = [threading.Thread(target=read, args=(n % 2,)) for n in range(4)]
for thread in threads:
    thread.start()
inside.wait()
store.close()
for thread in threads:
    thread.join()
print(*said)
"""


def test_a_store_closed_under_long_reads_ends_them_and_not_the_process(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    ran = subprocess.run(
        [sys.executable, "-c", READS_WHILE_IT_CLOSES, str(tmp_path), LONG], capture_output=True, text=True, timeout=60
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.split() == ["closed"] * 4


def test_whoever_reads_or_writes_after_the_closing_hears_so_in_a_sentence(store: Store) -> None:
    store.close()
    for late in (lambda: store.rows("SELECT 1"), lambda: store.setting("line"), store.mark):
        with pytest.raises(StoreError) as e:
            late()
        assert e.value.code == "closed"
        assert e.value.sentence("en")


def test_a_reader_that_does_not_come_out_in_time_keeps_its_connection_and_the_store_is_closed_all_the_same(
    store: Store,
) -> None:
    inside, on = threading.Event(), threading.Event()
    seen: list[object] = []

    def count() -> None:  # between two reads of one view: nothing there to interrupt
        with store.reading() as conn:
            inside.set()
            on.wait(30)
            seen.append(conn.execute("SELECT 1").fetchone()[0])

    thread = threading.Thread(target=count)
    thread.start()
    inside.wait(30)
    store.close()
    on.set()
    thread.join(30)
    assert seen == [1]
    assert store.closed


def test_the_own_connection_is_closed_though_its_thread_stands_in_it(store: Store) -> None:
    mine = Reader(store.reader())
    mine.inside = 1
    assert close([mine], patience=0) == []
