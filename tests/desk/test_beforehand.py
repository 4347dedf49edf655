"""The program is replaced while the desk is open: an upgrade, on a desk that nobody closed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import pytest

import db
import desk
from db.opening import open_store
from db.store import Store
from desk import beforehand
from desk.app import DeskApp
from tests.desk import inbox
from tests.desk.terminal import Terminal
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]

KEYS = "f m comma at question_mark apostrophe equals_sign colon D B Q u ctrl+p slash"


class Replaced(MetaPathFinder):
    """What would be read from the disk now is another version."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.startswith(("desk.", "db.")):
            raise ImportError(name)


async def test_after_a_rest_no_key_of_the_queue_reads_the_program_again(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beforehand, "PAUSE", 0)
    beforehand.load()
    inbox.many(store, 3)
    monkeypatch.setattr(sys, "meta_path", [Replaced(), *sys.meta_path])
    async with seated(desk()) as seat:
        for key in KEYS.split():
            await seat.press(key)
            assert "换成了新版" not in "\n".join(seat.lines), key
            while len(seat.app.screen_stack) > 1:
                await seat.press("escape")
            await seat.press("escape")


def test_a_key_whose_dialog_is_another_version_says_so_and_the_desk_stays(tmp_path: Path) -> None:
    for package in (desk, db):
        source = Path(package.__path__[0])
        shutil.copytree(source, tmp_path / source.name)
    (tmp_path / "desk" / "screens" / "form.py").write_text("from desk.drafting import Never\n", encoding="utf-8")
    with open_store(tmp_path / "home") as store:
        inbox.many(store, 2)
    with Terminal(
        "-P", "-m", "desk", "--home", str(tmp_path / "home"), PYTHONPATH=str(tmp_path), HOME=str(tmp_path)
    ) as term:
        term.read("收件 1/2")
        term.press(b"n")
        term.read("换成了新版")
        term.press(b"j")
        term.read("收件 2/2")
        term.press(b"q")
        assert term.ended() == 0
