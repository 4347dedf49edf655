"""评价督办: a unit whose letters were rated badly gets a notice, and the letters say in the log that it did; no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.model import Role
from db.words import _
from desk.sending import Sent

if TYPE_CHECKING:
    from db.model import Actor, Ms
    from db.ratings import Unit
    from db.store import Store


def supervise(store: Store, actor: Actor, unit: Unit, now: Ms) -> Sent:
    """Writes the notice and tags each letter with it and its number, in one step. Nothing is tagged where it could not
    be written; a notice that could not be recorded is named, so that nobody sends it twice."""
    from db import notices
    from db.commands import Command, run
    from db.ratings import TAG
    from db.store_error import StoreError
    from desk import papers

    if actor.role is not Role.SUPERVISOR:
        return Sent(refused=(_("Only a supervisor supervises a unit for its ratings."),))
    try:
        days = store.rulebook().at(now).rating_days
        made = notices.for_ratings(store, unit.district, unit.name, unit.unhappy, days, unit.share, now)
        notice, path = papers.for_ratings(store, made)
    except (StoreError, OSError) as e:
        why = e.sentence() if isinstance(e, StoreError) else e.strerror or type(e).__name__
        return Sent(refused=(_("The notice could not be written ({why}). Nothing was recorded.", why=why),))
    commands = [Command("tagged", row.case, {"add": [TAG, notice.mark]}, {}) for row in notice.rows]
    try:
        result = run(store, actor, commands)
    except StoreError as e:
        return Sent(
            refused=(_("{path} is written, but not recorded: {why}", path=path, why=e.sentence()),), trouble=True
        )
    if result.refused:
        from db.sentences import say

        return Sent(
            refused=(_("{path} is written, but not recorded: {why}", path=path, why=say(result.refused[0][1])),)
        )
    said = _(
        "{mark} to {unit}: {n} letters, in {path}.", mark=notice.mark, unit=notice.to, n=len(notice.rows), path=path
    )
    return Sent(changed=result.changed, sentence=said)
