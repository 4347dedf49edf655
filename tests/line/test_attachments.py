"""A letter's files on the desk: listed, fetched when opened, resumed after a cut, written where no name leads elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import attachments
from db.attachments import Attached
from db.model import CaseId
from db.people import own_actor
from desk import opening
from desk.app import DeskApp
from desk.cli import main
from desk.line.errands import Errands
from desk.line.state import Brought, FileNews
from desk.line.trouble import LineError
from desk.screens.attachments import AttachmentsScreen
from tests.line.office import Desk, Office

PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(150_000)
PAPER = b"%PDF-1.7\n" + os.urandom(900)


def _put(office: Office, body: bytes) -> str:
    name = sha256(body).hexdigest()
    headers = {"authorization": f"Bearer {office.channel_key}"}
    answer = office.test.put(f"/v1/attachments/{name}", content=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return name


def letter_with_files(office: Office) -> tuple[Desk, CaseId]:
    """A desk that has a letter with a picture and two papers of one name; nothing of them is here."""
    files = [
        {"hash": _put(office, PICTURE), "name": "../../七号楼电梯.png"},
        {"hash": _put(office, PAPER), "name": "合同.pdf"},
        {"hash": _put(office, PAPER + b"2"), "name": "合同.pdf"},
    ]
    case = office.write("七号楼电梯停运", attachments=files)
    return office.desk("zhou"), case


def _fetched(desk: Desk, case: CaseId, file: Attached) -> list[FileNews]:
    told: list[Brought] = []
    errands = Errands(desk.store, told.append)
    errands.file(case, file)
    while errands.run(desk.rounds):
        pass
    return [one.file for one in told if one.file is not None]


def test_a_file_is_fetched_when_it_is_opened_and_is_here_from_then_on(office: Office) -> None:
    desk, case = letter_with_files(office)
    files = attachments.of_events(desk.seen(case).events)
    assert [(f.n, f.kind, f.size) for f in files] == [
        (1, "image", len(PICTURE)),
        (2, "document", len(PAPER)),
        (3, "document", len(PAPER) + 1),
    ]
    assert attachments.body(desk.store, files[0].hash) is None
    news = _fetched(desk, case, files[0])
    assert news[-1].whole
    assert [n.held for n in news] == sorted(n.held for n in news)
    desk.line.cut = True
    assert attachments.body(desk.store, files[0].hash) == PICTURE


def test_a_cut_costs_what_was_on_its_way_and_nothing_else(office: Office) -> None:
    desk, case = letter_with_files(office)
    file = attachments.of_events(desk.seen(case).events)[0]
    desk.line.short = 20_000
    cuts = 0
    errands = Errands(desk.store, lambda _brought: None)
    errands.file(case, file)
    while attachments.body(desk.store, file.hash) is None:
        with suppress(LineError):
            errands.run(desk.rounds)
            continue
        cuts += 1
    assert cuts == 7
    assert desk.line.carried == len(PICTURE)
    assert attachments.body(desk.store, file.hash) == PICTURE


def test_what_an_erasure_takes_goes_from_the_desk_too(office: Office) -> None:
    desk, case = letter_with_files(office)
    files = attachments.of_events(desk.seen(case).events)
    _fetched(desk, case, files[0])
    desk.line.short = 100
    with pytest.raises(LineError):
        _fetched(desk, case, files[1])
    desk.line.short = 0
    he = office.desk("he")
    he.do("erased", case, facts={"reason": "request"})
    he.sync()
    desk.sync()
    assert attachments.body(desk.store, files[0].hash) is None
    assert attachments.held(desk.store, files[1]) == 0
    assert _fetched(desk, case, files[1])[-1].code == "unknown"


@given(st.text(max_size=300), st.sampled_from([*attachments.ENDINGS, "text/x"]))
def test_no_name_of_a_file_leads_anywhere(name: str, media: str) -> None:
    made = Attached(3, "ab" * 32, media, 1, name, "e", 0).file_name
    assert made == Path(made).name
    assert not made.startswith(".")
    assert made.startswith("3-")
    assert len(made.encode()) < 200
    assert made.isprintable()
    assert made.rsplit(".", 1)[1] in attachments.ENDINGS.get(media, ("bin",))


def test_an_opened_file_is_its_readers_alone_and_follows_no_link(tmp_path: Path) -> None:
    file = Attached(1, "ab" * 32, "application/pdf", 1, "../../../etc/passwd", "e", 0)
    (tmp_path / "other").write_bytes(b"kept")
    path = opening.write(tmp_path, "RMLX-20241015-03-0007", file, b"one")
    path.unlink()
    path.symlink_to(tmp_path / "other")
    again = opening.write(tmp_path, "RMLX-20241015-03-0007", replace(file), b"two")
    assert again.parent.parent == tmp_path / "opened"
    assert (again.read_bytes(), (tmp_path / "other").read_bytes()) == (b"two", b"kept")
    assert again.stat().st_mode & 0o777 == 0o600
    assert again.parent.stat().st_mode & 0o777 == 0o700
    opening.clear(tmp_path)
    assert not (tmp_path / "opened").exists()


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.screens.queue.REST", 0)
    monkeypatch.setattr("desk.screens.queue_beside.ON", False)
    monkeypatch.setattr("desk.app.DeskApp.line_up", lambda _self: None)  # no worker: what comes is sent by the tests
    monkeypatch.setenv("DESK_NOW", "2024-11-01T09:30:00+08:00")
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


async def test_a_file_opens_by_two_keys_and_its_folder_goes_with_the_app(office: Office, still: None) -> None:
    desk, case = letter_with_files(office)
    files = attachments.of_events(desk.seen(case).events)
    _fetched(desk, case, files[1])
    app = DeskApp(desk.store, own_actor(desk.store), desk.store.home)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("A")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, AttachmentsScreen)
        await pilot.press("enter")
        assert "没有登录" in str(screen.foot.content)
        await pilot.press("j", "enter")
        (path,) = (desk.store.home / "opened").rglob("*.pdf")
        assert path.read_bytes() == PAPER
        assert path.name in str(screen.foot.content)
        app.line_down()
    assert not path.exists()


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh_CN"), ((80, 24), "en")])
def test_the_files_of_a_letter_as_they_are_drawn(
    office: Office,
    still: None,
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    language: str,
) -> None:
    monkeypatch.setenv("DESK_LANG", language)
    desk, case = letter_with_files(office)
    files = attachments.of_events(desk.seen(case).events)
    _fetched(desk, case, files[1])
    desk.line.short = 40_000
    with pytest.raises(LineError):
        _fetched(desk, case, files[0])
    app = DeskApp(desk.store, own_actor(desk.store), desk.store.home)
    assert snap_compare(app, press=["enter", "A"], terminal_size=size)


def test_the_verb_lists_the_files_of_a_letter_and_writes_one(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, case = letter_with_files(office)
    code, home = desk.case(case).code, str(desk.store.home)
    files = attachments.of_events(desk.seen(case).events)
    _fetched(desk, case, files[2])
    target = tmp_path / "one.pdf"
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    assert main(["attachment", code, "--home", home]) == 0
    listed = capsys.readouterr().out
    assert listed.count("合同.pdf") == 2
    assert main(["attachment", code, "--to", str(target), "--home", home]) == 2
    assert main(["attachment", code, "9", "--to", str(target), "--home", home]) == 2
    assert main(["attachment", code, "3", "--to", str(target), "--home", home]) == 0
    assert target.read_bytes() == PAPER + b"2"
    assert main(["attachment", code, "3", "--to", str(target), "--home", home]) == 2
    capsys.readouterr()
    assert main(["attachment", code, "1", "--to", str(tmp_path / "x.png"), "--home", home]) == 3
    assert "字节" in capsys.readouterr().err
