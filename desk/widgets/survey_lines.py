"""Surveys as lines: the list, one with its bars, a cross table, answers in words. Widths in cells; safe text only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from db.clock import from_iso, local
from db.model import Ms
from db.survey_model import QuestionKind, SurveyState
from db.survey_rows import Shown
from db.survey_stats import Answered, Bar, Crossed
from db.survey_words import standing, state, until
from db.text import one_line
from db.words import _, term
from desk.widgets.sheet import BLANK, Line, Piece, heading, line, paragraph, prose
from desk.widgets.wrap import pad

EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(share: float, cells: int) -> str:
    """A bar of up to so many cells, to an eighth of a cell; something that is not nothing is always seen."""
    eighths = round(share * cells * 8)
    if share > 0 and not eighths:
        eighths = 1
    whole, rest = divmod(min(eighths, cells * 8), 8)
    return ("█" * whole + EIGHTHS[rest].strip()).ljust(cells)


def listed(found: Sequence[Shown], at: int, now: Ms, width: int) -> list[Line]:
    """One survey a line: state, answers, last day, title."""
    if not found:
        return paragraph(_("No survey was defined yet: n begins one."), width, "faint")
    lines, day = [], max(15, *(cell_len(until(one.survey)) for one in found))
    for i, one in enumerate(found):
        here, open_ = i == at, one.survey.takes_answers(now)
        tail: list[Piece] = [(" " + _("not sent yet"), "amber")] if one.pending else []
        room = max(10, width - 24 - day - sum(12 for _piece in tail))
        lines.append(
            line(
                ("▌ " if here else "  ", "seal"),
                (pad(state(one.survey, now), 8) + " ", "water" if open_ else "faint"),
                (pad(f"{one.answers:,}" if one.counted else "–", 9, right=True) + "  ", "strong" if here else "ink"),
                (pad(until(one.survey), day) + " ", "faint"),
                (pad(one_line(one.survey.title), room), "strong" if here else "ink"),
                *tail,
                bold=here,
            )
        )
    return lines


def head(one: Shown, now: Ms, width: int) -> list[Line]:
    """Title, where it stands, and how the answers came day by day."""
    lines = paragraph(one_line(one.survey.title), width, "strong", bold=True)
    lines += paragraph(standing(one, now), width, "water" if one.survey.takes_answers(now) else "faint")
    if days := by_day(one, width - 4):
        lines.append(line((days, "water")))
    return lines


SPARKS = "▁▂▃▄▅▆▇█"


def by_day(one: Shown, width: int) -> str:
    """The days from the first answer on as a sparkline, the last ones where there is no room for all."""
    if one.counted is None or not one.counted.days:
        return ""
    days = one.counted.days
    first, last = min(days), max(days)
    row = [days.get(type(first).fromordinal(n), 0) for n in range(first.toordinal(), last.toordinal() + 1)]
    row = row[-max(1, width - 14) :]
    most = max(row)
    line_ = "".join(SPARKS[min(7, n * 8 // (most + 1))] for n in row)
    begins = type(first).fromordinal(last.toordinal() - len(row) + 1)
    return f"{begins:%m-%d} {line_} {last:%m-%d}"


def question(n: int, a: Answered, width: int, *, here: bool, picked: bool) -> list[Line]:
    """A question with a bar for each choice; counts and shares stand beside, so that nothing is told by length alone."""
    mark = "▌" if here else " "
    said = f"{n}. {a.question.text}"
    kind = term("question", a.question.kind)
    first, *rest = paragraph(said, width - 2, "strong" if here else "ink", bold=here)
    lines = [line((mark + (">" if picked else " "), "seal"), *first.pieces, bold=here)]
    lines += [line((mark + " ", "seal"), *one.pieces, bold=here) for one in rest]
    base = _("{kind} · {n} answered", kind=kind, n=f"{a.base:,}")
    if a.mean is not None:
        base += _(" · mean {mean:.2f}, median {median:g}", mean=a.mean, median=a.median)
    lines.append(line((mark + "  ", "seal"), (base, "faint")))
    label = min(34, max(12, width // 3))
    room = max(6, width - label - 22)
    for b in a.bars:
        lines.append(line((mark + "  ", "seal"), *_bar(b, label, room)))
    if a.question.kind is QuestionKind.TEXT:
        lines.append(line((mark + "  ", "seal"), (_("enter reads what was written"), "faint")))
    return [*lines, BLANK]


def _bar(b: Bar, label: int, room: int) -> tuple[Piece, ...]:
    return (
        (pad(one_line(b.label), label) + " ", "ink"),
        (bar(b.share, room), "water"),
        (pad(f"{b.n:,}", 8, right=True), "ink"),
        (pad(f"{b.share:.1%}", 8, right=True), "faint"),
    )


def crossed(found: Crossed, width: int) -> list[Line]:
    """Rows: the first question's choices with their base; columns: shares of the row. Where columns have no room, a row a cell."""
    lines = paragraph(_("↓ {question}", question=found.rows.text), width, "strong")
    lines += paragraph(_("→ {question}", question=found.columns.text), width, "strong")
    lines += [
        *paragraph(_("Shares of each row's base: who chose it and answered the second question."), width, "faint"),
        BLANK,
    ]
    label, columns = min(26, max(12, width // 4)), found.columns.codes
    cell = 11
    if label + 9 + cell * len(columns) > width:
        return lines + _down(found, width)
    names = [pad(one_line(found.columns.label(c)), cell - 1, right=True) + " " for c in columns]
    lines.append(line((" " * label + pad(_("base"), 8, right=True) + " ", "faint"), ("".join(names), "faint")))
    for row in found.rows.codes:
        cells = [f"{found.share(row, c):.0%} {found.counts[row][c]:,}" for c in columns]
        lines.append(
            line(
                (pad(one_line(found.rows.label(row)), label), "ink"),
                (pad(f"{found.base[row]:,}", 8, right=True) + " ", "faint"),
                ("".join(pad(c, cell - 1, right=True) + " " for c in cells), "water"),
            )
        )
    return lines


def _down(found: Crossed, width: int) -> list[Line]:
    lines: list[Line] = []
    for row in found.rows.codes:
        lines.append(
            heading(_("{label} · base {n}", label=one_line(found.rows.label(row)), n=f"{found.base[row]:,}"), width)
        )
        for c in found.columns.codes:
            share = found.share(row, c)
            shown = Bar(c, found.columns.label(c), found.counts[row][c], share)
            lines.append(line(("  ", "ink"), *_bar(shown, min(30, width // 3), max(6, width - width // 3 - 24))))
    return lines


def written(asked: str, rows: Iterable[tuple[int, str, str]], width: int, more: bool) -> list[Line]:
    """Answers in words, the newest first."""
    lines = [*paragraph(one_line(asked), width, "strong"), BLANK]
    for n, at, text in rows:
        lines.append(line((_at(at) + f"  #{n}", "faint")))
        lines += prose(text, width, "ink", indent=2)
    if len(lines) == 2:
        return [*lines, *paragraph(_("Nobody has written anything here yet."), width, "faint")]
    return [*lines, BLANK, *(paragraph(_("m: older ones"), width, "amber") if more else [])]


def _at(text: str) -> str:
    try:
        return local(from_iso(text)).strftime("%m-%d %H:%M")
    except ValueError:
        return "–"


def opens(survey_state: SurveyState) -> bool:
    """Whether opening is something that can be done to it."""
    return survey_state in (SurveyState.DRAFT, SurveyState.CLOSED)
