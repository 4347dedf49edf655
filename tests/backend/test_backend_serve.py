"""`desk-backend` as a real process on a real socket: users, tokens, migrations, logs, stopping."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.__main__ import main
from backend.app import create
from backend.settings import Settings

PASSWORD = "correct horse battery"


class Verb:
    """A verb of `desk-backend` in this process: the same entry, without a second for the imports of each."""

    def __init__(self, database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setenv("DESK_DATABASE", database)
        monkeypatch.setenv("DESK_LANG", "en")
        self.patch = monkeypatch
        self.capsys = capsys

    def __call__(self, *words: str, given: str = f"{PASSWORD}\n", code: int = 0) -> str:
        self.patch.setattr(sys, "stdin", io.StringIO(given))
        try:
            got = main(words)
        except SystemExit as end:
            got = int(str(end.code))
        out, err = self.capsys.readouterr()
        assert got == code, err
        return out + err


@pytest.fixture
def verb(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Verb:
    return Verb(database, monkeypatch, capsys)


@contextlib.contextmanager
def serving(database: str) -> Iterator[tuple[str, subprocess.Popen[str], list[dict[str, Any]]]]:
    """A server as a process on a free port: its address, its process, and the log lines it has written so far."""
    words = [sys.executable, "-m", "backend", "serve", "--port", "0", "--database", database]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    lines: list[dict[str, Any]] = []
    errors = process.stderr
    reader = threading.Thread(target=lambda: lines.extend(json.loads(line) for line in errors), daemon=True)
    reader.start()
    try:
        yield process.stdout.readline().strip(), process, lines
    finally:
        process.terminate()
        process.wait(30)
        reader.join(10)


def test_a_day_from_the_first_user_to_the_last_poll(database: str, verb: Verb) -> None:
    assert verb("user", "add", "李岚", "--role", "editor") == "u1\n"
    with serving(database) as (url, process, lines), httpx.Client(base_url=url, timeout=30) as client:
        assert client.get("/ready").json()["status"] == "ready"
        login = {"name": "李岚", "password": PASSWORD, "key": "k" * 32, "label": "前台"}
        told = client.post("/v1/login", json=login).json()
        assert (told["device"], told["number"], told["user"]["role"]) == ("d1", 1, "editor")
        headers = {"authorization": f"Bearer {told['token']}"}
        assert client.get("/v1/sync?c=0&h=&w=0", headers=headers).status_code == 204
        assert client.get("/openapi.json").json()["info"]["title"]
        assert "Cannot listen" in verb("serve", "--port", url.rsplit(":", 1)[1], code=3)
        answers: list[httpx.Response] = []
        poll = threading.Thread(target=lambda: answers.append(client.get("/v1/sync?c=0&h=&w=50", headers=headers)))
        poll.start()
        while "\ndesk_polls_waiting 1.0\n" not in client.get("/metrics").text:
            pass
        line = verb("token", "list").splitlines()[-1]
        assert "李岚" in line
        verb("token", "revoke", line.split()[0])
        verb("token", "revoke", line.split()[0], code=1)
        answer = client.get("/v1/sync?c=0&h=", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "revoked")
        process.send_signal(signal.SIGTERM)
        poll.join(20)
        assert answers[0].status_code == 204, "a poll is sent home, not cut off"
        assert process.wait(20) == 0
    written = json.dumps(lines, ensure_ascii=False)
    assert "李岚" not in written
    assert told["token"] not in written
    assert any(line.get("route") == "/v1/login" and line["status"] == 200 for line in lines)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_the_command_line_refuses_it_says(verb: Verb, tmp_path: Path) -> None:
    assert "10 to 500" in verb("user", "add", "li", "--role", "editor", given="short\n", code=1)
    assert "tried" in verb("user", "add", "li", "--role", "editor", given="1234567890\n", code=1)
    verb("user", "add", "li", "--role", "editor")
    assert "already" in verb("user", "add", "li", "--role", "reader", code=1)
    assert "--district" in verb("user", "add", "w", "--role", "unit", code=1)
    assert "no district" in verb("user", "add", "w", "--role", "unit", "--district", "1", code=2)
    verb("user", "add", "w", "--role", "unit", "--district", "500112")
    assert "letters" in verb("user", "add", "x", "--role", "editor", "--id", "system", code=1)
    assert "Nothing to change" in verb("user", "change", "li", code=2)
    assert "Nobody" in verb("user", "change", "nobody", "--gone", code=1)
    verb("user", "change", "li", "--role", "supervisor", "--gone")
    assert "supervisor" in verb("user", "list").lower()
    assert "blanks" in verb("token", "add", "--channel", "a b", code=2)
    assert "Missing" in verb("token", "revoke", code=2)
    assert "no address" in verb("migrate", "--database", "nonsense", code=2)
    assert "no address" in verb("migrate", "--database", "sqlite://", code=2)
    assert "does not answer" in verb("user", "list", "--database", f"sqlite:///{tmp_path}/none/x.db", code=4)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_an_empty_database_is_made_and_a_newer_one_left_alone(verb: Verb, tmp_path: Path) -> None:
    import sqlite3

    new = f"sqlite:///{tmp_path / 'new.db'}"
    verb("migrate", "--database", new)
    conn = sqlite3.connect(tmp_path / "new.db")
    conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.commit()
    conn.close()
    assert "newer" in verb("serve", "--database", new, "--port", "0", code=4)
    assert "newer" in verb("migrate", "--database", new, code=4)


async def test_a_database_that_is_away_is_said_and_nothing_is_lost_by_it(tmp_path: Path) -> None:
    app = create(Settings(f"sqlite:///{tmp_path}/away/never.db"))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://backend") as client:
        assert (await client.get("/health")).status_code == 200
        ready = await client.get("/ready")
        assert (ready.status_code, ready.json()["database"]) == (503, False)
        answer = await client.get("/v1/sync", headers={"authorization": "Bearer x"})
        assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
        assert answer.headers["retry-after"] == "5"


async def test_a_body_without_end_is_cut_short(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100_000

    for path in ("/v1/letters", "/v1/login", "/v1/unit/dispatches/x/reply"):
        answer = await client.post(path, content=endless(), headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_big")


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_at_the_desk_a_first_password_becomes_ones_own_and_later_another(
    database: str, verb: Verb, tmp_path: Path
) -> None:
    first = verb("user", "add", "李岚", "--role", "editor", "--first").splitlines()[1]

    def desk(*words: str, typed: str) -> tuple[int, str]:
        ran = subprocess.run(
            [sys.executable, "-m", "desk", "--home", str(tmp_path / "desk"), *words],
            input=typed,
            capture_output=True,
            text=True,
            env=os.environ | {"DESK_LANG": "en"},
        )
        return ran.returncode, ran.stdout + ran.stderr

    with serving(database) as (url, _process, _lines):
        login = ("login", "--server", url, "--user", "李岚")
        code, said = desk(*login, typed=f"{first}\n")
        assert (code, "No new password" in said) == (5, True), said
        code, said = desk(*login, typed=f"{first}\nan oar and a wooden boat\n")
        assert (code, "Logged in as 李岚" in said) == (0, True), said
        code, said = desk("password", typed="an oar and a wooden boat\nclouds that walk slowly\n")
        assert (code, "stays logged in" in said) == (0, True), said
        assert desk("sync", typed="")[0] == 0
        verb("user", "change", "李岚", "--first")
        code, said = desk("sync", typed="")
        assert (code, "login has ended" in said) == (5, True), said
