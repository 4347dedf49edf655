"""A page in the form that is asked for, as bytes of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.text import as_json, safe

if TYPE_CHECKING:
    from db.bulletin.making import Bulletin
    from db.store import Store

FORMS = ("text", "md", "html", "csv", "xlsx", "json")
ENDINGS = {"text": "txt"}


def written(store: Store, bulletin: Bulletin, form: str) -> bytes:
    """The file, UTF-8 where it is text. Raises StoreError."""
    if form == "xlsx":
        from db.bulletin.as_table import as_xlsx

        return as_xlsx(store, bulletin)
    return _text(store, bulletin, form).encode()


def _text(store: Store, bulletin: Bulletin, form: str) -> str:
    if form == "json":  # what a terminal would obey or hide is written as its number
        return as_json(bulletin.page) + "\n"
    if form == "html":
        from db.bulletin.as_html import as_html

        return as_html(bulletin)
    if form == "csv":
        from db.bulletin.as_table import as_csv

        return as_csv(store, bulletin)
    from db.bulletin.as_text import as_markdown, as_text

    return safe(as_markdown(bulletin.page) if form == "md" else as_text(bulletin.page))
