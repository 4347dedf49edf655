"""A disk that is full, a home that goes away, under a desk that is open: real processes in a real terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from vaults import Vault

from db.store_file import FILE
from tests.desk.terminal import Terminal
from tests.forked import Nest

LIMITED = """
import os, resource, sys
from desk.__main__ import main
from db import upkeep
real = upkeep.warm
def warm(store):
    real(store)
    most = max(os.stat(store.path).st_size, 1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, most))
upkeep.warm = warm
sys.exit(main([]))
"""
"""A desk whose files may not grow once it is open: what a quota does."""


@pytest.fixture
def vault(home: Path, nest: Nest) -> Vault:
    made = Vault(nest, home)
    made.bring(5)
    return made


def events(vault: Vault) -> int:
    from db.opening import open_store

    with open_store(vault.home) as store:
        return int(store.rows("SELECT count(*) FROM event")[0][0])


def note(terminal: Terminal, text: str) -> None:
    """`n`, the words, ctrl+s."""
    terminal.read("1/5")
    terminal.seen = b""
    terminal.press(b"n")
    terminal.read("note  RMLX")
    terminal.press(text.encode())
    terminal.read(text[-4:])
    terminal.seen = b""
    terminal.press(b"\x13")


def test_what_a_disk_does_not_take_stays_typed_and_the_list_can_be_read(vault: Vault) -> None:
    before = events(vault)
    with Terminal("-c", LIMITED, **vault.env) as terminal:
        note(terminal, "KEPT-WORDS")
        terminal.read("The disk did not take")
        assert "Traceback" not in terminal.text
        terminal.seen = b""
        terminal.press(b"\x1b")
        terminal.read("once more")
        terminal.press(b"\x1b")
        terminal.read("1/5")
        terminal.seen = b""
        terminal.press(b"j")
        terminal.read("2/5")
        terminal.press(b"q")
        assert terminal.ended() == 0
    assert events(vault) == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB; where nothing can be mounted the test is for those who can."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> Path:
    """Not a block is free any more."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as f, suppress(OSError):
        while f.write(b"x" * 4096):
            pass
    return filler


def test_a_full_disk_is_said_and_the_same_words_go_once_there_is_room(vault: Vault, small_disk: Path) -> None:
    shutil.copytree(vault.home, small_disk / "home")
    there = Vault(vault.nest, small_disk / "home")
    before = events(there)
    with Terminal("-m", "desk", **there.env) as terminal:
        terminal.read("1/5")
        filler = fill(small_disk)
        note(terminal, "KEPT-WORDS")
        terminal.read("disk is full")
        filler.unlink()
        terminal.seen = b""
        terminal.press(b"\x13")
        terminal.read("Saved here")
        terminal.press(b"q")
        assert terminal.ended() == 0
    assert events(there) == before + 1
    assert "All is well" in there("doctor")


def test_on_a_full_disk_verbs_and_the_app_are_a_sentence(vault: Vault, small_disk: Path) -> None:
    shutil.copytree(vault.home, small_disk / "home")
    there = Vault(vault.nest, small_disk / "home")
    filler = fill(small_disk)
    assert "disk is full" in there("status", code=4)
    filler.unlink()
    assert "All is well" in there("doctor")


def test_a_home_that_may_only_be_read_is_a_sentence_and_stays_as_it_is(vault: Vault) -> None:
    (vault.home / FILE).chmod(0o400)
    before = (vault.home / FILE).read_bytes()
    assert "may only be read" in vault("status", code=4)
    (vault.home / FILE).chmod(0o600)
    assert (vault.home / FILE).read_bytes() == before


def test_a_clock_set_back_breaks_nothing(vault: Vault) -> None:
    code = json.loads(vault("list", "--json").splitlines()[0])["code"]
    vault("note", code, "--text", "first")
    vault.env["DESK_NOW"] = "2024-10-01T09:30"
    vault("note", code, "--text", "second")
    told = [e["at"] for e in json.loads(vault("show", code, "--json"))["events"]]
    assert told == sorted(told)
    assert "All is well" in vault("doctor")


def test_doctor_repairs_what_dd_did(vault: Vault) -> None:
    size = (vault.home / FILE).stat().st_size
    with (vault.home / FILE).open("r+b") as f:
        for page in (0, 5, size // 4096 * 3 // 4):  # not the one page that holds what happened to five letters
            f.seek(page * 4096 + 100)
            f.write(os.urandom(512))
    assert "desk doctor --repair" in vault("status", code=4)
    assert "desk doctor --repair" in vault("doctor", code=4)
    assert "a new one has taken its place" in vault("doctor", "--repair")
    assert vault.letters() == 5
    vault("doctor")
