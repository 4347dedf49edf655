"""A supervisor freezes a month: its page becomes a snapshot that is signed and never changes; later news makes a revision.

Both are events without a case, run like everything else by `db/commands.run`. A revision says which figures are others,
which letters came to them or left, and what happened to those letters since the page before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from db import commands
from db.bulletin import frozen, frozen_rows, making
from db.bulletin.frozen import Snapshot
from db.case_turn import refuse
from db.commands import Command
from db.figures import Period, parse
from db.model import EventKind, Ms, Refusal

if TYPE_CHECKING:
    from db.bulletin.frozen_rows import Revision
    from db.bulletin.making import Bulletin
    from db.model import Actor
    from db.store import Store

FIRST = 1
UNTIL_FREEZE = ":studied"
"""Suggestions under study are those of the day on which the page was frozen: what became of them later is another month's."""

MOST_EVENTS = 20
"""Events named of one letter in a list of changes."""

Change = Mapping[str, Any]


def freeze(store: Store, actor: Actor, period: Period, now: Ms) -> Revision | Refusal:
    """Freezes and signs the month's page as it is known at `now`. Refusals: freeze_month (no month), freeze_early (not over),
    freeze_partly (histories are missing here), frozen_already, supervisor_only. Raises StoreError.
    """
    if no := may(period, now):
        return no
    page = making.read(store, period, now=now)
    return _write(store, actor, EventKind.BULLETIN_FROZEN, page, {"month": period.name, "revision": FIRST}, (), now)


def revise(store: Store, actor: Actor, period: Period, now: Ms) -> Revision | Refusal:
    """Freezes the month once more, with what changed since. Refusals besides: frozen_not_yet, revise_nothing. Raises StoreError."""
    held = frozen_rows.revisions(store, period.name)
    if no := may(period, now, frozen=bool(held), again=True):
        return no
    last = held[-1]
    page = making.read(store, period, now=now)
    changed = compared(store, last, page)
    if not changed:
        return refuse("revise_nothing", month=period.name, n=last.revision)
    facts = {"month": period.name, "revision": last.revision + 1, "was": last.hash}
    return _write(store, actor, EventKind.BULLETIN_REVISED, page, facts, changed, now)


def may(period: Period, now: Ms, *, frozen: bool = False, again: bool = False) -> Refusal | None:
    """Why a period cannot be frozen, or (`again`) frozen once more; None where it can. `frozen`: it was before.
    That a second freeze of another desk is refused is for the log to say.
    """
    if period.unit != "month":
        return refuse("freeze_month")
    if now < period.end:
        return refuse("freeze_early", month=period.name)
    if again and not frozen:
        return refuse("frozen_not_yet", month=period.name)
    return refuse("frozen_already", month=period.name) if frozen and not again else None


def _write(
    store: Store,
    actor: Actor,
    kind: EventKind,
    page: Bulletin,
    facts: dict[str, Any],
    changed: tuple[Change, ...],
    now: Ms,
) -> Revision | Refusal:
    if not page.page["complete"]:
        return refuse("freeze_partly", month=facts["month"])
    word, hash_ = frozen.packed(snapshot(page, changed))
    result = commands.run(
        store, actor, [Command(kind, facts=facts | {"hash": hash_}, words={frozen.SNAPSHOT: word})], now
    )
    if result.refused:
        return result.refused[0][1]
    return frozen_rows.revisions(store, facts["month"])[-1]


def snapshot(bulletin: Bulletin, changes: Iterable[Change] = ()) -> Snapshot:
    """What of a page is frozen: no words (they stay with their letters), no labels (they are the reader's language)."""
    page = dict(bulletin.page)
    for part in ("told", "rated", "words", "open_questions"):
        page[part] = [{k: v for k, v in one.items() if k not in ("title", "text", "place")} for one in page[part]]
    page["figures"] = {
        name: {k: v for k, v in told.items() if k != "label"} for name, told in bulletin.page["figures"].items()
    }
    places: dict[str, int] = {}
    of = {
        name: tuple(places.setdefault(code, len(places)) for code in bulletin.letters[name]) for name in page["figures"]
    }
    return Snapshot(page, tuple(places), of, tuple(changes))


# ── what changed ─────────────────────────────────────────────────────────────────────────────────────────────────────


def changes(store: Store, month: str, now: Ms) -> tuple[Change, ...]:
    """What is other today than on the month's last frozen page; nothing where there is none. Raises StoreError."""
    held = frozen_rows.revisions(store, month)
    return compared(store, held[-1], making.read(store, parse(month), now=now)) if held else ()


def compared(store: Store, last: Revision, page: Bulletin) -> tuple[Change, ...]:
    """Every figure that is other now: `figure`, `was`, `now`, `came` and `left` (codes), `because`: what happened since to the
    letters that came or left, or to any of it where the same letters make another figure.
    """
    was, is_ = last.snapshot.page["figures"], page.page["figures"]
    found = []
    for name in dict.fromkeys((*was, *is_)):
        if name.endswith(UNTIL_FREEZE):
            continue
        before, after = last.snapshot.letters(name), list(page.letters[name]) if name in is_ else []
        values = (was.get(name, {}).get("value", 0), is_.get(name, {}).get("value", 0))
        came = [code for code in after if code not in set(before)]
        left = [code for code in before if code not in set(after)]
        if values[0] == values[1] and not came and not left:
            continue
        because = _because(store, last.n, came + left or after)
        found.append(
            {"figure": name, "was": values[0], "now": values[1], "came": came, "left": left, "because": because}
        )
    return tuple(found)


def _because(store: Store, since: int, codes: list[str]) -> list[dict[str, Any]]:
    """What was written of these letters after that place of the log: code, kind of event, when it happened."""
    rows = store.rows(
        "SELECT c.code, e.kind, coalesce(e.happened, e.at), e.id FROM cases c JOIN event e ON e.case_n = c.n AND e.n > ? "
        "WHERE c.code IN (SELECT value FROM json_each(?)) ORDER BY c.n, e.n LIMIT ?",
        (since, json.dumps(codes), MOST_EVENTS * max(1, len(codes))),
    )
    return [{"code": code, "kind": kind, "at": at, "event": id_} for code, kind, at, id_ in rows]
