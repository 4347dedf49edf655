"""Keys that move, mark, switch and read, and those of the app: what changes a letter is in `desk/actions.py`."""

from __future__ import annotations

from db.words import N_

HINTS = {"kind": "f1", "topic": "f2", "urgency": "f3", "district": "f4"}
"""Keys that take one suggestion each."""

ALONE = {
    "kind": N_("classify as the letter suggests: the kind alone"),
    "topic": N_("classify as the letter suggests: the topic alone"),
    "urgency": N_("classify as the letter suggests: the urgency alone"),
    "district": N_("classify as the letter suggests: the district alone"),
}

NAVIGATION: tuple[tuple[str, str, str, str], ...] = (
    # id, keys, action, what it does
    ("move.down", "j,down", "move(1)", N_("next letter")),
    ("move.up", "k,up", "move(-1)", N_("previous letter")),
    ("move.half_down", "ctrl+d", "half(1)", N_("half a page down")),
    ("move.half_up", "ctrl+u", "half(-1)", N_("half a page up")),
    ("move.page_down", "pagedown", "page(1)", N_("a page down")),
    ("move.page_up", "pageup", "page(-1)", N_("a page up")),
    ("move.top", "home", "top", N_("first letter (also gg)")),
    ("move.g", "g", "g", N_("gg: first letter")),
    ("move.bottom", "G,end", "bottom", N_("last letter")),
    ("read.open", "enter", "open", N_("read the letter; again: over the whole height")),
    ("read.back", "escape", "back", N_("one step back: range, reading, filter, marks")),
    ("read.line_down", "J", "read_on(1)", N_("letter: a line down")),
    ("read.line_up", "K", "read_on(-1)", N_("letter: a line up")),
    ("read.page_down", "ctrl+f", "read_page(1)", N_("letter: a page down")),
    ("read.page_up", "ctrl+b", "read_page(-1)", N_("letter: a page up")),
    ("mark.one", "space", "mark", N_("mark the letter and go on to the next")),
    ("mark.range", "V", "range", N_("mark a range: press at its beginning and at its end")),
    ("mark.all", "asterisk", "mark_all", N_("mark all in view, or none")),
    ("do.undo", "u", "undo", N_("take back the last thing done")),
    ("do.repeat", "full_stop", "repeat", N_("do the last thing again, to this letter")),
    ("read.alike", "equals_sign", "alike", N_("open letters on the same matter: read, go there, merge")),
    ("do.hints", "plus", "take", N_("classify as the letter suggests: all of it")),
    *((f"do.hint_{field}", key, f"take('{field}')", ALONE[field]) for field, key in HINTS.items()),
    ("do.macros", "at", "macros", N_("macros: your own sequences of actions")),
    ("read.related", "L", "related", N_("to the letter this one is merged into, or to those merged into it")),
    ("read.files", "A", "files", N_("files of the letter: open one, fetched if it must be")),
    ("read.alone", "z", "alone", N_("one letter at a time, the next by itself")),
    ("list.filter", "slash", "filter", N_("filter the queue")),
    ("list.group", "ctrl+g", "group", N_("similar letters one after another: by topic and place")),
    ("list.saved", "apostrophe", "lists", N_("lists: mine, new to me, call-backs due, this sender's, saved searches")),
    ("desk.command", "colon", "command", N_("a command: the verbs of the command line, a queue, a code")),
    ("desk.palette", "ctrl+p", "palette", N_("everything by name: actions, queues, letters, districts")),
    (
        "desk.board",
        "D",
        "board",
        N_("late board: districts with what is late, chases, replies; every figure opens its letters"),
    ),
    ("desk.bulletin", "B", "bulletin", N_("the month in figures: read, trace to its letters, freeze, export")),
    ("desk.conflicts", "C", "conflicts", N_("what the newsroom refused: theirs and yours, and the ways out")),
    ("desk.surveys", "Q", "surveys", N_("surveys: how many answered, bars, cross tables, words")),
    ("desk.sync", "S", "sync", N_("sync now, and say how the line stands")),
    ("desk.settings", "comma", "settings", N_("settings: your own, and what the newsroom decides")),
    ("desk.help", "question_mark", "help", N_("every key, and why some do not apply")),
)
"""Keys that change no letter: bindings, help and the table in the docs read them."""

EVERYWHERE: tuple[tuple[str, str, str, str], ...] = (
    ("desk.redraw", "ctrl+l", "redraw_all", N_("draw everything anew: something else wrote into the terminal")),
    ("desk.suspend", "ctrl+z", "suspend_process", N_("to the shell; fg comes back")),
    ("desk.tour", "f10", "tour", N_("the tour: begin, leave")),
    ("desk.quit", "q", "quit", N_("leave the desk; what waits is sent next time")),
)
"""Keys of the app itself, on every screen that does not take them for its own."""
