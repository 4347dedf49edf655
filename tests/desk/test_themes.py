"""Themes: readable everywhere, chosen by the terminal's means, nothing told by colour alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from db.store import Store
from desk.app import DeskApp
from desk.theme import PALETTES, Palette, fitting
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]

WORDS = ("ink", "faint", "strong", "seal", "amber", "leaf", "water")
GROUNDS = ("paper", "raised", "cursor")


def luminance(colour: str) -> float:
    """WCAG's relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [p for p in PALETTES.values() if not p.ansi], ids=lambda p: p.name)
def test_every_word_stands_out_from_every_ground(palette: Palette) -> None:
    least = 7.0 if palette.name == "contrast" else 4.5
    weak = {
        (role, ground): round(contrast(getattr(palette, role), getattr(palette, ground)), 2)
        for role in WORDS
        for ground in GROUNDS
        if contrast(getattr(palette, role), getattr(palette, ground)) < least
    }
    assert weak == {}


@pytest.mark.parametrize(
    ("wanted", "env", "got"),
    [
        ("", {"TERM": "xterm-256color"}, "ink"),
        ("paper", {"TERM": "xterm-256color"}, "paper"),
        ("paper", {"TERM": "xterm", "COLORTERM": "truecolor"}, "paper"),
        ("paper", {"TERM": "linux"}, "sixteen"),
        ("plain", {"TERM": "linux"}, "plain"),
        ("paper", {"TERM": "xterm-256color", "NO_COLOR": "1"}, "plain"),
        ("paper", {"TERM": "xterm-256color", "NO_COLOR": ""}, "paper"),
        ("", {"TERM": "dumb"}, "plain"),
        ("no such theme", {"TERM": "xterm-256color"}, "ink"),
    ],
)
def test_the_theme_fits_the_terminal(wanted: str, env: dict[str, str], got: str) -> None:
    assert fitting(wanted, env) == got


def look(seat: Seat) -> list[str]:
    """Each line with its attributes, without its colours: what somebody sees who sees no colour."""
    return [
        "".join(
            f"{'B' if s.style and s.style.bold else ''}{'R' if s.style and s.style.reverse else ''}"
            f"{'U' if s.style and s.style.underline else ''}[{s.text.rstrip()}]"
            for s in strip
            if s.text.strip()
        )
        for strip in seat.app.screen._compositor.render_strips()
    ]


async def test_without_colour_everything_is_still_said(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Urgency, lateness, marks, the cursor, what is pending and the queue in view: each by a word, sign or attribute."""
    monkeypatch.setenv("NO_COLOR", "1")
    inbox.busy(store)
    async with seated(desk()) as seat:
        assert seat.app.theme == "plain"
        await seat.press("space", "j")
        lines = look(seat)
        text = "\n".join(lines)
        assert "BR[ 1 收件" in lines[0]
        assert any("R[" in line and "▌" in line for line in lines[1:])  # the cursor's row
        assert "✓" in text
        assert "特" in text
        assert "B[超" in text
        await seat.press("0")
        assert "●" in "\n".join(look(seat))
        styles = [s.style for strip in seat.app.screen._compositor.render_strips() for s in strip if s.style]
        coloured = [c for style in styles for c in (style.color, style.bgcolor) if c and not c.is_default]
        assert coloured == []


@pytest.mark.parametrize("name", list(PALETTES))
async def test_a_theme_is_chosen_and_remembered(store: Store, desk: Desk, name: str) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        seat.app.choose_theme(name)
        await seat.settled()
        await seat.press("j", "enter", "c", "escape", "slash", "a", "escape", "question_mark", "escape")
        assert f'theme = "{name}"' in seat.app.shelf.likes.path.read_text(encoding="utf-8")


def test_every_theme_has_its_name_in_both_languages() -> None:
    from db.words import term

    for name in PALETTES:
        for lang in ("zh_CN", "en"):
            assert re.search(r"\w", term("theme", name, lang))
            assert term("theme", name, lang) != name


@pytest.mark.parametrize("key", ["comma", "Q"])
async def test_a_screen_over_the_whole_desk_hides_it_without_colour_too(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    inbox.busy(store)
    async with seated(desk(), 80, 24) as seat:
        title = seat.title
        assert title in "\n".join(seat.lines)
        await seat.press(key)
        assert title not in "\n".join(seat.lines)


@pytest.mark.parametrize(("height", "shines"), [(24, False), (40, True)])
async def test_a_dialog_without_border_and_ground_stands_alone(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, height: int, shines: bool
) -> None:
    """Without colour a low dialog's lines could not be told from the list's behind it."""
    monkeypatch.setenv("NO_COLOR", "1")
    inbox.many(store, 30)
    async with seated(desk(), 80, height) as seat:
        await seat.press("G")
        last = seat.title
        await seat.press("f")
        assert (seat.foot.strip() != "") is shines
        await seat.press("escape")
        assert last in seat.cursor_line
