"""Asks for the passphrase of a store: at the terminal without echo, or line by line from standard input for scripts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from db.words import _

if TYPE_CHECKING:
    from db.keys import Ask


def at_terminal(tries: int) -> str | None:
    """Asks the person, the n-th time (from 0); None where there is no terminal or they gave up."""
    if not sys.stdin.isatty():
        return None
    if tries:
        print(_("That was not it. Once more, or Ctrl+C to give up."), file=sys.stderr)
    return hidden(_("Passphrase of the letters: "))


def no_terminal() -> bool:
    """Whether the app has nothing to draw on or no keys to hear; said on stderr."""
    if sys.stdin.isatty() and sys.stderr.isatty():  # Textual draws on stderr
        return False
    print(_("The desk needs a terminal. What it does is also a command: desk --help."), file=sys.stderr)
    return True


def line() -> str | None:
    """A line of standard input without its end; None where there is none left."""
    text = sys.stdin.readline()
    return text.rstrip("\r\n") if text else None


def hidden(prompt: str) -> str | None:
    """A line typed without echo; None if they gave up."""
    import getpass

    try:
        return getpass.getpass(prompt)
    except (EOFError, KeyboardInterrupt):
        print(file=sys.stderr)
        return None


def asker(*, stdin: bool) -> Ask:
    """Whom to ask; what was said last is said again, should it be needed a second time in one command. A script gives a line,
    and one only: it does not know better the second time.
    """
    said: list[str | None] = []

    def ask(tries: int) -> str | None:
        if tries == 0 and said:
            return said[-1]
        if stdin:
            said.append(line() if tries == 0 else None)
        else:
            said.append(at_terminal(tries))
        return said[-1]

    return ask
