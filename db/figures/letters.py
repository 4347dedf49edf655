"""From a figure to its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.figures.facts import Head
from db.figures.figure import Figure
from db.figures.reading import heads

if TYPE_CHECKING:
    from db.store import Store


def letters_of(store: Store, figure: Figure, first: int | None = None) -> list[Head]:
    """The letters behind a figure (or the first so many), in its order: code, title, topic, district, unit. Raises StoreError."""
    wanted = list(figure.letters if first is None else figure.letters[:first])
    with store.view() as conn:
        found = heads(conn, wanted)
    return [found[n] for n in wanted if n in found]
