"""`citizen`: all that the newsroom holds about who wrote a letter, for that person."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from backend.cli.opening import opened
from backend.log import doing, reading
from backend.log.held import CASES
from db import casefile, citizen
from db.clock import now_ms
from db.model import Case
from db.people import Sender
from db.tongue import EXIT_REFUSED, EXIT_USAGE, StopError
from db.wire import event_in
from db.words import _

EVENTS, SENDERS = reading.EVENTS, reading.SENDERS


def give(options: argparse.Namespace) -> int:
    """To `--to`, a new file that only its owner can read, else to standard output. Raises StopError."""
    with opened(options) as db, db.read(steady=True) as conn:
        case = doing.named(conn, options.code)
        if case is None:
            raise StopError(EXIT_REFUSED, _("There is no letter {code} here.", code=options.code))
        held = _held(conn, case)
    if options.to is None:
        print(json.dumps(held, indent=1))
        return 0
    try:
        citizen.write(Path(options.to), held)
    except FileExistsError as e:
        raise StopError(EXIT_USAGE, _("{file} is there already; nothing was written.", file=options.to)) from e
    except OSError as e:
        raise StopError(EXIT_USAGE, _("{file} could not be written: {what}", file=options.to, what=e.strerror)) from e
    said = _(
        "{n} letters of this citizen are in {file}, readable by you alone.", n=len(held["letters"]), file=options.to
    )
    print(said, file=sys.stderr)
    return 0


def _held(conn: Connection, case: Case) -> dict[str, Any]:
    mine = CASES.c.sender == case.sender if case.sender else CASES.c.id == case.id
    rows = conn.execute(select(CASES.c.row).where(mine).order_by(CASES.c.received_at)).scalars().all()
    letters = [citizen.letter(own, _events(conn, own)) for own in map(casefile.restore, rows)]
    row = conn.execute(select(SENDERS).where(SENDERS.c.id == case.sender)).first() if case.sender else None
    contact = json.loads(row.contact) if row is not None and row.contact else {}
    sender = Sender(row.id, row.name, row.salutation, row.phone, contact) if row is not None else None
    return citizen.told(sender, letters, now_ms())


def _events(conn: Connection, case: Case) -> list[Any]:
    e = EVENTS.c
    found = conn.execute(select(e.seq, e.heard, e.wire).where(e.case_id == case.id).order_by(e.seq))
    return [replace(event_in(json.loads(r.wire)), seq=r.seq, heard=r.heard) for r in found]
