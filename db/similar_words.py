"""What two letters share, as a person reads it. Pieces of their own text are safe and on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.text import one_line
from db.words import _

if TYPE_CHECKING:
    from db.similar import Similar


def reasons(found: Similar) -> list[str]:
    """Why this letter is shown, the most telling first; each a phrase of its own."""
    between = _("、")
    said = []
    if found.shared.places:
        said.append(_("same place: {places}", places=between.join(one_line(p) for p in found.shared.places)))
    if found.shared.passages:
        quoted = between.join(_("“{word}”", word=one_line(p)) for p in found.shared.passages)
        said.append(_("both say {passages}", passages=quoted))
    if found.same_topic:
        said.append(_("same topic: {topic}", topic=one_line(found.row.topic)))
    if found.same_sender:
        said.append(_("same sender"))
    said.append(_apart(found.days))
    if found.followers:
        said.append(_("{n} letters merged into it", n=found.followers))
    return said


def _apart(days: int) -> str:
    if days > 1:
        return _("{n} days apart", n=days)
    return _("a day apart") if days else _("the same day")
