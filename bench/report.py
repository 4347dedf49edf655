"""From what was measured to docs/benchmarks.md: every row of DESIGN.md §7 with its budget beside it, and what others need."""

import os
import platform
import re
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.pace import BARE, STICKS, Stick, around, pace

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

Record = dict[str, Any]


def quantile(xs: Iterable[float | None], q: float) -> float | None:
    found = sorted(x for x in xs if x is not None)
    return found[min(len(found) - 1, int(q * len(found)))] if found else None


@dataclass
class Measured:
    """`records` of the terminals (`measure.py`), `once` figures by (what, letters), `printed` lines of other benches."""

    records: list[Record]
    once: dict[tuple[str, int], dict[str, float]] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def at(
        self, subject: str, n: int | str, op: str, key: str = "shown", q: float = 0.5, there: bool = False
    ) -> float | None:
        """The median over rounds of each round's quantile; None where it was not measured or did not come.

        `there`: by the speed of the machine of the budgets (`bench/pace.py`), not of this one.
        """
        rounds: dict[int, list[float | None]] = {}
        turns: dict[int, int] = {}
        for r in self.records:
            if r["subject"] == subject and r["n"] == n and re.fullmatch(op, r["op"]):
                rounds.setdefault(r["round"], []).append(r.get(key))
                turns[r["round"]] = r.get("turn", 0)
        found = [
            x / (self.pace(turns[of]) if there else 1)
            for of, xs in rounds.items()
            if (x := quantile(xs, q)) is not None
        ]
        return statistics.median(found) if found else None

    @cached_property
    def sticks(self) -> dict[int, dict[Stick, float]]:
        """By turn: what the measuring sticks took around it, in ms (`bench/pace.py`)."""
        return around(self.records)

    def pace(self, turn: int) -> float:
        """How many times as long as on the machine of the budgets things took in that turn; 1 where no stick tells."""
        return pace(self.sticks[turn]) if turn in self.sticks else 1.0

    def start(self, n: int) -> float | None:
        """How many times the bare app's start around it the desk's took: the median over rounds."""
        mine = [r for r in self.records if (r["subject"], r["n"], r["op"]) == ("desk", n, "start") and r.get("shown")]
        found = [r["shown"] / self.sticks[r["turn"]][BARE] for r in mine if r.get("turn") in self.sticks]
        return statistics.median(found) if found else None

    def failed(self, subject: str, n: int | str, op: str) -> int:
        mine = (r for r in self.records if r["subject"] == subject and r["n"] == n and re.fullmatch(op, r["op"]))
        return sum(r.get("shown") is None for r in mine)


def number(x: float, unit: str) -> str:
    text = f"{x:,.0f}" if x >= 100 or unit in ("B", "MB") else f"{x:.2f}" if unit == "×" else f"{x:.1f}"
    return f"{text} {unit}"


@dataclass(frozen=True)
class Figure:
    """One figure of a cell: `there` is what it would be on the machine of the budgets, where it is a time with a budget."""

    x: float | None
    unit: str
    limit: float | None = None
    there: float | None = None

    def __str__(self) -> str:
        if self.x is None:
            return "–"
        text = number(self.x, self.unit)
        if self.there is not None:
            text += f" ({number(self.there, '').strip()})"
        if self.limit is None or self.x <= self.limit:
            return text
        return f"*{text}*" if self.there is not None and self.there <= self.limit else f"**{text}**"


def cell(figures: Iterable[Figure]) -> str:
    """Figures with their units: over the limit in bold, over it only on this machine in italics, a dash for what is missing."""
    return " / ".join(map(str, figures))


@dataclass
class Row:
    """A row of the budgets: what it says of so many letters, and of the bare app or DataTable beside."""

    what: str
    budget: str
    of: Callable[[Measured, int], list[Figure]]
    beside: str = ""
    op: tuple[str, str] = ("", "")  # subject and operation, to say how many did not come


def ratio(a: float | None, b: float | None) -> float | None:
    return a / b if a and b else None


def rows() -> list[Row]:
    desk, search, act = "desk", "desk, search", "desk, actions"

    def timed(m: Measured, n: int, subject: str, op: str, limit: float | None, q: float = 0.5) -> Figure:
        there = m.at(subject, n, op, q=q, there=True) if limit and m.sticks else None
        return Figure(m.at(subject, n, op, q=q), "ms", limit, there)

    def pair(subject: str, op: str, p50: float | None, p99: float | None) -> Callable[[Measured, int], list[Figure]]:
        return lambda m, n: [timed(m, n, subject, op, p50), timed(m, n, subject, op, p99, 0.99)]

    def one(subject: str, op: str, limit: float | None) -> Callable[[Measured, int], list[Figure]]:
        return lambda m, n: [timed(m, n, subject, op, limit)]

    def size(op: str, limit: float, key: str, unit: str) -> Callable[[Measured, int], list[Figure]]:
        return lambda m, n: [Figure(m.at(desk, n, op, key), unit, limit)]

    def start(m: Measured, n: int) -> list[Figure]:
        mine = m.at(desk, n, "start")
        return [
            Figure(mine, "ms"),
            Figure(m.start(n), "×", 1.6),
            Figure(ratio(m.at(desk, n, "start", there=True), m.at(desk, 1000, "start", there=True)), "×", 1.1),
        ]

    def once(what: str, limit: float, at: int | None = None) -> Callable[[Measured, int], list[Figure]]:
        def of(m: Measured, n: int) -> list[Figure]:
            first = m.once.get((what, n), {}).get("first")
            if at not in (None, n):
                return [Figure(first, "ms")]
            return [Figure(first, "ms", limit, first / m.pace(max(m.sticks)) if first and m.sticks else None)]

        return of

    return [
        Row("start to the first row / of the bare app / of 1,000", "≤ 1.6 × bare; ≤ 1.1 × 1,000", start),
        Row("key `j` to the end of the repaint, p50 / p99", "≤ 6 / 16.7 ms", pair(desk, "key j", 6, 16.7)),
        Row("bytes a key, pane closed", "≤ 1,300", size("key j", 1300, "bytes", "B")),
        Row("bytes a key, pane open", "≤ 8,000", size("key j, pane open", 8000, "bytes", "B")),
        Row(
            "key with the pane open to the letter (80 ms of rest in it), p50 / p99",
            "",
            pair(desk, "key j, pane open", None, None),
            op=(desk, "key j, pane open"),
        ),
        Row("half a page down, p50 / p99", "", pair(desk, "half page", None, None)),
        Row(
            "search of the store, 2 to 8 characters, p50 / p99",
            "p99 ≤ 40 ms",
            pair(search, "store.*", None, 40),
            op=(search, "store.*"),
        ),
        Row(
            "the same within a queue, p50 / p99",
            "p99 ≤ 80 ms",
            pair(search, "queue.*", None, 80),
            op=(search, "queue.*"),
        ),
        Row(
            "durable action, again (`.`), p50 / p99",
            "≤ 11 / 30 ms",
            pair(act, re.escape("the same again (.)"), 11, 30),
            op=(act, re.escape("the same again (.)")),
        ),
        Row(
            "durable action out of its dialog, p50 / p99",
            "≤ 11 / 30 ms",
            pair(act, "accept out of its dialog(, the first)?", 11, 30),
            op=(act, "accept out of its dialog(, the first)?"),
        ),
        Row("the first of them in a process", "", one(act, "accept out of its dialog, the first", None)),
        Row("bulk of about 100", "≤ 60 ms", one(act, "bulk of about 100", 60), op=(act, "bulk of about 100")),
        Row("bulk of about 500", "≤ 150 ms", one(act, "bulk of about 500", 150), op=(act, "bulk of about 500")),
        Row("overdue list, first visit", "≤ 15 ms", one(desk, "overdue", 15), op=(desk, "overdue")),
        Row("memory", "≤ 120 MB", size("end", 120, "rss", "MB")),
        Row("a month in figures, first read", "≤ 300 ms", once("month", 300)),
        Row("similar letters, first look of a process", "≤ 100 ms at 100,000", once("similar", 100, 100_000)),
    ]


def table(m: Measured, sizes: list[int]) -> Iterable[str]:
    yield "| what | budget | " + " | ".join(f"{n:,}" for n in sizes) + " |"
    yield "|---|---|" + "--:|" * len(sizes)
    for row in rows():
        cells = []
        for n in sizes:
            text = cell(row.of(m, n))
            missed = m.failed(row.op[0], n, row.op[1]) if row.op[0] else 0
            cells.append(text + (f" ({missed} not seen)" if missed else ""))
        yield f"| {row.what} | {row.budget} | " + " | ".join(cells) + " |"


def beside(m: Measured) -> Iterable[str]:
    """The bare app, a DataTable and what people could pick today."""
    yield "| who | letters | what | p50 / p99 | bytes | memory |"
    yield "|---|--:|---|--:|--:|--:|"
    groups = {
        (r["subject"], r["n"], r["op"]) for r in m.records if not r["subject"].startswith("desk") and r["op"] != "end"
    }
    for subject, n, op in sorted(groups, key=lambda g: (g[0], int(g[1] or 0), g[2])):
        op_ = re.escape(op)
        rss = m.at(subject, n, "end" if op != "start" else op_, "rss") or m.at(subject, n, op_, "rss")
        times = cell([Figure(m.at(subject, n, op_), "ms"), Figure(m.at(subject, n, op_, q=0.99), "ms")])
        size = Figure(m.at(subject, n, op_, "bytes"), "B")
        yield f"| {subject} | {f'{n:,}' if n else ''} | {op} | {times} | {size} | {Figure(rss, 'MB')} |"


def machine() -> str:
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    system = f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}"
    return f"{os.cpu_count()} × {cpu}, {system}, load {os.getloadavg()[0]:.1f} at the end"


def speed(m: Measured) -> Iterable[str]:
    """How fast this machine was beside the one of the budgets, and how the table is to be read."""
    if not m.sticks:
        yield "Over budget: **bold**."
        return
    sticks = ", ".join(
        f"{subject}, {op}: {number(ms, 'ms')} there, {Figure(m.at(subject, '', op), 'ms')} here"
        for (subject, op), ms in STICKS.items()
    )
    low, high = (of(map(m.pace, m.sticks)) for of in (min, max))
    yield (
        f"The budgets are times of the machine of FACTS.md. This one took {low:.2f} to {high:.2f} × as long while this ran "
        f"({sticks}). In brackets: by that machine's speed, each figure by what the two sticks took just before and after it, the "
        "smaller factor of the two. Over budget also there: **bold**; only here: *italics*."
    )


def page(m: Measured, sizes: list[int]) -> str:
    """What stands between the markers."""
    lines = [f"{datetime.now(UTC):%d %B %Y %H:%M} UTC; {machine()}.", "", *speed(m), ""]
    lines += [
        *table(m, sizes),
        "",
        "![how it grows](benchmarks.svg)",
        "",
        "### Beside it, in the same run",
        "",
        *beside(m),
    ]
    lines += ["", *(f"- {note}" for note in m.notes)]
    for name, text in m.printed.items():
        lines += ["", f"### {name}", "", "```", text.strip(), "```"]
    return "\n".join(lines)


def put(into: Path, text: str) -> None:
    """Writes it between the markers of a page; raises ValueError where there are none."""
    whole = into.read_text(encoding="utf-8")
    before, found, rest = whole.partition(BEGIN)
    _old, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"{into} has no markers")
    into.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
