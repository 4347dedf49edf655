"""What the rooms of the app tell each other: intents go up, `Changed` comes down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.message import Message

if TYPE_CHECKING:
    from db.queries import Row
    from desk.line.state import Brought, FileNews, LineState

Tone = Literal["plain", "good", "warn", "bad"]


UNDONE = "undone"
"""What `Changed.done` says after something was taken back."""


class Changed(Message):
    """Letters changed: by an action here, by another process, later by the line. An empty tuple means "look at all".

    `done`: the action that this person did to them.
    """

    def __init__(self, cases: tuple[str, ...] = (), done: str = "") -> None:
        self.cases = cases
        self.done = done
        super().__init__()


class Said(Message):
    """A sentence for the person: shown in the status bar until the next one. Plain text, never markup."""

    def __init__(self, text: str, tone: Tone = "plain") -> None:
        self.text = text
        self.tone: Tone = tone
        super().__init__()


class CursorMoved(Message):
    """The list's cursor stands on another letter (None: the list is empty)."""

    def __init__(self, row: Row | None) -> None:
        self.row = row
        super().__init__()


class MarksChanged(Message):
    """The set of marked letters is another one."""


class Opened(Message):
    """The person wants to read the letter under the cursor."""


class QueueWanted(Message):
    """The person points at a queue (1 to 9)."""

    def __init__(self, queue: int) -> None:
        self.queue = queue
        super().__init__()


class Filtered(Message):
    """The filter as typed so far; None: the person gave it up. `done` with enter: the keys go back to the list."""

    def __init__(self, query: str | None, *, done: bool = False) -> None:
        self.query = query
        self.done = done
        super().__init__()


class SyncWanted(Message):
    """The person wants everything sent and fetched now."""


class LineMoved(Message):
    """From the worker's threads: where the line stands, and what it brought (`desk/line/worker.py`)."""

    def __init__(self, state: LineState, brought: Brought) -> None:
        self.state, self.brought = state, brought
        super().__init__()


class FileCame(Message):
    """For the screen on top: how far an attachment is."""

    def __init__(self, news: FileNews) -> None:
        self.news = news
        super().__init__()
