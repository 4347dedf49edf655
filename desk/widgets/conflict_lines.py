"""Two columns of a conflict: how the letter stands and who brought it there; what this desk did and why it was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.conflicts import shown_event
from db.model import Ms
from db.text import one_line, safe
from db.words import _, term
from desk.widgets.row import Names
from desk.widgets.sheet import BLANK, Line, flow, heading, paragraph
from desk.widgets.timeline import Who, timeline_lines

if TYPE_CHECKING:
    from db.conflicts import Group
    from db.letters import Letter

LATELY = 6
"""Events that are shown of how it came to stand so."""


def theirs(letter: Letter | None, width: int, now: Ms, names: Names, who: Who, master: str = "") -> list[Line]:
    """How the letter stands now. `master`: the code of the letter it is merged into."""
    lines = [heading(_("As it stands"), width)]
    if letter is None:
        return lines + paragraph(_("This is of no letter that is here."), width, "faint")
    case = letter.case
    lead = case.lead_dispatch
    lines += flow(
        [
            (term("state", case.state), "amber"),
            (f"→ {one_line(master)}" if master else "", "strong"),
            (one_line(lead.whom) if lead else "", "ink"),
            (term("result", case.result) if case.result else "", "leaf"),
        ],
        width,
    )
    lines.append(BLANK)
    events = [e for e in letter.events if e.id not in letter.pending][-LATELY:]
    return lines + timeline_lines(events, (), width, now, who, names, (), letter.absorbed, letter.others)


def yours(group: Group, width: int, now: Ms, names: Names, who: Who) -> list[Line]:
    """What was done here, and the sentence that refused it."""
    lines = [heading(_("What you did, refused"), width)]
    for one in group.events:
        event = shown_event(one)
        if event is None:
            lines += paragraph(_("(its words were erased by law)"), width, "faint")
        else:
            lines += timeline_lines([event], (), width, now, who, names)
        lines += paragraph("✗ " + safe(str(one)), width, "late")
        lines.append(BLANK)
    return lines
