"""What an empty list says: why it is empty, and which key leads on."""

from __future__ import annotations

from db.queues import LISTS
from db.words import _, term
from desk.widgets.sheet import BLANK, Line, paragraph


def empty_lines(
    queue: int, counts: dict[int, int], query: str | None, width: int, *, coming: bool = False
) -> list[Line]:
    """A few friendly lines for a list without letters. `query` is the filter in force, as safe text; `coming`: letters are on
    their way here for the first time."""
    if query is not None and (listed := list_called(query)):
        said = [_("Nothing in “{queue}”.", queue=listed), _("esc leads back.")]
    elif query is not None:
        said = [_("No letter here for “{query}”.", query=query)]
        said += [_("esc takes the filter away; / changes it.")]
    elif coming and not any(counts.values()):
        said = [
            _("The newsroom's letters are on their way."),
            _("Open ones come first; what is here can be worked on."),
        ]
    elif not any(counts.values()):
        said = [_("No letters yet."), _("Bring some in with  desk import FILE  or look around with  desk demo .")]
    elif queue == 1:
        said = [_("The inbox is empty. Well done."), _next_queue(counts)]
    else:
        said = [_("Nothing in “{queue}”.", queue=term("queue", str(queue))), _next_queue(counts)]
    said.append(_("? shows every key, q quits."))
    lines: list[Line] = [BLANK, BLANK]
    for n, text in enumerate(said):
        lines += paragraph(text, width - 4, "strong" if n == 0 else "faint", indent=4)
        lines.append(BLANK)
    return lines


def list_called(query: str) -> str:
    """The name of a list of the day that a search stands for; "" of any other search."""
    name = query.removeprefix("list:")
    return term("list", name) if name != query and name in LISTS else ""


def _next_queue(counts: dict[int, int]) -> str:
    """Where work waits: late letters first, then the queues in the order of a letter's way."""
    for queue in (4, 1, 2, 5, 6, 3, 7, 9):
        if n := counts.get(queue):
            return _("{n} wait in {queue}: press {key}.", n=n, queue=term("queue", str(queue)), key=queue)
    return _("Nothing waits in any queue.")
