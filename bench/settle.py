"""Brings a store to this version and to rest: nothing left to index, to learn, to overwrite. settle.py HOME"""

import sys
from pathlib import Path

from db.opening import open_store
from db.upkeep import settle


def rest(home: Path) -> None:
    def told(step: str, seconds: int, done: int, of: int) -> None:
        print(f"\r{home.name}: to this version ({step}), {seconds} s", end="", file=sys.stderr)

    with open_store(home, told=told) as store:
        while settle(store, 512):
            pass
        store.empty_log()


if __name__ == "__main__":
    rest(Path(sys.argv[1]))
