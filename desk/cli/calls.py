"""`desk call list|open|end`: calls for suggestions (征集), with what came of each."""

from __future__ import annotations

import argparse

from db import configured_rows, configuring
from db.calls import calls, find, members
from db.clock import day_of, now_ms
from db.commands import run
from db.people import own_actor
from db.sentences import say
from db.store import Store
from db.text import one_line
from db.words import _
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError, as_json
from desk.cli.store import opened


def call(options: argparse.Namespace) -> int:
    """Lists, opens, ends."""
    with opened(options) as store:
        if options.what == "list":
            return _list(store, json=options.json)
        if not options.name:
            raise StopError(EXIT_USAGE, _("Which call? Give its title or id."))
        if options.what == "open":
            return _open(store, options)
        return _end(store, options.name)


def _list(store: Store, *, json: bool) -> int:
    with store.view() as conn:
        known = calls(configured_rows.state(conn))
        counts = {c.id: len(members(conn, c, known)) for c in known}
    today = day_of(now_ms())
    for c in known:
        until = c.until.isoformat() if c.until else None
        if json:
            told = {
                "id": c.id,
                "title": c.title,
                "from": c.begins.isoformat(),
                "until": until,
                "topics": list(c.topics),
            }
            print(as_json(told | {"open": c.open_on(today), "suggestions": counts[c.id]}))
        else:
            span = f"{c.begins.isoformat()} – {until or ''}"
            print(f"{c.id}  {span}  {c.title}  {_('{n} suggestions', n=counts[c.id])}")
    return 0


def _open(store: Store, options: argparse.Namespace) -> int:
    from desk.deciding.calls import blank

    given = {"title": options.name, "text": options.text or "", "topics": "、".join(options.topic or ())}
    given |= {"from": options.begins or "", "until": options.until or ""}
    read = blank(None, day_of(now_ms())).read(given)
    if read.wrong:
        raise StopError(EXIT_USAGE, "\n".join(f"--{name}: {said}" for name, said in read.wrong.items()))
    result = run(store, own_actor(store), list(read.commands))
    if result.refused:
        raise StopError(EXIT_REFUSED, say(result.refused[0][1]))
    print(_("Open: {title}. Its id is {id}.", title=one_line(options.name), id=str(read.commands[0].facts["id"])))
    return 0


def _end(store: Store, name: str) -> int:
    found = find(name, calls(configured_rows.read(store)))
    if len(found) != 1:
        raise StopError(EXIT_USAGE, _("There is no one call “{typed}”.", typed=one_line(name)))
    result = run(store, own_actor(store), [configuring.end_call(found[0].id, day_of(now_ms()))])
    if result.refused:
        raise StopError(EXIT_REFUSED, say(result.refused[0][1]))
    print(_("Ended: {title}.", title=found[0].title))
    return 0
