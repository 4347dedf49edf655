"""The options of every verb, built from data: readings and files here, actions from the one table of actions."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from db.tongue import Parser
from db.words import _, term

if TYPE_CHECKING:
    from desk.action_fields import Field

Run = Callable[[argparse.Namespace], int]


def later(module: str, name: str) -> Run:
    """A verb's function, imported when it runs: `desk list` need not know how to import a spreadsheet."""

    def run(options: argparse.Namespace) -> int:
        return int(getattr(importlib.import_module(f"desk.cli.{module}"), name)(options))

    return run


def parser() -> argparse.ArgumentParser:
    top = Parser("desk", description=_("The People's Letters desk. Without a verb: the app."))
    top.add_argument("--home", metavar="DIR", default=None, help=_("where everything is kept (or DESK_HOME)"))
    top.add_argument("--passphrase-stdin", action="store_true", help=_("the passphrase is a line of standard input"))
    verbs = top.add_subparsers(dest="verb", metavar=_("VERB"), required=True)
    _readings(verbs)
    _files(verbs)
    _newsroom(verbs)
    _surveys(verbs)
    _line(verbs)
    _actions(verbs)
    return top


def _verb(verbs: Any, name: str, run: Run, help_: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, help=help_, description=help_)
    made.add_argument(
        "--home", metavar="DIR", default=argparse.SUPPRESS, help=_("where everything is kept (or DESK_HOME)")
    )
    made.add_argument(
        "--passphrase-stdin",
        action="store_true",
        default=argparse.SUPPRESS,
        help=_("the passphrase is a line of standard input"),
    )
    made.set_defaults(run=run)
    return made


def _selection(made: argparse.ArgumentParser) -> None:
    made.add_argument("--queue", type=int, choices=range(1, 10), help=_("only that queue, in its order"))
    made.add_argument("--all", action="store_true", help=_("every letter, newest first (the default)"))


def _readings(verbs: Any) -> None:
    status = _verb(verbs, "status", later("read", "status"), _("how many letters, what waits, when last in step"))
    status.add_argument("--json", action="store_true")
    listing = _verb(verbs, "list", later("read", "list_letters"), _("letters that match, one a line"))
    listing.add_argument("query", nargs="?", default="")
    _selection(listing)
    listing.add_argument("--limit", type=int, default=None, metavar="N")
    listing.add_argument("--json", action="store_true")
    show = _verb(verbs, "show", later("read", "show"), _("one letter with its dispatches and its timeline"))
    show.add_argument("code", nargs="+")
    show.add_argument("--json", action="store_true")
    file = _verb(verbs, "attachment", later("attachment", "attachment"), _("the files of a letter, or one of them"))
    file.add_argument("code")
    file.add_argument("n", nargs="?", type=int, default=None, metavar="N")
    file.add_argument("--to", default=None, metavar="FILE", help=_("a new file, readable by you alone"))
    file.add_argument("--json", action="store_true")
    like = _verb(
        verbs, "similar", later("alike", "alike"), _("the open letters most like a letter, and what they share")
    )
    like.add_argument("code")
    like.add_argument("--limit", type=int, default=5, metavar="N")
    like.add_argument("--json", action="store_true")
    hint = _verb(verbs, "suggest", later("alike", "suggested"), _("how a letter may be classified, and why"))
    hint.add_argument("code")
    hint.add_argument("--json", action="store_true")
    seen = _verb(
        verbs,
        "redact",
        later("redact", "redact"),
        _("what in a letter or a text tells who somebody is; changes nothing"),
    )
    seen.add_argument("what", help=_("a letter's code, a text file, or - for what comes in"))
    seen.add_argument("--accept", action="store_true", help=_("prints the text with all of it taken out"))
    seen.add_argument("--json", action="store_true")
    _vault(verbs)


def _vault(verbs: Any) -> None:
    look = _verb(verbs, "doctor", later("doctor", "doctor"), _("look the store over"))
    look.add_argument("--repair", action="store_true", help=_("rebuild a damaged store from what can be read of it"))
    kept = _verb(verbs, "backup", later("backup", "backup"), _("a copy of the letters, while the desk goes on working"))
    kept.add_argument("file")
    kept.add_argument("--passphrase", action="store_true", help=_("opens with a passphrase of its own"))
    back = _verb(verbs, "restore", later("backup", "restore"), _("makes a backup the letters of this home"))
    back.add_argument("file")
    back.add_argument("--yes", action="store_true", help=_("also where something is not sent"))
    lock = _verb(verbs, "key", later("key", "key"), _("how the key of the letters is kept, and another one"))
    lock.add_argument("what", choices=("show", "change"))
    lock.add_argument("--to", choices=("keyring", "passphrase", "file"), default=None, help=_("keep it in that way"))
    lock.add_argument("--quick", action="store_true", help=_("the same key, only kept in another way"))
    lock.add_argument("--json", action="store_true")


def _files(verbs: Any) -> None:
    brought = _verb(verbs, "import", later("files", "bring_in"), _("letters from a CSV, XLSX or NDJSON file"))
    brought.add_argument("file")
    brought.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    brought.add_argument("--keep-good", action="store_true", help=_("keep the good rows of a file with bad ones"))
    brought.add_argument("--json", action="store_true")
    out = _verb(verbs, "export", later("files", "let_out"), _("letters to a CSV, XLSX or NDJSON file"))
    out.add_argument("query", nargs="?", default="")
    out.add_argument("--to", required=True, metavar="FILE")
    _selection(out)
    about = _verb(verbs, "citizen", later("citizen", "give"), _("all that is held about who wrote a letter, for them"))
    about.add_argument("code")
    about.add_argument("--to", required=True, metavar="FILE", help=_("a new JSON file, readable by you alone"))
    notice = _verb(verbs, "notice", later("notice", "notice"), _("official letters to units, as .docx and text"))
    notice.add_argument("kind", choices=("forward", "chase", "supervise"))
    notice.add_argument("code", nargs="*")
    notice.add_argument("--query", default=None, help=_("every letter that matches: one notice a unit"))
    notice.add_argument(
        "--to", metavar="DIR", default=None, help=_("the folder for the files (default: notices in the home)")
    )
    notice.add_argument("--text", action="store_true", help=_("print them, take no number"))
    notice.add_argument("--json", action="store_true")
    texts = _verb(verbs, "template", later("templates", "template"), _("texts to begin from"))
    texts.add_argument("what", choices=("list", "show"))
    texts.add_argument("name", nargs="?", default=None, help=_("an action, or the template's name"))
    texts.add_argument("--json", action="store_true")
    page = _verb(verbs, "bulletin", later("bulletin", "show"), _("the month in figures, each traced to its letters"))
    page.add_argument(
        "period", metavar=_("PERIOD"), help=_("2024-10, 2024-W41, 2024-Q4, 2024 or 2024-10-01..2024-10-15")
    )
    page.add_argument("--district", action="append", metavar="D", help=_("only this district; may be given again"))
    page.add_argument("--successors", action="store_true", help=_("districts by what they have become"))
    page.add_argument("--format", choices=("text", "md", "html", "csv", "xlsx", "json"), default="text")
    page.add_argument("--to", default=None, metavar="FILE", help=_("into a new file instead of the terminal"))
    page.add_argument("--freeze", action="store_true", help=_("sign the month: its page never changes from then on"))
    page.add_argument("--revise", action="store_true", help=_("sign it once more, with what changed and why"))
    page.add_argument("--revision", type=int, default=None, metavar="N", help=_("that frozen page (else the last)"))
    page.add_argument("--live", action="store_true", help=_("as known now, though a page was frozen"))
    page.add_argument("--changes", action="store_true", help=_("every revision, and what is other since the last"))
    page.add_argument("--explain", default=None, metavar="FIGURE", help=_("the letters behind one figure"))
    late = _verb(verbs, "board", later("board", "board"), _("what is late where, and who replies how fast"))
    late.add_argument("--by", choices=("district", "unit", "topic", "editor", "level"), default="district")
    late.add_argument("--json", action="store_true")
    steps = _verb(verbs, "ladder", later("board", "ladder"), _("the chases that are due now"))
    steps.add_argument("--send", action="store_true", help=_("send them all, but what a rule refuses"))
    steps.add_argument("--channel", choices=("system", "phone", "letter", "visit"), default=None)
    steps.add_argument("--json", action="store_true")
    sheet = _verb(verbs, "handover", later("handover", "sheet"), _("the sheet for the next shift"))
    sheet.add_argument("--since", metavar="HH:MM", default=None, help=_("when the shift began (midnight)"))
    sheet.add_argument("--format", choices=("text", "md"), default="text")
    demo = _verb(verbs, "demo", later("demo", "demo"), _("the app on October's letters"))
    demo.add_argument("--prepare", action="store_true", help=_("load and exit"))
    demo.add_argument("--tour", action="store_true", help=_("begin with the five-minute tour"))
    demo.add_argument("--alone", action="store_true", help=_("without a backend of its own"))
    demo.add_argument("--fresh", action="store_true", help=_("start anew"))


def _scope(typed: str) -> str:
    """Days back, or all. Raises ArgumentTypeError."""
    if typed != "all" and not (typed.isdecimal() and len(typed) < 6):
        raise argparse.ArgumentTypeError(_("“{typed}” is neither a number of days nor all", typed=typed))
    return typed


def _line(verbs: Any) -> None:
    door = _verb(verbs, "login", later("line", "login"), _("ties this desk to a newsroom's backend"))
    door.add_argument("--server", required=True, metavar="URL")
    door.add_argument("--user", required=True, metavar="NAME")
    door.add_argument("--export", default=None, metavar="FILE", help=_("first writes what is not sent into a file"))
    _verb(verbs, "password", later("line", "password"), _("another password of one's own at the backend"))
    out = _verb(verbs, "logout", later("line", "logout"), _("ends this desk's token"))
    out.add_argument("--yes", action="store_true", help=_("also with things that are not sent"))
    once = _verb(verbs, "sync", later("line", "sync"), _("sends what waits and fetches what is new, once"))
    once.add_argument("--unsent", default=None, metavar="FILE", help=_("only writes what is not sent into a file"))
    once.add_argument(
        "--scope", type=_scope, default=None, metavar="DAYS|all", help=_("closed letters of so many days (90)")
    )
    once.add_argument("--json", action="store_true")


def _newsroom(verbs: Any) -> None:
    own = _verb(verbs, "settings", later("newsroom", "settings"), _("what you like, and what the newsroom decided"))
    own.add_argument("what", nargs="?", choices=("show", "set"), default="show")
    own.add_argument("name", nargs="?", default=None, help=_("one of your settings"))
    own.add_argument("value", nargs="?", default=None)
    own.add_argument("--json", action="store_true")
    cal = _verb(verbs, "calendar", later("newsroom", "calendar"), _("notices of holidays and make-up working days"))
    cal.add_argument("what", choices=("import", "show"))
    cal.add_argument("file", nargs="?", default=None, help=_("a year's notice: JSON as of holiday-cn"))
    cal.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    asked = _verb(verbs, "call", later("calls", "call"), _("calls for suggestions, each with its suggestions"))
    asked.add_argument("what", choices=("list", "open", "end"))
    asked.add_argument("name", nargs="?", default=None, help=_("the theme; to end one, its theme or id"))
    asked.add_argument("--text", default=None, help=_("what is asked"))
    asked.add_argument("--topic", action="append", help=_("suggestions on it belong to the call by themselves"))
    asked.add_argument("--from", dest="begins", metavar="DAY", default=None, help=_("first day (today)"))
    asked.add_argument("--until", metavar="DAY", default=None, help=_("last day (without end)"))
    asked.add_argument("--json", action="store_true")
    unit = _verb(verbs, "unit", later("newsroom", "unit"), _("the units of a district and whom to call there"))
    unit.add_argument("what", choices=("list", "add", "end"))
    unit.add_argument("district", nargs="?", default=None)
    unit.add_argument("name", nargs="?", default=None)
    unit.add_argument(
        "--from", dest="begins", metavar="DAY", default=None, help=_("the day from which it counts (today)")
    )
    unit.add_argument("--contact", action="append", metavar="NAME,PHONE,DUTY,HOURS")
    unit.add_argument("--note", default=None, metavar="N")
    unit.add_argument("--json", action="store_true")


def _surveys(verbs: Any) -> None:
    asked = _verb(
        verbs, "survey", later("surveys", "survey"), _("surveys: define from a file, open, close, look, export")
    )
    asked.add_argument("what", choices=("new", "list", "show", "open", "close", "export", "cross"))
    asked.add_argument("args", nargs="*", metavar="FILE | ID [Q1 Q2]")
    asked.add_argument("--until", default=None, metavar="DAY|none", help=_("the last day on which answers are taken"))
    asked.add_argument("--to", default=None, metavar="FILE", help=_("a new file: .csv, .xlsx or .ndjson"))
    asked.add_argument(
        "--redact",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=_("take names, phones and numbers out of what was written (the default)"),
    )
    asked.add_argument("--json", action="store_true")


def _actions(verbs: Any) -> None:
    from desk.actions import VERBS

    for verb, (action, preset) in VERBS.items():
        what = preset.get("what")  # one of several things the same action records
        help_ = f"{term('event', what)} · {action.help}" if what else action.help
        made = _verb(verbs, verb, later("act", "act"), help_)
        made.add_argument("code", nargs="*")
        made.add_argument("--query", default=None, help=_("every letter that matches: all or nothing"))
        made.add_argument("--json", action="store_true")
        for field in action.fields:
            if field.name not in preset:
                _option(made, field)


def option_of(field: Field) -> str:
    return (field.option or field.name).replace("_", "-")


def _option(made: argparse.ArgumentParser, field: Field) -> None:
    kind: dict[str, Any] = {"dest": f"field_{field.name}", "help": term("label", field.says or field.name)}
    if field.kind == "flag":
        kind["action"] = argparse.BooleanOptionalAction
    elif field.kind in ("districts", "letters", "checklist", "outcomes", "tags", "files"):
        kind |= {"action": "append", "metavar": {"outcomes": "MEASURE=COUNT", "files": "FILE"}.get(field.kind, "X")}
    else:
        kind["metavar"] = "X"
    made.add_argument(f"--{option_of(field)}", default=None, **kind)
