"""Make a home with N generated letters: load.py N HOME. One pass, as settled letters (nothing in the outbox)."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from db.intake.letters import Letter, letter
from db.intake.reading import read
from db.intake_log import Received, receive
from db.model import Event
from db.opening import open_store

GEN = Path(__file__).with_name("gen.py")


def load(n: int, home: Path) -> Received:
    """`home` with a store of n letters, through the same door as an import."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(GEN), str(n), folder, "ndjson"], check=True)
        with open_store(home) as store:
            return receive(store, events(Path(folder) / "letters.ndjson"), pending=False)


def events(path: Path) -> Iterator[Event]:
    for row in read(path):
        got = letter(row, "00")
        if isinstance(got, Letter):
            yield from got.events


if __name__ == "__main__":
    print(load(int(sys.argv[1]), Path(sys.argv[2])))
