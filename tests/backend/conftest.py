"""A backend for each test, over a new database: SQLite copied from one made once, PostgreSQL cloned from a template."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection

from backend.app import create
from backend.database import Database
from backend.doors import letters, surveys, unit_page
from backend.migrate import begin
from backend.people import passwords
from backend.running import Backend
from backend.settings import Settings
from backend.tables import Base
from tests.backend.callers import Everybody, come
from tests.backend.desks import CHEAP, Newsroom


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as in production, but for its price: that is a tenth of a second for each login, on purpose."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)


def _empty(db: Database) -> None:
    """As it was after its making: emptying the tables takes a tenth of the time of a new database."""
    everything = ";".join(f'DELETE FROM "{table.name}"' for table in Base.metadata.sorted_tables)

    def work(conn: Connection) -> None:
        conn.exec_driver_sql(everything)
        begin(conn)

    db.write(work)


@pytest.fixture(params=["sqlite", "postgres"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database as new; every test that asks runs on both kinds."""
    if request.param == "postgres":
        pooled: Database = request.getfixturevalue("pool")
        _empty(pooled)
        yield pooled
        return
    shutil.copy(request.getfixturevalue("made_once"), tmp_path / "backend.db")
    opened = Database(f"sqlite:///{tmp_path / 'backend.db'}")
    yield opened
    opened.close()


@pytest.fixture
def database(db: Database) -> str:
    """Its address."""
    return db.url


@pytest.fixture(scope="session")
def one_app() -> FastAPI:
    """The app without a database: FastAPI prepares its routes at the first request, which is most of a short test."""
    return create(Settings(database="sqlite:///never-opened.db"))


@pytest.fixture(autouse=True)
def a_new_minute() -> None:
    """Limits a minute are counted in the process: what other tests asked for is not this one's."""
    for pace in (surveys.LOOKED, surveys.ANSWERED, letters.LOOKED, unit_page.OPENED):
        pace._counts.clear()


@pytest.fixture
def app(one_app: FastAPI, db: Database) -> FastAPI:
    one_app.state.backend = Backend(Settings(database=db.url, public_url="https://letters.example"), db)
    one_app.state.cutting = None
    return one_app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP without a socket: the app's own ASGI."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://backend") as opened:
        yield opened


@pytest.fixture
async def newsroom(client: httpx.AsyncClient, db: Database) -> Newsroom:
    """Two editors, a supervisor and a reader, each at a desk."""
    return await Newsroom.open(client, db)


@pytest.fixture
async def everybody(client: httpx.AsyncClient, db: Database) -> Everybody:
    """A newsroom, and a key for every kind of caller."""
    return await come(client, db)
