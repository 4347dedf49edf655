"""Each dialog as it stands on the screen when it opens. Look at the pictures after a change: make snapshots."""

from __future__ import annotations

from typing import Any

import pytest

from db.model import CaseId
from db.store import Store
from tests.desk.bench import Bench
from tests.desk.letters import do, fill, forward, write_letter

REPLY = "已派电梯维保单位更换主板，11月8日前恢复运行。\n维修基金由街道协助业委会申请，11月15日前到账。"


@pytest.fixture
def store(store: Store) -> Store:
    fill(store)
    return store


def staged(store: Store, action: str) -> tuple[CaseId, ...]:
    """A letter at the point of its way where the action is pressed."""
    case = write_letter(store, at="2024-10-10T09:00")
    if action in ("accept", "classify", "decline", "ask", "assign", "note", "reveal", "answer_directly", "tag"):
        return (case,)
    do(store, case, "accepted", "2024-10-10T10:00", kind="complaint", topic="电梯安装")
    if action in ("forward", "merge"):
        return (case,)
    forward(store, case, at="2024-10-10T10:30", unit="区住房城乡建委")
    if action in ("chase", "co_forward", "recall"):
        return (case,)
    do(store, case, "signed", "2024-10-10T15:00")
    if action == "extend":
        do(store, case, "extension_asked", "2024-10-30T09:00", text="配件从外地调运，需要时间")
    if action in ("record", "extend", "citizen"):
        return (case,)
    if action == "uphold":
        do(store, case, "returned", "2024-10-11T09:00", reason="not_ours", text="不属于我委职责")
        return (case,)
    claimed = [{"measure": "电梯维修", "count": 1, "unit": "部"}]
    do(store, case, "replied", "2024-10-31T16:00", text=REPLY, outcomes=claimed)
    if action in ("redo", "answer", "track"):
        return (case,)
    do(store, case, "answered", "2024-10-31T17:00", checklist=["polite"], redacted=True, text="您好，电梯8日前恢复。")
    do(store, case, "rated", "2024-10-31T20:00", solved=True, score=5, text="终于修好了，谢谢")
    if action in ("resolve", "reopen"):
        return (case,)
    do(store, case, "resolved", "2024-10-31T21:00", result="solved", outcomes=claimed)
    return (case,)


EXCELLENT = (
    "classify", "accept", "decline", "ask", "forward", "chase", "extend", "record", "redo", "answer", "resolve",
    "track", "reopen", "assign", "note",
)  # fmt: skip
FURTHER = ("merge", "citizen", "reveal", "uphold", "erase", "correct")


@pytest.mark.parametrize("action", EXCELLENT + FURTHER)
def test_the_dialog(store: Store, snap_compare: Any, action: str) -> None:
    assert snap_compare(Bench(store, (action, staged(store, action))), terminal_size=(120, 40))


@pytest.mark.parametrize("action", ["forward", "answer", "resolve"])
def test_the_dialog_on_a_small_terminal(store: Store, snap_compare: Any, action: str) -> None:
    assert snap_compare(Bench(store, (action, staged(store, action))), terminal_size=(80, 24))


def test_the_forward_dialog_in_english(store: Store, snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", "en")
    assert snap_compare(Bench(store, ("forward", staged(store, "forward"))), terminal_size=(120, 40))


def test_the_district_picker_while_typing(store: Store, snap_compare: Any) -> None:
    app = Bench(store, ("forward", staged(store, "forward")))
    assert snap_compare(app, terminal_size=(120, 40), press=["s"])


def test_several_letters_at_once(store: Store, snap_compare: Any) -> None:
    cases = tuple(write_letter(store, str(n)) for n in range(1, 9))
    assert snap_compare(Bench(store, ("accept", cases)), terminal_size=(120, 40))
