"""Opening the store: what is made, what is refused, and that a refusal leaves every byte where it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from store_letters import bring, folder_hash, receipt

from db.birth import make_store
from db.keys import keeper
from db.opening import open_store
from db.store import LOG_PAGES, StoreError
from db.store_error import SENTENCES
from db.store_file import FILE, PAGE_BYTES, SCHEMA, connect


def refused(home: Path, *, create: bool = True) -> StoreError:
    """Opens what must not open, and checks that nothing was touched."""
    before = folder_hash(home)
    with pytest.raises(StoreError) as caught:
        open_store(home, create=create)
    assert folder_hash(home) == before
    return caught.value


def raw(home: Path) -> object:
    return connect(home / FILE, keeper(home).get())


def test_a_new_store_is_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "a" / "home"
    open_store(home).close()
    assert sorted(p.name for p in home.iterdir()) == ["key", FILE]
    assert home.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in home.iterdir()} == {0o600}


def test_no_byte_of_a_letter_is_readable_on_the_disk(home: Path) -> None:
    with open_store(home) as store:
        bring(store, receipt("1", title="广场舞噪音", body="PLAINTEXT-OF-A-LETTER"))
        on_disk = b"".join(p.read_bytes() for p in home.iterdir())
    assert b"PLAINTEXT-OF-A-LETTER" not in on_disk
    assert "广场舞".encode() not in on_disk
    assert b"CREATE TABLE" not in on_disk


def test_what_was_written_is_there_when_opened_again(home: Path) -> None:
    with open_store(home) as store:
        store.put_setting("desk.pane", "open")
    with open_store(home, create=False) as store:
        assert store.setting("desk.pane") == "open"


def test_a_store_whose_log_was_half_written_into_it_when_its_desk_was_killed_opens(home: Path, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    with open_store(home) as store:
        store.rows("SELECT 1")
        bring(store, *(receipt(str(n), body="电梯停运" * 500) for n in range(30)))
        shutil.copytree(home, killed)
    first = (home / FILE).read_bytes()[:4096]
    assert first[:16] == (killed / FILE).read_bytes()[:16], "the same salt"
    assert (home / FILE).stat().st_size > (killed / FILE).stat().st_size
    with (killed / FILE).open("r+b") as f:
        f.write(first)
    (killed / f"{FILE}-shm").unlink()
    with open_store(killed, create=False) as store:
        assert store.rows("SELECT count(*) FROM cases") == [(30,)]


def test_without_a_store_nothing_is_made_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path / "home", create=False)
    assert caught.value.code == "missing"
    assert not (tmp_path / "home").exists()


def test_a_newer_store_is_refused(home: Path) -> None:
    conn = raw(home)
    conn.execute(f"PRAGMA user_version = {SCHEMA + 1}")  # type: ignore[attr-defined]
    conn.close()  # type: ignore[attr-defined]
    error = refused(home)
    assert error.code == "newer"
    assert str(SCHEMA + 1) in error.sentence("en")


def test_what_a_killed_newer_desk_left_in_its_log_stays_there(home: Path, tmp_path: Path) -> None:
    conn = raw(home)
    conn.execute(f"PRAGMA user_version = {SCHEMA + 1}")  # type: ignore[attr-defined]
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    conn.execute("INSERT INTO setting VALUES ('theirs', 'unsent work')")  # type: ignore[attr-defined]
    left = tmp_path / "left"
    shutil.copytree(home, left, ignore=shutil.ignore_patterns("*-shm"))
    conn.close()  # type: ignore[attr-defined]
    assert (left / f"{FILE}-wal").stat().st_size > 0
    assert refused(left).code == "newer"


def test_a_long_log_is_written_into_the_file_while_nobody_waits_for_it(home: Path) -> None:
    with open_store(home) as store:
        with store.write() as conn:
            rows = ((f"long.{n}", "x" * PAGE_BYTES) for n in range(LOG_PAGES))
            conn.executemany("INSERT INTO setting(name, value) VALUES (?, ?)", rows)
        log = home / f"{FILE}-wal"
        grown, file = log.stat().st_size, (home / FILE).stat().st_size
        assert grown >= LOG_PAGES * PAGE_BYTES
        store.shorten_log()
        assert (home / FILE).stat().st_size > file
        store.put_setting("short", "x")
        assert log.stat().st_size == grown, "begun anew at its beginning"


def test_what_a_killed_desk_had_saved_is_there(home: Path, tmp_path: Path) -> None:
    with open_store(home) as store:
        bring(store, receipt("1"))
        shutil.copytree(home, tmp_path / "left", ignore=shutil.ignore_patterns("*-shm"))
    with open_store(tmp_path / "left") as left:
        assert left.rows("SELECT count(*) FROM cases") == [(1,)]


def test_a_plain_sqlite_file_is_refused(home: Path) -> None:
    (home / FILE).unlink()
    plain = sqlite3.connect(home / FILE)
    plain.execute("CREATE TABLE theirs(a)")
    plain.close()
    assert refused(home).code == "foreign"


def test_somebody_elses_encrypted_file_is_refused(home: Path) -> None:
    conn = raw(home)
    conn.execute("PRAGMA application_id = 1")  # type: ignore[attr-defined]
    conn.close()  # type: ignore[attr-defined]
    assert refused(home).code == "foreign"


def test_a_folder_in_place_of_the_store_is_refused(home: Path) -> None:
    (home / FILE).unlink()
    (home / FILE).mkdir()
    assert refused(home).code == "foreign"


@pytest.mark.parametrize("content", [b"\x93" * 20_000, "不是数据库".encode() * 2_000])
def test_a_file_that_is_no_database_is_refused(home: Path, content: bytes) -> None:
    (home / FILE).write_bytes(content)
    assert refused(home).code == "unreadable"


def test_another_homes_key_is_refused(home: Path) -> None:
    (home / "key").write_text("ab" * 32)
    assert refused(home).code == "unreadable"


def test_an_empty_file_is_damaged_and_not_filled(home: Path) -> None:
    (home / FILE).write_bytes(b"")
    assert refused(home).code == "damaged"


def test_a_cut_file_is_damaged(home: Path) -> None:
    os.truncate(home / FILE, (home / FILE).stat().st_size // 2 // 4096 * 4096)
    assert refused(home).code in ("damaged", "unreadable")


def test_a_flipped_bit_in_the_head_is_refused(home: Path) -> None:
    content = bytearray((home / FILE).read_bytes())
    content[100] ^= 1
    (home / FILE).write_bytes(content)
    assert refused(home).code == "unreadable"


def test_a_flipped_bit_in_a_letter_is_named_when_it_is_read(home: Path) -> None:
    with open_store(home) as store:
        bring(store, *(receipt(str(i)) for i in range(50)))
    content = bytearray((home / FILE).read_bytes())
    for at in range(3 * 4096 + 50, len(content), 4096):
        content[at] ^= 1
    (home / FILE).write_bytes(content)
    with pytest.raises(StoreError) as caught, open_store(home) as store:
        store.rows("SELECT * FROM cases")
        store.rows("SELECT * FROM event")
    assert caught.value.code == "damaged"


def test_a_missing_key_leaves_the_letters_locked_not_lost(home: Path) -> None:
    (home / "key").unlink()
    assert refused(home).code == "no_key"


@pytest.mark.parametrize("text", ["", "not hex", "ab" * 31, "\udce4"])
def test_a_key_file_without_a_key_is_refused(home: Path, text: str) -> None:
    (home / "key").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert refused(home).code == "bad_key"


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_marked_read_only_is_left_alone(home: Path, what: str) -> None:
    path = home / FILE if what == "file" else home
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        assert refused(home).code == "read_only"
    finally:
        path.chmod(mode)


def test_a_full_disk_is_said_at_opening(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_bavail=0))
    assert refused(home).code == "full"


def test_a_store_held_by_another_program_is_locked(home: Path) -> None:
    with open_store(home) as store:
        bring(store, receipt("1"))
        holder = raw(home)
        holder.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
        with pytest.raises(StoreError) as caught:
            store.put_setting("a", "b")
        holder.close()  # type: ignore[attr-defined]
        assert caught.value.code == "locked"
        store.put_setting("a", "b")
        assert store.setting("a") == "b"


def test_a_store_half_made_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setattr("alembic.command.upgrade", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(StoreError):
        open_store(home)
    assert [p.name for p in home.iterdir()] == ["key"]
    monkeypatch.undo()
    open_store(home).close()


def test_of_two_that_make_the_store_at_once_the_first_holds(home: Path) -> None:
    before = folder_hash(home)
    make_store(home / FILE, keeper(home))
    assert folder_hash(home) == before


def test_every_trouble_has_its_sentence_in_both_languages() -> None:
    for code in SENTENCES:
        error = StoreError(code, {"path": "P", "home": "H", "what": "W", "seconds": 2, "found": 9, "known": 1})
        zh, en = error.sentence("zh_CN"), error.sentence("en")
        assert zh != en
        assert zh.endswith("。")
        assert en.endswith(".")
        assert "{" not in zh + en


def test_reading_and_working_need_no_heavy_import(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from db.opening import open_store; from db import queries, commands, people, upkeep\n"
        f"s = open_store(Path({str(home)!r})); queries.page(s, 1, now=0); queries.counts(s, 0); upkeep.warm(s); s.close()\n"
        "print({m for m in ('sqlalchemy', 'sqlmodel', 'alembic', 'pydantic', 'chinese_calendar', 'openpyxl')} & "
        "set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert done.stderr == ""


def test_a_copy_of_the_home_opens_too(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "copy")
    open_store(tmp_path / "copy").close()
