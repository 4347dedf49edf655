"""A screen with a table of keys of its own (`own_keys.py`): its bindings, what stands at its foot, and `?`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from db.words import _, term
from desk.screens.help import Entry, HelpScreen, shown
from desk.screens.own_keys import TABLES
from desk.screens.pointing import Pointing
from desk.widgets.sheet import Line, flow

if TYPE_CHECKING:
    from desk.screens.own_keys import Key

JOINT = " · "


def bound(screen: str, *first: str) -> list[BindingType]:
    """The bindings of a screen's table, and `?`. `first`: ids that come before what has the focus."""
    made: list[BindingType] = [
        Binding(key.keys, key.action, show=False, id=f"{screen}.{key.id}", priority=key.id in first)
        for key in TABLES[screen]
    ]
    made.append(Binding("ctrl+z", "app.suspend_process", show=False, id=f"{screen}.suspend"))
    return [*made, Binding("question_mark,f1", "help", show=False, id=f"{screen}.help")]


def entries(screen: str) -> list[Entry]:
    """Every key of a screen, as `?` lists them where the screen is not open."""
    return [Entry(shown(key.keys), "", _(key.help)) for key in TABLES[screen]]


def fitting(words: Sequence[str], width: int, rows: int) -> list[str]:
    """As many words as have room in so many rows of `width` cells, the first ones; the last two always."""
    kept = list(words)
    while len(kept) > 2 and len(flow([(word, "faint") for word in kept], width, joint=JOINT)) > rows:
        del kept[-3]
    return kept


class Keyed(Pointing):
    """What the screen called `keys_of` shows of its keys."""

    keys_of: str

    def why_not(self, key: str) -> str | None:
        """Why a key (by its id) does not apply now, as a sentence; None where it does."""
        return None

    def foot_words(self) -> list[str]:
        """What applies now, most useful first; then `?` and the way out."""
        words = [
            f"{key.sign or _sign(key)} {term('key', f'{self.keys_of}.{key.id}')}"
            for key in TABLES[self.keys_of]
            if key.foot and self.why_not(key.id) is None
        ]
        return [*words, f"? {_('all keys')}", f"esc {_('back')}"]

    def foot_lines(self, width: int, rows: int = 1) -> list[Line]:
        """The foot in so many rows of `width` cells."""
        return flow([(word, "faint") for word in fitting(self.foot_words(), width, rows)], width, joint=JOINT)

    def foot_text(self, width: int, rows: int = 1) -> str:
        """The same as text."""
        return "\n".join(line.text for line in self.foot_lines(width, rows))

    def action_help(self) -> None:
        """`?`: every key of this place, and why some do not apply."""
        title = term("keys_of", self.keys_of)
        keys = [Entry(shown(k.keys), "", _(k.help), self.why_not(k.id)) for k in TABLES[self.keys_of]]
        self.app.push_screen(HelpScreen([(title, keys)]))


def _sign(key: Key) -> str:
    first = shown(key.keys.split(",")[0])
    return _("enter") if first == "enter" else first
