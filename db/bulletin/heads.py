"""What stands over a page: its title, its period in words, and whether it is signed, whole, over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from db.words import N_, _


def title(page: Mapping[str, Any]) -> str:
    return _("People's work online in figures · {period}", period=period(page["month"]))


def period(name: str) -> str:
    """2024-10 → 2024年10月; weeks, quarters, years alike; a range as its days."""
    for form, said in _PERIODS:
        if found := form.fullmatch(name):
            return _(said, **found.groupdict())
    return name.replace("..", " – ")


_PERIODS = (
    (re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)"), N_("{year}-{month}")),
    (re.compile(r"(?P<year>\d{4})-W(?P<week>\d\d)"), N_("{year}, week {week}")),
    (re.compile(r"(?P<year>\d{4})-Q(?P<quarter>\d)"), N_("{year}, quarter {quarter}")),
    (re.compile(r"(?P<year>\d{4})"), N_("year {year}")),
)


def standing(page: Mapping[str, Any]) -> list[str]:
    """Lines under the title: which days, which districts, whether signed, and what is not certain about it."""
    lines = [_("{first} to {last}", first=page["first"], last=page["last"])]
    if page["only_districts"]:
        lines.append(_("Only {districts}", districts="、".join(page["only_districts"])))
    if page["successors"]:
        lines.append(_("Districts by what they have become"))
    signed = page.get("signed")
    if signed:
        who = _("Frozen and signed by {who} on {on}, revision {n}, {hash}", **_signature(signed))
        lines.append(who)
        if not signed["intact"]:
            lines.append(_("Attention: this page is not the one that was signed. Its figures were changed afterwards."))
    elif not page["ended"]:
        lines.append(_("The period is not over: as of {when}", when=page["as_of"][:16].replace("T", " ")))
    else:
        lines.append(_("Not frozen: as of {when}", when=page["as_of"][:16].replace("T", " ")))
    if not page["complete"]:
        lines.append(
            _(
                "Attention: this desk has not every letter's history. Figures may be short; print from a desk that has all."
            )
        )
    return lines


def _signature(signed: Mapping[str, Any]) -> dict[str, Any]:
    return {"who": signed["by"], "on": signed["at"][:10], "n": signed["revision"], "hash": signed["hash"][:12]}
