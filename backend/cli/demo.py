"""`desk-backend demo`: the newsroom of `desk demo`, for as long as whoever started it keeps its standard input open."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading

from backend.cli.opening import address, opened
from backend.settings import Settings
from db import clock
from db.demo import DEMO_NOW
from db.tongue import EXIT_LINE, StopError
from db.words import _


def demo(options: argparse.Namespace) -> int:
    """Prints its address once it listens. The password of its people is the first line of standard input."""
    from backend import logs
    from backend.database import Database
    from backend.demo import Players, load
    from backend.serve import Listening, run

    os.environ.setdefault("DESK_NOW", clock.to_iso(DEMO_NOW))
    password = sys.stdin.readline().rstrip("\r\n")
    url = address(options)
    with opened(options) as db:
        last = load(db, password)
    try:
        listening = Listening("127.0.0.1", options.port)
    except OSError as e:
        raise StopError(EXIT_LINE, _("Cannot listen on {where}: {why}.", where=options.port, why=str(e))) from e
    logs.start()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    Players(Database(url), last).start()
    print(listening.url, flush=True)
    return run(Settings(url, "127.0.0.1", listening.port), listening)


def _end_with_parent() -> None:
    while sys.stdin.readline():
        pass
    os.kill(os.getpid(), signal.SIGTERM)
