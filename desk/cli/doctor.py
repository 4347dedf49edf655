"""`desk doctor`: is the file whole, do the rows follow from the events, where is the key, are the settings right."""

from __future__ import annotations

import argparse
from pathlib import Path

from db import audit, overview, sums
from db.clock import now_ms, to_iso
from db.keys import keeper
from db.refold import differing
from db.store import Store, StoreError
from db.words import N_, _, term
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
            coming = not broken and _coming(store)
            wrong, noted = ([], None) if broken else ([] if coming else differing(store), repairs.short(store))
            listed = [] if broken else _lists(store, mend=options.repair)
            changed = [] if broken else list(audit.changed(store))
            chain = None if broken else audit.followed(store)
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
    if coming:
        print(
            _(
                "Letters are still to come from the newsroom: whether rows follow from events is looked at when all are here."
            )
        )
    if noted:
        print(noted.sentence)
        wrong = [code for code in wrong if code not in noted.codes]
    _say_rows(wrong, changed, listed, mended=options.repair)
    torn = chain is not None and _say_chain(chain)
    if torn:
        _fetch_anew(options)
    hurt = bool(wrong or changed or torn or (listed and not options.repair))
    if not (hurt or faults or listed):
        print(_("All is well."))
    return EXIT_STORE if hurt else 0


def _coming(store: Store) -> bool:
    """Whether a fill is under way or wanted: rows come before what happened to their letters."""
    from db import link

    tie = link.of(store)
    return tie is not None and tie.fill is not None


def _lists(store: Store, *, mend: bool) -> list[str]:
    """The lists and sums that do not follow from the letters; with `mend` they do then."""
    found = sums.wrong(store)
    if found and mend:
        sums.again(store, now_ms())
    return found


def _say_rows(wrong: list[str], changed: list[audit.Changed], listed: list[str], *, mended: bool) -> None:
    """What of the letters does not follow from what, a line each."""
    for code in wrong:
        print(_("{code}: its row does not follow from its events.", code=code))
    for event in changed:
        _say_changed(event)
    if listed:
        print(_("Lists and sums do not follow from the letters: {what}.", what=", ".join(listed)))
        print(_("They were made anew.") if mended else _("desk doctor --repair makes them anew."))


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


CHAIN = {
    "part": N_(
        "The log's chain was followed from number {first} to {last}; what comes next here is without its proof."
    ),
    "removed": N_("The log's chain: number {next} is missing on this desk."),
    "inserted": N_("The log's chain: there are events beyond number {last} that the backend never sent."),
    "changed": N_("The log's chain: between numbers {first} and {last} an event was changed or put in."),
}


def _say_chain(chain: audit.Followed) -> bool:
    """Says how far the backend's chain holds here; whether it is torn."""
    if chain.what in CHAIN:
        print(_(CHAIN[chain.what], first=chain.first, last=chain.last, next=chain.last + 1))
    return chain.what not in ("whole", "part")


def _fetch_anew(options: argparse.Namespace) -> None:
    """Of a torn chain: with `--repair` the next sync brings everything again, what was done here is offered again."""
    from db import fill_again, link

    if not options.repair:
        print(_("desk doctor --repair lets the next sync fetch everything anew; what is unsent stays."))
        return
    with opened(options, create=False) as store:
        tie = link.of(store)
        if tie is not None:
            fill_again.reset(store, tie.user)
    print(_("The next sync fetches everything anew; what is unsent stays."))
