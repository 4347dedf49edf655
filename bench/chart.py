"""How figures grow with the number of letters, as one SVG: both axes logarithmic, the budget a dashed line of its colour."""

import math
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 860, 460, 60, 24, 300, 44
COLOURS = ("#b03a2e", "#1f618d", "#117864", "#9a7d0a", "#6c3483", "#424949", "#d35400")


@dataclass(frozen=True)
class Line:
    name: str
    points: list[tuple[int, float]]  # letters, ms
    budget: float | None = None


def draw(lines: list[Line]) -> str:
    """The picture; lines without points are left out."""
    lines = [line for line in lines if line.points]
    xs = [n for line in lines for n, _ms in line.points] or [1_000, 1_000_000]
    low, high = math.log10(min(xs)), math.log10(max(xs)) or 1
    across = max(high - low, 1e-9)

    def x(n: float) -> float:
        return LEFT + (math.log10(n) - low) / across * (WIDTH - LEFT - RIGHT)

    def y(ms: float) -> float:
        return TOP + (1 - math.log10(min(max(ms, 1), 1_000)) / 3) * (HEIGHT - TOP - BOTTOM)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for ms in (1, 3, 10, 30, 100, 300, 1_000):
        out.append(f'<path d="M{LEFT} {y(ms):.1f}H{WIDTH - RIGHT}" stroke="#e5e5e5"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y(ms) + 4:.1f}" text-anchor="end" fill="#555">{ms:,} ms</text>')
    for n in sorted(set(xs)):
        out.append(f'<path d="M{x(n):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e5e5e5"/>')
        out.append(
            f'<text x="{x(n):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#555">{n:,} letters</text>'
        )
    for i, line in enumerate(lines):
        colour, at = COLOURS[i % len(COLOURS)], TOP + 12 + i * 34
        path = " ".join(f"{'ML'[k > 0]}{x(n):.1f} {y(ms):.1f}" for k, (n, ms) in enumerate(line.points))
        out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x(n):.1f}" cy="{y(ms):.1f}" r="3" fill="{colour}"/>' for n, ms in line.points]
        label = escape(line.name)
        if line.budget:
            out.append(
                f'<path d="M{LEFT} {y(line.budget):.1f}H{WIDTH - RIGHT}" stroke="{colour}" stroke-dasharray="3 5" opacity="0.6"/>'
            )
            label += f" (budget {line.budget:g} ms)"
        out.append(f'<path d="M{WIDTH - RIGHT + 14} {at - 4}h18" stroke="{colour}" stroke-width="2"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 38}" y="{at}" fill="#222">{label}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"
