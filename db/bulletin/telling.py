"""What a revision changed, in sentences: figure by figure, with the letters that came or left and what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from db.bulletin.making import Names
from db.bulletin.names import label, titles
from db.clock import to_iso
from db.figures import Period
from db.model import Ms
from db.words import _, term

if TYPE_CHECKING:
    from db.store import Store

NAMED = 6
"""Letters and events named in one line; of more, the number is said."""


def told(changes: Iterable[Mapping[str, Any]], period: Period, called: Mapping[str, str] | None = None) -> list[str]:
    """A line a figure, and under it a line for what came, what left, and why; `called`: as `names.titles`."""
    named = Names(period, successors=False)
    lines = []
    for one in changes:
        lines.append(
            _("{figure}: {was} → {now}", figure=label(one["figure"], named, called), was=one["was"], now=one["now"])
        )
        for sign, codes in (("+", one["came"]), ("−", one["left"])):
            if codes:
                lines.append(f"    {sign} {_listed(codes)}")
        if one["because"]:
            lines.append("    " + _("because: {what}", what=_listed([_happened(e) for e in one["because"]])))
    return lines


def history(store: Store, period: Period, now: Ms) -> list[str]:
    """Every revision of a month with what it changed, then what is other since; nothing for what was never frozen.
    Raises StoreError."""
    from db.bulletin import freezing, frozen_rows

    lines = []
    held = frozen_rows.revisions(store, period.name)
    for one in held:
        when = to_iso(one.at)[:16].replace("T", " ")
        said = _("Revision {n}: {who}, {when}, {hash}", n=one.revision, who=one.by, when=when, hash=one.hash[:12])
        lines.append(said if one.intact else said + _(" (not as it was signed!)"))
        lines += [f"  {change}" for change in told(one.snapshot.changes, period, titles(one.snapshot.page))]
    if held:
        since = freezing.changes(store, period.name, now)
        lines.append(
            _("Since then: {n} figures are others", n=len(since)) if since else _("Since then nothing is other.")
        )
        lines += [f"  {change}" for change in told(since, period, titles(held[-1].snapshot.page))]
    return lines


def _happened(event: Mapping[str, Any]) -> str:
    return f"{event['code']} {term('event', event['kind'])} {to_iso(event['at'])[:10]}"


def _listed(texts: Sequence[str]) -> str:
    more = len(texts) - NAMED
    return "、".join(texts[:NAMED]) + (_(" and {n} more", n=more) if more > 0 else "")
