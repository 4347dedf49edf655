"""Where this person's desk lives: the folder that holds the store, its key and the log."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home(given: str | None = None) -> Path:
    """`--home`, else `DESK_HOME`, else the platform's folder for a person's data; not created here."""
    named = given or os.environ.get("DESK_HOME")
    if named:
        return Path(named).expanduser()
    platform: str = sys.platform
    if platform.startswith("linux"):  # what platformdirs would say, without its 16 ms
        data = os.environ.get("XDG_DATA_HOME", "")
        return (Path(data) if Path(data).is_absolute() else Path.home() / ".local" / "share") / "letters-desk"
    from platformdirs import user_data_path

    return user_data_path("letters-desk", appauthor=False)
