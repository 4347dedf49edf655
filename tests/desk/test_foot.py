"""The foot of a dialog: every hint can be read in one piece, on the smallest terminal, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from db.store import Store
from desk.app import DeskApp
from desk.widgets.foot import JOINT, Foot, broken
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


@given(
    st.lists(st.text("ab 回车·", min_size=1, max_size=12).map(str.strip).filter(bool), min_size=1), st.integers(24, 90)
)
def test_a_hint_is_never_torn_and_none_is_lost(hints: list[str], width: int) -> None:
    content = Content(JOINT.join(hints))
    lines = broken(content, width).split("\n", allow_blank=True)
    assert JOINT.join(line.plain for line in lines) == content.plain
    assert all(line.cell_length <= width for line in lines)


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
async def test_the_hints_of_every_dialog_stand_whole_at_80_columns(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    inbox.busy(store)
    torn = []
    async with seated(desk(), 80, 24) as seat:
        for keys in ("apostrophe", "at", "equals_sign", "m", "Q", *(("comma", n) for n in "123456789")):
            await seat.press(*([keys] if isinstance(keys, str) else keys))
            for foot in seat.app.screen.query(Foot):  # the tabs of the settings too
                assert isinstance(foot.visual, Content)
                hints = foot.visual.plain.split(foot.joint)
                torn += [(keys, hint) for hint in hints if not any(hint.strip() in line for line in seat.lines)]
            await seat.press("escape")
    assert torn == []


@pytest.mark.parametrize("key", ["l", "f", "n", "s", "v"])
async def test_the_line_that_sends_ends_with_a_whole_hint(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("DESK_LANG", "en")
    inbox.busy(store)
    async with seated(desk(), 80, 24) as seat:
        await seat.press(key)
        (line,) = [line.strip(" │▌") for line in seat.lines if "⏎" in line]
        assert line.endswith(("draft kept", "anew", "templates", "editor"))
