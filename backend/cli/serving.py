"""`serve` and `migrate`."""

from __future__ import annotations

import argparse
import sys

from backend.cli.opening import address, opened, reached, shown
from backend.settings import Settings
from db import clock
from db.tongue import EXIT_LINE, EXIT_STORE, StopError
from db.words import _


def serve(options: argparse.Namespace) -> int:
    """Runs until SIGTERM or Ctrl+C; prints its address on standard output once it listens."""
    from backend import logs
    from backend.serve import Listening, run

    url = address(options)
    clock.now_ms()  # a clock that is none is said at once
    with opened(options):
        pass
    settings = Settings(url, options.host, options.port, options.public_url.rstrip("/"))
    try:
        listening = Listening(settings.host, settings.port)
    except OSError as e:
        where = f"{settings.host}:{settings.port}"
        raise StopError(EXIT_LINE, _("Cannot listen on {where}: {why}.", where=where, why=e.strerror or str(e))) from e
    logs.start()
    print(listening.url, flush=True)
    return run(settings, listening)


def migrate(options: argparse.Namespace) -> int:
    """Brings the database to this version's tables, in one transaction."""
    from backend.migrate import head, upgrade

    url = address(options)
    with reached(url) as db:
        before = upgrade(db)
    if before == "newer":
        raise StopError(
            EXIT_STORE, _("The database is of a newer version than this backend. Nothing was changed; update it.")
        )
    said = {
        "current": _("{url}: nothing to do, it is at {revision}.", url=shown(url), revision=head()),
        "empty": _("{url}: made, at {revision}.", url=shown(url), revision=head()),
        "old": _("{url}: brought to {revision}.", url=shown(url), revision=head()),
    }
    print(said[before], file=sys.stderr)
    return 0
