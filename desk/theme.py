"""Every colour of the desk, in one place: ink on a dark desk, the editor's red for what must not wait.

Meaning is never told by colour alone: each role below also has its own word or sign on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme


class Palette(NamedTuple):
    """Colours of one theme as `#rrggbb`, or as the terminal's own (`ansi_…`); `dark` tells Textual which way to shade."""

    name: str
    dark: bool
    paper: str  # the ground
    raised: str  # bars, dialogs
    cursor: str  # ground of the row under the cursor
    rule: str  # lines between parts
    ink: str
    faint: str  # what is said quietly
    strong: str  # headings, the row under the cursor
    seal: str  # late, 特急, refused
    amber: str  # due today, 紧急
    leaf: str  # done
    water: str  # saved here, not sent; topics
    ansi: bool = False  # the terminal's own sixteen colours, or none: nothing is mixed


INK = Palette(
    name="ink",
    dark=True,
    paper="#15171c",
    raised="#20242c",
    cursor="#2d3a52",
    rule="#3a404b",
    ink="#d6d2c7",
    faint="#a6a8ab",
    strong="#ffffff",
    seal="#f58a7c",
    amber="#e3b04b",
    leaf="#8fbf7f",
    water="#7fb2e0",
)

PAPER = Palette(
    name="paper",
    dark=False,
    paper="#fbf9f4",
    raised="#ece8de",
    cursor="#d5e2f2",
    rule="#c4beb0",
    ink="#26282c",
    faint="#54565a",
    strong="#000000",
    seal="#a81f12",
    amber="#7a4d00",
    leaf="#2a6123",
    water="#144f8a",
)

CONTRAST = Palette(
    name="contrast",
    dark=True,
    paper="#000000",
    raised="#1a1a1a",
    cursor="#002f68",
    rule="#8c8c8c",
    ink="#ffffff",
    faint="#d0d0d0",
    strong="#ffffff",
    seal="#ffb3a8",
    amber="#ffd75f",
    leaf="#a8f0a0",
    water="#a8d8ff",
)

SIXTEEN = Palette(
    name="sixteen",
    dark=True,
    paper="ansi_default",
    raised="ansi_default",
    cursor="ansi_default",
    rule="ansi_default",
    ink="ansi_default",
    faint="ansi_default",
    strong="ansi_default",
    seal="ansi_red",
    amber="ansi_yellow",
    leaf="ansi_green",
    water="ansi_cyan",
    ansi=True,
)
"""The terminal's own colours on its own ground: readable on whatever scheme it has. The cursor's row is reversed."""

PLAIN = Palette(
    name="plain",
    dark=True,
    paper="ansi_default",
    raised="ansi_default",
    cursor="ansi_default",
    rule="ansi_default",
    ink="ansi_default",
    faint="ansi_default",
    strong="ansi_default",
    seal="ansi_default",
    amber="ansi_default",
    leaf="ansi_default",
    water="ansi_default",
    ansi=True,
)
"""No colour at all: words, signs, bold, underline and reverse say everything."""

PALETTES = {palette.name: palette for palette in (INK, PAPER, CONTRAST, SIXTEEN, PLAIN)}

TRUE = ("truecolor", "24bit")


def fitting(wanted: str, env: Mapping[str, str]) -> str:
    """The theme for a terminal: none of colour where NO_COLOR says so or the terminal is dumb, sixteen colours where it
    has no more; else the one that is wanted, the first one where that is not known. A theme chosen by name that needs
    no more than the terminal has is kept.
    """
    if env.get("NO_COLOR") or env.get("TERM", "") in ("dumb", "vt100", "vt220", "linux-m"):
        return PLAIN.name
    known = wanted if wanted in PALETTES else INK.name
    term = env.get("TERM", "")
    rich_enough = env.get("COLORTERM", "").lower() in TRUE or "256color" in term or "direct" in term or not term
    return known if rich_enough or PALETTES[known].ansi else SIXTEEN.name


class Inks:
    """Rich styles for what we draw line by line: `inks.role("late")`, or the same on another ground."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        colour = {name: getattr(palette, name) for name in ("ink", "faint", "strong", "seal", "amber", "leaf", "water")}
        self._fore = colour | {
            "late": palette.seal,
            "today": palette.amber,
            "rule": palette.rule,
            "match": palette.amber,
        }

    @cache  # noqa: B019 - one Inks a theme, it lives as long as the app
    def on(self, role: str, ground: str = "paper", *, bold: bool = False, struck: bool = False) -> Style:
        """The style of a role (`ink`, `faint`, `late` …) on a ground (`paper`, `raised`, `cursor`)."""
        found = role == "match"  # bold and underlined: it must show without colour too
        if self.palette.ansi:
            # reversed, a colour is the ground: which of them carry its words nobody knows of a terminal's own sixteen
            plain = self.palette is PLAIN or ground == "cursor"
            return Style(
                color=None if plain else _ansi(self._fore[role]),
                bold=bold or found or role in LOUD or None,
                underline=found or None,
                reverse=ground == "cursor" or None,
                dim=(role in QUIET and ground != "cursor") or None,
                strike=struck or None,
            )
        back = getattr(self.palette, ground)
        return Style(
            color=self._fore[role],
            bgcolor=back,
            bold=bold or found or None,
            underline=found or None,
            strike=struck or None,
        )

    @cache  # noqa: B019
    def inverse(self, role: str) -> Style:
        """Paper-coloured words on a ground of the role's colour: the queue in view."""
        if self.palette.ansi:
            return Style(reverse=True, bold=True)
        return Style(color=self.palette.paper, bgcolor=self._fore[role], bold=True)


LOUD = frozenset({"strong", "late", "seal"})
"""Roles that are bold where there is no colour to be loud with."""

QUIET = frozenset({"faint", "rule"})


def _ansi(name: str) -> str:
    """ansi_red as Rich calls it; the default colour as it is."""
    return name.removeprefix("ansi_")


@cache
def inks(name: str = INK.name) -> Inks:
    """The styles of a theme, by name; the first theme where it is not known."""
    return Inks(PALETTES.get(name, INK))


def themes() -> list[Theme]:
    """The same palettes for Textual's own widgets: dialogs, palette, notes."""
    return [
        Theme(
            name=p.name,
            dark=p.dark,
            ansi=p.ansi,
            primary=p.water,
            secondary=p.leaf,
            accent=p.seal,
            warning=p.amber,
            error=p.seal,
            success=p.leaf,
            foreground=p.ink,
            background=p.paper,
            surface=p.paper,
            panel=p.raised,
            boost=p.paper if p.ansi else None,
            variables={"faint": p.faint} | (BUILTIN_THEMES["ansi-dark"].variables if p.ansi else _quiet(p)),
        )
        for p in PALETTES.values()
    ]


def _quiet(p: Palette) -> dict[str, str]:
    """What Textual would mix of ink and ground, too weak to be read in a bright room: hints in empty fields, the line
    that is chosen in its palette. Ours are judged (tests/desk/test_contrast.py).
    """
    return {
        "text-disabled": p.faint,
        "text-muted": p.faint,
        "block-cursor-blurred-background": p.cursor,
        "block-cursor-blurred-foreground": p.strong,
    }


def chosen(theme: str) -> str:
    """How what is chosen stands out, for Textual's own widgets: on the theme's amber; reversed where colours are the
    terminal's own, for which ink is readable on its yellow nobody knows.
    """
    palette = PALETTES.get(theme)
    return "bold reverse $warning" if palette and palette.ansi else "bold $background on $warning"
