"""The reason of a suggestion, as a sentence. What comes from the letter is safe and on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.text import one_line
from db.words import _, term

if TYPE_CHECKING:
    from db.suggest import Hint

MOST = 24
"""Characters of a passage that are quoted."""


def value_label(hint: Hint) -> str:
    """The suggested value as a person reads it; "" where there is none."""
    if hint.value is None:
        return ""
    if hint.field == "district":
        from db import places

        return places.load().name(hint.value)
    return term(hint.field, hint.value)


def reason(hint: Hint) -> str:
    """What in the letter points where: “电梯”“加装” → 电梯安装; with what bears it out."""
    return _joined(_found(hint), value_label(hint), _detail(hint))


def because(hint: Hint) -> str:
    """The same for beside the value itself: “电梯”“加装”, with what bears it out."""
    return _joined(_found(hint), value_label(hint) if hint.why == "named" else "", _detail(hint))


def _joined(found: str, value: str, detail: str) -> str:
    points = _("{found} → {value}", found=found, value=value) if found and value else found or value
    if not detail:
        return points
    return _("{points} ({detail})", points=points, detail=detail) if points else detail


def _found(hint: Hint) -> str:
    if hint.why == "named":
        return _("、").join(one_line(word) for word in hint.found)
    if hint.why == "unsure":
        return ""
    return "".join(_("“{word}”", word=_cut(one_line(word))) for word in hint.found)


def _detail(hint: Hint) -> str:
    match hint.why:
        case "learned" if hint.field == "kind":
            return _("in {times} of {of} letters of this kind", times=hint.times, of=hint.of)
        case "learned":
            return _("in {times} of {of} letters of this topic", times=hint.times, of=hint.of)
        case "like":
            return _("its wording is that of {times} letters classified so", times=hint.times)
        case "rule":
            return term("cue", hint.rule)
        case "estate":
            return _("the desk put {times} letters about it there", times=hint.times)
        case "unsure":
            return _unsure(hint)
        case _:
            return ""


def _unsure(hint: Hint) -> str:
    from db import places

    found = _("、").join(one_line(word) for word in hint.found)
    districts = _("、").join(places.load().name(code) for code in hint.among)
    return _("it names {found}, which may be in {districts}", found=found, districts=districts)


def _cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
