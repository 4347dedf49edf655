"""What a desk is at when it is killed, and what must hold afterwards. Every scene: a store to begin from, verbs, a judgement."""

from __future__ import annotations

import json
import random
import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.forked import SCRIPT
from tests.kill.server import Server
from tests.kill.stage import FILE, LETTERS, Stage

DISTRICTS = ("南岸区", "渝中区", "沙坪坝区")


@dataclass
class Scene(ABC):
    """One thing a desk does. `home` and `script` are called for each run, `judge` after the kill with how many verbs were
    shown as done; it asserts.
    """

    stage: Stage
    home: Path = field(default_factory=Path)
    word: str = ""
    opens: bool = True
    """Whether the killed store must open by itself; a damaged one need not until it is repaired."""

    def begin(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        self.home = self.stage.home("working", self.stage.working)
        self.word = f"w{rng.getrandbits(48):012x}"
        return self.script(rng)

    @abstractmethod
    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        """What the desk is at when it is killed."""

    @abstractmethod
    def judge(self, shown: list[int]) -> None:
        """What must hold then; `shown`: which verbs were shown as done, by their place in the script."""


class Actions(Scene):
    """Letters worked one by one, by verbs: each that was shown as done is there, of the others at most one, whole."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        codes = self.stage.codes(self.home)
        rng.shuffle(codes)
        made: list[SCRIPT] = []
        for n, code in enumerate(codes[:6]):
            note = ("--note", f"{self.word}-{len(made):02d}")
            made.append(("forward", code, "--to", DISTRICTS[n % 3], *note))
            made.append(("note", code, "--text", f"{self.word}-{len(made):02d}"))
            made.append(("chase", code, "--level", "1", "--text", f"{self.word}-{len(made):02d}"))
            made.append(("reply", code, "--text", f"{self.word}-{len(made):02d}"))
        return tuple(made)

    def judge(self, shown: list[int]) -> None:
        assert set(shown) <= {0}
        for n in range(len(shown)):
            assert self.stage.events(self.home, f"{self.word}-{n:02d}") == 1, n
        assert self.stage.events(self.home, self.word) - len(shown) in (0, 1)


class Bulk(Scene):
    """Forty letters at once: all of them or none."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        codes = self.stage.codes(self.home)
        return (
            ("note", *codes, "--text", f"{self.word}-00"),
            ("forward", *codes, "--to", "南岸区", "--note", f"{self.word}-01"),
            ("chase", *codes, "--level", "1", "--text", f"{self.word}-02"),
        )

    def judge(self, shown: list[int]) -> None:
        assert set(shown) <= {0}
        for n in range(3):
            there = self.stage.events(self.home, f"{self.word}-{n:02d}")
            assert there == LETTERS if n < len(shown) else there in (0, LETTERS), (n, there)


class Import(Scene):
    """A file of letters: all of them or none; the same file again brings what is missing and nothing twice."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        self.file = self.stage.file(self.word, 200)
        return (("import", str(self.file)),)

    def judge(self, shown: list[int]) -> None:
        there = self.stage.letters(self.home)
        assert there == LETTERS + 200 if shown else there in (LETTERS, LETTERS + 200)
        self.stage.desk(self.home, "import", str(self.file))
        assert self.stage.letters(self.home) == LETTERS + 200


class Backup(Scene):
    """A backup that can be seen is whole; none is left half written under the name that was asked for."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        self.files = [self.home.parent / f"backup{n}.db" for n in range(3)]
        return tuple(("backup", str(f)) for f in self.files)

    def judge(self, shown: list[int]) -> None:
        assert self.stage.letters(self.home) == LETTERS
        for n, file in enumerate(self.files):
            assert file.exists() or n >= len(shown)
            if file.exists():
                self.stage.desk(self.home, "restore", str(file), "--yes")
                assert self.stage.letters(self.home) == LETTERS


class Restore(Scene):
    """What was here before, or what is in the backup; nothing between."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        file = self.home.parent / "backup.db"
        self.stage.desk(self.home, "backup", str(file))
        self.stage.desk(self.home, "note", self.stage.codes(self.home)[0], "--text", self.word)
        return (("restore", str(file), "--yes"),)

    def judge(self, shown: list[int]) -> None:
        there = self.stage.events(self.home, self.word)
        assert there == 0 if shown else there in (0, 1)
        assert self.stage.letters(self.home) == LETTERS


class Key(Scene):
    """The old key or the new one opens all of it, and the other nothing."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        self.old = (self.home / "key").read_text()
        return (("key", "change"),)

    def judge(self, shown: list[int]) -> None:
        assert self.stage.letters(self.home) == LETTERS
        now = (self.home / "key").read_text()
        assert now != self.old or not shown
        if now != self.old:
            (self.home / "key").write_text(self.old)
            assert "cannot be opened" in self.stage.desk(self.home, "status", code=4)
            (self.home / "key").write_text(now)
        assert not (self.home / "key.next").exists()


class Repair(Scene):
    """A damaged store whose rebuilding is killed is rebuilt by the next one; what was not sent is not lost by it."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        self.opens = False
        with (self.home / FILE).open("r+b") as f:
            f.seek(100)
            f.write(b"\x00" * 512)
        return (("doctor", "--repair"),)

    def judge(self, shown: list[int]) -> None:
        if not shown:
            self.stage.desk(self.home, "doctor", "--repair")
        assert self.stage.letters(self.home) == LETTERS
        status = json.loads(self.stage.desk(self.home, "status", "--json"))
        assert status["pending"] == LETTERS


class Migration(Scene):
    """A store of an older desk, brought up to date by whoever opens it: killed, the next one brings it up to date."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        from tests.kill.older import older

        shutil.rmtree(self.home)
        self.home = self.stage.home("older", lambda home: older(self.stage.once("working", self.stage.working), home))
        return (("status",),)

    def judge(self, shown: list[int]) -> None:
        assert self.stage.letters(self.home) == LETTERS


DESK: dict[str, type[Scene]] = {
    "actions": Actions,
    "bulk": Bulk,
    "import": Import,
    "backup": Backup,
    "restore": Restore,
    "key": Key,
    "repair": Repair,
    "migration": Migration,
}


@dataclass
class Lined(Scene):
    """A desk at a backend: what it does is judged there as well, once it has synced to the end."""

    server: Server = field(kw_only=True)

    def begin(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        self.word = f"w{rng.getrandbits(48):012x}"
        for n in range(10):
            number = f"{self.word}-{n}"
            given = {
                "number": number,
                "title": f"路灯不亮 {n}",
                "body": "已经一个月。",
                "sender": {"name": "陈晓明", "phone": "13812341234"},
            }
            httpx.post(f"{self.server.url}/v1/letters", json=given, headers=self.server.channel).raise_for_status()
        return self.script(rng)

    def judge(self, shown: list[int]) -> None:
        assert set(shown) <= {0}
        self.stage.desk(self.home, "sync")
        status = json.loads(self.stage.desk(self.home, "status", "--json"))
        assert (status["pending"], status["refused"]) == (0, 0)
        assert self.stage.letters(self.home) == self.server.letters()
        self.server.sound()


class Fill(Lined):
    """A new desk's first fill, broken off, goes on where it was: every letter once."""

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        self.home = self.stage.home(f"new {self.server.url}", lambda home: self.server.desk(home, "li"))
        return (("sync",),)


class Sync(Lined):
    """Work that is sent while others' comes: each note that was shown as saved reaches the log, once."""

    def _filled(self, home: Path) -> None:
        self.server.desk(home, "li")
        self.stage.desk(home, "sync")

    def script(self, rng: random.Random) -> tuple[SCRIPT, ...]:
        self.home = self.stage.home(f"filled {self.server.url}", self._filled)
        codes = self.stage.codes(self.home)
        note = f"{self.word}-{{:02d}}"
        return tuple(
            ("sync",) if n % 3 == 2 else ("note", rng.choice(codes), "--text", note.format(n)) for n in range(9)
        )

    def judge(self, shown: list[int]) -> None:
        super().judge(shown)
        there = self.server.notes(self.word)
        assert set(there.values()) <= {1}
        assert {f"{self.word}-{n:02d}" for n in range(len(shown)) if n % 3 != 2} <= set(there)


LINED: dict[str, type[Lined]] = {"fill": Fill, "sync": Sync}
