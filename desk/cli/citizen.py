"""`desk citizen CODE --to FILE`: all that this desk holds about who wrote a letter, for that person."""

from __future__ import annotations

import argparse
from pathlib import Path

from db import citizen, commands
from db.clock import now_ms
from db.commands import Command
from db.people import own_actor
from db.sentences import say
from db.words import _
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError
from desk.cli.store import named, opened

ASKED = "citizen_asks"
"""Why the contact is looked at: it is kept with the letter, as any look is."""


def give(options: argparse.Namespace) -> int:
    """Writes the file; that somebody looked is an event on each of the letters first. Raises StopError, StoreError."""
    path = Path(options.to)
    if path.exists():
        raise StopError(EXIT_USAGE, _("{file} is there already; nothing was written.", file=path))
    with opened(options, create=False) as store:
        (case,) = named(store, [options.code])
        held = citizen.of_store(store, case, now_ms())
        looks = [Command("revealed", i, {"reason": ASKED}) for i in named(store, [x["code"] for x in held["letters"]])]
        done = commands.run(store, own_actor(store), [] if held["record"] is None else looks)
        if done.refused:
            raise StopError(EXIT_REFUSED, say(done.refused[0][1]))
        held = citizen.of_store(store, case, now_ms())
    try:
        citizen.write(path, held)
    except FileExistsError as e:
        raise StopError(EXIT_USAGE, _("{file} is there already; nothing was written.", file=path)) from e
    except OSError as e:
        raise StopError(EXIT_USAGE, _("{file} could not be written: {what}", file=path, what=e.strerror)) from e
    print(_("{n} letters of this citizen are in {file}, readable by you alone.", n=len(held["letters"]), file=path))
    if held["record"] and held["record"]["contact"].get("held") == "backend":
        print(_("The whole record is with the newsroom: desk-backend citizen {code} there.", code=options.code))
    return 0
