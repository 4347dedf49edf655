"""A store with full histories: the demo's two months several times over, every letter and event under ids of its own.

python -m bench.histories TIMES HOME      # 30 times: 10,770 letters, 5,010 of them in October 2024
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from db import commands, demo
from db.demo import DEMO_NOW
from db.model import Event
from db.opening import open_store
from db.wire import event_in, event_out

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CODE = re.compile(r"(RMLX-\d{8}-)\d\d(-\d{4})")


def again(text: str, time: int) -> str:
    """A text with every id and code in it exchanged for those of that time."""
    other = ID.sub(lambda found: str(uuid5(NAMESPACE_OID, f"{time}/{found[0]}")), text)
    return CODE.sub(rf"\g<1>{time:02}\2", other)


def lives(times: int) -> Iterator[Event]:
    for time in range(1, times + 1):
        for event in demo.events():
            yield event_in(json.loads(again(json.dumps(event_out(event), ensure_ascii=False), time)))


def load(times: int, home: Path) -> int:
    """Letters in the new store at `home`."""
    numbered = (replace(e, seq=n, heard=DEMO_NOW) for n, e in enumerate(lives(times), 1))
    with open_store(home) as store:
        got = commands.receive(store, list(numbered), [], pending=False, now=DEMO_NOW)
        if got.refused:
            raise ValueError(str(got.refused[0]))
        return int(store.rows("SELECT count(*) FROM cases")[0][0])


if __name__ == "__main__":
    print(load(int(sys.argv[1]), Path(sys.argv[2])))
