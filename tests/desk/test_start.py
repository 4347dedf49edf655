"""The desk stands at once: what is done before the first letters are seen, and what only after them."""

from __future__ import annotations

import json
from pathlib import Path

from db.store import Store
from tests.desk.inbox import LETTERS, busy
from tests.desk.terminal import Terminal

BEFORE_THE_FIRST_ROW = """
db db.broken_swap db.catalogue db.clock db.counts db.deadline_days db.holding db.keyrings db.keys db.link db.model_codes
db.model_rules db.newsroom db.opening db.overlay db.pace db.passphrase db.people db.place_data db.place_filter db.place_words db.places
db.queries db.queues db.readers db.rows db.rulebook db.store db.store_error db.store_file db.text db.turns db.words db.writes

desk desk.__main__ desk.actions desk.ahead desk.app desk.backdrop desk.between desk.deciding desk.doing desk.home desk.lean
desk.likes desk.matched desk.messages desk.navigation desk.outgoing desk.patience desk.presence desk.quick desk.settings
desk.settings_good desk.shelf desk.sparing desk.steady desk.sweeping desk.terse desk.theme desk.uncovering desk.unlocking

desk.screens desk.screens.dialog desk.screens.pointing desk.screens.queue desk.screens.queue_beside desk.screens.queue_finding
desk.screens.room desk.screens.queue_keys desk.screens.queue_line

desk.widgets desk.widgets.drawn desk.widgets.due desk.widgets.ground desk.widgets.letter_list desk.widgets.letter_pane
desk.widgets.marking desk.widgets.queue_bar desk.widgets.row desk.widgets.status_bar desk.widgets.too_small desk.widgets.wheel
desk.widgets.window desk.widgets.wrap
"""
"""Each costs half a millisecond to three of the start. One that has to be added here belongs to the first picture; else it is
imported where it is used."""

LATER = frozenset({"secrets", "hashlib", "hmac", "gettext", "tomllib", "sqlite3", "email.message"})
"""Of the standard library: what neither the first picture needs nor Textual."""

LOOK = """
import gc, json, pathlib, sys
from desk import app
from desk.__main__ import main

class Watched(app.DeskApp):
    def _warm(self):
        before, loaded = gc.isenabled(), list(sys.modules)
        super()._warm()
        seen = {"loaded": loaded, "collecting": [before, gc.isenabled()]}
        pathlib.Path(sys.argv[2]).write_text(json.dumps(seen))

app.DeskApp = Watched
main(["--home", sys.argv[1]])
"""


def test_before_the_first_letters_are_seen_nothing_is_read_that_they_do_not_need(store: Store, tmp_path: Path) -> None:
    busy(store)
    store.close()
    with Terminal("-c", LOOK, str(store.home), str(tmp_path / "seen.json")) as desk:
        desk.read(LETTERS[0][0][:6])
        desk.press(b"q")
    seen = json.loads((tmp_path / "seen.json").read_text())
    loaded = set(seen["loaded"])
    ours = {name for name in loaded if name.split(".")[0] in ("db", "desk", "backend")}
    assert sorted(ours - set(BEFORE_THE_FIRST_ROW.split())) == []
    assert loaded & LATER == set()
    assert "db.newsroom" in loaded, "what is left of each term stood on the first picture"
    assert seen["collecting"] == [False, True]
