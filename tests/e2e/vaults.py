"""A desk on a store whose key is kept in some way, run as a person or a script runs it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.forked import Nest

HERE = Path(__file__).parent
PASSPHRASE = "四个 不相干 的 词 correct horse"


class Vault:
    """The home, and `desk` on it as a real process."""

    def __init__(self, nest: Nest, home: Path, **env: str) -> None:
        self.nest, self.home = nest, home
        self.env = os.environ | {"DESK_HOME": str(home), "DESK_NOW": "2024-11-01T09:30", "DESK_LANG": "en"} | env

    def __call__(self, *words: str, code: int = 0, typed: str = "") -> str:
        got = self.nest.once(*words, env=self.env, typed=typed)
        assert got.code == code, got.said
        assert "Traceback" not in got.said
        return got.said

    def letters(self, typed: str = "") -> int:
        words = ["status", "--json"] + (["--passphrase-stdin"] if typed else [])
        return int(json.loads(self(*words, typed=typed))["letters"])

    def bring(self, count: int = 3, body: str = "楼里的电梯又停了。") -> None:
        path = self.home.parent / "letters.csv"
        rows = "".join(f"{n},电梯停运 {n},{body},2024-10-{15 + n % 10} 10:00\n" for n in range(count))
        path.write_text("id,title,body,received_at\n" + rows, encoding="utf-8")
        self("import", str(path))


def with_ring(folder: Path) -> dict[str, str]:
    """The environment of a machine whose keyring works: it lies in that folder."""
    ring = folder / "ring.json"
    if not ring.exists():
        ring.write_text("{}")
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"PYTHON_KEYRING_BACKEND": "file_ring.FileRing", "PYTHONPATH": path, "RING_FILE": str(ring)}
