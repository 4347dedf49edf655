"""`desk-backend serve|migrate|verify|citizen|user|token`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from db.text import safe
from db.tongue import EXIT_STOPPED, Parser, StopError
from db.words import _


def run(words: Sequence[str]) -> int:
    """Runs one verb; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        options = parser().parse_args(list(words))
        return int(options.run(options) or 0)
    except StopError as stop:
        print(safe(stop.before) + safe(stop.sentence), file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        return EXIT_STOPPED


def parser() -> argparse.ArgumentParser:
    top = Parser("desk-backend", description=_("What desks, districts and citizens talk to."))
    verbs = top.add_subparsers(dest="verb", metavar=_("VERB"), required=True)
    _serving(verbs)
    _users(verbs)
    _tokens(verbs)
    return top


def _verb(verbs: Any, name: str, module: str, function: str, help_: str) -> argparse.ArgumentParser:
    def run(options: argparse.Namespace) -> int:
        import importlib

        return int(getattr(importlib.import_module(f"backend.cli.{module}"), function)(options) or 0)

    made: argparse.ArgumentParser = verbs.add_parser(name, help=help_, description=help_)
    made.add_argument(
        "--database", metavar="URL", default=None, help=_("sqlite:///FILE or postgresql://… (or DESK_DATABASE)")
    )
    made.set_defaults(run=run)
    return made


def _serving(verbs: Any) -> None:
    serve = _verb(verbs, "serve", "serving", "serve", _("run until stopped"))
    serve.add_argument(
        "--host", default="127.0.0.1", help=_("address to listen on; 127.0.0.1 where a proxy is in front")
    )
    serve.add_argument("--port", type=int, default=8765, help=_("port to listen on; 0 takes a free one and prints it"))
    serve.add_argument("--public-url", default="", metavar="URL", help=_("where others reach it, for links to units"))
    demo = _verb(verbs, "demo", "demo", "demo", _("the demo's newsroom, with a district and a citizen who act"))
    demo.add_argument("--port", type=int, default=0, help=_("port to listen on; 0 takes a free one and prints it"))
    _verb(verbs, "migrate", "serving", "migrate", _("bring the database to this version"))
    verify = _verb(verbs, "verify", "verify", "verify", _("is the log what was written into it; changes nothing"))
    verify.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="NUMBER:HASH",
        help=_("what an earlier look or a desk saw; finds a log that was written anew as a whole"),
    )
    verify.add_argument("--log-only", action="store_true", help=_("leave out folding every letter again"))
    about = _verb(verbs, "citizen", "citizen", "give", _("all that is held about who wrote a letter, for them"))
    about.add_argument("code")
    about.add_argument("--to", default=None, metavar="FILE", help=_("a new JSON file, readable by you alone"))
    verify.add_argument("--json", action="store_true", help=_("one JSON object a line"))


def _users(verbs: Any) -> None:
    top = verbs.add_parser("user", help=_("people of the newsroom and of the units"))
    users = top.add_subparsers(dest="what", metavar=_("VERB"), required=True)
    add = _verb(users, "add", "people", "add_user", _("add somebody; the password is read from standard input"))
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=("editor", "supervisor", "unit", "reader", "admin"))
    add.add_argument("--id", default="", help=_("a short id for the log; given if left out"))
    add.add_argument("--district", default="", metavar="CODE", help=_("of a unit's person"))
    add.add_argument("--unit", default="", metavar="NAME", help=_("office inside the district"))
    add.add_argument(
        "--first", action="store_true", help=_("draw a first password and print it: for a week, to be replaced")
    )
    change = _verb(users, "change", "people", "change_user", _("another role, a new password, or gone"))
    change.add_argument("name")
    change.add_argument("--role", choices=("editor", "supervisor", "unit", "reader", "admin"))
    change.add_argument(
        "--password", action="store_true", help=_("read a new one from standard input; ends every login")
    )
    change.add_argument("--first", action="store_true", help=_("draw a first password and print it; ends every login"))
    change.add_argument("--gone", action="store_true", help=_("no longer works here; ends every login"))
    change.add_argument("--back", action="store_true", help=_("works here again"))
    _verb(users, "list", "people", "list_users", _("everybody"))


def _tokens(verbs: Any) -> None:
    top = verbs.add_parser("token", help=_("logins of devices, keys of channels and of units"))
    tokens = top.add_subparsers(dest="what", metavar=_("VERB"), required=True)
    _verb(tokens, "list", "people", "list_tokens", _("every one, with when its device was last seen"))
    revoke = _verb(tokens, "revoke", "people", "revoke_token", _("lock one out"))
    revoke.add_argument("number", type=int, nargs="+")
    add = _verb(tokens, "add", "people", "add_token", _("a key for a channel or a unit, told this once"))
    whose = add.add_mutually_exclusive_group(required=True)
    whose.add_argument("--channel", metavar="NAME", help=_("lets letters in, under this name"))
    whose.add_argument("--district", metavar="CODE", help=_("opens a district's dispatches"))
    add.add_argument("--unit", default="", metavar="NAME", help=_("only those of this office"))
    add.add_argument("--label", default="", help=_("to tell it from others in the list"))
