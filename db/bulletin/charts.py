"""Charts of a page as inline SVG of our own making: bars against the period before, moves of rank, letters day by day.

Every chart says in words what it shows (`<title>`), takes its colours from the page's style and scales with its column.
Lengths are units of the view box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape as unmarked
from typing import Any

from db.text import safe
from db.words import _

Link = Callable[[str, str], str]
"""(figure's name, what is drawn) → the same, leading to the figure's letters."""

WIDTH = 640
ROW = 34
NAME = 150
"""Room for a name of seven Han characters."""


def bars(
    lines: Sequence[Mapping[str, Any]], figure: Callable[[Mapping[str, Any]], str], link: Link, *, compared: bool
) -> str:
    """A bar a line, most first; the period before as a thin mark, so that one sees more and less."""
    most = max([1, *(line["count"] for line in lines), *(line["before"] for line in lines if compared)])
    room = WIDTH - NAME - 60
    drawn = []
    for nr, line in enumerate(lines):
        y = nr * ROW
        long = max(2.0, line["count"] / most * room)
        shape = (
            f'<text class="name" x="{NAME - 12}" y="{y + 22}">{escape(line["name"])}</text>'
            f'<rect class="bar" x="{NAME}" y="{y + 7}" width="{long:.1f}" height="20" rx="1"/>'
            f'<text class="count" x="{WIDTH}" y="{y + 23}" text-anchor="end">{line["count"]}</text>'
        )
        mark = NAME + line["before"] / most * room
        was = f'<line class="was" x1="{mark:.1f}" x2="{mark:.1f}" y1="{y + 3}" y2="{y + 31}"/>' if compared else ""
        drawn.append(link(figure(line), shape) + was)
    said = "；".join(f"{line['name']} {line['count']}" for line in lines)
    return _svg(WIDTH, max(1, len(lines)) * ROW, said, "".join(drawn))


def moves(lines: Sequence[Mapping[str, Any]]) -> str:
    """Ranks before and now as lines from left to right: who rises, who falls."""
    known = [line for line in lines if line["was"] is not None]
    if len(known) < 2:
        return ""
    ranks = max(max(line["rank"], line["was"]) for line in known)
    left, right, step = 170, 470, 36
    drawn = [
        f'<text class="head" x="{left - 14}" y="16" text-anchor="end">{escape(_("before"))}</text>',
        f'<text class="head" x="{right + 14}" y="16">{escape(_("this period"))}</text>',
    ]
    seen: set[tuple[str, int]] = set()

    def at(rank: int, side: str) -> float:
        """Equal ranks stand one under the other."""
        while (side, rank) in seen:
            rank += 1
        seen.add((side, rank))
        return 24 + (rank - 0.5) * step

    lefts = {line["name"]: at(line["was"], "l") for line in sorted(known, key=lambda line: line["was"])}
    for line in known:
        a, b = lefts[line["name"]], at(line["rank"], "r")
        kind = "up" if line["move"] > 0 else "down" if line["move"] < 0 else "same"
        drawn.append(
            f'<g class="{kind}"><path d="M{left} {a:.0f} C{left + 120} {a:.0f} {right - 120} {b:.0f} {right} {b:.0f}"/>'
            f'<circle cx="{left}" cy="{a:.0f}" r="4"/><circle cx="{right}" cy="{b:.0f}" r="4"/>'
            f'<text x="{left - 14}" y="{a + 5:.0f}" text-anchor="end">{escape(line["name"])} {line["was"]}</text>'
            f'<text x="{right + 14}" y="{b + 5:.0f}">{line["rank"]} {escape(line["name"])}</text></g>'
        )
    lowest = max(rank for _side, rank in seen)
    said = "；".join(f"{line['name']} {line['was']}→{line['rank']}" for line in known)
    return _svg(WIDTH, 30 + max(ranks, lowest) * step, said, "".join(drawn), "moves")


def days(counts: Sequence[int], first: str, last: str) -> str:
    """Letters day by day, as columns."""
    if len(counts) < 2 or not any(counts):
        return ""
    most = max(counts)
    step = WIDTH / len(counts)
    drawn = [
        f'<rect class="day" x="{n * step + step * 0.12:.1f}" y="{70 - count / most * 62:.1f}" '
        f'width="{step * 0.76:.1f}" height="{count / most * 62:.1f}"/>'
        for n, count in enumerate(counts)
        if count
    ]
    drawn.append(
        f'<line class="rule" x1="0" x2="{WIDTH}" y1="70.5" y2="70.5"/>'
        f'<text class="head" x="0" y="90">{first}</text>'
        f'<text class="head" x="{WIDTH}" y="90" text-anchor="end">{last}</text>'
    )
    said = _("Letters day by day, {most} at most", most=most)
    return _svg(WIDTH, 96, said, "".join(drawn), "days")


def share(value: float) -> str:
    """A rate as a bar within its whole."""
    return (
        '<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="whole" width="100" height="8"/><rect class="bar" width="{value * 100:.1f}" height="8"/></svg>'
    )


def _svg(width: int, height: float, said: str, inside: str, kind: str = "bars") -> str:
    return f'<svg class="chart {kind}" viewBox="0 0 {width} {height:.0f}" role="img"><title>{escape(said)}</title>{inside}</svg>'


def escape(text: str) -> str:
    """Through the gate, and no markup."""
    return unmarked(safe(text))
