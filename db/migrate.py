"""Brings a store to this desk's schema by Alembic. Imported only where a file is new or older than this desk.

`SCHEMA` is the number the file carries in `PRAGMA user_version`; one a migration in `db/migrations/versions`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.store_file import SCHEMA

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = {1: "0001", 2: "0002", 3: "0003", 4: "0004", 5: "0005", 6: "0006", 7: "0007", 8: "0008", 9: "0019"}
"""Schema number → Alembic revision."""


def config() -> Config:
    """Alembic's settings, without a file and without a place on this machine."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return made


def ours(name: str | None, kind: str, _parents: Any = None) -> bool:
    """Whether a thing in the file is SQLModel's: the search index keeps tables of its own."""
    return not (kind == "table" and (name or "").split("_")[0] == "words")


def engine(connection: Any) -> Any:
    """A SQLAlchemy engine over an open sqlcipher3 connection, which stays the caller's to close."""
    import sqlcipher3
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    return create_engine("sqlite://", creator=lambda: connection, module=sqlcipher3.dbapi2, poolclass=StaticPool)


def upgrade(connection: Any) -> None:
    """Runs every missing migration in one transaction: the file is at the new schema or untouched.

    `connection` is in autocommit mode (isolation_level None). Raises what sqlcipher3 raises.
    """
    from alembic import command
    from sqlalchemy.exc import DBAPIError

    settings = config()
    try:
        with engine(connection).connect() as conn:
            connection.execute("BEGIN IMMEDIATE")  # after SQLAlchemy's first look, which ends with a rollback
            settings.attributes["connection"] = conn
            settings.attributes["schema"] = SCHEMA
            command.upgrade(settings, VERSIONS[SCHEMA])
    except DBAPIError as e:
        raise (e.orig or e) from None
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
