"""`desk doctor`: is the file whole, do the rows follow from the events, where is the key, are the settings right."""

from __future__ import annotations

import argparse
from pathlib import Path

from db import audit, overview
from db.clock import to_iso
from db.keys import keeper
from db.refold import differing
from db.store import StoreError
from db.words import _, term
from desk.cli import repairs
from desk.cli.key import says
from desk.cli.out import EXIT_STORE
from desk.cli.store import opened
from desk.home import home, settings_file
from desk.likes import Likes


def doctor(options: argparse.Namespace) -> int:
    """0 when all is well or only the person's settings have a fault, 4 when the store has one; only `--repair` changes anything."""
    try:
        with opened(options, create=False) as store:
            broken = overview.troubles(store)
            wrong, noted = ([], None) if broken else (differing(store), repairs.short(store))
            changed = [] if broken else list(audit.changed(store))
        if broken:
            raise StoreError("damaged", {"path": store.path, "what": broken[0]})
    except StoreError as e:
        if e.code not in ("damaged", "unreadable"):
            raise
        if options.repair:
            return repairs.repair(options)
        repairs.say_pages(options)
        raise
    where = home(options.home)
    print(_("Home: {home}. The letters are encrypted.", home=where))
    keys = keeper(where)
    print(says(str(keys.way), keys))
    faults = _of_settings(where)
    if noted:
        print(noted.sentence)
        wrong = [code for code in wrong if code not in noted.codes]
    for code in wrong:
        print(_("{code}: its row does not follow from its events.", code=code))
    for event in changed:
        _say_changed(event)
    if not wrong and not changed and not faults:
        print(_("All is well."))
    return EXIT_STORE if wrong or changed else 0


def _of_settings(where: Path) -> bool:
    """Whether the person's settings have a fault; says which."""
    from desk.keymap import faults_of  # brings Textual: after the letters were looked at

    likes = Likes(settings_file(where))
    faults = faults_of(likes)
    for fault in faults:
        print(f"{likes.path}: {fault}")
    return bool(faults)


def _say_changed(event: audit.Changed) -> None:
    kind = term("event", event.kind)
    code = event.code or "–"
    print(_("{kind} of {time} ({code}): not what was written.", kind=kind, time=to_iso(event.at), code=code))
