"""`make mutants`: changes the rules one line at a time and sees whether a test notices; what becomes of each goes to docs/mutants.md.

    python -m tests.mutants --python .venv/mutants/bin/python [--only replica] [--file db/replica.py]
        [--tests "tests/db/test_cases_*.py"] [--minutes 10] [--most 20]
    python -m tests.mutants --survivors [--file db/replica.py] | --page

Goes on where it left off: what was found is kept in .venv/mutants.jsonl, for as long as the mutated function is the same. What
survived is tried again whenever a test changed, and after a run with `--tests`, which showed it only those.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.mutants import page
from tests.mutants.plan import GROUPS, Group

Mutant = dict[str, Any]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "mutants.md"
KEPT = ROOT / ".venv" / "mutants.jsonl"
SEEN = ROOT / ".venv" / "mutants-tests.jsonl"


def key(mutant: Mutant) -> str:
    """The same for as long as its function is the same up to there, wherever in the file that stands."""
    place = mutant["at"] - mutant["from"]
    return json.dumps([mutant["file"], mutant["in"], place, mutant["was"], mutant["now"]], ensure_ascii=False)


def kept() -> dict[str, dict[str, Any]]:
    """By key: became, by, and the tests' fingerprint."""
    if not KEPT.exists():
        return {}
    rows = (json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines())
    return {row["key"]: row for row in rows}


def fingerprint(group: Group) -> str:
    found = hashlib.sha256()
    for name in group.tests:
        for path in sorted(ROOT.glob(name)):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def borrow(python: str) -> None:
    """What mutmut brought along (coverage) may be imported here, where ours has none of it."""
    where = "import sysconfig; print(sysconfig.get_path('platlib'))"
    sys.path.append(subprocess.run([python, "-c", where], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())


def made(python: str, files: tuple[str, ...]) -> list[Mutant]:
    out = subprocess.run([python, "-m", "tests.mutants.making", *files], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return list(json.loads(out.stdout))


def run(group: Group, mutants: list[Mutant], most: float, until: float) -> None:
    from tests.mutants.trying import Trying

    known, tests = kept(), fingerprint(group)
    todo = [
        m
        for m in mutants
        if (row := known.get(key(m))) is None
        or (row["became"] in ("survived", "unreached") and row["tests"] != [tests, most])
    ]
    print(f"{group.name}: {len(mutants)} mutants, {len(todo)} to try", flush=True)
    if not todo:
        return
    folder = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp") / f"mutants-{os.getpid()}"
    counted: dict[str, int] = {}
    with KEPT.open("a", encoding="utf-8") as file:

        def told(mutant: Mutant, became: str, by: str) -> None:
            counted[became] = counted.get(became, 0) + 1
            row = {"key": key(mutant), "became": became, "by": by, "tests": [tests, most]}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            if sum(counted.values()) % 50 == 0:
                print(" ", time.strftime("%H:%M:%S"), sum(counted.values()), counted, flush=True)

        paths = [str(p) for name in group.tests for p in sorted(ROOT.glob(name))]
        words = [
            "-q",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "--assert=plain",
            "--tb=native",
            f"--basetemp={folder}",
            *group.words,
            *paths,
        ]
        os.environ.update(group.env)
        pytest.main(words, plugins=[Trying(todo, most, told, until, group.env, SEEN)])
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{group.name}: {counted}", flush=True)


def wanted(files: tuple[str, ...], given: list[str]) -> tuple[str, ...]:
    """Those of the files that were asked for; all where none was."""
    return tuple(file for file in files if not given or file in given)


def results(python: str, given: list[str]) -> list[tuple[Mutant, str]]:
    """Every mutant of today's files with what became of it; `untried` where nothing did."""
    known = kept()
    files = wanted(tuple(file for group in GROUPS for file in group.files), given)
    return [(m, known[key(m)]["became"] if key(m) in known else "untried") for m in made(python, files)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--python", default=".venv/mutants/bin/python", help="of the environment that has mutmut")
    parser.add_argument("--only", default="", help="one group")
    parser.add_argument("--file", action="append", default=[], help="one file of it; may be given more than once")
    parser.add_argument("--tests", action="append", default=[], help="only these tests (a glob), likewise")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="stop after so many")
    parser.add_argument("--most", type=float, default=60, help="seconds of tests for one mutant")
    parser.add_argument("--survivors", action="store_true", help="tell those without a reason")
    parser.add_argument("--page", action="store_true", help="write docs/mutants.md")
    given = parser.parse_args()
    if given.survivors or given.page:
        rows = results(given.python, [] if given.page else given.file)
        if given.page:
            text = PAGE.read_text(encoding="utf-8").split(page.MARK)[0]
            PAGE.write_text(text + page.MARK + page.page(rows, time.strftime("%Y-%m-%d")), encoding="utf-8")
        else:
            print(
                page.skeleton(
                    [
                        m
                        for m, became in rows
                        if became in ("survived", "unreached") and page.key(m) not in page.explained()
                    ]
                )
            )
        return 0
    until = time.time() + given.minutes * 60
    borrow(given.python)
    for group in GROUPS:
        files = wanted(group.files, given.file)
        if files and given.only in ("", group.name):
            asked = replace(group, tests=tuple(given.tests) or group.tests)
            run(asked, made(given.python, files), given.most, until)
    return 0


if __name__ == "__main__":
    sys.exit(main())
