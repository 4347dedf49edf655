"""What every verb needs: the store of this home, and the letters a person named."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from db import forgetting, queries
from db.clock import now_ms
from db.opening import open_store
from db.people import own_actor
from db.rows import BadQueryError, Row
from db.store import Store
from db.words import _
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError
from desk.home import home
from desk.patience import tell
from desk.unlocking import asker

PAGE = 500


@contextmanager
def opened(options: argparse.Namespace, *, create: bool = True) -> Iterator[Store]:
    """The store of `--home`, DESK_HOME or the person's own folder. Raises StoreError."""
    ask = asker(stdin=options.passphrase_stdin)
    with open_store(home(options.home), create=create, ask=ask, told=tell) as store:
        yield store
        if forgetting.waits(store):
            from db.upkeep import finish

            finish(store)


def rows(store: Store, query: str, queue: int | None, limit: int | None) -> Iterator[Row]:
    """Matching rows in their order, page by page. Raises StopError for a search that cannot be understood."""
    now, last, left = now_ms(), None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        try:
            page = queries.page(
                store, queue or 0, after=last, limit=size, query=query or None, now=now, me=own_actor(store).id
            )
        except BadQueryError as e:
            raise StopError(EXIT_USAGE, e.sentence()) from e
        yield from page.rows
        if not page.more or not page.rows:
            return
        last = page.rows[-1]
        left = None if left is None else left - len(page.rows)


def named(store: Store, codes: list[str]) -> list[str]:
    """The cases of those codes. Raises StopError where one is not here."""
    found = []
    for code in codes:
        case = queries.find(store, code)
        if case is None:
            raise StopError(EXIT_REFUSED, _("There is no letter {code} here.", code=code))
        found.append(case)
    return found
