"""What stands at the foot of a dialog: its keys, or a sentence. Hints (`n new · enter changes`) are never torn apart."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

JOINT = " · "


def broken(content: Content, width: int, joint: str = JOINT) -> Content:
    """The hints of each line in lines of `width` cells, a new one where the next hint has no room; a longer one is left
    to be wrapped as running text is.
    """
    return Content("\n").join(
        paragraph[start:end]
        for paragraph in content.split("\n", allow_blank=True)
        for start, end in _lines(paragraph.plain, width, joint)
    )


def _lines(text: str, width: int, joint: str) -> list[tuple[int, int]]:
    """Where the lines of one paragraph begin and end."""
    made: list[tuple[int, int]] = []
    start, end = 0, 0
    for i, hint in enumerate(text.split(joint)):
        begins = end + len(joint) if i else 0
        stops = begins + len(hint)
        if i and cell_len(text[start:stops]) > width:
            made.append((start, end))
            start = begins
        end = stops
    return [*made, (start, end)]


class _Hints(Visual):
    """A content that is broken for the width it gets."""

    def __init__(self, content: Content, joint: str) -> None:
        self.content = content
        self.joint = joint

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return broken(self.content, width, self.joint).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self.content.get_optimal_width(rules, container_width)

    def get_minimal_width(self, rules: RulesMap) -> int:
        return self.content.get_minimal_width(rules)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return broken(self.content, width, self.joint).get_height(rules, width)


class Foot(Static):
    """As high as its hints need; `joint` stands between two of them."""

    DEFAULT_CSS = "Foot { height: auto; }"

    def __init__(self, content: Content | str = "", *, joint: str = JOINT, classes: str = "foot") -> None:
        super().__init__(content, classes=classes, markup=False)
        self.joint = joint

    def render(self) -> Visual:
        visual = self.visual
        return _Hints(visual, self.joint) if isinstance(visual, Content) else visual
