"""Verbs of the line: login, logout, sync (DESIGN.md §9). Exit codes: 3 no connection, 5 not logged in."""

from __future__ import annotations

import argparse
import getpass
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from db import fill, joining, link, outbox, uploads
from db.clock import now_ms, to_iso
from db.text import one_line
from db.words import _, sentences, term
from desk.cli import unsent
from desk.cli.out import EXIT_LINE, EXIT_LOGIN, EXIT_REFUSED, EXIT_USAGE, StopError, as_json
from desk.cli.store import opened
from desk.line.trouble import say

if TYPE_CHECKING:
    from db.joining import Seat
    from db.store import Store
    from db.uploads import Upload
    from desk.line.rounds import Rounds
    from desk.line.state import Brought
    from desk.line.trouble import LineError

TURN = 60.0
"""Seconds that `desk sync` waits for another process of this store to sync in its place."""

LOOKED = 8.0
"""Seconds after which an app whose line was closed has tried once more, if it can."""

LEASE = 120.0

CHOOSING = ("first_password", "first_ended", "password")
"""What can be wrong with a password that is not the name's or the password's being wrong."""


def login(options: argparse.Namespace) -> int:
    """`desk login --server URL --user NAME`; the password from the prompt, or a line of stdin."""
    from desk.line import login as door
    from desk.line.trouble import LineError

    server = door.address(options.server)
    if server is None:
        raise StopError(EXIT_USAGE, _("“{server}” is no address. Write https://letters.example", server=options.server))
    with opened(options) as store:
        if options.export:
            unsent.export(store, Path(options.export))
        password = _asked(_("Password: "))
        try:
            seat, adopted, where = _let_in(store, server, options.user, password)
        except LineError as e:
            raise _stopped(e) from e
        except joining.OtherNewsroomError:
            said = _("This desk holds letters of another newsroom. Nothing was changed: name another --home.")
            raise StopError(EXIT_USAGE, said) from None
    who = {"name": one_line(seat.name), "role": term("role", seat.role)}
    print(_("Logged in as {name} ({role}), terminal {n}.", **who, n=seat.number))
    if adopted:
        print(_("{n} things done here before are yours now and go with the next sync.", n=adopted))
    if where == "file":
        print(_("There is no keyring here: the token is in a file that only you can read."))
    return 0


def _asked(prompt: str) -> str:
    """A password: typed unseen, or the next line of standard input."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


def _new_password() -> str:
    """A new one, at a terminal twice. Raises StopError."""
    new = _asked(_("New password: "))
    if not new:
        raise StopError(EXIT_LOGIN, _("No new password was given: give it as the next line. Nothing was changed."))
    if sys.stdin.isatty() and _asked(_("The same again: ")) != new:
        raise StopError(EXIT_USAGE, _("The two are not the same. Nothing was changed: try again."))
    return new


def _let_in(store: Store, server: str, name: str, password: str) -> tuple[Seat, int, str]:
    """Logs in; who was given a first password chooses their own before. Raises LineError, StopError."""
    from desk.line import login as door
    from desk.line.trouble import LineError

    try:
        return door.login(store, server, name, password)
    except LineError as e:
        if e.code != "first_password":
            raise
    print(say("first_password"), file=sys.stderr)
    new = _new_password()
    door.own_password(server, name, password, new)
    return door.login(store, server, name, new)


def password(options: argparse.Namespace) -> int:
    """`desk password`: one's own, by the present one and a new one; from prompts, or two lines of stdin."""
    from desk.line import login as door
    from desk.line import token
    from desk.line.trouble import LineError

    with opened(options, create=False) as store:
        tie = link.of(store)
        if tie is None:
            raise StopError(EXIT_LOGIN, _("Nobody is logged in: desk login --server URL --user NAME"))
        old = _asked(_("Present password: "))
        new = _new_password()
        try:
            door.own_password(tie.server, tie.name, old, new, held=token.read(store.home) or "")
        except LineError as e:
            raise _stopped(e) from e
    print(_("The new password counts from now on. This device stays logged in; every other login of yours has ended."))
    return 0


def logout(options: argparse.Namespace) -> int:
    """`desk logout`: warns where something waits; what waits stays bound to who made it."""
    from desk.line import login as door

    with opened(options, create=False) as store:
        tie = link.of(store)
        if tie is None:
            raise StopError(EXIT_LOGIN, _("Nobody is logged in."))
        waits = outbox.waiting(store, tie.user)
        if waits.mine and not options.yes:
            raise StopError(
                EXIT_REFUSED,
                _(
                    "{n} things done here are not sent. desk sync sends them; --yes logs out and keeps them.",
                    n=waits.mine,
                ),
            )
        told = door.logout(store)
    print(_("Logged out.") if told else _("Logged out here; the backend could not be told, its token still counts."))
    return 0


def sync(options: argparse.Namespace) -> int:
    """`desk sync`: everything that waits is sent, everything new fetched, once."""
    with opened(options, create=False) as store:
        if options.unsent:
            return unsent.export(store, Path(options.unsent))
        tie = link.of(store)
        if tie is None:
            raise StopError(EXIT_LOGIN, _("Nobody is logged in: desk login --server URL --user NAME"))
        before = outbox.waiting(store, tie.user)
        owner = f"{socket.gethostname()}:{os.getpid()}:sync"
        got = _round(store, owner, options)
        tie = link.of(store) or tie
        after = outbox.waiting(store, tie.user)
        files = uploads.waiting(store)
    sent = max(0, before.mine - after.mine - max(0, after.refused - before.refused))  # what was refused is told apart
    if options.json:
        print(
            as_json(
                {
                    "sent": sent,
                    "pending": after.mine,
                    "refused": after.refused,
                    "news": got,
                    "files_pending": len(files),
                    "cursor": tie.cursor,
                    "last_sync": to_iso(tie.last) if tie.last else None,
                }
            )
        )
        return 0
    print(_("Sent: {n}. New from others: {m}.", n=sent, m=got))
    if after.refused:
        print(_("{n} were refused: queue 9 of the desk shows and settles them.", n=after.refused))
    for file in files:
        print(_say_file(file))
    if after.others:
        print(_("{n} were done by somebody else at this desk and wait for their login.", n=after.others))
    if abs(tie.skew) > 120_000:
        print(_("This clock is {n} minutes off the backend's.", n=abs(tie.skew) // 60_000))
    return 0


def _say_file(file: Upload) -> str:
    """An attached file that has not arrived, and why."""
    if file.code:
        return _("{name} was not taken by the newsroom: {why}", name=one_line(file.name), why=say(file.code))
    return _("{name} is not sent yet; desk sync goes on where it was.", name=one_line(file.name))


def _round(store: Store, owner: str, options: argparse.Namespace) -> int:
    """Events of others that came. Where another process syncs, it is asked to and waited for."""
    from desk.line import login as door
    from desk.line.lease import alive
    from desk.line.trouble import LineError

    asked = now_ms()
    tie = link.of(store)
    before = tie.cursor if tie is not None else 0
    if not joining.take_lease(store, owner, LEASE, asked, alive):
        joining.wish(store, asked)
        begun = time.monotonic()
        end = begun + TURN
        while store.setting(joining.WISH) is not None:
            tie = link.of(store)
            if tie is not None and tie.stopped and time.monotonic() - begun > LOOKED:
                store.put_setting(joining.WISH, None)
                raise _stopped(LineError(tie.stopped, stops=True))
            if time.monotonic() > end:
                raise _stopped(LineError("busy"))
            time.sleep(0.1)
        return outbox.came(store, before)
    try:
        rounds = door.rounds(store)
        joining.stop(store, None)
        if (options.scope is not None and _scoped(store, options.scope)) or fill.wants_more(rounds.tie()):
            rounds.widen()
        return _all(rounds, lambda: joining.take_lease(store, owner, LEASE, now_ms(), alive))
    except LineError as e:
        if e.stops:
            joining.stop(store, e.code)
        raise _stopped(e) from e
    finally:
        joining.give_lease(store, owner)


def _scoped(store: Store, wanted: str) -> bool:
    """Keeps how far back closed letters are wanted; whether that is further than before."""
    before = link.of(store)
    days = None if wanted == link.ALL else int(wanted)
    store.put_setting(link.SCOPE, wanted)
    had = before.scope if before is not None else link.SCOPE_DAYS
    return had is not None and (days is None or days > had)


def _all(rounds: Rounds, renew: Callable[[], object]) -> int:
    """Fills, sends and reads until there is no more; then the files that were attached here. `renew`: this process syncs on.
    Raises LineError, StoreError."""
    from desk.line.uploading import Uploading

    shown = sys.stderr.isatty()
    got = 0
    while True:
        renew()
        tie = rounds.tie()
        if tie.fill is not None:
            plan = fill.read(tie.fill)
            if shown and plan is not None:
                print("\r" + _("filling: {n} %", n=int(plan.share * 100)), end="", file=sys.stderr, flush=True)
            rounds.fill_step()
            if plan is None or not plan.usable:
                continue
        made = rounds.round()
        got += made.news.events
        if not made.more and rounds.tie().fill is None:
            break
    uploading = Uploading(rounds.store, _uploaded)
    while uploading.step(rounds):
        renew()
    return got


def _uploaded(brought: Brought) -> None:
    """How far an attached file is, for a person who watches."""
    news = brought.file
    if news is not None and not news.code and sys.stderr.isatty():
        share = news.held * 100 // max(1, news.size)
        print(f"\r⇡ {news.name} {share} %", end="\n" if news.whole else "", file=sys.stderr, flush=True)


def _stopped(e: LineError) -> StopError:
    code = EXIT_LOGIN if e.code in ("token", "revoked", "inactive", "login", "role", *CHOOSING) else EXIT_LINE
    return StopError(code, sentences(e.sentence(), _("Everything done here is kept.")))
