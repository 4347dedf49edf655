"""A bad line: a TCP proxy on 127.0.0.1 that is slow, far away, and cut again and again.

    python tools/line.py TARGET_PORT [--port 0] [--rate 32000] [--delay 0.5] [--cut 20] [--within N]

Rate in bit/s each way, delay in seconds each way; every `cut` seconds all connections end as if a cable were pulled, and nothing
gets through for two seconds; with `within`, a connection also ends after about so many bytes of answers, in their middle.
In a test: `with Line(port, rate=…) as line: line.url; line.cut(); line.down = True`. Bytes are counted each way.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import threading
import time
from contextlib import suppress

CHUNK = 512
DEAD = 2.0
"""Seconds that a cut lasts."""


class Line:
    """The proxy, in a thread of its own. `up`, `down_bytes`: what went to the target and what came from it."""

    def __init__(
        self,
        target: int,
        *,
        port: int = 0,
        rate: float = 32_000,
        delay: float = 0.5,
        cut: float = 0,
        within: int = 0,
        seed: int = 1,
    ) -> None:
        self.target, self.port = target, port
        self.rate, self.delay, self.every, self.within = rate / 8, delay, cut, within
        self.down = False
        self.sent = self.received = self.cuts = 0
        self._rng = random.Random(seed)
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = {"up": 0.0, "down": 0.0}
        self._dead_until = 0.0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Line:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def cut(self) -> None:
        """Every connection ends now."""
        self._loop.call_soon_threadsafe(self._cut)

    # inside the loop

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        if self.every:
            self._later = self._loop.create_task(self._cutting())
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with suppress(Exception):
            self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _cutting(self) -> None:
        while True:
            await asyncio.sleep(self.every)
            self._cut()
            self._dead_until = time.monotonic() + DEAD

    def _cut(self) -> None:
        self.cuts += 1
        for task in list(self._tasks):
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.down or time.monotonic() < self._dead_until:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        left = self._rng.randrange(self.within // 2, self.within * 2) if self.within else 0
        ways = [
            self._loop.create_task(self._carry(reader, back, "up", 0)),
            self._loop.create_task(self._carry(there, writer, "down", left)),
        ]
        self._tasks.update(ways)
        with suppress(asyncio.CancelledError):  # the proxy ends
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for task in ways:
            task.cancel()
        self._tasks.difference_update(ways)
        for end in (writer, back):
            end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str, left: int) -> None:
        """Bytes of one way: each chunk leaves when the line is free, and arrives a delay later."""
        arriving: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                at, chunk = await arriving.get()
                await asyncio.sleep(max(0.0, at - time.monotonic()))
                writer.write(chunk)

        bringing = self._loop.create_task(arrive())
        passed = 0
        try:
            while chunk := await reader.read(CHUNK):
                if self.down:
                    return
                start = max(time.monotonic(), self._free[way])
                self._free[way] = start + len(chunk) / self.rate
                await asyncio.sleep(max(0.0, self._free[way] - time.monotonic()))
                arriving.put_nowait((self._free[way] + self.delay, chunk))
                passed += len(chunk)
                if way == "up":
                    self.sent += len(chunk)
                else:
                    self.received += len(chunk)
                if left and passed > left:
                    self.cuts += 1
                    return
            await asyncio.sleep(self.delay + 0.01)
        except OSError:
            return
        finally:
            bringing.cancel()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("target", type=int)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--rate", type=float, default=32_000)
    options.add_argument("--delay", type=float, default=0.5)
    options.add_argument("--cut", type=float, default=20)
    options.add_argument("--within", type=int, default=0)
    given = options.parse_args()
    line = Line(given.target, port=given.port, rate=given.rate, delay=given.delay, cut=given.cut, within=given.within)
    with line:
        print(line.url, flush=True)
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(10)
                print(f"{line.sent} B there, {line.received} B back, {line.cuts} cuts", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
