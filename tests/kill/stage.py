"""What scenes are played on: stores made once and copied, a running backend, whatever is asked of a store afterwards."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from db.opening import open_store
from db.store_file import FILE
from tests.forked import SCRIPT, Nest, Running

LETTERS = 40


class Stage:
    """A folder of its own for each run; what is made once lies in `made`."""

    def __init__(self, folder: Path, nest: Nest) -> None:
        self.folder = folder
        self.nest = nest
        self._made: dict[str, Path] = {}
        self._runs = 0

    def env(self, home: Path, **more: str) -> dict[str, str]:
        ring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        return os.environ | {"DESK_HOME": str(home), "DESK_LANG": "en"} | ring | more

    def aside(self) -> Path:
        """A new folder."""
        self._runs += 1
        made = self.folder / f"run{self._runs}"
        made.mkdir()
        return made

    def begin(self, home: Path, *script: SCRIPT) -> Running:
        return self.nest.begin(self.aside(), *script, env=self.env(home))

    def desk(self, home: Path, *words: str, code: int = 0, typed: str = "") -> str:
        """A verb to its end; what it printed."""
        got = self.nest.run(self.aside(), *words, env=self.env(home), typed=typed)
        assert got.code == code, f"{' '.join(words)}: {got.code}\n{got.said}"
        return got.said

    def once(self, name: str, make: Callable[[Path], None]) -> Path:
        """A folder that is made once, for copying."""
        if name not in self._made:
            home = self.folder / f"made-{name}"
            make(home)
            self._made[name] = home
        return self._made[name]

    def home(self, name: str, make: Callable[[Path], None]) -> Path:
        """A copy of it, for one run."""
        mine = self.aside() / "home"
        shutil.copytree(self.once(name, make), mine)
        return mine

    def file(self, name: str, count: int = LETTERS) -> Path:
        """Letters as a file."""
        path = self.folder / f"{name}.csv"
        rows = "".join(
            f"{name}-{n},电梯停运 {n},楼里的电梯又停了 {name},2024-10-{10 + n % 20} 10:00\n" for n in range(count)
        )
        path.write_text("id,title,body,received_at\n" + rows, encoding="utf-8")
        return path

    def working(self, home: Path) -> None:
        """A desk with some letters."""
        self.desk(home, "import", str(self.file("some")))

    def codes(self, home: Path) -> list[str]:
        return [json.loads(line)["code"] for line in self.desk(home, "list", "--all", "--json").splitlines()]

    def sound(self, home: Path) -> None:
        """`desk doctor` finds nothing; what has no number waits to be sent."""
        assert "All is well" in self.desk(home, "doctor")
        with open_store(home, create=False) as store:
            waits = {n for (n,) in store.rows("SELECT event_n FROM outbox")}
            judged = {i for (i,) in store.rows("SELECT id FROM refused")}
            without = {n for n, i in store.rows("SELECT n, id FROM event WHERE seq IS NULL") if i not in judged}
            assert waits == without

    def events(self, home: Path, word: str) -> int:
        """How many events have that word in their words."""
        with open_store(home, create=False) as store:
            return int(store.rows("SELECT count(*) FROM event WHERE instr(words, ?)", (word,))[0][0])

    def letters(self, home: Path) -> int:
        with open_store(home, create=False) as store:
            return int(store.rows("SELECT count(*) FROM cases")[0][0])

    def clear(self, run: Path) -> None:
        """That run's folder is no longer needed."""
        shutil.rmtree(run, ignore_errors=True)


__all__ = ["FILE", "LETTERS", "Stage"]
