"""The one table of actions: whole, in words of both languages, and honest about why not."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from db.cases import TABLE
from db.model import CLOSED, EventKind, Role, State
from db.people import own_actor
from db.store import Store
from db.words import LANGUAGES, _
from desk.actions import ACTIONS, BY_ID, VERBS
from tests.desk.letters import do, editor, fill, forward, read, write_letter

DESIGNED = dict(
    zip(
        "laxifcerbydtomwnpsv",
        (
            "classify",
            "accept",
            "decline",
            "ask",
            "forward",
            "chase",
            "extend",
            "record",
            "redo",
            "answer",
            "resolve",
            "track",
            "reopen",
            "merge",
            "assign",
            "note",
            "publish",
            "citizen",
            "reveal",
        ),
        strict=True,
    )
)
"""DESIGN.md §9, Keys."""

NOT_PRESSED = {
    "contact_removed",
    "survey_defined",
    "survey_opened",
    "survey_closed",
    "survey_counted",
    "received",
    "configured",
    "rescheduled",
    "bulletin_frozen",
    "bulletin_revised",
}
"""Events that no key on a letter makes."""


@pytest.fixture
def store(store: Store) -> Store:
    fill(store)
    return store


def why_not(store: Store, action: str, case: str, actor=None) -> str | None:
    found = read(store, case).case
    return BY_ID[action].why_not(found, actor or own_actor(store), {}, store.rulebook(), found.last_at + 1)


def test_the_keys_are_those_of_the_design() -> None:
    assert {a.key: a.id for a in ACTIONS if a.key} == DESIGNED


def test_no_two_actions_share_an_id_or_a_verb() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert len(VERBS) == sum(len(a.verbs) or 1 for a in ACTIONS)


def test_every_event_a_person_can_make_belongs_to_an_action() -> None:
    made = {kind for a in ACTIONS for kind in a.kinds}
    assert made == {str(k) for k in EventKind} - NOT_PRESSED


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_action_and_field_has_words_in_both_languages(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    for a in ACTIONS:
        msgids = [f"action:{a.id}", f"does:{a.id}", *(f"label:{f.says or f.name}" for f in a.fields)]
        assert [m for m in msgids if _(m) == m] == []


def test_the_table_can_be_read_without_a_screen_or_the_rules_heavy_neighbours() -> None:
    heavy = ("textual", "rich", "sqlalchemy", "sqlcipher3")
    code = "import sys, desk.actions, desk.action_sets, desk.action_values\n"
    code += f"print([m for m in sys.modules if m.split('.')[0] in {heavy}])"
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert got.stdout.strip() == "[]"


def test_who_may_is_what_the_rules_say() -> None:
    assert BY_ID["uphold"].roles == (Role.SUPERVISOR,)
    assert BY_ID["forward"].roles == (Role.EDITOR, Role.SUPERVISOR)


def test_a_new_letter_says_of_each_key_that_does_not_apply_why(store: Store) -> None:
    case = write_letter(store)
    no = {a.id: why_not(store, a.id, case) for a in ACTIONS}
    assert {id_ for id_, sentence in no.items() if sentence is None} == {
        "classify",
        "accept",
        "decline",
        "ask",
        "forward",
        "merge",
        "assign",
        "note",
        "citizen",
        "reveal",
        "correct",
        "tag",
        "link",
        "split",
        "erase",
    }
    for id_, sentence in no.items():
        assert sentence is None or (len(sentence) > 6 and "{" not in sentence), id_


def test_what_applies_follows_the_letter(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    assert why_not(store, "accept", case)
    assert why_not(store, "redo", case)
    assert why_not(store, "co_forward", case) is None
    assert why_not(store, "record", case) is None
    do(store, case, "replied", text="已修好")
    for id_ in ("redo", "answer", "resolve", "track"):
        assert why_not(store, id_, case) is None, id_
    do(store, case, "answered", checklist=["polite"], redacted=True, text="已修好")
    assert why_not(store, "reopen", case) is None
    assert why_not(store, "redo", case)


def test_an_editor_is_told_what_is_the_supervisors(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    assert why_not(store, "erase", case, editor(store))
    assert why_not(store, "erase", case) is None


def test_every_key_agrees_with_the_state_machine_in_every_state(store: Store) -> None:
    """An action applies exactly where the rules let one of its events happen: no second table of states."""
    for a in ACTIONS:
        froms = frozenset[State]().union(*(TABLE[EventKind(k)].frm for k in a.kinds))
        case = write_letter(store, str(100 + ACTIONS.index(a)))
        if State.RECEIVED not in froms and not any(TABLE[EventKind(k)].own_states for k in a.kinds):
            assert why_not(store, a.id, case), a.id
    assert CLOSED


def test_the_page_of_keys_is_current() -> None:
    root = Path(__file__).parents[2]
    got = subprocess.run(
        [sys.executable, "tools/keys.py", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(root), "PATH": ""},
    )
    assert got.returncode == 0, got.stdout


def test_every_sentence_of_the_dialogs_is_in_the_chinese_catalogue() -> None:
    """A sentence that is the same in both languages was forgotten."""
    root = Path(__file__).parents[2] / "desk"
    files = [*root.glob("action*.py"), *root.glob("screens/form*.py"), *root.glob("widgets/*field.py")]
    files += [root / name for name in ("asides.py", "sending.py", "picking.py", "screens/confirm.py")]
    files += [root / "widgets" / name for name in ("aside.py", "controls.py", "picker.py")]
    said = [
        call.args[0].value
        for path in files
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]
    assert len(said) > 40
    assert [s for s in said if _(s) == s] == []
