"""`user` and `token`."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import Any

from backend.cli.opening import opened
from backend.cli.out import secret, table
from backend.people import passwords, tokens, users
from db import clock, places
from db.clock import DAY, to_iso
from db.text import one_line
from db.tongue import EXIT_REFUSED, EXIT_USAGE, StopError
from db.words import N_, _, term

WRONG = {
    "name": N_("A name has 1 to 60 characters, all of them visible. Nothing was changed."),
    "id": N_("An id has 1 to 40 letters, digits, dots, dashes; local, import, system, backend and citizen are taken."),
    "role": N_("This person cannot have that role. Nothing was changed."),
    "district": N_("A unit's person needs --district with a known code, and nobody else has one. Nothing was changed."),
    "password": N_("A password has {least} to {most} characters. Nothing was changed."),
    "guessed": N_("This password is among the first that are tried. Choose another; nothing was changed."),
    "known": N_("Somebody has that name or id already. Nothing was changed."),
    "unknown": N_("Nobody has that name. See: desk-backend user list"),
}


def _sentence(code: str) -> str:
    sentence = WRONG[code]
    return _(sentence, least=passwords.SHORTEST, most=passwords.LONGEST) if code == "password" else _(sentence)


def add_user(options: argparse.Namespace) -> int:
    """Adds somebody; prints their id."""
    if options.district:
        _known_district(options.district)
    with opened(options) as db:
        password = passwords.drawn() if options.first else secret()
        new = users.NewUser(
            options.name, options.role, password, options.id, options.district, options.unit, first=options.first
        )
        try:
            print(db.write(lambda conn: users.add(conn, new, clock.now_ms())))
        except users.UserError as e:
            raise StopError(EXIT_REFUSED, _sentence(e.code)) from e
    _tell_first(options.first, password)
    return 0


def _tell_first(first: bool, password: str) -> None:
    """A drawn password, this once."""
    if first:
        print(password)
        print(
            _("A first password, for {n} days: at desk login its person chooses their own.", n=users.FIRST // DAY),
            file=sys.stderr,
        )


def _known_district(code: str) -> None:
    if places.load().get(code) is None:
        raise StopError(EXIT_USAGE, _("There is no district with the code {code}.", code=code))


def change_user(options: argparse.Namespace) -> int:
    """Another role, password, or gone."""
    values: dict[str, Any] = {}
    if options.role:
        values["role"] = options.role
    if options.gone or options.back:
        values["active"] = int(options.back)
    with opened(options) as db:
        if options.password or options.first:
            values["password"] = passwords.drawn() if options.first else secret()
        if not values:
            raise StopError(EXIT_USAGE, _("Nothing to change: give --role, --password, --first, --gone or --back."))
        try:
            db.write(lambda conn: users.change(conn, options.name, clock.now_ms(), first=options.first, **values))
        except users.UserError as e:
            raise StopError(EXIT_REFUSED, _sentence(e.code)) from e
    _tell_first(options.first, str(values.get("password")))
    return 0


def list_users(options: argparse.Namespace) -> int:
    with opened(options) as db, db.read() as conn:
        rows = users.everybody(conn)
    head = (_("Name"), _("Id"), _("Role"), _("Unit"), _("Here"))
    table(
        head,
        (
            (u.name, u.id, term("role", u.role), f"{u.district} {u.unit}".strip(), "✓" if u.active else "–")
            for u in rows
        ),
    )
    return 0


def list_tokens(options: argparse.Namespace) -> int:
    with opened(options) as db, db.read() as conn:
        rows = tokens.listed(conn)
    head = ("#", _("Whose"), _("Device"), _("Label"), _("Since"), _("Last seen"), _("Cursor"), _("Ended"))
    table(head, (_token(row) for row in rows))
    return 0


def _token(row: Any) -> tuple[object, ...]:
    whose = row.person or row.channel or f"{row.district} {row.unit}".strip()
    device = f"{row.number:02d}" if row.number is not None else term("token", row.kind)
    seen = to_iso(row.seen_at) if row.seen_at else None
    ended = to_iso(row.revoked_at) if row.revoked_at else None
    return (row.id, whose, device, row.label, to_iso(row.made_at), seen, row.cursor, ended)


def revoke_token(options: argparse.Namespace) -> int:
    """Locks devices, channels or units out; unsent work stays on the devices."""
    with opened(options) as db:
        for number in options.number:
            if not db.write(partial(tokens.revoke, id_=number, now=clock.now_ms())):
                sentence = _(
                    "There is no such token, or it had ended: {number}. See: desk-backend token list", number=number
                )
                raise StopError(EXIT_REFUSED, sentence)
    return 0


def add_token(options: argparse.Namespace) -> int:
    """A key for a channel or a unit; prints it, this once."""
    now = clock.now_ms()
    label = one_line(options.label)
    if options.district:
        _known_district(options.district)
    channel = (options.channel or "").strip()
    if options.channel is not None and (channel != one_line(channel) or not 0 < len(channel) <= 40 or " " in channel):
        raise StopError(EXIT_USAGE, _("A channel's name has 1 to 40 visible characters and no blanks."))
    values = {"district": options.district or "", "unit": one_line(options.unit), "channel": channel, "label": label}
    kind = "channel" if channel else "unit"
    with opened(options) as db:
        print(db.write(lambda conn: tokens.give(conn, kind, now, **values)))
    print(_("Keep it safe: it is not told again."), file=sys.stderr)
    return 0
