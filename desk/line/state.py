"""What the worker tells of the line: where it stands, and what it has brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from db.model import CaseId, Ms


@dataclass(frozen=True, slots=True)
class FileNews:
    """How far an attachment is: bytes `held` here of `size`; `code`: why it cannot be had (`desk/line/trouble.py`).

    `up`: it is one that was attached here, on its way to the newsroom; then `held` are there, and `code` says why it is not taken.
    """

    hash: str
    name: str
    held: int
    size: int
    code: str = ""
    up: bool = False

    @property
    def whole(self) -> bool:
        return self.held >= self.size and not self.code


@dataclass(frozen=True, slots=True)
class LineState:
    """What the status bar tells. `phase`: off (nobody logged in), start, step, working, filling, waiting, other, stopped."""

    phase: str = "off"
    code: str = ""  # why it waits or stopped (`desk/line/trouble.py`)
    last: Ms | None = None  # when it was last in step
    pending: int = 0
    refused: int = 0
    share: float = 1.0  # of a fill
    until: Ms = 0  # waiting: the next try
    file: FileNews | None = None  # an attachment on its way
    files: int = 0  # attached here and not sent whole

    @property
    def first(self) -> bool:
        """Whether letters of the newsroom are still to come here for the first time."""
        return self.last is None and self.phase in ("start", "filling", "working", "waiting")


@dataclass(frozen=True, slots=True)
class Brought:
    """News for the screen. `letters`: changed ones, or that they are many; `refused`: events, just now; `contact`: a sender's;
    `file`: how far an attachment is."""

    letters: tuple[CaseId, ...] = ()
    many: bool = False
    refused: int = 0
    contact: Mapping[str, Any] | None = None
    file: FileNews | None = None


Told = Callable[[LineState, Brought], object]
"""Called from the worker's threads: where it stands, and what has come."""
