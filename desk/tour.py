"""Five minutes on the demo: what to press next, until it was pressed. Nothing is simulated: the keys do what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.words import N_

if TYPE_CHECKING:
    from desk.app import DeskApp


@dataclass(frozen=True, slots=True)
class Seen:
    """What the tour looks at: where the person is now, and how it was when the step began."""

    queue: int
    cursor: int
    pane: bool
    screen: str  # the class of the screen on top
    filter: str
    marks: int
    undos: int  # how often u was pressed, also where it said why not
    done: int  # the last run of this person that stands; news from others counts for nothing


@dataclass(frozen=True, slots=True)
class Step:
    """`says` is shown until `done(before, now)`."""

    says: str
    done: Callable[[Seen, Seen], bool]


STEPS: tuple[Step, ...] = (
    Step(
        N_("This is the inbox: letters that nobody has read. j and k move. Press j."), lambda b, n: n.cursor != b.cursor
    ),
    Step(N_("enter opens the letter beside or under the list; J and K read on. Press enter."), lambda b, n: n.pane),
    Step(
        N_(
            "The foot says what can be done to this letter. a accepts it: look the proposals over, ctrl+s sends. Accept it."
        ),
        lambda b, n: n.done > b.done and n.screen == "QueueScreen",
    ),
    Step(N_("Every step can be taken back until it has left the desk. Press u."), lambda b, n: n.undos > b.undos),
    Step(
        N_(
            "f forwards: the district is proposed with its reason, due times stand below. Forward this letter with f, ctrl+s."
        ),
        lambda b, n: n.done > b.done and n.screen == "QueueScreen",
    ),
    Step(N_("Numbers are queues; 4 holds what is late, the latest first. Press 4."), lambda b, n: n.queue == 4),
    Step(N_("space marks a letter, V a range, * all in view. Press *."), lambda b, n: n.marks > 0),
    Step(
        N_(
            "c chases the unit. With several letters a preview says first what will happen to which. Chase them: c, ctrl+s, enter."
        ),
        lambda b, n: n.done > b.done and n.screen == "QueueScreen",
    ),
    Step(N_("/ filters while you type, tab completes: try 区县:spbq, tab, enter."), lambda b, n: bool(n.filter)),
    Step(
        N_("? shows every key and why some do not apply now; / looks through it. Press ?."),
        lambda b, n: n.screen == "HelpScreen",
    ),
    Step(
        N_("D is the late board by district, P there the chases that are due; B is the month, Q surveys. esc, then D."),
        lambda b, n: n.screen == "BoardScreen",
    ),
    Step(
        N_("That is all you need: : takes commands, ctrl+p finds everything by name, q leaves. F10 closes this."),
        lambda b, n: False,
    ),
)


def look(app: DeskApp) -> Seen:
    """How things stand on the desk."""
    from db import runs

    queue, last = app.queue, runs.last(app.store, app.shelf.actor.id)
    return Seen(
        queue=queue.queue,
        cursor=queue.letters.cursor,
        pane=queue.pane_shown,
        screen=type(app.screen).__name__,
        filter=queue.query_text or "",
        marks=len(queue.letters.marks),
        undos=queue.doing.undos,
        done=last.n if last else 0,
    )
