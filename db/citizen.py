"""All that is held about one citizen, as plain values for a JSON file: what a person may ask to be given (PIPL art. 45).

Their record, each of their letters as it stands, every word in it, who looked at their contact and why. What others
(staff, units) are is told by role and id only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.clock import to_iso
from db.model import Case, CaseId, Event, EventKind, Ms
from db.people import Sender

if TYPE_CHECKING:
    from db.store import Store


def told(sender: Sender | None, letters: Iterable[Mapping[str, Any]], now: Ms) -> dict[str, Any]:
    """The whole of it. `sender`: None where no record is kept any more."""
    record: dict[str, Any] | None = None
    if sender is not None:
        record = {"name": sender.name, "salutation": sender.salutation, "phone": sender.phone}
        record["contact"] = dict(sender.contact)
    return {"given_at": to_iso(now), "record": record, "letters": list(letters)}


def letter(
    case: Case, events: Iterable[Event], drafts: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """One letter: how it stands, what was said, who looked at the contact, what of it was printed."""
    own = [e for e in events if e.case == case.id]
    looks = [e for e in own if e.kind == EventKind.REVEALED]
    files = [f for e in own for f in _files(e)]
    return {
        "code": case.code,
        "received_at": to_iso(case.received_at),
        "state": str(case.state),
        "kind": str(case.kind) if case.kind else None,
        "topic": case.topic,
        "district": case.district,
        "place": case.place,
        "title": case.title,
        "confidential": case.confidential,
        "erased": case.erased,
        "events": [_event(e) for e in own if e.kind != EventKind.REVEALED],
        "looked_at_contact": [{"at": to_iso(e.at), "by": e.actor, "why": e.facts.get("reason")} for e in looks],
        "attachments": files,
        "drafts": {action: dict(fields) for action, fields in (drafts or {}).items()},
    }


def _event(event: Event) -> dict[str, Any]:
    at = event.when if event.when is not None else event.at
    return {"kind": event.kind, "at": to_iso(at), "role": str(event.role), "words": dict(event.words)}


def _files(event: Event) -> list[dict[str, Any]]:
    names = event.words.get("files", "").split("\n")
    found = event.facts.get("attachments") or ()
    return [
        {"name": names[n] if n < len(names) else "", "sha256": sha, "media": media, "bytes": size}
        for n, (sha, media, size) in enumerate(found)
    ]


def of_store(store: Store, case_id: CaseId, now: Ms) -> dict[str, Any]:
    """What this desk holds about who wrote that letter. Raises StoreError, KeyError where the letter is not here."""
    from db import people, queries

    first = queries.letter(store, case_id)
    if first is None:
        raise KeyError(case_id)
    who = first.case.sender
    rows = store.rows("SELECT id FROM cases WHERE sender = ? ORDER BY received_at", (who,)) if who else [(case_id,)]
    found = [kept for (id_,) in rows if (kept := queries.letter(store, id_)) is not None]
    letters = [letter(kept.case, kept.events, kept.drafts) for kept in found]
    return told(people.sender(store, who), letters, now)


def write(path: Path, values: Mapping[str, Any]) -> None:
    """A new JSON file that only its owner can read. Raises FileExistsError, OSError."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        json.dump(values, file, ensure_ascii=False, indent=1)
        file.write("\n")
