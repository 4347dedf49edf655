"""A store of an older version is brought up to date, and whoever waits hears about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import birth, migrate, pace
from db.opening import open_store
from db.store import Store
from db.store_file import HALF, SCHEMA
from desk.patience import tell


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as version 5 of the schema left it."""
    home = tmp_path / "home"
    upgrade = migrate.upgrade
    with monkeypatch.context() as then:
        then.setattr(migrate, "SCHEMA", 5)
        then.setattr(birth, "upgrade", upgrade)
        then.setattr("db.store_file.SCHEMA", 5)
        from db.keys import keeper
        from db.store_file import make_home

        make_home(home)
        birth.make_store(home / "letters.db", keeper(home))
    return home


def test_whoever_opens_an_old_store_hears_what_is_done_and_how_far(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "SPEAK", 0.0)
    monkeypatch.setattr(birth, "STEPS", 10)
    heard: list[tuple[str, int, int, int]] = []
    with open_store(old, told=lambda *said: heard.append(said)) as store:
        assert store.rows("PRAGMA user_version")[0][0] == SCHEMA
    steps = list(dict.fromkeys(step for step, *_ in heard))
    assert (steps[0], steps[-1]) == ("tables", "done")
    assert steps == [step for step in ("tables", "letters", "waiting", "done") if step in steps]
    assert all(done < of for _step, _seconds, done, of in heard if of)
    again: list[tuple[str, int, int, int]] = []
    open_store(old, told=lambda *said: again.append(said)).close()
    assert again == []


def test_what_is_told_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for said in (("tables", 1, 0, 0), ("letters", 16, 1200, 5000), ("letters", 17, 1250, 5000), ("done", 44, 0, 0)):
        tell(*said)
    assert capsys.readouterr().err.splitlines() == [
        "正在把来信库换成新版格式，已用 1 秒。中途断开也不会丢件，请稍候。",
        "正在按新规则重新核对来信：1200/5000，已用 16 秒。",
        "来信库已换成新版格式，共用 44 秒。",
    ]


def test_a_take_over_that_was_killed_is_finished_at_the_next_opening(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException): ...

    def killed(*_args: object, **_more: object) -> None:
        raise KilledError

    with monkeypatch.context() as then, pytest.raises(KilledError):
        then.setattr("db.refold.mend", killed)
        open_store(old)
    gone_through: list[Store] = []
    with monkeypatch.context() as then:
        then.setattr("db.refold.mend", lambda store, **_more: gone_through.append(store))
        open_store(old).close()
        open_store(old).close()
    assert len(gone_through) == 1
    assert not (old / HALF).exists()
