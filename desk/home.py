"""Where this person's desk lives: the folder that holds the store, its key and the log."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal


def home(given: str | None = None) -> Path:
    """`--home`, else `DESK_HOME`, else the platform's folder for a person's data; not created here."""
    named = given or os.environ.get("DESK_HOME")
    return Path(named).expanduser() if named else _folder("data")


def settings_file(home: Path) -> Path:
    """Where a person's settings lie: in the home that was named, else in the platform's folder for settings."""
    from desk.settings import FILE

    return (_folder("config") if home == _folder("data") else home) / FILE


def _folder(what: Literal["data", "config"]) -> Path:
    platform: str = sys.platform
    if platform.startswith("linux"):  # what platformdirs would say, without its 16 ms
        said = Path(os.environ.get("XDG_DATA_HOME" if what == "data" else "XDG_CONFIG_HOME", ""))
        usual = Path(".local", "share") if what == "data" else Path(".config")
        return (said if said.is_absolute() else Path.home() / usual) / "letters-desk"
    from platformdirs import user_config_path, user_data_path

    return (user_data_path if what == "data" else user_config_path)("letters-desk", appauthor=False)
