"""What was found in a letter, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.words import _

if TYPE_CHECKING:
    from db.place_suggest import Suggestion


def explain(suggestion: Suggestion) -> str:
    """Why a district is proposed (茄子溪街道 → 大渡口区), which ones come into question, or that none was found."""
    from db.places import load

    divisions = load()
    found = _("、").join(dict.fromkeys(because.found for because in suggestion.because))
    if suggestion.district:
        return _("{found} → {value}", found=found, value=divisions.name(suggestion.district))
    if suggestion.candidates:
        names = _("、").join(divisions.name(code) for code in suggestion.candidates)
        return _("The letter names {found}: it may belong to {districts}. Choose one.", found=found, districts=names)
    return _("The letter names no district, street or town that is known here. Choose the district.")
