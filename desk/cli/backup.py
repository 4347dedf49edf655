"""`desk backup FILE`, `desk restore FILE`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from db import backup as copies
from db.keys import Ask
from db.words import _
from desk.cli.key import new_passphrase
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError
from desk.cli.store import opened
from desk.home import home
from desk.unlocking import asker, hidden, line


def backup(options: argparse.Namespace) -> int:
    """0 when the letters are in the file. The app may be open and work meanwhile."""
    file = Path(options.file)
    with opened(options, create=False) as store:
        said = new_passphrase(stdin=options.passphrase_stdin) if options.passphrase else None
        try:
            made = copies.backup(store, file, said, _progress)
        except FileExistsError as e:
            raise StopError(EXIT_USAGE, _("{file} is there already; nothing was written.", file=file)) from e
        except OSError as e:
            raise StopError(EXIT_USAGE, _("{file} could not be written: {what}", file=file, what=e.strerror)) from e
    print(_("{n} letters and {m} things not sent are in {file}.", n=made.letters, m=made.unsent, file=file))
    if options.passphrase:
        print(_("It opens with that passphrase and nothing else, on any machine."))
    else:
        print(_("It opens with this home's key only: keep a copy of the key elsewhere, or use --passphrase."))
    return 0


def restore(options: argparse.Namespace) -> int:
    """0 when the backup is the store of this home; 1 where something not sent would be left behind."""
    file, where = Path(options.file), home(options.home)
    ask = asker(stdin=options.passphrase_stdin)
    try:
        made = copies.restore(where, file, ask, _of_backup(stdin=options.passphrase_stdin), anyway=options.yes)
    except copies.UnsentError as e:
        raise StopError(
            EXIT_REFUSED,
            _(
                "{n} things done here are not sent and not in the backup. desk sync sends them, desk sync --unsent FILE writes "
                "them into a file; --yes restores all the same and keeps the present store beside it. Nothing was changed.",
                n=e.count,
            ),
        ) from e
    except OSError as e:
        what = e.strerror or type(e).__name__
        raise StopError(EXIT_USAGE, _("{file} could not be read: {what}", file=file, what=what)) from e
    print(_("{n} letters and {m} things not sent are here again.", n=made.letters, m=made.unsent))
    if made.kept is not None:
        print(_("What was here before is kept as {file}.", file=made.kept))
    return 0


def _of_backup(*, stdin: bool) -> Ask:
    """Whom to ask for the backup's passphrase."""

    def ask(tries: int) -> str | None:
        if stdin:
            return line() if tries == 0 else None
        return hidden(_("Passphrase of the backup: ")) if sys.stdin.isatty() else None

    return ask


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and of:
        print(_("{n} % copied …", n=done * 100 // of), end="\r", file=sys.stderr)
