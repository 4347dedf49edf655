"""`desk VERB …`: the same actions as in the app, for scripts and for offices that work from a shell (DESIGN.md §9).

Exit codes: 0 done, 1 refused by a rule, 2 wrong usage, 3 no connection where one is needed, 4 the store says no, 5 not logged in.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from db.clock import now_ms
from db.text import safe
from db.words import _, speak
from desk.cli.out import EXIT_REFUSED, EXIT_STOPPED, EXIT_STORE, EXIT_USAGE, StopError
from desk.home import home, settings_file
from desk.settings import load

__all__ = ["EXIT_REFUSED", "EXIT_STORE", "EXIT_USAGE", "main"]


def main(words: Sequence[str]) -> int:
    """Runs one verb; returns the exit code. Whatever is printed passed the gate for outside text."""
    from db.store_error import StoreError
    from desk.cli.parser import parser

    _speak_utf8()
    try:
        _understandable(words)
        speak(load(settings_file(home(_home_of(words))))[0].language)
        options = parser().parse_args(list(words))
        return int(options.run(options) or 0)
    except StopError as stop:
        if stop.before:
            print(safe(stop.before), end="", file=sys.stderr)
        if stop.sentence:
            print(safe(stop.sentence), file=sys.stderr)
        return stop.code
    except StoreError as e:
        print(safe(e.sentence()), file=sys.stderr)
        return EXIT_STORE
    except KeyboardInterrupt:
        print(_("Stopped. What was saved before stays saved; the same command may be given again."), file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:  # `desk list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _speak_utf8() -> None:
    """A pipe gets UTF-8 whatever the locale says; a terminal that cannot show a character gets "?" for it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _home_of(words: Sequence[str]) -> str | None:
    """`--home` as it was given: the language of help and faults is known before the options are."""
    for i, word in enumerate(words):
        if word.startswith("--home="):
            return word.removeprefix("--home=")
        if word == "--home" and i + 1 < len(words):
            return words[i + 1]
    return None


def _understandable(words: Sequence[str]) -> None:
    """Refuses bytes that are no text, and a clock that is none, before anything is opened. Raises StopError."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise StopError(
                EXIT_USAGE, _("“{word}” is not UTF-8 text. Nothing was changed.", word=safe(word))
            ) from None
    try:
        now_ms()
    except ValueError:
        said = os.environ.get("DESK_NOW", "")
        raise StopError(
            EXIT_USAGE, _("DESK_NOW is “{said}”, which is no time. Write 2024-11-01T09:30.", said=said)
        ) from None
