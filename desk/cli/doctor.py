"""`desk doctor`: is the file whole, do the rows follow from the events, where is the key, are the settings right."""

from __future__ import annotations

import argparse

from db import audit, overview
from db.clock import to_iso
from db.keys import keeper
from db.refold import differing
from db.words import _, term
from desk.cli.key import says
from desk.cli.out import EXIT_STORE
from desk.cli.store import opened
from desk.home import home, settings_file
from desk.likes import Likes


def doctor(options: argparse.Namespace) -> int:
    """0 when all is well or only the person's settings have a fault, 4 when the store has one; nothing is changed."""
    with opened(options, create=False) as store:
        broken = overview.troubles(store)
        wrong = differing(store)
        changed = list(audit.changed(store))
    where = home(options.home)
    print(_("Home: {home}. The letters are encrypted.", home=where))
    keys = keeper(where)
    print(says(str(keys.way), keys))
    from desk.keymap import faults_of  # brings Textual: after the letters were looked at

    likes = Likes(settings_file(home(options.home)))
    faults = faults_of(likes)
    for fault in faults:
        print(f"{likes.path}: {fault}")
    for line in broken:
        print(line)
    for code in wrong:
        print(_("{code}: its row does not follow from its events.", code=code))
    for event in changed:
        kind = term("event", event.kind)
        print(
            _(
                "{kind} of {time} ({code}): not what was written.",
                kind=kind,
                time=to_iso(event.at),
                code=event.code or "–",
            )
        )
    if not broken and not wrong and not changed and not faults:
        print(_("All is well."))
    return EXIT_STORE if broken or wrong or changed else 0
