"""Where the line stands, in a few words for the status bar, and in a sentence for whoever presses `S`."""

from __future__ import annotations

from typing import Literal

from db.clock import local, now_ms
from db.words import _, sentences
from desk.line.state import LineState
from desk.line.trouble import say
from desk.widgets.wrap import clip

Role = Literal["water", "faint", "amber", "seal"]


def brief(state: LineState) -> tuple[str, str, Role]:
    """What waits here and whether it can leave: in words, in signs for a narrow screen, and its colour."""
    files = state.files if state.file is None or state.phase not in ("step", "working") else 0
    counts = (
        (state.refused, _("! {n} refused: 9", n=state.refused), f"!{state.refused}:9"),
        (state.pending, _("● {n} not sent", n=state.pending), f"●{state.pending}"),
        (files, _("▤ {n} files not sent", n=files), f"▤{files}"),
    )
    where, short, role = _where(state)
    told = [(words, signs) for n, words, signs in counts if n] + ([(where, short)] if where else [])
    return (
        "  ".join(words for words, _signs in told),
        " ".join(signs for _words, signs in told),
        "seal" if state.refused else role,
    )


def _where(state: LineState) -> tuple[str, str, Role]:
    if state.file is not None and state.phase in ("step", "working"):
        share = state.file.held * 100 // max(1, state.file.size)
        sign = "⇡" if state.file.up else "⇣"
        return f"{sign} {clip(state.file.name or _('a file'), 16)} {share} %", f"{sign}{share}%", "water"
    if state.phase == "filling":
        share = int(state.share * 100)
        return _("⇣ filling {n} %", n=share), f"⇣{share}%", "water"
    if state.phase == "working":
        return _("⇅ syncing"), "⇅", "water"
    if state.phase == "step":
        if state.pending or state.files:
            return "", "", "water"
        return _("✓ in step {at}", at=_at(state.last)), f"✓ {_at(state.last)}", "faint"
    if state.phase == "waiting":
        return _("✗ off line since {at}", at=_at(state.last)), _("✗ off line"), "amber"
    if state.phase == "stopped":
        return _("✗ line closed: S says why"), _("✗ closed: S"), "seal"
    if state.phase == "other":
        return _("another window syncs"), _("other window"), "faint"
    return "", "", "faint"


def _at(moment: int | None) -> str:
    return local(moment).strftime("%H:%M") if moment else "–"


def sentence(state: LineState, *, asked: bool = False) -> str:
    """What the line does now, why it does not, and what is kept. `asked`: it was told a moment ago to try at once."""
    if state.phase == "off":
        return _("Nobody is logged in: everything stays on this desk.  desk login  ties it to a newsroom.")
    if state.phase in ("stopped", "waiting"):
        kept = _("{n} things done here wait and are kept.", n=state.pending) if state.pending else ""
        files = _("{n} attached files wait and are kept.", n=state.files) if state.files else ""
        again = ""
        if state.phase == "waiting":
            left = max(0, (state.until - now_ms()) // 1000)
            again = _("It is tried now.") if asked else _("Tried again in {n} s; S tries now.", n=left)
        return sentences(say(state.code), kept, files, again)
    if state.phase == "other":
        return _("Another window of this desk keeps it in step.")
    if state.phase == "filling":
        return _("Letters are still coming in: {n} %. What is here can be worked on.", n=int(state.share * 100))
    if state.pending:
        return _("{n} things done here are on their way.", n=state.pending)
    if state.files:
        return _("{n} attached files are on their way; their letters' entries are sent.", n=state.files)
    return _("In step with the newsroom since {at}; nothing waits to be sent.", at=_at(state.last))
