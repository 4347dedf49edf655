"""What this person likes, as it is now: read when the desk starts, read again when the file has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desk import settings_good as good
from desk.settings import Problem, load, write


class Likes:
    """The settings in force, and what is wrong in their file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp = self._look()
        self.now, self.problems = load(path)
        self.keys_wrong = False  # whoever knows what keys there are says so (`desk/keymap.py`)

    def _look(self) -> list[int]:
        """The state of the file; empty where there is none."""
        try:
            return good.stamp(self.path.stat())
        except OSError:
            return []

    def look(self) -> bool:
        """Reads the file again if it is another than before; True if it was. One `stat` where nothing changed."""
        stamp = self._look()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        self.now, self.problems = load(self.path, self.now)
        return True

    def keep(self) -> None:
        """Notes what is in force for the next start, if the file is without a fault."""
        if self._stamp and not self.problems and not self.keys_wrong:
            good.keep(self.path, self.now, self._stamp)

    def put(self, name: str, value: Any) -> Problem | None:
        """Changes one value in the file and here; the problem, if it could not be."""
        if problem := write(self.path, name, value):
            return problem
        self.look()
        self.keep()
        return None
