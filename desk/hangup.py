"""The terminal went away: a line that dropped, a window that was closed. The desk ends by itself, as after `q`.

Textual's reader of keys finds an end of file again and again and takes a whole core for it (measured, 8.2.8); and a hangup
that only reaches the signal would end Python in the middle of whatever it does.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop


def watch(loop: AbstractEventLoop, leave: Callable[[], object]) -> Callable[[], None]:
    """From now on SIGHUP calls `leave`. Returns what looks whether the terminal is still there and calls it otherwise."""
    loop.add_signal_handler(signal.SIGHUP, leave)
    had_one = _there()

    def look() -> None:
        if had_one and not _there():
            leave()

    return look


def _there() -> bool:
    try:
        return sys.__stdin__ is not None and os.isatty(sys.__stdin__.fileno())
    except (OSError, ValueError):
        return False
