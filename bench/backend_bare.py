"""A bare insert-only and a bare read-only endpoint on the same stack, for comparison: `backend_bare.py URL PORT`.

A counter row and one batch insert a request; a page of 500 rows, as text. No rules, no cases, no hashes, no tokens.
"""

import json
import sys

import uvicorn
from fastapi import FastAPI, Request
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text, insert, select, update
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from backend.database import Database
from db import frames

meta = MetaData()
counter = Table("bare_counter", meta, Column("id", Integer, primary_key=True), Column("seq", BigInteger))
event = Table(
    "bare_event",
    meta,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(36), unique=True),
    Column("digest", LargeBinary),
    Column("wire", Text),
)


def make(db: Database) -> FastAPI:
    app = FastAPI()

    def put(events: list) -> int:
        def work(conn):
            last = conn.execute(select(counter.c.seq).with_for_update()).scalar_one()
            rows = [
                {"seq": last + n, "id": e["id"], "digest": b"", "wire": json.dumps(e, ensure_ascii=False)}
                for n, e in enumerate(events, 1)
            ]
            conn.execute(insert(event), rows)
            conn.execute(update(counter).values(seq=last + len(rows)))
            return last + len(rows)

        return db.write(work)

    def get(after: int) -> bytes:
        with db.read() as conn:
            query = select(event.c.wire).where(event.c.seq > after).order_by(event.c.seq).limit(500)
            rows = [wire for (wire,) in conn.execute(query)]
        return frames.pack_text(f"[{','.join(rows)}]", (1,))

    @app.post("/push")
    async def push(request: Request) -> Response:
        given = frames.unpack(await request.body())
        return Response(str(await run_in_threadpool(put, given)))

    @app.get("/pull")
    async def pull(after: int = 0) -> Response:
        return Response(await run_in_threadpool(get, after))

    return app


if __name__ == "__main__":
    opened = Database(sys.argv[1])

    def begin(conn):
        meta.drop_all(conn)
        meta.create_all(conn)
        conn.execute(insert(counter), {"id": 1, "seq": 0})

    opened.write(begin)
    uvicorn.run(make(opened), port=int(sys.argv[2]), log_level="error", access_log=False)
