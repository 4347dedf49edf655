"""Many at once: numbers are commit order, so a reader never misses one; and two databases have the tables of the classes."""

from __future__ import annotations

import asyncio
import random

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from backend.database import Database
from backend.tables import Base
from db.model import Role
from tests.backend.desks import Desk, Newsroom, refused, tokened


async def test_a_reader_never_misses_a_number_while_eight_write(newsroom: Newsroom) -> None:
    rng = random.Random(7)
    writers = [tokened(newsroom.client, newsroom.db, "li", Role.EDITOR) for _ in range(8)]
    shared = newsroom.li.letter()
    await newsroom.li.sync(shared)
    done = asyncio.Event()

    async def write(desk: Desk) -> int:
        own = desk.letter()
        kept = len((await desk.sync(own)).get("x", [])) + 1
        for _ in range(8):
            case = rng.choice([shared.id, own.id])
            events = [desk.event("noted", case, words={"text": str(n)}) for n in range(rng.randrange(1, 4))]
            if case == own.id and rng.random() < 0.3:
                events.append(desk.letter())
            assert not refused(await desk.sync(*events))
            kept += len(events)
        return kept

    async def read(desk: Desk) -> None:
        while True:
            last = done.is_set()
            await desk.all()  # folds what comes, and fails where a number is missing
            if last:
                return

    reading = asyncio.ensure_future(read(newsroom.zhou))
    kept = await asyncio.gather(*(write(d) for d in writers))
    done.set()
    await reading
    assert newsroom.zhou.cursor == sum(kept) + 1
    for desk in writers:
        await desk.all()
        assert (desk.cases, desk.hash) == (newsroom.zhou.cases, newsroom.zhou.hash)


async def test_writers_that_merge_across_each_other_never_lock_each_other_out(newsroom: Newsroom) -> None:
    writers = [tokened(newsroom.client, newsroom.db, "li", Role.EDITOR) for _ in range(4)]
    letters = [newsroom.li.letter() for _ in range(6)]
    await newsroom.li.sync(*letters)
    for desk in writers:
        await desk.all()

    async def merge(desk: Desk, seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(6):
            a, b = rng.sample(letters, 2)
            await desk.sync(desk.event("merged", a.id, facts={"into": b.id}))
            await desk.sync(desk.event("noted", a.id), desk.event("noted", b.id))

    await asyncio.gather(*(merge(d, n) for n, d in enumerate(writers)))
    await newsroom.zhou.all()
    for desk in writers:
        await desk.all()
        assert (desk.cases, desk.hash) == (newsroom.zhou.cases, newsroom.zhou.hash)


def test_the_migrations_arrive_at_the_classes(db: Database) -> None:
    with db.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
