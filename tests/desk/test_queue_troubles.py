"""What a person meets when something breaks: a sentence and an exit code, never a traceback, never a letter's words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from db.store_error import StoreError
from desk import errors
from tests.desk.terminal import Terminal

SECRET = "陈晓明 13800001234"


def broken() -> Exception:
    """An error whose message and variables hold a letter's words."""
    try:
        letter = {"body": SECRET}
        raise KeyError(letter["body"])
    except KeyError as inner:
        try:
            raise ValueError(SECRET) from inner
        except ValueError as e:
            return e


def test_the_log_says_where_and_never_what_a_citizen_wrote(tmp_path: Path) -> None:
    code, said = errors.judge(tmp_path, broken())
    log = (tmp_path / errors.LOG).read_text("utf-8")
    assert code == errors.EXIT_FAILED
    assert str(tmp_path / errors.LOG) in said.plain
    assert "test_queue_troubles.py" in log
    assert "ValueError" in log
    assert "after KeyError" in log
    assert "陈" not in log + said.plain
    assert "1380" not in log + said.plain


async def test_the_log_says_what_ended_a_worker(tmp_path: Path) -> None:
    """Textual tells of a worker's fault by an error of its own, in which nothing but the worker's is kept."""
    from textual.app import App

    class Failing(App[None]):
        def on_mount(self) -> None:
            self.run_worker(self.work())

        async def work(self) -> None:
            raise broken()

    app = Failing()
    try:
        async with app.run_test() as pilot:
            await pilot.pause()
    except Exception as ended:
        errors.record(tmp_path, ended)
    log = (tmp_path / errors.LOG).read_text("utf-8")
    assert "WorkerFailed" in log
    assert "after ValueError" in log
    assert "test_queue_troubles.py" in log
    assert "陈" not in log


def test_the_log_may_be_read_by_its_owner_only(tmp_path: Path) -> None:
    errors.judge(tmp_path, broken())
    assert (tmp_path / errors.LOG).stat().st_mode & 0o077 == 0


def test_a_log_grown_long_begins_anew_and_keeps_the_part_before(tmp_path: Path) -> None:
    (tmp_path / errors.LOG).write_text("x" * (errors.LOG_BYTES + 1))
    errors.record(tmp_path, broken())
    assert (tmp_path / f"{errors.LOG}.1").stat().st_size > errors.LOG_BYTES
    assert (tmp_path / errors.LOG).stat().st_size < 10_000


def test_where_no_log_can_be_written_the_sentence_still_comes(tmp_path: Path) -> None:
    code, said = errors.judge(tmp_path / "nowhere", broken())
    assert code == errors.EXIT_FAILED
    assert "重新打开" in said.plain
    assert errors.LOG not in said.plain


def test_what_the_store_says_is_said_in_its_own_words(tmp_path: Path) -> None:
    code, said = errors.judge(tmp_path, StoreError("full", {"path": tmp_path}))
    assert code == 4
    assert said.plain == StoreError("full", {"path": tmp_path}).sentence()


def test_a_store_that_cannot_be_opened_is_a_sentence_and_code_4(home: Path) -> None:
    (home / "letters.db").write_bytes(b"not a store at all" * 500)
    before = sorted(p.name for p in home.iterdir())
    with Terminal("-m", "desk", "--home", str(home)) as terminal:
        assert terminal.ended() == 4
    assert "letters.db" in terminal.text
    assert "Traceback" not in terminal.text
    assert sorted(p.name for p in home.iterdir()) == before


FAULTY = """
import sys
from desk.screens.queue import QueueScreen
def boom(self):
    letter = "陈晓明 13800001234"
    raise RuntimeError(letter)
QueueScreen.read = boom
from desk.__main__ import main
sys.exit(main([]))
"""


def test_a_fault_of_ours_ends_in_a_sentence_and_no_traceback(home: Path) -> None:
    with Terminal("-c", FAULTY, DESK_HOME=str(home)) as terminal:
        assert terminal.ended() == errors.EXIT_FAILED
    assert "编辑台自身出错" in terminal.text
    assert "Traceback" not in terminal.text
    assert "RuntimeError" not in terminal.text
    assert "陈晓明" not in terminal.text + (home / errors.LOG).read_text("utf-8")


def test_starting_imports_nothing_heavy() -> None:
    heavy = "sqlalchemy sqlmodel alembic pydantic httpx chinese_calendar openpyxl babel"
    code = f"import sys, desk.app, db.store, db.people; print([m for m in {heavy.split()!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
