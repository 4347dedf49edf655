"""What a backend is started with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KEEP_ALIVE: Final = 150
"""Seconds that an idle connection stays open: well past the longest poll."""

LONGEST_POLL: Final = 55.0
MAX_BODY: Final = 8_000_000
"""Bytes of a request's body as they come over the line."""

MAX_FORM: Final = 2_000_000
"""The same of a request that is JSON of a known form: a letter of 100,000 characters, however they are escaped."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`public_url` is where others reach it, for links to units; `timers` seconds between looks for what is due."""

    database: str
    host: str = "127.0.0.1"
    port: int = 8765
    public_url: str = ""
    timers: float = 20.0


def default_database() -> str:
    """`DESK_DATABASE`, else a file beside the desk's own in `DESK_HOME` or the user's data folder."""
    if url := os.environ.get("DESK_DATABASE"):
        return url
    if home := os.environ.get("DESK_HOME"):
        folder = Path(home)
    else:
        from platformdirs import user_data_path

        folder = user_data_path("letters-desk")
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{(folder / 'backend.db').absolute()}"
