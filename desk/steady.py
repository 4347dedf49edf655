"""A disk that fails, fills or goes away does not end the desk: it is said, and what can be read stays on the screen.

Whatever handles a message may meet a StoreError, or an ImportError where the program was replaced under the open desk. Textual
would end the app with it; here the sentence is told instead and the next message is waited for. A fault of ours still ends the app
(`desk/errors.py`), and so does a store that fails before the first frame.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.events import Compose, Load, Mount

from db.store_error import StoreError
from db.words import N_, _
from desk.messages import Said

REPLACED = N_("The program of this desk was replaced while it was open: q, then start it again. Nothing is lost.")

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message
    from textual.message_pump import MessagePump

    _Pump = MessagePump
else:
    _Pump = object


class Steady(_Pump):
    """Goes before a Textual class whose messages read or write the store."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if isinstance(message, (Compose, Load, Mount)) or not told(self.app, error):
                raise


def of_store(error: BaseException) -> StoreError | None:
    """What the store said, where that is what went wrong; Textual wraps what a timer raised."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, StoreError):
            return seen
        seen = seen.__cause__
    return None


def told(app: App[None], error: BaseException) -> bool:
    """Says at the foot of the screen what the store said; False where it is a fault of another sort."""
    trouble = of_store(error)
    if trouble is not None:
        app.post_message(Said(trouble.sentence(), "bad"))
    elif isinstance(error, (ImportError, SyntaxError)):
        app.post_message(Said(_(REPLACED), "bad"))
    return trouble is not None or isinstance(error, (ImportError, SyntaxError))


def quietly(app: App[None], work: Callable[[], None]) -> None:
    """Runs work in a thread, after the repaint; a fault in it ends the app like any other."""

    def done(future: asyncio.Future[None]) -> None:
        if not future.cancelled() and (error := future.exception()) and app.is_running:
            app._handle_exception(error if isinstance(error, Exception) else RuntimeError())

    asyncio.get_running_loop().run_in_executor(None, work).add_done_callback(done)
