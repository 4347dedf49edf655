"""Backups while the desk works, their way back, and changes of key that are killed in the middle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from store_letters import bring, folder_hash, receipt

from db.backup import UnsentError, backup, restore
from db.keys import Ask, keeper
from db.opening import open_store
from db.store import StoreError
from db.store_file import FILE


def letters(home: Path) -> int:
    with open_store(home, create=False) as store:
        return int(store.rows("SELECT count(*) FROM cases")[0][0])


def say(text: str) -> Ask:
    return lambda tries: text if tries == 0 else None


def test_a_backup_is_made_while_the_desk_writes_and_comes_back(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    with open_store(home) as store:
        bring(store, receipt("1"))
        assert backup(store, file).letters == 1
        bring(store, receipt("2"))
    assert file.stat().st_mode & 0o777 == 0o600
    made = restore(home, file, None, None)
    assert (made.letters, letters(home)) == (1, 1)
    assert made.kept is not None
    (home / FILE).unlink()
    made.kept.rename(home / FILE)
    assert letters(home) == 2


def test_a_backup_with_a_passphrase_opens_where_there_is_no_key_of_it(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    with open_store(home) as store:
        bring(store, receipt("1", body="PLAINTEXT"))
        backup(store, file, 'it\'s a "secret" 口令')
    assert b"PLAINTEXT" not in file.read_bytes()
    elsewhere = tmp_path / "elsewhere"
    with pytest.raises(StoreError) as caught:
        restore(elsewhere, file, None, say("another"))
    assert caught.value.code == "not_opened"
    assert not (elsewhere / FILE).exists()
    restore(elsewhere, file, None, say('it\'s a "secret" 口令'))
    assert letters(elsewhere) == 1
    assert keeper(elsewhere).get() != keeper(home).get()


def test_restored_on_another_machine_it_is_a_terminal_of_its_own_at_the_next_login(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    with open_store(home) as store:
        store.put_setting("sync.key", "this terminal")
        backup(store, file, "passphrase")
    restore(home, file, None, say("passphrase"))
    with open_store(home) as store:
        assert store.setting("sync.key") == "this terminal"
    restore(tmp_path / "elsewhere", file, None, say("passphrase"))
    with open_store(tmp_path / "elsewhere") as store:
        assert store.setting("sync.key") is None


def test_a_file_that_is_there_is_never_written_over(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_text("kept")
    with open_store(home) as store, pytest.raises(FileExistsError):
        backup(store, file)
    assert file.read_text() == "kept"


def test_what_is_not_sent_is_not_left_behind_by_accident(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    with open_store(home) as store:
        backup(store, file)
        bring(store, receipt("1"), pending=True)
    before = folder_hash(home)
    with pytest.raises(UnsentError) as caught:
        restore(home, file, None, None)
    assert caught.value.count == 1
    assert folder_hash(home) == before
    assert restore(home, file, None, None, anyway=True).kept is not None


@pytest.mark.parametrize("spoil", ["cut", "flipped", "foreign"])
def test_a_backup_that_is_not_whole_replaces_nothing(home: Path, tmp_path: Path, spoil: str) -> None:
    file = tmp_path / "backup.db"
    with open_store(home) as store:
        bring(store, receipt("1"))
        backup(store, file)
    raw = bytearray(file.read_bytes())
    if spoil == "cut":
        raw = raw[: len(raw) // 2 // 4096 * 4096]
    elif spoil == "flipped":
        raw[len(raw) // 2] ^= 1
    else:
        raw = bytearray(b"not a backup" * 2000)
    file.write_bytes(raw)
    before = folder_hash(home)
    with pytest.raises(StoreError):
        restore(home, file, None, None)
    assert folder_hash(home) == before


def test_under_an_open_desk_nothing_is_restored(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    with open_store(home) as store:
        backup(store, file)
        with pytest.raises(StoreError) as caught:
            restore(home, file, None, None)
    assert caught.value.code == "in_use"


KILLED = """
import os, sys
from pathlib import Path
from db import key_change, store_copy
from db.keys import Ask, keeper
point = sys.argv[2]
def die(*_a, **_k): os.kill(os.getpid(), 9)
def after(real):
    def run(*a, **k):
        real(*a, **k)
        die()
    return run
if point == "copying": key_change.look_over = die
if point == "placed": key_change.place = after(key_change.place)
if point == "swapped": key_change.swap = after(key_change.swap)
home = Path(sys.argv[1])
key_change.change(home, keeper(home), "file")
"""


@pytest.mark.parametrize("point", ["copying", "placed", "swapped"])
def test_killed_while_the_key_changes_one_good_store_is_left(home: Path, point: str) -> None:
    with open_store(home) as store:
        bring(store, receipt("1"))
    old = (home / "key").read_text()
    died = subprocess.run([sys.executable, "-c", KILLED, str(home), point], check=False, capture_output=True)
    assert died.returncode == -9, died.stderr
    with open_store(home) as store:
        bring(store, receipt("2"))
    assert letters(home) == 2
    assert ((home / "key").read_text() == old) == (point != "swapped")
    assert not (home / "key.next").exists()


def test_killed_while_a_backup_is_written_there_is_none(home: Path, tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from db import backup as b; from db.opening import open_store\n"
        "b.look_over = lambda *a: os.kill(os.getpid(), 9)\n"
        f"b.backup(open_store(Path({str(home)!r})), Path({str(tmp_path / 'b.db')!r}))"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert not (tmp_path / "b.db").exists()
    assert letters(home) == 0


BETWEEN = """
import os, sys
from pathlib import Path
from db.backup import restore
home, file = Path(sys.argv[1]), Path(sys.argv[2])
def killed(self, target):
    os.kill(os.getpid(), 9)
Path.replace = killed
restore(home, file, None, None, anyway=True)
"""


def test_killed_between_the_old_store_and_the_restored_one_the_old_one_has_its_last_work(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    with open_store(home) as store:
        backup(store, file)
    worked = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, 'tests/db'); from store_letters import bring, receipt\n"
        "from db.opening import open_store\n"
        f"s = open_store(Path({str(home)!r})); bring(s, receipt('1')); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", worked], check=False)
    assert (home / f"{FILE}-wal").stat().st_size > 0, "the letter is in the log only"
    died = subprocess.run([sys.executable, "-c", BETWEEN, str(home), str(file)], check=False)
    assert died.returncode == -9
    assert not (home / f"{FILE}-wal").exists()
    assert letters(home) == 1
    assert list(home.glob("letters.*-*")) == []


def test_two_backups_are_restored_within_a_second(home: Path, tmp_path: Path) -> None:
    with open_store(home) as store:
        backup(store, tmp_path / "backup.db")
    kept = {restore(home, tmp_path / "backup.db", None, None).kept for _n in range(3)}
    assert len(kept) == 3


def test_a_home_that_is_moved_away_under_the_desk_is_told_and_comes_back(home: Path, tmp_path: Path) -> None:
    with open_store(home) as store:
        bring(store, receipt("1"))
        home.rename(tmp_path / "away")
        with pytest.raises(StoreError) as caught:
            store.put_setting("desk.pane", "open")
        assert caught.value.code == "gone"
        assert store.rows("SELECT count(*) FROM cases") == [(1,)]
        (tmp_path / "away").rename(home)
        store.put_setting("desk.pane", "open")
        assert store.setting("desk.pane") == "open"
