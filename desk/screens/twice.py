"""Taking something away for good is asked once: what `u` does not bring back goes at the second press in a row."""

from __future__ import annotations

from abc import abstractmethod

from db.text import one_line
from db.words import _


class Twice:
    """Before a dialog with a list of a person's own things, and `d`."""

    _doomed: object = None  # d was pressed on it once

    @abstractmethod
    def _tell(self, text: str = "") -> None:
        """A sentence at the foot."""

    def spare(self) -> None:
        """The cursor went elsewhere: the next press asks again."""
        self._doomed = None

    def sure(self, gone: object, name: str) -> bool:
        """Whether this press takes it away; the first one says what the next will do. `name` is outside text."""
        if self._doomed == gone:
            self._doomed = None
            return True
        self._doomed = gone
        self._tell(_("d once more takes it away: {name}.", name=one_line(name)))
        return False
