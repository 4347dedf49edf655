"""Breaking running text into lines of so many cells, as Chinese is set: no comma at the start of a line."""

from __future__ import annotations

from rich.cells import cell_len, get_character_cell_size

NEVER_FIRST = frozenset("，。、；：？！）】》」』”’％…·,.;:?!)]}%")
NEVER_LAST = frozenset("（【《「『“‘([{")


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells. Han breaks anywhere, words and numbers stay whole where they fit.

    Punctuation that may not begin a line takes the character before it along (避头尾). `text` is safe text already.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _paragraph(paragraph, max(2, width))
    return lines


def _paragraph(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text.rstrip()]
    lines = []
    start = 0
    while start < len(text):
        end = max(start + 1, _fill(text, start, width))
        if end < len(text):
            end = _step_back(text, start, end)
        lines.append(text[start:end].rstrip())
        start = end
        while start < len(text) and text[start] == " ":
            start += 1
    return lines


def _fill(text: str, start: int, width: int) -> int:
    """How far text from `start` fits into `width` cells."""
    cells, end = 0, start
    while end < len(text):
        cells += get_character_cell_size(text[end])
        if cells > width:
            break
        end += 1
    return end


def _step_back(text: str, start: int, end: int) -> int:
    """A better place than `end` to break, or `end` where that would leave two thirds of the line empty."""
    at = end
    floor = start + max(1, (end - start) // 3)
    while at > floor and not _may_break(text, at):
        at -= 1
    return at if at > floor or _may_break(text, at) else end


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in NEVER_FIRST or before in NEVER_LAST:
        return False
    return not (_wordy(before) and _wordy(after))


def _wordy(char: str) -> bool:
    return char.isascii() and not char.isspace()


def clip(text: str, width: int) -> str:
    """At most `width` cells of a line, with … where something was cut; never half a character."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    return text[: _fill(text, 0, width - 1)] + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """A line made exactly `width` cells: cut with …, or filled with blanks (on the left with `right`)."""
    text = clip(text, width)
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks
