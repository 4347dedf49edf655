"""Who may replace the files of a home: everybody who has its store open holds it together, whoever swaps files holds it alone.

A lock on the folder itself (`flock`), so that no file is made for it; it ends with the process, however that ends. A file
system without such locks goes without: then SQLite's own locks are all there is.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from db.store_error import StoreError

WAIT_SECONDS = 2.0


class Hold:
    """A lock on a home. `alone`: nobody else may have its store open. Raises StoreError: in_use, held."""

    def __init__(self, home: Path, *, alone: bool = False, wait: float = WAIT_SECONDS) -> None:
        self._fd: int | None = None
        try:
            import fcntl

            fd = os.open(home, os.O_RDONLY)
        except (ImportError, OSError):
            return  # what is wrong with the folder is told by whoever opens the file
        kind = (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(fd, kind)
            except BlockingIOError:
                if time.monotonic() < end:
                    time.sleep(0.02)
                    continue
                os.close(fd)
                raise StoreError("in_use" if alone else "held", {"path": home}) from None
            except OSError:
                os.close(fd)
                return
            self._fd = fd
            return

    def let_go(self) -> None:
        """Ends it; a second time nothing happens."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.let_go()
