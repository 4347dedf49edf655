"""`verify`: is the log what was written into it."""

from __future__ import annotations

import argparse
import json
import re

from backend.cli.opening import opened
from backend.log import reading, verifying
from db import chain
from db.tongue import EXIT_STORE, EXIT_USAGE, StopError
from db.words import N_, _, term

SENTENCES = {
    "content": N_("Number {seq} ({kind}, {letter}): its content is not what was written."),
    "columns": N_("Number {seq} ({kind}, {letter}): what stands beside it says otherwise than the event itself."),
    chain.Wrong.CHANGED: N_("Number {seq} ({kind}, {letter}), or the one before it with its hash, was changed."),
    chain.Wrong.REMOVED: N_("From number {seq} on {count} events are missing."),
    chain.Wrong.INSERTED: N_(
        "From number {seq} on {count} events were put in that nobody had sent ({kind}, {letter})."
    ),
    "row": N_("{letter}: its row does not follow from its events."),
    "refused": N_("{letter}: the rules refuse its events."),
    "witness": N_("At number {seq} another hash was seen before: the log was written anew from there or earlier."),
}


def verify(options: argparse.Namespace) -> int:
    """0 where all is well, 4 where something is not; nothing is changed."""
    known = [_witness(text) for text in options.witness]
    with opened(options) as db, db.read(steady=True) as conn:
        end = reading.head(conn)
        faults = [*verifying.events(conn), *verifying.witnessed(conn, known)]
        if not options.log_only:
            faults += verifying.rows(conn)
        letters = verifying.codes(conn, faults)
    for fault in faults:
        letter = letters.get(fault.case or "", fault.case or _("no letter"))
        if options.json:
            told = {"what": str(fault.what), "seq": fault.seq, "count": fault.count, "event": fault.event}
            print(json.dumps(told | {"kind": fault.kind, "letter": letter if fault.case else None}))
        else:
            kind = term("event", fault.kind) if fault.kind else "–"
            print(_(SENTENCES[fault.what], seq=fault.seq, count=fault.count, kind=kind, letter=letter))
    if options.json:
        print(json.dumps({"events": end.seq, "hash": end.hash.hex(), "faults": len(faults)}))
    elif not faults:
        print(
            _(
                "All is well: {n} events, each hash follows. Note this where nobody can change it: {witness}",
                n=end.seq,
                witness=f"{end.seq}:{end.short}",
            )
        )
    return EXIT_STORE if faults else 0


def _witness(text: str) -> tuple[int, str]:
    """`NUMBER:HASH` as an earlier look or a desk told it. Raises StopError."""
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{8})", text)
    if found is None:
        raise StopError(EXIT_USAGE, _("A witness is written NUMBER:HASH, as desk status --json and verify print it."))
    return int(found[1]), found[2]
