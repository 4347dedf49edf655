"""Words for people: gettext catalogues in `db/locale`, Chinese first, English second.

`_("Sentence with {name}")` translates a sentence whose msgid is its English form; `term("state", "forwarded")`
gives the label of a code (msgid `state:forwarded`, in both catalogues). Ask at the moment of showing, never at import.
Catalogues are written by hand as `db/locale/<lang>/*.po`, compiled by `make words` into one `desk.mo` a language.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from db.catalogue import Catalogue

LOCALE = Path(__file__).with_name("locale")
LANGUAGES = ("zh_CN", "en")


_spoken = LANGUAGES[0]


def speak(lang: str) -> None:
    """The language of whoever sits here, as their settings say; `DESK_LANG` still goes before it."""
    global _spoken  # noqa: PLW0603 - one person a process
    _spoken = lang if lang in LANGUAGES else LANGUAGES[0]


def language() -> str:
    """The interface's language: `DESK_LANG`, else what `speak` was told, else zh_CN."""
    wanted = os.environ.get("DESK_LANG", "")
    return wanted if wanted in LANGUAGES else _spoken


@cache
def _catalogue(lang: str) -> Catalogue:
    return Catalogue(LOCALE / lang / "desk.mo")


def _(msgid: str, lang: str | None = None, /, **values: Any) -> str:
    """The sentence in the person's language (or `lang`), its `{names}` filled with values."""
    text = _catalogue(lang or language()).gettext(msgid)
    return text.format(**values) if values else text


def sentences(*said: str) -> str:
    """One after another, those that say something: with a blank between them, which Chinese has none of after its full stop."""
    whole = ""
    for part in said:
        blank = " " if whole and part and whole[-1] not in "。！？" else ""
        whole += blank + part
    return whole


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name
    """Marks a msgid for the catalogue without translating it yet."""
    return msgid


def term(kind: str, code: str | None, lang: str | None = None) -> str:
    """The label of a code: `term("state", "forwarded")` → 待签收. An unknown code is shown as it is; None as "–"."""
    if code is None or code == "":
        return "–"
    msgid = f"{kind}:{code}"
    label = _catalogue(lang or language()).gettext(msgid)
    return code if label == msgid else label
