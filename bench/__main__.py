"""`make bench`: every budget of DESIGN.md §7 beside its figure, in one run; docs/benchmarks.md and its picture are written anew.

    python -m bench [--sizes 1000,100000,1000000] [--peers 1000,100000] [--rounds 1] [--only REGEX] [--dry]

Stores are made once under bench/out (a million letters: about half an hour and 5 GB) and used again; with them made, all
of it takes half an hour. `--dry` prints and writes nothing; `--only` names terminals ("desk 1000"), and leaves
out the rest.
"""

import argparse
import compileall
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from bench import chart, report, stores
from bench.report import Measured

HERE = Path(__file__).parent
ROOMS = ("desk", "db", "backend")
DOCS = HERE.parent / "docs"
OUT = stores.OUT

OTHERS = {
    "The backend (`python -m bench.backend`; push ≥ 0.35 ×, pull ≥ 0.6 × a bare endpoint)": ["bench.backend"],
    "A bad line (`python -m bench.line`: 32 kbit/s, 0.5 s each way, cut every 20 s)": ["bench.line"],
}
"""Benches that print for themselves."""

PLOT = {
    "start": ("desk", "start", 0.5, None),
    "key j, p99": ("desk", "key j", 0.99, 16.7),
    "search of the store, p99": ("desk, search", "store.*", 0.99, 40),
    "durable action (.)": ("desk, actions", re.escape("the same again (.)"), 0.5, 11),
    "bulk of about 500": ("desk, actions", "bulk of about 500", 0.5, 150),
    "overdue list": ("desk", "overdue", 0.5, 15),
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", default="1000,100000,1000000")
    options.add_argument("--peers", default="1000,100000")
    options.add_argument("--rounds", default="1")
    options.add_argument("--only", default="", help="regex over 'name n' of a terminal; leaves out the rest")
    options.add_argument("--dry", action="store_true", help="print, and leave docs/ as it is")
    given = options.parse_args()
    sizes, peers = ([int(n) for n in text.split(",") if n] for text in (given.sizes, given.peers))
    began = time.monotonic()
    compiled()
    found = Measured([])
    OUT.mkdir(exist_ok=True)
    for n in {1000, *peers}:
        stores.peers(n)
    for n in sizes:
        print(stores.home(n), file=sys.stderr)
    found.records = terminals(sizes, peers, given.rounds, given.only)
    if not given.only:
        once(found, sizes)
        for title, words in OTHERS.items():
            found.printed[title] = run([sys.executable, "-m", *words])
    missing = sorted(stores.FORMS.keys() - stores.installed())
    found.notes.append(
        f"{given.rounds} round{'' if given.rounds == '1' else 's'}, {(time.monotonic() - began) / 60:.0f} minutes."
    )
    found.notes.append("Not installed, so not measured: " + (", ".join(missing) if missing else "nothing") + ".")
    text = report.page(found, sizes)
    print(text)
    if not given.dry and not given.only:
        report.put(DOCS / "benchmarks.md", text)
        (DOCS / "benchmarks.svg").write_text(picture(found, sizes), encoding="utf-8")
    return 0


def compiled() -> None:
    """Compiles our modules as pip compiles what it installs, Textual among it: where PYTHONDONTWRITEBYTECODE is set, a
    checkout would be compiled anew at each start, and each dialog when it is first opened.
    """
    for room in ROOMS:
        compileall.compile_dir(HERE.parent / room, quiet=1)


def terminals(sizes: list[int], peers: list[int], rounds: str, only: str) -> list[report.Record]:
    """Everything that is driven in a real terminal."""
    plan = (HERE / "plan.toml").read_text(encoding="utf-8")
    plan = plan.replace('"{sizes}"', str(sizes)).replace('"{peers}"', str(peers))
    desk = Path(sys.executable).with_name("desk")
    plan = plan.replace("{python}", sys.executable).replace("{desk}", str(desk)).replace("{out}", str(OUT))
    here = stores.installed()
    kept = [s for s in plan.split("[[subject]]") if not (needs := re.search(r'needs = "(\w+)"', s)) or needs[1] in here]
    (OUT / "plan.toml").write_text("[[subject]]".join(kept), encoding="utf-8")
    command = [sys.executable, str(HERE / "measure.py"), str(OUT / "plan.toml")]
    command += ["--rounds", rounds, "--only", only, "--out", str(OUT / "records.json")]
    subprocess.run(command, check=True, cwd=HERE.parent)
    return json.loads((OUT / "records.json").read_text(encoding="utf-8"))


def once(found: Measured, sizes: list[int]) -> None:
    """What one process reads, its first read the first."""
    for n in sizes:
        for what in ("similar", "month"):
            said = run([sys.executable, "-m", "bench.once", what, str(OUT / f"home-{n}")])
            found.once[what, n] = json.loads(said) if said.startswith("{") else {}
    said = run([sys.executable, "-m", "bench.once", "unlock", "-"])
    if said.startswith("{"):
        found.notes.append(
            f"Opening with a passphrase adds {json.loads(said)['first']:.0f} ms (Argon2id), whatever the store."
        )


def run(command: list[str]) -> str:
    """What it printed, or that it failed: one bench that breaks does not take the others with it."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent, check=False)
    return done.stdout if done.returncode == 0 else f"failed: {done.stderr.strip().splitlines()[-1:]}"


def picture(found: Measured, sizes: list[int]) -> str:
    lines = []
    for name, (subject, op, q, budget) in PLOT.items():
        points = [(n, ms) for n in sizes if (ms := found.at(subject, n, op, q=q)) is not None]
        lines.append(chart.Line(name, points, budget))
    return chart.draw(lines)


if __name__ == "__main__":
    sys.exit(main())
