"""After a real session in a terminal, killed in the middle: no word of a letter lies readable in any file of the desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import zstandard
from vaults import Vault

from tests.desk.terminal import Terminal
from tests.forked import Nest

BODY, DRAFT, NOTE, EDITED = "密件甲SECRETBODY", "密件乙SECRETDRAFT", "密件丙SECRETNOTE", "密件丁SECRETEDIT"
ZSTD = b"\x28\xb5\x2f\xfd"


def contents(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below these folders, as it lies there and with what is packed in it unpacked."""
    for folder in folders:
        for path in folder.rglob("*"):
            if not path.is_file():
                continue
            raw = path.read_bytes()
            yield path, raw
            at = raw.find(ZSTD)
            while at >= 0:
                with suppress(zstandard.ZstdError):
                    yield path, zstandard.ZstdDecompressor().decompressobj().decompress(raw[at:])
                at = raw.find(ZSTD, at + 1)


def readable(word: str, *folders: Path) -> list[str]:
    """Files in which the word, or its half in either script, can be read in UTF-8 or UTF-16."""
    forms = [part.encode(coding) for part in (word[:3], word[3:]) for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    return sorted({path.name for path, raw in contents(*folders) if any(form in raw for form in forms)})


def test_no_word_of_a_letter_lies_readable_on_the_disk(home: Path, tmp_path: Path, nest: Nest) -> None:
    spill = tmp_path / "tmp"
    spill.mkdir()
    seen = tmp_path / "editor-saw"
    editor = tmp_path / "editor.sh"
    editor.write_text(f'#!/bin/sh\nstat -c "%a %n" "$1" > {seen}\nprintf "{EDITED}" >> "$1"\n')
    editor.chmod(0o700)
    vault = Vault(nest, home, TMPDIR=str(spill), SQLITE_TMPDIR=str(spill), EDITOR=str(editor), VISUAL=str(editor))
    vault.bring(3, body=BODY)
    (home.parent / "letters.csv").unlink()
    with Terminal("-m", "desk", **vault.env) as terminal:
        terminal.read("1/3")
        terminal.press(b"\r")
        terminal.read("SECRETBODY")
        terminal.press(b"\x1b")
        terminal.press(b"n")
        terminal.read("note  RMLX")
        terminal.press(NOTE.encode())
        terminal.press(b"\x13")
        terminal.read("Saved here")
        terminal.seen = b""
        terminal.press(b"n")
        terminal.read("note  RMLX")
        terminal.press(DRAFT.encode())
        terminal.press(b"\x0f")
        terminal.read("SECRETEDIT")
        terminal.press(b"\x1b")
        terminal.read("comes back with the same key")
        terminal.press(b"/SECRETBODY\r")
        terminal.read("1/3")
        os.kill(terminal.pid, 9)
        terminal.ended()
    mode, name = seen.read_text().split()
    assert mode == "600"
    assert Path(name).parent == home
    assert not Path(name).exists()
    assert (home / "letters.db-wal").stat().st_size > 0
    for word in (BODY, DRAFT, NOTE, EDITED):
        assert readable(word, home, spill) == [], word
    vault("backup", str(tmp_path / "tmp" / "backup.db"))
    vault("key", "change")
    for word in (BODY, DRAFT, NOTE, EDITED):
        assert readable(word, home, spill) == [], word
    shown = vault("list", "--json") + vault(
        "show", vault("list", "--json").split('"code": "')[1].split('"')[0], "--json"
    )
    assert "SECRETBODY" in shown
