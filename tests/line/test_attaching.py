"""A file attached to a note or a reply: looked at before it is taken, kept here, sent piece by piece, fetched at another desk."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from db import attachments, uploads
from db.people import own_actor
from desk import attaching
from desk.app import DeskApp
from desk.cli import main
from desk.line.errands import Errands
from desk.line.state import Brought, FileNews
from desk.line.trouble import LineError
from desk.line.uploading import Uploading
from desk.screens.attachments import AttachmentsScreen
from desk.screens.form import Form
from desk.widgets.path_field import PathField, completed
from tests.line.office import Desk, Office

PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(70_000)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.screens.queue.REST", 0)
    monkeypatch.setattr("desk.screens.queue_beside.ON", False)
    monkeypatch.setattr("desk.app.DeskApp.line_up", lambda _self: None)  # what is sent is sent by the tests
    monkeypatch.setenv("DESK_NOW", "2024-11-01T09:30:00+08:00")
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "七号楼 电梯.png"
    path.write_bytes(PICTURE)
    return path


def noted(desk: Desk, code: str, file: Path) -> int:
    return main(["note", code, "--text", "现场照片", "--attach", str(file), "--home", str(desk.store.home)])


def sent(desk: Desk) -> list[FileNews]:
    """Everything leaves: words, then files."""
    desk.sync()
    told: list[Brought] = []
    uploading = Uploading(desk.store, told.append)
    while uploading.step(desk.rounds):
        pass
    return [one.file for one in told if one.file is not None]


def fetched(desk: Desk, case: str) -> bytes | None:
    (file,) = attachments.of_events(desk.seen(case).events)
    errands = Errands(desk.store, lambda _brought: None)
    errands.file(case, file)
    while errands.run(desk.rounds):
        pass
    return attachments.body(desk.store, file.hash)


def test_a_file_attached_here_is_read_at_another_desk(office: Office, picture: Path) -> None:
    zhou, li = office.desk("zhou"), office.desk("li")
    case = zhou.letter()
    assert noted(zhou, zhou.case(case).code, picture) == 0
    news = sent(zhou)
    assert (news[-1].up, news[-1].whole, news[-1].name) == (True, True, "七号楼 电梯.png")
    assert zhou.seen(case).sending == {}
    li.sync()
    assert fetched(li, case) == PICTURE


def test_the_words_go_before_the_file_and_wait_for_nothing(office: Office, picture: Path) -> None:
    zhou, li = office.desk("zhou"), office.desk("li")
    case = zhou.letter()
    noted(zhou, zhou.case(case).code, picture)
    zhou.sync()
    li.sync()
    (file,) = attachments.of_events(li.seen(case).events)
    assert file.name == "七号楼 电梯.png"
    assert fetched(li, case) is None
    assert [u.held for u in uploads.waiting(zhou.store)] == [0]


def test_a_file_waits_until_its_event_is_in_the_log(office: Office, picture: Path) -> None:
    zhou = office.desk("zhou")
    case = zhou.letter()
    noted(zhou, zhou.case(case).code, picture)
    assert not Uploading(zhou.store, lambda _b: None).step(zhou.rounds)
    assert len(uploads.waiting(zhou.store)) == 1


def test_a_cut_costs_one_piece_and_nothing_is_sent_twice(office: Office, picture: Path) -> None:
    zhou = office.desk("zhou")
    case = zhou.letter()
    noted(zhou, zhou.case(case).code, picture)
    zhou.sync()
    told: list[Brought] = []
    uploading = Uploading(zhou.store, told.append)
    assert uploading.step(zhou.rounds)
    zhou.line.cut = True
    with pytest.raises(LineError):
        uploading.step(zhou.rounds)
    zhou.line.cut = False
    (kept,) = uploads.waiting(zhou.store)
    assert kept.held == 16_000
    again = Uploading(zhou.store, told.append)  # the app was begun anew
    while again.step(zhou.rounds):
        pass
    assert uploads.waiting(zhou.store) == []
    held = [one.file.held for one in told if one.file is not None]
    assert held == sorted(set(held))


def test_a_piece_that_arrived_though_its_answer_was_lost_is_passed_over(office: Office, picture: Path) -> None:
    zhou = office.desk("zhou")
    case = zhou.letter()
    noted(zhou, zhou.case(case).code, picture)
    zhou.sync()
    uploading = Uploading(zhou.store, lambda _b: None)
    zhou.line.lose = 1
    with pytest.raises(LineError):
        uploading.step(zhou.rounds)
    assert [u.held for u in uploads.waiting(zhou.store)] == [0]
    assert sent(zhou)[-1].whole
    li = office.desk("li")
    assert fetched(li, case) == PICTURE


def test_a_note_that_is_taken_back_takes_its_file_along(office: Office, picture: Path, still: None) -> None:
    zhou = office.desk("zhou")
    case = zhou.letter()
    noted(zhou, zhou.case(case).code, picture)
    ((n,),) = zhou.store.rows("SELECT max(n) FROM event")
    with zhou.store.write() as conn:
        for table, column in (("outbox", "event_n"), ("event_touch", "event_n"), ("event", "n")):
            conn.execute(f"DELETE FROM {table} WHERE {column} = ?", (n,))
    assert sent(zhou) == []
    assert uploads.waiting(zhou.store) == []
    assert attachments.body(zhou.store, sha256(PICTURE).hexdigest()) is None


def test_what_is_not_taken_says_why_and_is_tried_again_by_a_key(office: Office, picture: Path) -> None:
    zhou = office.desk("zhou")
    case = zhou.letter()
    noted(zhou, zhou.case(case).code, picture)
    with zhou.store.write() as conn:
        conn.execute("UPDATE attachment SET body = ?", (b"MZ" + PICTURE[2:],))  # what arrives is no picture any more
    news = sent(zhou)
    assert [n.code for n in news] == ["forbidden_media"]
    (kept,) = uploads.waiting(zhou.store)
    assert kept.code == "forbidden_media"
    with zhou.store.write() as conn:
        conn.execute("UPDATE attachment SET body = ?", (PICTURE,))
    uploads.again(zhou.store, kept.hash)
    assert sent(zhou)[-1].whole


def test_erasing_a_letter_ends_the_sending_of_its_files(office: Office, picture: Path) -> None:
    zhou, he = office.desk("zhou"), office.desk("he")
    case = zhou.letter()
    noted(zhou, zhou.case(case).code, picture)
    zhou.sync()
    he.sync()
    he.do("erased", case, facts={"reason": "request"})
    he.sync()
    zhou.sync()
    assert uploads.waiting(zhou.store) == []
    assert attachments.body(zhou.store, sha256(PICTURE).hexdigest()) is None


def test_what_cannot_be_attached_is_said_before_anything_is_written(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    zhou = office.desk("zhou")
    case = zhou.letter()
    code, events = zhou.case(case).code, len(zhou.seen(case).events)
    (tmp_path / "a.exe").write_bytes(b"MZ123")
    (tmp_path / "empty.pdf").write_bytes(b"")
    with (tmp_path / "big.pdf").open("wb") as big:
        big.write(b"%PDF-1.7")
        big.truncate(attachments.LARGEST + 1)
    for name, said in (
        ("a.exe", "类型"),
        ("empty.pdf", "空文件"),
        ("big.pdf", "最大"),
        ("none.pdf", "没有文件"),
        (".", "不是文件"),
    ):
        assert noted(zhou, code, tmp_path / name) == 2
        assert said in capsys.readouterr().err
    assert len(zhou.seen(case).events) == events
    assert uploads.waiting(zhou.store) == []


def test_a_name_of_the_disk_passes_the_gate(tmp_path: Path) -> None:
    bad = tmp_path / "a\u202egpj.exe\x1b[31m\n.png"
    bad.write_bytes(PICTURE)
    found = attaching.choose(f"'{bad}'")
    assert not isinstance(found, str)
    assert not {"\u202e", "\x1b", "\n"} & set(found[0].name)


def test_paths_are_taken_as_a_terminal_drops_them(picture: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.png"
    other.write_bytes(PICTURE + b"2")
    quoted, escaped = f"'{picture}' {other}", f"{str(picture).replace(' ', chr(92) + ' ')} {other}"
    assert attaching.paths(quoted) == attaching.paths(escaped) == [picture, other]
    assert attaching.paths(str(picture)) == [picture]
    assert attaching.paths(picture.as_uri()) == [picture]
    assert attaching.paths("'open") is None


def test_a_path_is_completed_up_to_the_next_folder(picture: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / ".hidden").mkdir()
    assert completed(f"{tmp_path}/fo") == f"{tmp_path}/folder/"
    assert completed(f"x {tmp_path}/七") == f"x {tmp_path}/七号楼\\ 电梯.png"
    assert completed(f"'{tmp_path}/七") == f"'{tmp_path}/七号楼 电梯.png'"
    assert completed(f"{tmp_path}/zzz") is None


async def test_a_picture_goes_with_a_note_by_keys_and_says_how_far_it_is(
    office: Office, picture: Path, still: None
) -> None:
    desk = office.desk("zhou")
    case = desk.letter()
    desk.sync()
    app = DeskApp(desk.store, own_actor(desk.store), desk.store.home)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("n", *"现场照片", "tab")
        field = app.focused
        assert isinstance(field, PathField)
        field.insert_text_at_cursor(f"'{picture}'")
        await pilot.press("ctrl+s")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not isinstance(app.screen, Form)
        assert desk.seen(case).sending[sha256(PICTURE).hexdigest()].held == 0
        await pilot.press("A")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, AttachmentsScreen)
        assert "待上传" in "".join(line.text for line in screen._lines(100))
        await pilot.press("enter")
        assert list((desk.store.home / "opened").rglob("*.png"))


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh_CN"), ((80, 24), "en")])
def test_a_note_with_a_file_as_it_is_drawn(
    office: Office,
    picture: Path,
    still: None,
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    language: str,
) -> None:
    monkeypatch.setenv("DESK_LANG", language)
    monkeypatch.chdir(picture.parent)
    desk = office.desk("zhou")
    office.write("七号楼电梯停运")
    desk.sync()
    app = DeskApp(desk.store, own_actor(desk.store), desk.store.home)
    assert snap_compare(app, press=["n", *"photo", "tab", *"七号楼", "right"], terminal_size=size)
