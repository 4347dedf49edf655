"""The lines of a letter: title, origin, words, dispatches with clocks, drafts that wait, what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.casefile import shown_district
from db.model import Ms
from db.model_rules import Calendar
from db.text import one_line, safe
from db.words import _, term
from desk.widgets.dispatches import dispatch_lines, forward_clock
from desk.widgets.due import moment
from desk.widgets.due_history import due_history
from desk.widgets.row import Names, titled
from desk.widgets.sheet import BLANK, Line, Piece, flow, heading, paragraph, prose
from desk.widgets.timeline import TOLD, Who, timeline_lines

if TYPE_CHECKING:
    from db.letters import Letter

MEASURE = 92
"""Widest line of running text, in cells: 46 characters, what a reader's eye follows without losing its place."""


def letter_lines(letter: Letter, width: int, now: Ms, cal: Calendar, names: Names, who: Who) -> list[Line]:
    """All lines of a letter for a pane of that width; everything of a citizen's or a district's making is made safe."""
    width = max(16, min(width, MEASURE))
    case = letter.case
    lines = paragraph(titled(case.title, erased=case.erased), width, "strong", bold=True)
    lines += flow(_meta(letter, names), width)
    lines += flow(_origin(letter, now, who), width)
    if letter.refused:
        lines += [BLANK, *_refused(letter, width)]
    body = prose(letter.body, width)
    if letter.partial:
        body = paragraph(
            _("Its words and what happened are with the backend; they come as soon as there is a line."), width, "faint"
        )
    lines += [BLANK, *body, BLANK]
    if files := _files(letter, width):
        lines += [heading(_("Files"), width), *files, BLANK]
    clocks = forward_clock(case, now, cal) + dispatch_lines(case, width, now, cal)
    if clocks:
        lines += [heading(_("Dispatches"), width), *clocks, BLANK]
    if moves := due_history(letter, width, now, who):
        any_moved = any(move.clock in TOLD for move in case.due_moves)
        title = _("Due times moved") if any_moved else _("Returns and redos")
        lines += [heading(title, width), *moves, BLANK]
    if letter.drafts:
        lines += [heading(_("Drafts waiting"), width), *_drafts(letter, width), BLANK]
    lines.append(heading(_("What happened"), width))
    return lines + timeline_lines(
        letter.events, letter.pending, width, now, who, names, case.due_moves, letter.absorbed, letter.others
    )


def _meta(letter: Letter, names: Names) -> list[Piece]:
    case = letter.case
    pieces: list[Piece] = [(one_line(case.code), "faint"), (term("state", case.state), "amber")]
    if case.urgency != "normal":
        pieces.append((term("urgency", case.urgency), "late"))
    if case.result:
        pieces.append((term("result", case.result), "leaf"))
    pieces += [
        (term("kind", case.kind), "ink"),
        (one_line(term("topic", case.topic)) if case.topic else _("no topic"), "ink"),
        (one_line(names(district)) if (district := shown_district(case)) else _("district unknown"), "ink"),
    ]
    if case.confidential:
        pieces.append((_("confidential"), "late"))
    if case.promised:
        pieces.append((_("promised {day}", day=case.promised), "today"))
    pieces += [(term("publication", p.as_), "water") for p in case.publications]
    pieces += [("#" + one_line(tag), "water") for tag in case.tags]
    return pieces


def _origin(letter: Letter, now: Ms, who: Who) -> list[Piece]:
    case = letter.case
    return [
        (_("received {when}", when=moment(case.received_at, now)), "faint"),
        (one_line(term("source", case.channel)), "faint"),
        (one_line(letter.sender), "ink"),
        (one_line(case.place), "ink"),
        (_("assigned to {name}", name=one_line(who(case.assignee))) if case.assignee else "", "faint"),
    ]


def _refused(letter: Letter, width: int) -> list[Line]:
    return [part for sentence in letter.refused for part in paragraph("✗ " + safe(str(sentence)), width, "late")]


def _files(letter: Letter, width: int) -> list[Line]:
    """Nothing is imported for letters without files, which most are."""
    if not any(event.facts.get("attachments") for event in letter.events):
        return []
    from db.attachments import of_events
    from desk.widgets.files import brief

    files = of_events(letter.events)
    said = [(brief(file, letter.sending.get(file.hash)), letter.sending.get(file.hash)) for file in files]
    return [
        part
        for text, upload in said
        for part in paragraph("▤ " + text, width, "seal" if upload is not None and upload.code else "water")
    ]


def _drafts(letter: Letter, width: int) -> list[Line]:
    lines: list[Line] = []
    for action in dict.fromkeys(
        one.rstrip("+") for one in letter.drafts
    ):  # with +: of a bulk that this letter was among
        lines += paragraph("✎ " + _("{action}: as you left it", action=term("action", action)), width, "amber")
    return lines
