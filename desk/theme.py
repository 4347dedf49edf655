"""Every colour of the desk, in one place: ink on a dark desk, the editor's red for what must not wait.

Meaning is never told by colour alone: each role below also has its own word or sign on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rich.style import Style
from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme as `#rrggbb`; `dark` tells Textual which way its own shades go."""

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


INK = Palette(
    name="ink",
    dark=True,
    paper="#15171c",
    raised="#20242c",
    cursor="#2d3a52",
    rule="#3a404b",
    ink="#d6d2c7",
    faint="#8d8f92",
    strong="#ffffff",
    seal="#f0705f",
    amber="#e3b04b",
    leaf="#8fbf7f",
    water="#7fb2e0",
)

PALETTES = {INK.name: INK}


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
        back = getattr(self.palette, ground)
        found = role == "match"  # bold and underlined: it must show without colour too
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
        return Style(color=self.palette.paper, bgcolor=self._fore[role], bold=True)


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
        )
        for p in PALETTES.values()
    ]
