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
    """Why it is suggested: 茄子溪街道 → 大渡口区."""
    quoted = _("、").join(_("“{word}”", word=_cut(one_line(word))) for word in hint.found)
    match hint.why:
        case "learned":
            if hint.field == "kind":
                return _("{words} in {times} of {of} letters of this kind", words=quoted, times=hint.times, of=hint.of)
            return _("{words} in {times} of {of} letters of this topic", words=quoted, times=hint.times, of=hint.of)
        case "cue":
            return (
                _("{words}: words of this topic", words=quoted)
                if hint.field == "topic"
                else _("it says {words}", words=quoted)
            )
        case "like":
            return _("{words}, as in letters classified so before", words=quoted)
        case "rule":
            return _("it says {words}: {cue}", words=quoted, cue=term("cue", hint.rule))
        case "estate":
            return _("{words}: the desk put {times} letters about it there", words=quoted, times=hint.times)
        case _:
            return _places(hint)


def _places(hint: Hint) -> str:
    from db import places

    found = _("、").join(one_line(word) for word in hint.found)
    if hint.value is not None:
        return _("{found} → {district}", found=found, district=places.load().name(hint.value))
    districts = _("、").join(places.load().name(code) for code in hint.among)
    return _("it names {found}, which may be in {districts}", found=found, districts=districts)


def _cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
