"""Lines of the ladder: a chase that is due, a document not yet delivered, a letter that could be printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.cells import cell_len

from db.model import Ms, Urgency
from db.text import one_line
from db.words import _, term
from desk.widgets.due import moment
from desk.widgets.sheet import Line, Piece, line
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.delivery import Waiting
    from db.proposals import Proposal, Question
    from desk.morning import Going

UNIT, CODE = 110, 140
"""From so many columns a line names the unit, the letter's code."""


def proposal(going: Going, district: str, left: tuple[str, str], out: str, width: int, *, here: bool) -> Line:
    """One chase. `left`: the time that is left with its colour; `out`: why it would be left out, "" where it goes."""
    p = going.proposal
    level = term("chase_level", str(going.level)) + ("*" if going.level != p.step.level else "")
    urgent = term("urgency_short", p.urgency) if p.urgency is not Urgency.NORMAL else ""
    head: list[Piece] = [
        (
            pad(level, _widest(term("chase_level", str(n)) for n in (1, 2, 3, 4)) + 2),
            "late" if going.level >= 3 else "today",
        ),
        (pad(urgent, _widest(term("urgency_short", u) for u in Urgency) + 1), "late"),
        (pad(one_line(district), 8) + " ", "strong"),
    ]
    if width >= UNIT:
        head.append(_unit(p.unit, p.district_name))
    if width >= CODE:
        head.append((pad(p.code, 22), "faint"))
    if out:
        return _row(width, head, p.title, [(pad(out, 40), "late")], here=here)
    said, role = left
    tail: list[Piece] = [
        (pad(term("clock", p.step.clock), 6), "ink"),
        (pad(said, 9, right=True) + " ", role),
        (pad(_("chased {n}×", n=p.chases) if p.chases else "", cell_len(_("chased {n}×", n=9)) + 1), "faint"),
        (pad(term("channel", going.channel), 6), "water"),
    ]
    return _row(width, head, p.title, tail, here=here)


def document(waiting: Waiting, name: str, district: str, now: Ms, width: int, *, here: bool) -> Line:
    """One document, called `name`, and when it was to go."""
    head: list[Piece] = [(pad(name, 12), "today"), (pad(one_line(district), 8) + " ", "strong")]
    if width >= UNIT:
        head.append(_unit(waiting.unit, waiting.district_name))
    return _row(width, head, waiting.title, [(pad(moment(waiting.at, now), 12, right=True), "faint")], here=here)


def question(found: Question, width: int, *, here: bool) -> Line:
    """One letter that could be printed as an open question, and why."""
    head: list[Piece] = [(pad(term("question_why", found.why), 24), "late"), (pad(found.code, 22), "faint")]
    return _row(width, head, found.title, [], here=here)


def about(p: Proposal) -> str:
    """What does not fit the line: whom it goes to, why, the letter's code."""
    who = one_line(f"{p.district_name} {p.unit.removeprefix(p.district_name)}".strip())
    role = _("lead") if p.lead else _("co-handler")
    return _("{who} ({role}) · {why} · {code}", who=who, role=role, why=term("ladder", p.step.why), code=p.code)


def _widest(words: Iterable[str]) -> int:
    """Cells of the longest word, in whatever language."""
    return max(map(cell_len, words))


def _unit(unit: str, district: str) -> Piece:
    return pad(one_line(unit.removeprefix(district)), 14) + " ", "ink"


def _row(width: int, head: list[Piece], title: str, tail: list[Piece], *, here: bool) -> Line:
    pieces: list[Piece] = [("▌ " if here else "  ", "seal"), *head]
    used = sum(cell_len(text) for text, _role in (*pieces, *tail))
    pieces.append((pad(one_line(title) or _("(no title)"), max(6, width - used - 1)) + " ", "ink"))
    return line(*pieces, *tail, bold=here)
