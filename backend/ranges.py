"""`Range` and `Content-Range` (RFC 9110): one piece of bytes."""

from __future__ import annotations

import re

from backend.problems import ProblemError

_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
_SUFFIX = re.compile(r"bytes=-(\d{1,15})")
_CONTENT = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


def asked(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, behind the last) byte asked for; None where all are, or where the header is none of ours.

    Raises ProblemError(range) where nothing lies there.
    """
    if header is None:
        return None
    if match := _SUFFIX.fullmatch(header.strip()):
        return max(0, size - int(match[1])), size
    match = _RANGE.fullmatch(header.strip())
    if match is None:
        return None
    first = int(match[1])
    behind = min(size, int(match[2]) + 1) if match[2] else size
    if first >= size or behind <= first:
        raise ProblemError("range", held=size)
    return first, behind


def sent(header: str | None, size: int) -> tuple[int, int]:
    """(first byte, size of the whole) of a piece sent; a body without the header is the whole. Raises ProblemError(field)."""
    if header is None:
        return 0, size
    match = _CONTENT.fullmatch(header.strip())
    if match is None:
        raise ProblemError("field", field="Content-Range")
    first, last, whole = (int(g) for g in match.groups())
    if last - first + 1 != size or last >= whole:
        raise ProblemError("field", field="Content-Range")
    return first, whole
