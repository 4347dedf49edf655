"""What one person likes: a commented file, wrong values named, the last good ones in force."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as example
from hypothesis import strategies as st

from db.store import Store
from desk.app import DeskApp
from desk.home import settings_file
from desk.likes import Likes
from desk.settings import CHECKS, Search, Settings, load, write
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


def problems(path: Path, last_good: Settings | None = None) -> list[str]:
    return [str(p) for p in load(path, last_good)[1]]


def test_without_a_file_the_defaults_count(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.toml") == (Settings(), [])


@pytest.mark.parametrize(("lang", "comment"), [("zh_CN", "秒"), ("en", "Seconds")])
def test_a_new_file_explains_every_setting_in_the_persons_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, comment: str
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    path = tmp_path / "deep" / "settings.toml"
    assert write(path, "undo_window", 30) is None
    text = path.read_text(encoding="utf-8")
    assert all(f"{name} = " in text or f"[{name}]" in text for name in CHECKS)
    assert comment in text.split("undo_window")[0].splitlines()[-1]
    assert load(path)[0].undo_window == 30
    assert path.stat().st_mode & 0o777 == 0o600


MINE = """\
# my own
bell = false # too loud

[keys]
"do.chase" = "C" # as before

[[searches]]
# for Mondays
name = "a"
query = "电梯"
"""


def test_writing_a_value_keeps_the_persons_own_comments_and_order(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(MINE, encoding="utf-8")
    assert write(path, "undo_window", 0) is None
    assert write(path, "keys", {"do.chase": "C", "move.down": "n,down"}) is None
    assert write(path, "searches", [Search("b", "路灯"), Search("a", "电梯")]) is None
    text = path.read_text(encoding="utf-8")
    for comment in ("# my own", "# too loud", "# as before", "# for Mondays"):
        assert comment in text
    now, wrong = load(path)
    assert wrong == []
    assert now == Settings(
        bell=False,
        undo_window=0,
        keys={"do.chase": "C", "move.down": "n,down"},
        searches=(Search("b", "路灯"), Search("a", "电梯")),
    )


def test_a_link_into_a_folder_of_dotfiles_stays_one(tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").write_text("bell = true\n")
    path = tmp_path / "settings.toml"
    path.symlink_to(tmp_path / "dotfiles.toml")
    assert write(path, "bell", False) is None
    assert path.is_symlink()
    assert "false" in (tmp_path / "dotfiles.toml").read_text()


WRONG = """\
# line 1
undo_window = "ten"
bell = false
next_letter = 1
theme = "sepia"
language = "fr"
volume = 11

[keys]
"do.forward" = 3
do.accept = "A"

[[searches]]
name = "good"
query = "电梯"

[[searches]]
name = "half"
"""


def test_each_wrong_value_is_named_with_its_line_and_the_others_count(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(WRONG, encoding="utf-8")
    before = Settings(undo_window=42, keys={"do.forward": "F"}, searches=(Search("half", "路灯"),))
    now, wrong = load(path, before)
    assert [p.line for p in wrong] == [2, 4, 5, 6, 7, 10, 17]
    assert all(p.sentence for p in wrong)
    assert (now.undo_window, now.bell, now.next_letter) == (42, False, True)
    assert now.keys == {"do.forward": "F", "do.accept": "A"}
    assert now.searches == (Search("good", "电梯"), Search("half", "路灯"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("bell = true\nfocus =\n", 2),
        ('bell = true\ntheme = "ink\n', 2),
        ("bell = true\nbell = true\n", 2),
        ("bell true\n", 1),
        ("[keys\n", 1),
        ("bell = [1,\n\n", 1),
        ("bell = true\n\xff", 2),
    ],
)
def test_a_file_that_is_no_toml_leaves_everything_and_names_the_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(text.encode("latin-1"))
    before = Settings(undo_window=42)
    now, wrong = load(path, before)
    assert now == before
    assert [p.line for p in wrong] == [line]
    assert "Expected" not in wrong[0].sentence
    problem = write(path, "bell", False)
    assert problem is not None
    assert path.read_bytes() == text.encode("latin-1"), "what the person is in the middle of stays as it is"


def test_what_was_last_good_is_in_force_after_a_restart_too(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    write(path, "undo_window", 42)
    Likes(path).keep()
    path.write_text("undo_window = 3\nbell = maybe\n")
    started = Likes(path)
    assert started.now.undo_window == 42
    assert started.problems[0].line == 2
    started.keep()
    path.write_text("undo_window = 3\n")
    assert started.look()
    assert started.now == Settings(undo_window=3)
    assert not started.look()


def test_a_start_on_an_unchanged_file_needs_no_toml_parser(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    write(path, "searches", [Search("甲", "电梯")])
    Likes(path).keep()
    look = (
        "import sys; from pathlib import Path; from desk.likes import Likes; now = Likes(Path(sys.argv[1])).now;"
        "print(now.searches[0].name, 'tomllib' in sys.modules, 'tomlkit' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", look, str(path)], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["甲", "False", "False"]


def test_a_named_home_holds_the_settings_and_without_one_the_platforms_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.home import home

    assert settings_file(tmp_path) == tmp_path / "settings.toml"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "conf"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert settings_file(home()) == tmp_path / "conf" / "letters-desk" / "settings.toml"


TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1).filter(lambda t: t.strip())
SETTINGS = {
    "undo_window": st.integers(0, 600),
    "bell": st.booleans(),
    "language": st.sampled_from(["zh_CN", "en"]),
    "keys": st.dictionaries(
        st.from_regex(r"[a-z]{1,4}\.[a-z]{1,4}", fullmatch=True), st.sampled_from(["a", "F", "ctrl+x", "j,down"])
    ),
    "searches": st.lists(st.builds(Search, TEXTS, TEXTS), max_size=4, unique_by=lambda s: s.name).map(tuple),
}


@example(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(sorted(SETTINGS)).flatmap(lambda n: st.tuples(st.just(n), SETTINGS[n])), max_size=6))
def test_what_is_written_is_what_is_read(tmp_path: Path, writes: list[tuple[str, object]]) -> None:
    path = tmp_path / "settings.toml"
    path.unlink(missing_ok=True)
    expected: dict[str, object] = {"language": "zh_CN"}
    for name, value in writes:
        assert write(path, name, value) is None
        expected[name] = value
    now, wrong = load(path, Settings())
    assert wrong == []
    assert {name: getattr(now, name) for name in expected} == expected


# on the desk


async def test_a_change_of_the_file_counts_while_the_desk_runs(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESK_LANG")
    monkeypatch.setattr("db.words._spoken", "zh_CN")
    inbox.busy(store)
    async with seated(desk()) as seat:
        assert "收件" in seat.lines[0]
        settings_file(store.home).write_text('language = "en"\nnext_letter = false\n')
        seat.app.look_at_likes()
        await seat.settled()
        assert "1 in 6" in seat.lines[0]
        assert not any("收件" in line for line in seat.lines)
        assert not seat.app.queue.next_letter
        settings_file(store.home).write_text('language = "en"\nnext_letter = perhaps\n')
        seat.app.look_at_likes()
        await seat.settled()
        assert "line 2" in seat.foot.lower()
        assert not seat.app.queue.next_letter, "the last good one stays"


async def test_a_fault_in_the_file_is_said_at_the_start(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    settings_file(store.home).write_text("undo_window = -1\nbell = 3\n")
    async with seated(desk()) as seat:
        assert "第 1 行" in seat.foot
        assert "desk doctor" in seat.foot


def test_the_doctor_lists_every_fault_of_the_settings(home: Path) -> None:
    settings_file(home).write_text("undo_window = -1\nbell = 3\n")
    env = os.environ | {"DESK_LANG": "en"}
    got = subprocess.run(
        [sys.executable, "-m", "desk", "doctor", "--home", str(home)], capture_output=True, text=True, env=env
    )
    assert "Line 1: undo_window" in got.stdout
    assert "Line 2: bell" in got.stdout
    assert got.returncode == 0
    assert "All is well" not in got.stdout


def test_the_command_line_speaks_the_language_of_the_settings(home: Path) -> None:
    settings_file(home).write_text('language = "en"\n')
    env = {name: value for name, value in os.environ.items() if name != "DESK_LANG"}
    got = subprocess.run(
        [sys.executable, "-m", "desk", "doctor", "--home", str(home)], capture_output=True, text=True, env=env
    )
    assert "All is well" in got.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("undo_window = ten", "undo_window：应为 0 到 600 的整数（秒）"),
        ("bell = yes", "bell：应为 true（是）或 false（否）"),
        ("theme = ink", "文字要加引号"),
    ],
)
def test_a_value_that_is_none_is_told_what_is_wanted_there(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"{line}\n", encoding="utf-8")
    assert said in problems(path)[0].replace(": ", "：")
