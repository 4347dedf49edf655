"""Every "no" of the rules is a sentence in both languages, and every code has its label."""

from __future__ import annotations

import ast
import re
import string
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

from db.clock import from_iso
from db.model import DispatchState, EventKind, Kind, Refusal, Result, Role, State, Urgency
from db.sentences import SENTENCES, say
from db.words import LANGUAGES, term

RULES = [
    Path("db/cases.py"),
    Path("db/undo.py"),
    Path("db/commands.py"),
    *sorted(Path("db").glob("case_*.py")),
    *sorted(Path("db").glob("config*.py")),
    *sorted(Path("db").glob("survey*.py")),
    Path("db/bulletin/freezing.py"),
    Path("db/bulletin/frozen.py"),
    Path("backend/surveys/intake.py"),
]


def strings(node: ast.expr, inside: ast.FunctionDef) -> set[str]:
    """The codes an expression can be: a constant, a choice of two, or a name given one of them in the same function."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return strings(node.body, inside) | strings(node.orelse, inside)
    assert isinstance(node, ast.Name), ast.dump(node)
    given = [
        a.value
        for a in ast.walk(inside)
        if isinstance(a, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in a.targets)
    ]
    assert given, f"where does {node.id} come from?"
    return set().union(*(strings(value, inside) for value in given))


@cache
def refusals() -> dict[str, set[str]]:
    """Code → the names of the facts that every refusal with it brings, read from the rules' source."""
    found: dict[str, set[str]] = {}
    for path in RULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            for call in (n for n in ast.walk(function) if isinstance(n, ast.Call)):
                if not (isinstance(call.func, ast.Name) and call.func.id == "refuse"):
                    continue
                named = {k.arg for k in call.keywords if k.arg}
                for extra in (k.value for k in call.keywords if k.arg is None):
                    assert isinstance(extra, ast.Dict)
                    named |= {str(key.value) for key in extra.keys if isinstance(key, ast.Constant)}
                for code in strings(call.args[0], function):
                    found[code] = found.get(code, named) & named
    return found


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_refusal_of_the_rules_has_its_sentence() -> None:
    assert refusals().keys() - SENTENCES.keys() == set()


def test_no_sentence_is_for_a_refusal_that_never_comes() -> None:
    assert SENTENCES.keys() - refusals().keys() == set()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_refusal_brings_what_its_sentence_names(code: str) -> None:
    assert holes(SENTENCES[code]) <= refusals()[code]


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_refusal_is_said_in_both_languages(code: str) -> None:
    facts = {name: 1_700_000_000_000 if name == "due" else "x" for name in holes(SENTENCES[code])}
    english, chinese = say(Refusal(code, facts), "en"), say(Refusal(code, facts), "zh_CN")
    assert "{" not in english + chinese
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert english != chinese
    assert english.endswith(".")


def test_what_a_refusal_did_not_bring_is_a_dash_and_no_error() -> None:
    assert "–" in say(Refusal("return_window"), "zh_CN")


def test_a_code_of_a_newer_version_is_shown_as_it_is() -> None:
    assert "moon_phase" in say(Refusal("moon_phase"), "zh_CN")


def test_codes_inside_a_sentence_are_shown_by_their_labels() -> None:
    said = say(Refusal("state", {"state": State.RETURNED, "kind": "answered"}), "zh_CN")
    assert "已退单" in said
    assert "答复" in said
    assert "returned" not in said


def test_a_day_clock_ends_at_24_and_an_hour_clock_at_its_minute() -> None:
    day, hour = from_iso("2024-10-17T00:00"), from_iso("2024-10-16T10:30")
    assert "2024-10-16 24:00" in say(Refusal("return_window", {"due": day}), "zh_CN")
    assert "2024-10-16 10:30" in say(Refusal("return_window", {"due": hour}), "zh_CN")


def test_braces_in_what_a_refusal_brings_are_only_text() -> None:
    assert "{x}" in say(Refusal("not_yours", {"district": "{x}"}), "en")


ENUMS: dict[str, type[StrEnum]] = {
    "state": State,
    "dispatch_state": DispatchState,
    "kind": Kind,
    "urgency": Urgency,
    "result": Result,
    "role": Role,
    "event": EventKind,
}
LISTS = {
    "relation": ["related", "same_sender", "successor", "part"],
    "chase_level": ["1", "2", "3", "4"],
    "publication": ["told", "open_question"],
}


def listed() -> list[tuple[str, str]]:
    """(list, code) of every list in docs/events.md: `decline`: not_ours, court … · …"""
    text = Path("docs/events.md").read_text(encoding="utf-8").split("Codes (labels", 1)[1]
    found = []
    for name, codes in re.findall(r"`(\w+)`(?: of a chase)?: ([a-z_, ]+)", text):
        found += [(name, code) for code in codes.replace(" ", "").split(",") if code]
    return found


LABELS = [
    *((name, str(code)) for name, enum in ENUMS.items() for code in enum),
    *((name, code) for name, codes in LISTS.items() for code in codes),
    *listed(),
]


def test_the_lists_of_the_contract_are_read() -> None:
    assert {"decline", "return", "recall", "redo", "reopen", "withdraw", "reveal", "channel", "checklist", "erase"} <= {
        name for name, _ in listed()
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_its_label(lang: str) -> None:
    """Read from the catalogue's own text: an English label may well be the code itself."""
    text = "".join(p.read_text(encoding="utf-8") for p in Path("db/locale", lang).glob("*.po"))
    labels = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"', text, re.MULTILINE))
    assert [label for name, code in LABELS if not labels.get(label := f"{name}:{code}")] == []
    assert all(term(name, code, lang) == labels[f"{name}:{code}"] for name, code in LABELS)
