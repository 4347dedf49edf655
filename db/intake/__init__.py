"""Letters from files: CSV, XLSX, NDJSON. First every row is checked, then all are kept, or none, or the good ones if told so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from db.intake.letters import Letter, Problem, letter
from db.intake.reading import FileTroubleError, read
from db.intake_log import Received, receive
from db.model import Event
from db.people import own_device
from db.words import _, term

if TYPE_CHECKING:
    from db.people import Sender
    from db.store import Store

__all__ = ["FileTroubleError", "Problem", "Report", "bring_in"]

MOST_PROBLEMS = 1000
"""Rows with errors that are listed one by one; the rest is only counted."""


@dataclass(slots=True)
class Report:
    """What an import did, or would do. Counts are letters but for `bad`, which are rows."""

    file: str
    rows: int = 0
    new: int = 0
    known: int = 0  # already here, or twice in the file
    replies: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    kept: bool = False

    def lines(self) -> list[str]:
        """The problems, one sentence each, with the line and the field."""
        said = [_problem(p) for p in self.problems]
        if self.bad > len(said):
            said.append(_("… and {n} more rows.", n=self.bad - len(said)))
        return said


def _problem(p: Problem) -> str:
    if p.field:
        return _("Line {line}, {field}: {what}", line=p.line, field=term("column", p.field), what=_(p.msgid))
    return _("Line {line}: {what}", line=p.line, what=_(p.msgid))


def bring_in(
    store: Store,
    path: Path,
    *,
    keep_good: bool = False,
    dry_run: bool = False,
    pending: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Imports a file. `progress` is told the rows done so far.

    A file with bad rows changes nothing unless `keep_good`. A row whose letter is already here is counted and left as it is. Raises
    FileTroubleError where the file as a whole cannot be read, StoreError where the store cannot be written.
    """
    report = Report(path.name)
    device = own_device(store)
    _check(store, path, device, report)
    if dry_run or (report.bad and not keep_good):
        return report
    done = _keep(store, path, device, pending, progress)
    report.new, report.known = done.letters, report.rows - report.bad - done.letters
    report.kept = True
    return report


def _check(store: Store, path: Path, device: str, report: Report) -> None:
    """Counts rows, problems, and what is new; writes nothing."""
    seen: set[str] = set()
    waiting: list[str] = []
    for row in read(path):
        report.rows += 1
        got = letter(row, device)
        if isinstance(got, Problem):
            report.bad += 1
            if len(report.problems) < MOST_PROBLEMS:
                report.problems.append(got)
            continue
        report.replies += len(got.events) - 1
        id_ = got.events[0].id
        if id_ in seen:
            report.known += 1
            continue
        seen.add(id_)
        waiting.append(id_)
        if len(waiting) == 500:
            _count(store, waiting, report)
    _count(store, waiting, report)


def _count(store: Store, ids: list[str], report: Report) -> None:
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT COUNT(*) FROM cases WHERE id IN ({marks})"  # noqa: S608 - only marks
    here = store.rows(sql, ids)[0][0] if ids else 0
    report.known += here
    report.new += len(ids) - here
    ids.clear()


def _keep(store: Store, path: Path, device: str, pending: bool, progress: Callable[[int], None] | None) -> Received:
    senders: list[Sender] = []

    def stream() -> Iterator[Event]:
        for row in read(path):
            got = letter(row, device)
            if isinstance(got, Letter):
                if got.sender is not None:
                    senders.append(got.sender)
                yield from got.events

    def tell(total: Received) -> None:
        if progress:
            progress(total.letters)

    def people() -> Iterator[Sender]:
        while senders:  # those of the rows read so far
            yield senders.pop()

    return receive(store, stream(), _Refilled(people), pending=pending, progress=tell)


class _Refilled:
    """Senders as they come: each time it is asked, those read since the last time."""

    def __init__(self, more: Callable[[], Iterator[Sender]]) -> None:
        self.more = more

    def __iter__(self) -> _Refilled:
        return self

    def __next__(self) -> Sender:
        return next(self.more())
