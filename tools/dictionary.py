"""Trains the dictionary that both sides of the line share (`db/frames.py`) on the demo's own events: `tools/dictionary.py 1`.

Never on real letters: a dictionary holds pieces of what it was trained on. One that was shipped never changes; train the next number.
"""

import json
import sys
from pathlib import Path
from random import Random

import zstandard

from db import demo
from db.wire import event_out

SIZE = 16_384
DATA = Path(__file__).parents[1] / "db" / "data"


def samples() -> list[bytes]:
    """Requests and answers with one event, a few, and none, as they would travel."""
    rng = Random(1)
    found: list[bytes] = []
    for seq, event in enumerate(demo.events(), 1):
        salt = f"{rng.getrandbits(128):032x}" if event.words else ""
        whole = event_out(event) | ({"salt": salt} if salt else {})
        whole["facts"] = dict(event.facts)
        if event.kind == "received":
            whole["words"] = {k: v[:200] for k, v in event.words.items()}
        cursor = {"c": seq, "h": f"{rng.getrandbits(32):08x}"}
        heard = event.at + rng.randrange(50, 900_000)
        found += [
            _text({"v": 1, "d": [1], **cursor, "e": [_order(whole)]}),
            _text({**cursor, "e": [_order(whole) | {"seq": seq, "heard": heard}], "t": heard + 9}),
            _text({**cursor, "e": [[event.id, seq, heard]], "t": heard + 9}),
        ]
        if seq % 20 == 0:
            code = rng.choice(["stale", "taken", "depends", "merged", "state"])
            detail = (
                {"kind": event.kind} if code in ("stale", "depends") else {"state": "in_progress", "kind": event.kind}
            )
            found.append(_text({**cursor, "x": [[event.id, code, detail, seq]], "t": heard}))
    return found


def _order(whole: dict) -> dict:
    names = ("id", "case", "kind", "re", "dispatch", "at", "when", "actor", "role", "device", "facts", "words", "salt")
    return {n: whole[n] for n in names if n in whole}


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def main() -> int:
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        print(__doc__)
        return 2
    path = DATA / f"sync-{int(sys.argv[1])}.dict"
    if path.exists():
        print(f"{path.name} is shipped and never changes: train the next number.")
        return 1
    trained = zstandard.train_dictionary(SIZE, samples(), level=19, threads=1)
    path.write_bytes(trained.as_bytes())
    print(f"{path.name}: {len(trained.as_bytes())} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
