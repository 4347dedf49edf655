"""Tries mutants in a warm pytest: each is put into a process forked from it, which runs the tests that reach its lines.

First every test runs once as it is, watched: which lines of the mutated files it reaches, how long it takes. Then, for each mutant,
a forked process swaps the code of one function and runs those tests, the ones that killed its neighbours first, then the quickest,
until one fails. So a mutant costs about as much as the tests that see it.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import importlib
import json
import math
import os
import resource
import shutil
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import hypothesis
import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).parents[2]
Mutant = dict[str, Any]
Told = Callable[[Mutant, str, str], None]
"""A mutant, what became of it (killed, timeout, survived, unreached), and by which test."""

LEAST_SECONDS = 2
"""Of processor time for one test, before a mutant is said to run for ever; and as many times as long as it takes otherwise:"""
TIMES_LONGER = 5
STANDS_STILL = 6
"""Seconds without any work: it waits for what never comes."""

OUR_ROOMS = ("db", "desk", "backend", "tests")

hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    database=None,
    derandomize=True,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],  # that it fails is enough
)
hypothesis.settings.load_profile("mutants")


class Trying:
    """A plugin of pytest that runs what was collected as its module says.

    `most`: seconds of tests for one mutant. `until`: the moment (time.time) to stop at. `env`: told to test files while they are
    read, and to nobody later. `kept`: where what was seen of the tests is kept.
    """

    def __init__(
        self, mutants: Sequence[Mutant], most: float, told: Told, until: float, env: Iterable[str], kept: Path
    ) -> None:
        self.env, self.kept = env, kept
        rows = (json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()) if kept.exists() else ()
        self.seen = {row["test"]: row for row in rows}
        self.mutants, self.most, self.told, self.until = mutants, most, told, until
        self.files = {str(ROOT / m["file"]): m["file"] for m in mutants}
        self.coverage = coverage.Coverage(data_file=None, include=list(self.files))
        self.reached: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.killers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self.folder = Path(str(session.config.getoption("basetemp")))
        for name in self.env:
            del os.environ[name]
        begun = time.time()
        self._warm()
        for item in session.items:
            if item.nodeid not in self.seconds:
                self._watch(item)
        print(f"  {len(session.items)} tests as they are: {time.time() - begun:.0f} s", flush=True)
        gc.collect()
        self.caches = _caches(*OUR_ROOMS)  # threads that they hold do not survive a fork
        gc.freeze()  # no process that is forked copies what is there to look at it
        self.folder.mkdir(exist_ok=True)
        kept = set(self.folder.iterdir())
        for mutant in self.mutants:
            if time.time() > self.until:
                break
            tests = self._tests(mutant)
            if not tests:
                self.told(mutant, "unreached", "")
                continue
            became, by = self._try(mutant, tests)
            if became == "killed":
                self.killers[mutant["file"], mutant["in"]][by] += 1
            self.told(mutant, became, by)
            for left in set(self.folder.iterdir()) - kept:
                shutil.rmtree(left, ignore_errors=True)
        return True

    def _warm(self) -> None:
        """What was seen of tests before counts while neither they nor the mutated files are others; but what is made once a
        session must be made here, before the first fork."""
        for item in self.items.values():
            if (row := self.seen.get(self._print(item))) is not None:
                self._saw(item.nodeid, row["seconds"], row["lines"])
        made: set[str] = set()
        for item in sorted(self.items.values(), key=lambda i: self.seconds.get(i.nodeid, 0)):
            fixtures = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009 - private, and the only way to know
            once = {name for name, found in fixtures.items() if found[-1].scope == "session"}
            if once - made and item.nodeid in self.seconds:
                runtestprotocol(item, log=False, nextitem=_elsewhere(item))
                made |= once

    def _print(self, item: pytest.Item) -> str:
        """A test's fingerprint: its name, its file, the mutated files."""
        paths = [item.path, *(Path(p) for p in sorted(self.files))]
        return f"{item.nodeid} {_hash(tuple(paths))}"

    def _saw(self, id_: str, seconds: float, lines: Iterable[Sequence[Any]]) -> None:
        self.seconds[id_] = seconds
        for file, number in lines:
            self.reached[file, number].add(id_)

    def _watch(self, item: pytest.Item) -> None:
        for cache in _caches("db"):  # a test reaches what it would reach alone
            cache.cache_clear()
        begun = time.process_time()
        self.coverage.erase()
        self.coverage.start()
        try:
            reports = runtestprotocol(item, log=False, nextitem=_elsewhere(item))
        finally:
            self.coverage.stop()
        if bad := next((r for r in reports if r.failed), None):
            sys.exit(f"{item.nodeid} fails as it is:\n{bad.longreprtext}")
        seconds = time.process_time() - begun
        data = self.coverage.get_data()
        lines = [(file, n) for path, file in self.files.items() for n in sorted(data.lines(path) or ())]
        self._saw(item.nodeid, seconds, lines)
        with self.kept.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps({"test": self._print(item), "seconds": seconds, "lines": lines}) + "\n")

    def _tests(self, mutant: Mutant) -> list[str]:
        """Those that reach one of its lines (a line within a statement is its first one's), in the order to run them."""
        at, file = mutant["at"], mutant["file"]
        found: set[str] = set()
        for number in range(at, at + len(mutant["was"])):
            found |= self.reached[file, number]
        back = at
        while not found and back > mutant["from"]:
            back -= 1
            found |= self.reached[file, back]
        if not found:  # a default, on the line of `def`
            found = {i for number in range(mutant["from"], mutant["to"]) for i in self.reached[file, number]}
        near = self.killers[file, mutant["in"]]
        order = sorted((i for i in found if i in self.seconds), key=lambda i: (-near[i], self.seconds[i]))
        spent, chosen = 0.0, []
        for id_ in order:
            spent += self.seconds[id_]
            if spent > self.most and chosen:
                break
            chosen.append(id_)
        return chosen

    def _try(self, mutant: Mutant, tests: list[str]) -> tuple[str, str]:
        out, into = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(out)
            _act(mutant, [(self.items[i], self.seconds[i]) for i in tests], self.caches, into)
        os.close(into)
        status, worked, since = 0, 0, time.time()
        while True:
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                break
            time.sleep(0.003)
            if time.time() - since > STANDS_STILL:
                if (now := _ticks(pid)) == worked:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                    status = signal.SIGKILL
                    break
                worked, since = now, time.time()
        with os.fdopen(out, "rb") as told:
            by = told.read().decode().strip()
        if os.WIFSIGNALED(status):
            return "timeout", ""
        code = os.WEXITSTATUS(status)
        if code == 2:
            sys.exit(f"{mutant} cannot be tried: {by}")
        return ("survived", "") if code == 0 else ("killed", by)


@functools.cache
def _hash(paths: tuple[Path, ...]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def _elsewhere(item: pytest.Item) -> Any:
    """As if the next test were another file's: only what is made once a session stays, for all else a mutant must show itself."""
    return _Nowhere.from_parent(item.session, name="elsewhere")


class _Nowhere(pytest.Item):
    def runtest(self) -> None:
        """Never run."""


def _caches(*rooms: str) -> list[Any]:
    """What our functions remember of their answers: it was worked out without the mutant, or by another test."""
    found = (each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper))
    return [each for each in found if str(each.__module__).split(".")[0] in rooms]


def _ticks(pid: int) -> int:
    """Processor time of a process, in the system's ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _act(mutant: Mutant, tests: Sequence[tuple[pytest.Item, float]], caches: Sequence[Any], into: int) -> None:
    """The forked process; does not return."""
    code = 2
    try:
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        put(mutant)
        code = 1
        for cache in caches:
            cache.cache_clear()
        for item, seconds in tests:
            limit = time.process_time() + LEAST_SECONDS + TIMES_LONGER * seconds
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), resource.RLIM_INFINITY))
            reports = runtestprotocol(item, log=False, nextitem=_elsewhere(item))
            if any(r.failed for r in reports):
                os.write(into, item.nodeid.encode())
                os._exit(1)
        code = 0
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.write(into, f"{type(error).__name__}: {error}".encode()[:400])
    finally:
        os._exit(code)


def mutated(mutant: Mutant) -> str:
    """The file's source with the mutant in it."""
    lines = (ROOT / mutant["file"]).read_text(encoding="utf-8").splitlines()
    at = mutant["at"] - 1
    assert lines[at : at + len(mutant["was"])] == mutant["was"]
    return "\n".join([*lines[:at], *mutant["now"], *lines[at + len(mutant["was"]) :], ""])


def put(mutant: Mutant) -> None:
    """Swaps the code of its function, wherever that is held: it stays the same object."""
    module = importlib.import_module(mutant["file"].removesuffix(".py").replace("/", "."))
    compiled = compile(mutated(mutant), module.__file__ or "", "exec", dont_inherit=True)
    new = _code(compiled.co_consts, mutant["in"])
    holder: Any = module
    for name in mutant["in"].split("."):
        holder = vars(holder)[name]
    live = _function(holder)
    if live.__defaults__ or live.__kwdefaults__:  # made where the function is defined
        space = dict(vars(module))
        exec(compiled, space)
        made: Any = space
        for name in mutant["in"].split("."):
            made = made[name] if isinstance(made, dict) else vars(made)[name]
        live.__defaults__, live.__kwdefaults__ = _function(made).__defaults__, _function(made).__kwdefaults__
    live.__code__ = new


def _function(found: Any) -> FunctionType:
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, (staticmethod, classmethod)):
        found = found.__func__
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    assert isinstance(found, FunctionType)
    return found


def _code(consts: Iterable[Any], name: str) -> CodeType:
    for const in consts:
        if isinstance(const, CodeType):
            if const.co_qualname == name:
                return const
            if name.startswith(f"{const.co_name}.") and "." in name:
                return _code(const.co_consts, name)
    raise LookupError(name)
