"""What can be wrong with the line, as the desk tells it: what happened, what was kept, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.words import _, term

if TYPE_CHECKING:
    import httpx


class LineError(Exception):
    """A request came to nothing; nothing here is lost by it.

    `code` names the reason (docs/sync.md, Errors; `offline`, `not_ours`, `stuck`). `wait`: seconds that the backend asked for.
    `stops`: only a person can mend it. `reached`: False where there was no connection at all, so nothing was cut.
    """

    def __init__(self, code: str, *, wait: float | None = None, stops: bool = False, reached: bool = True) -> None:
        super().__init__(code)
        self.code, self.wait, self.stops, self.reached = code, wait, stops, reached

    def sentence(self) -> str:
        return say(self.code)


STOPPING = frozenset({"token", "revoked", "inactive", "role", "too_old", "login", "other_newsroom"})
"""Codes that waiting does not mend."""


def say(code: str) -> str:
    """The sentence of a code."""
    return (
        term("line", code) if code in KNOWN else _("The backend says “{code}”. What you did is kept here.", code=code)
    )


KNOWN = STOPPING | frozenset(
    {
        "offline",
        "not_ours",
        "stuck",
        "slow_down",
        "not_ready",
        "bug",
        "too_big",
        "big_file",
        "unknown",
        "gone",
        "failed",
        "store",
        "fault",
        "busy",
        "not_whole",
        "no_file",
        "lost_file",
        "forbidden_media",
        "hash",
        "first_password",
        "first_ended",
        "password",
    }
)
"""Codes that have a sentence in the catalogue (context `line`)."""


def refused(response: httpx.Response) -> LineError:
    """A problem document as what it means here."""
    try:
        code = str(response.json().get("code") or "failed")
    except (ValueError, AttributeError):
        code = "failed" if response.status_code >= 500 else "not_ours"
    wait = response.headers.get("retry-after", "")
    if response.status_code in (400, 422) and code != "password":
        code = "bug"
    return LineError(code, wait=float(wait) if wait.isdecimal() else None, stops=code in STOPPING)
