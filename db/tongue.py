"""Verbs of a command line: argparse in the person's language, exit codes, and nothing a terminal would obey in what is said back."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, NoReturn

from db.text import safe
from db.words import _

EXIT_REFUSED, EXIT_USAGE, EXIT_LINE, EXIT_STORE, EXIT_LOGIN = 1, 2, 3, 4, 5
EXIT_STOPPED = 130
"""Ctrl+C, as shells count it."""


class StopError(Exception):
    """A verb ends here, with that exit code and sentence; `before` it stands how the verb is used, if that helps."""

    def __init__(self, code: int, sentence: str = "", before: str = "") -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.before = code, sentence, before


_FAULTS = (
    (re.compile(r"argument (?P<name>.+?): invalid choice: (?P<given>.+?) \(choose from .*\)", re.DOTALL), "choice"),
    (re.compile(r"argument (?P<name>.+?): invalid int value: (?P<given>.+)", re.DOTALL), "int"),
    (re.compile(r"argument (?P<name>.+?): expected .+", re.DOTALL), "value"),
    (re.compile(r"the following arguments are required: (?P<name>.+)", re.DOTALL), "missing"),
    (re.compile(r"unrecognized arguments: (?P<given>.+)", re.DOTALL), "unknown"),
    (re.compile(r"ambiguous option: (?P<given>.+?) could match (?P<name>.+)", re.DOTALL), "ambiguous"),
)
"""What argparse says, in English only, and which of our sentences it is. What is not here passes as it is."""


def sentence(message: str) -> str:
    """argparse's message as a sentence of ours."""
    for pattern, fault in _FAULTS:
        if match := pattern.fullmatch(message):
            return _said(fault, **match.groupdict())
    return message


def _said(fault: str, name: str = "", given: str = "") -> str:
    match fault:
        case "choice":
            return _("{name}: {given} is none of its choices.", name=name, given=given)
        case "int":
            return _("{name}: {given} is no whole number.", name=name, given=given)
        case "value":
            return _("{name}: a value is missing after it.", name=name)
        case "missing":
            return _("Missing: {name}.", name=name)
        case "ambiguous":
            return _("{given} may be {name}: write it out.", given=given, name=name)
        case _:
            return _("Not understood: {given}.", given=given)


class Lines(argparse.HelpFormatter):
    """Help whose own words come from our catalogue."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser whose titles, help and faults are in the person's language."""

    def __init__(self, prog: str | None = None, **settings: object) -> None:
        super().__init__(prog, add_help=False, formatter_class=Lines, **settings)  # type: ignore[arg-type]
        self._positionals.title = _("what")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and end"))

    def error(self, message: str) -> NoReturn:
        """Raises StopError of exit code 2: the usage, what was not understood, where help is."""
        more = _("More: {command}", command=f"{self.prog} --help")
        raise StopError(EXIT_USAGE, f"{safe(sentence(message))} {more}", self.format_usage())

    def _print_message(self, message: str, file: Any = None) -> None:
        print(safe(message), end="", file=file or sys.stdout)
