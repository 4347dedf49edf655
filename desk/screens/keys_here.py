"""The keys of a dialog as `?` lists them: what its bindings, and those of the field that has the keys, say of themselves.

A binding says what it does in its `tooltip`; one without is not told of (Textual's own editing keys say nothing in Chinese).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from db.words import _
from desk.screens.help import Entry, Group, shown

if TYPE_CHECKING:
    from textual.binding import Binding, BindingsMap
    from textual.screen import Screen


def groups(screen: Screen[Any], further: Iterable[Entry] = ()) -> list[Group]:
    """The field's keys, then the dialog's; `further` are keys that no binding of it tells of."""
    told: list[Group] = []
    focused = screen.focused
    if focused is not None and (own := list(_entries(focused._bindings))):
        told.append((_("In this field"), own))
    *others, away = [*further, *_entries(screen._bindings)] or [Entry("esc", "")]
    return [*told, (_("In this place"), [*others, away])]


def _entries(bindings: BindingsMap) -> Iterator[Entry]:
    """One entry for all keys that do the same; how to leave comes last."""
    same: dict[str, list[Binding]] = {}
    for _key, binding in bindings:
        if binding.tooltip:
            same.setdefault(binding.tooltip, []).append(binding)
    for says, found in sorted(same.items(), key=lambda item: item[1][0].key == "escape"):
        yield Entry(shown(",".join(dict.fromkeys(b.key for b in found))), "", _(says))
