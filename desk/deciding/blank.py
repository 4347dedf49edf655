"""A blank: what is asked, and what the answers come to. Drawn by `desk/screens/settings_form.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from db.model import Term
from db.words import _

if TYPE_CHECKING:
    from db.commands import Command

Kind = Literal["line", "long", "choice", "day", "flag", "district", "districts"]

Answers = Mapping[str, Any]
"""By name of the question, as typed: str, bool, list of str."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `label` and `hint` are sentences in the person's language; `first` is what stands there at the beginning."""

    name: str
    kind: Kind
    label: str
    first: Any = ""
    required: bool = False
    options: Sequence[tuple[str, str]] = ()  # of a choice: (code, label)
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """A value of the person's own settings, instead of a decision."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Read:
    """What answers come to: decisions (or one's own setting), or what is wrong, by question."""

    commands: tuple[Command, ...] = ()
    own: Own | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Blank:
    """`draft`: under which name half-filled answers are kept."""

    title: str
    draft: str
    asks: Sequence[Ask]
    read: Callable[[Answers], Read]
    about: str = ""  # a sentence before the questions


class Faults(dict[str, str]):
    """What is wrong, by question; the first fault of each counts."""

    def add(self, name: str, sentence: str) -> None:
        self.setdefault(name, sentence)


def line(answers: Answers, name: str, faults: Faults, *, required: bool = True) -> str:
    """A line without blanks at its ends."""
    text = str(answers.get(name) or "").strip()
    if required and not text:
        faults.add(name, _("Missing."))
    return text


def day(answers: Answers, name: str, today: date, faults: Faults) -> date:
    """A day as people type it: 2025-01-31, 1-31, 31, +7. Today where nothing is typed."""
    from db.newsroom import default_calendar
    from desk.action_values import day_typed

    text = str(answers.get(name) or "").strip()
    if not text:
        return today
    found = day_typed(text, today, default_calendar())
    if found is None:
        faults.add(name, _("“{typed}” is no day. Write 2025-01-31, 1-31 or +7.", typed=text))
    return found or today


_TERM = re.compile(r"(\d{1,4})\s*(h|小时|时|wd|d|个?工作日|天|日)?", re.IGNORECASE)


def term_typed(text: str) -> Term | None:
    """7, 7d, 7wd, 7 工作日 → working days; 24h, 24小时 → hours. None where it is neither."""
    match = _TERM.fullmatch(text.strip())
    if match is None:
        return None
    hours = (match[2] or "").lower() in ("h", "小时", "时")
    return Term(int(match[1]), "h" if hours else "wd")


def term_shown(given: Term | None) -> str:
    """As `term_typed` reads it; "" for none."""
    return "" if given is None else f"{given.amount}{given.unit}"
