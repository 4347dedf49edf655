"""What counts of a survey say: shares with their base, the middle of a scale, two questions against each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.survey_model import Counted, Question, QuestionKind, Survey


@dataclass(frozen=True, slots=True)
class Bar:
    """One choice: how many took it, and their share of those who answered the question (several may be taken)."""

    code: str
    label: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Answered:
    """One question's answers. `mean` and `median` of a scale; None of nothing and of other questions."""

    question: Question
    base: int  # who answered it
    bars: tuple[Bar, ...] = ()
    mean: float | None = None
    median: float | None = None


@dataclass(frozen=True, slots=True)
class Crossed:
    """Two questions: for each choice of the first its base (who took it and answered the second), and the counts."""

    rows: Question
    columns: Question
    base: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]

    def share(self, row: str, column: str) -> float:
        """Of the row's base."""
        base = self.base.get(row, 0)
        return self.counts.get(row, {}).get(column, 0) / base if base else 0.0


def answered(survey: Survey, counted: Counted | None) -> list[Answered]:
    """Every question, in its order."""
    return [_answered(q, counted) for q in survey.questions]


def _answered(q: Question, counted: Counted | None) -> Answered:
    base, each = counted.of(q) if counted else (0, dict.fromkeys(q.codes, 0))
    if q.kind is QuestionKind.TEXT:
        return Answered(q, base)
    bars = tuple(Bar(c, q.label(c), n, n / base if base else 0.0) for c, n in each.items())
    if q.kind is not QuestionKind.SCALE or not base:
        return Answered(q, base, bars)
    values = [(int(b.code), b.n) for b in bars]
    return Answered(q, base, bars, sum(v * n for v, n in values) / base, middle(values))


def middle(values: Sequence[tuple[int, int]]) -> float:
    """The median of (value, how often), in rising order; of an even number the mean of the two in the middle."""
    total = sum(n for _v, n in values)
    spots = [(total - 1) // 2, total // 2]
    found, seen = [], 0
    for value, n in values:
        found += [value for spot in spots if seen <= spot < seen + n]
        seen += n
    return sum(found) / 2


def crossed(survey: Survey, first: str, second: str, table: Mapping[str, Mapping[str, int]]) -> Crossed | None:
    """The table that the backend told; None where a question is none, or asks for words."""
    rows, columns = survey.question(first), survey.question(second)
    if rows is None or columns is None or QuestionKind.TEXT in (rows.kind, columns.kind):
        return None
    base = {c: int(table.get(c, {}).get("", 0)) for c in rows.codes}
    counts = {c: {k: int(table.get(c, {}).get(k, 0)) for k in columns.codes} for c in rows.codes}
    return Crossed(rows, columns, base, counts)
