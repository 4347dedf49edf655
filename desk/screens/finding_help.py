"""How to search, for the help: what may be typed after `/`, by example, and the keys of the line it is typed in."""

from __future__ import annotations

from db.words import N_, _
from desk.screens.help import Entry, Group

_TYPED: tuple[tuple[str, str], ...] = (
    (N_("lift stopped"), N_("letters with all the words: in title, letter, place, notes, replies; also one character")),
    (N_('"new lift"'), N_("the passage as it stands, blanks included")),
    (N_("-stopped -state:closed"), N_("a dash leaves letters out")),
    (N_("district:yb state:late,returned"), N_("fields; several values by commas, tab completes")),
    (N_("from:10-01 to:today"), N_("days: also on:2024-10, on:lastweek, on:2024-10-01..2024-10-15, from:7d")),
    (N_("RMLX-20241015 code:0007"), N_("codes from their beginning, or by their end")),
    (N_("陈先生 138****1234"), N_("who wrote, as it is shown or in full: for those who may see contacts")),
)

_KEYS: tuple[tuple[str, str], ...] = (
    ("tab shift+tab", N_("the next or the last of what may stand here")),
    ("enter ↓", N_("back to the list, the filter stays; ' and n keep it as a list")),
    ("esc", N_("the filter goes")),
)


def searching() -> Group:
    """What may be typed, then the line's keys."""
    typed = [Entry(_(example), "", _(says)) for example, says in _TYPED]
    return _("Searching: /"), [*typed, *(Entry(keys, "", _(says)) for keys, says in _KEYS)]
