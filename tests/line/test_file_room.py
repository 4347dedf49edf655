"""Attached files that never travelled leave a desk by hand; fetched ones make room, unsent ones never."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from db import attachments, file_room, uploads
from desk.cli import main
from desk.home import settings_file
from desk.line.uploading import Uploading
from tests.line.office import Desk, Office
from tests.line.test_attaching import PICTURE, fetched, noted, picture, sent, still

__all__ = ["picture", "still"]
pytestmark = pytest.mark.usefixtures("still")

OTHERS = [PICTURE + bytes([n]) * 10_000 for n in range(3)]


def written(desk: Desk, to: Path) -> list[dict[str, object]]:
    """The lines of `desk sync --unsent` that are of files."""
    assert main(["sync", "--unsent", str(to), "--home", str(desk.store.home)]) == 0
    return [one for line in to.read_text().splitlines() if "file" in (one := json.loads(line))]


def test_what_a_revoked_desk_has_not_sent_is_written_with_its_files(
    office: Office, picture: Path, tmp_path: Path
) -> None:
    zhou = office.desk("zhou")
    case = zhou.letter()
    noted(zhou, zhou.case(case).code, picture)
    (told,) = written(zhou, tmp_path / "unsent.ndjson")
    path = tmp_path / str(told["path"])
    assert path.read_bytes() == PICTURE
    assert told["code"] == zhou.case(case).code
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent)] == [0o600, 0o700]


def test_a_file_whose_words_have_arrived_but_not_itself_is_written_too(
    office: Office, picture: Path, tmp_path: Path
) -> None:
    zhou = office.desk("zhou")
    noted(zhou, zhou.case(zhou.letter()).code, picture)
    zhou.sync()
    assert len(written(zhou, tmp_path / "unsent.ndjson")) == 1


def test_a_file_that_has_arrived_is_not_written(office: Office, picture: Path, tmp_path: Path) -> None:
    zhou = office.desk("zhou")
    noted(zhou, zhou.case(zhou.letter()).code, picture)
    sent(zhou)
    assert written(zhou, tmp_path / "unsent.ndjson") == []
    assert not (tmp_path / "unsent.ndjson-files").exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", ".bashrc", "a/b\0c.png", "\u202egnp.exe", "-rf", ""])
def test_a_written_file_lies_where_it_was_said(office: Office, picture: Path, tmp_path: Path, name: str) -> None:
    zhou = office.desk("zhou")
    noted(zhou, zhou.case(zhou.letter()).code, picture)
    (upload,) = uploads.waiting(zhou.store)
    with zhou.store.write() as conn:
        uploads.want(conn, upload.case, [(upload.hash, name, upload.size)])
    (told,) = written(zhou, tmp_path / "unsent.ndjson")
    folder = tmp_path / "unsent.ndjson-files"
    assert [p for p in folder.iterdir() if p.read_bytes() == PICTURE] == [tmp_path / str(told["path"])]
    assert not [p for p in folder.iterdir() if p.name.startswith((".", "-"))]


def test_a_link_where_the_files_should_go_is_not_followed(office: Office, picture: Path, tmp_path: Path) -> None:
    zhou = office.desk("zhou")
    noted(zhou, zhou.case(zhou.letter()).code, picture)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "unsent.ndjson-files").symlink_to(elsewhere)
    assert main(["sync", "--unsent", str(tmp_path / "unsent.ndjson"), "--home", str(zhou.store.home)]) == 2
    assert not list(elsewhere.iterdir())


def with_three_files(office: Office, tmp_path: Path) -> tuple[Desk, list[str], list[str]]:
    """A desk that has fetched three files, the second of which was opened last: hashes, letters."""
    zhou, li = office.desk("zhou"), office.desk("li")
    letters = [zhou.letter() for _ in OTHERS]
    for n, (case, body) in enumerate(zip(letters, OTHERS, strict=True)):
        path = tmp_path / f"{n}.png"
        path.write_bytes(body)
        noted(zhou, zhou.case(case).code, path)
    sent(zhou)
    li.sync()
    for case in letters:
        assert fetched(li, case) is not None
    hashes = [attachments.of_events(li.seen(case).events)[0].hash for case in letters]
    with li.store.write() as conn:
        for at, n in enumerate((2, 0, 1)):
            file_room.used(conn, hashes[n], at)
    return li, hashes, letters


def here(desk: Desk, hashes: list[str]) -> list[int]:
    return [n for n, hash_ in enumerate(hashes) if attachments.body(desk.store, hash_) is not None]


def test_files_longest_not_opened_make_room_and_come_again(office: Office, tmp_path: Path) -> None:
    li, hashes, letters = with_three_files(office, tmp_path)
    size = len(OTHERS[0])
    assert file_room.prune(li.store, 3 * size) == 0
    assert file_room.prune(li.store, 2 * size) == size
    assert here(li, hashes) == [0, 1]
    assert file_room.prune(li.store, 0) == size
    assert here(li, hashes) == [1]
    assert fetched(li, letters[2]) == OTHERS[2]


def test_a_file_that_waits_to_be_sent_never_makes_room(office: Office, picture: Path, tmp_path: Path) -> None:
    li, hashes, letters = with_three_files(office, tmp_path)
    noted(li, li.case(letters[0]).code, picture)
    (upload,) = uploads.waiting(li.store)
    file_room.opened(li.store, hashes[1], 9, 0)
    assert here(li, [*hashes, upload.hash]) == [1, 3]
    li.sync()  # its words have arrived, itself not
    file_room.prune(li.store, 0)
    assert here(li, [upload.hash]) == [0]
    while Uploading(li.store, lambda _b: None).step(li.rounds):
        pass
    file_room.prune(li.store, 0)
    assert here(li, [upload.hash]) == []


def test_the_verb_keeps_to_the_persons_limit(office: Office, tmp_path: Path) -> None:
    li, hashes, letters = with_three_files(office, tmp_path)
    settings_file(li.store.home).write_text("files_mb = 0\n")
    assert (
        main(["attachment", li.case(letters[2]).code, "--to", str(tmp_path / "out"), "--home", str(li.store.home)]) == 0
    )
    assert (tmp_path / "out").read_bytes() == OTHERS[2]
    assert here(li, hashes) == [2]
