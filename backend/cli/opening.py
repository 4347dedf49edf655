"""Opens a newsroom's database for a verb, or says in a sentence why not."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from backend.database import Database, DatabaseError
from backend.migrate import stand, upgrade
from backend.settings import default_database
from db.tongue import EXIT_LINE, EXIT_STORE, EXIT_USAGE, StopError
from db.words import _


def address(options: argparse.Namespace) -> str:
    """Where the database is, as given or by default."""
    return options.database or default_database()


def shown(url: str) -> str:
    """An address as it may be printed: without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "?"


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Database]:
    """The database, with this version's tables; an empty one is made. Raises StopError."""
    url = address(options)
    with reached(url) as db:
        with db.read() as conn:
            how = stand(conn)
        if how == "empty":
            upgrade(db)
        elif how == "old":
            raise StopError(
                EXIT_STORE, _("The database is of an older version. Make a backup, then: desk-backend migrate")
            )
        elif how == "newer":
            raise StopError(
                EXIT_STORE, _("The database is of a newer version than this backend. Nothing was changed; update it.")
            )
        yield db


@contextmanager
def reached(url: str) -> Iterator[Database]:
    """The database as it is. Raises StopError."""
    try:
        db = Database(url)
    except DatabaseError as e:
        if str(e) == "psycopg":
            raise StopError(
                EXIT_USAGE, _("PostgreSQL needs the package psycopg: install letters-desk[postgres].")
            ) from e
        said = _("This is no address of a database: {url}. Write sqlite:///FILE or postgresql://…", url=shown(url))
        raise StopError(EXIT_USAGE, said) from e
    try:
        yield db
    except DBAPIError as e:
        if db.sqlite or e.connection_invalidated or type(e).__name__ == "OperationalError":
            sentence = _("The database does not answer: {url}. Nothing was changed.", url=shown(url))
            raise StopError(EXIT_STORE if db.sqlite else EXIT_LINE, sentence) from e
        raise
    finally:
        db.close()
