"""The keys of screens of their own: one table a screen, of which its bindings, its foot, its `?` and docs/keys.md are made.

A foot names, in the order of the table, what applies now and has room, then `?` and the way out; `?` names every key, and
says why one does not apply.
"""

from __future__ import annotations

from typing import NamedTuple

from db.words import N_


class Key(NamedTuple):
    """One key: `id` within its screen, `keys` as Textual names them, `foot`: whether it has a word at the foot
    (`term("key", "board.open")`), `sign`: how it is printed where that is not its first key."""

    id: str
    keys: str
    action: str
    help: str
    foot: bool = False
    sign: str = ""


_DOWN, _UP = "j,down", "k,up"

BOARD = (
    Key("left", "h,left", "column(-1)", N_("the figure to the left"), foot=True, sign="h l"),
    Key("right", "l,right", "column(1)", N_("the figure to the right")),
    Key("open", "enter", "open", N_("the letters behind this figure, as a list to work through"), foot=True),
    Key("letters", "tab", "letters", N_("into the letters beside the figures, and back"), foot=True),
    Key("ladder", "P", "ladder", N_("the chases that are due now, one key each"), foot=True),
    Key("sort", "s", "sort", N_("sort by this column; once more: the other way"), foot=True),
    Key("group", "g", "group(1)", N_("group by district, unit, topic, editor, chase level"), foot=True),
    Key("look", "R", "look", N_("add up anew"), foot=True),
    Key("down", _DOWN, "move(1)", N_("the next line")),
    Key("up", _UP, "move(-1)", N_("the line before")),
    Key("page_down", "ctrl+d,pagedown", "move(10)", N_("ten lines down")),
    Key("page_up", "ctrl+u,pageup", "move(-10)", N_("ten lines up")),
    Key("top", "home", "move(-100000)", N_("the first line: the sum of all")),
    Key("bottom", "G,end", "move(100000)", N_("the last line")),
    Key("leave", "escape,q,D", "leave", N_("back")),
)

LADDER = (
    Key("send", "c", "send", N_("send this chase; called or seen, it asks who was reached"), foot=True),
    Key("skip", "x", "skip", N_("not today, with the reason"), foot=True),
    Key("level_1", "1", "level(1)", N_("send it as a reminder"), foot=True, sign="1–4"),
    Key("level_2", "2", "level(2)", N_("send it as a chase")),
    Key("level_3", "3", "level(3)", N_("send it as a supervision")),
    Key("level_4", "4", "level(4)", N_("send it as an escalation")),
    Key("channel", "w", "channel", N_("by which way it goes: system, document, phone, visit"), foot=True),
    Key("all", "A", "all", N_("all of them at once: first a look at what would go and what is left out"), foot=True),
    Key("arrived", "v", "arrived", N_("the document was delivered: how, and to whom"), foot=True),
    Key("document", "n", "document", N_("write the document once more"), foot=True),
    Key("open", "enter,o", "open", N_("the letter; in the look at all of them: send them"), foot=True),
    Key(
        "paper",
        "P",
        "paper",
        N_("this district gets documents, for it has no account; once more: no longer"),
        foot=True,
    ),
    Key("undo", "u", "undo", N_("take back the last thing done"), foot=True),
    Key("view", "tab", "view", N_("chases due, documents not delivered, candidates for print"), foot=True),
    Key("down", _DOWN, "move(1)", N_("the next line")),
    Key("up", _UP, "move(-1)", N_("the line before")),
    Key("page_down", "ctrl+d,pagedown", "move(10)", N_("ten lines down")),
    Key("page_up", "ctrl+u,pageup", "move(-10)", N_("ten lines up")),
    Key("leave", "escape,q", "leave", N_("back")),
)

BULLETIN = (
    Key("open", "enter", "open", N_("the letters behind this figure; of answers: the survey"), foot=True),
    Key("before", "h,left,left_square_bracket", "period(-1)", N_("the period before"), foot=True, sign="h l"),
    Key("after", "l,right,right_square_bracket", "period(1)", N_("the period after")),
    Key("freeze", "F", "freeze", N_("sign the month as it stands; it asks once more"), foot=True),
    Key("revise", "R", "revise", N_("sign it once more, with what changed and why; it asks once more"), foot=True),
    Key("revision", "v", "turn", N_("through the frozen pages, and what is known now"), foot=True),
    Key("changes", "c", "changes", N_("what each revision changed, and what is other since"), foot=True),
    Key("export", "e", "export", N_("write the page for a browser, as a spreadsheet and as Markdown"), foot=True),
    Key("down", _DOWN, "move(1)", N_("the next figure")),
    Key("up", _UP, "move(-1)", N_("the figure before")),
    Key("page_down", "ctrl+d,pagedown,space", "page(1)", N_("a page down")),
    Key("page_up", "ctrl+u,pageup", "page(-1)", N_("a page up")),
    Key("top", "home,g", "move(-100000)", N_("the first figure")),
    Key("bottom", "G,end", "move(100000)", N_("the last figure")),
    Key("leave", "escape,q,B", "leave", N_("back")),
)

SURVEYS = (
    Key("look", "enter", "look", N_("this survey: bars, words, cross tables"), foot=True),
    Key("add", "n", "add", N_("a new one, written in your own editor"), foot=True),
    Key("change", "e", "change", N_("change one that was never open"), foot=True),
    Key(
        "open",
        "o",
        "decide('o')",
        N_("open it: answers are taken, what it asks is fixed; it asks once more"),
        foot=True,
    ),
    Key("end", "x", "decide('x')", N_("close it: no more answers; it asks once more"), foot=True),
    Key("down", _DOWN, "move(1)", N_("the next line")),
    Key("up", _UP, "move(-1)", N_("the line before")),
    Key("top", "g,home", "move(-9999)", N_("the first line")),
    Key("bottom", "G,end", "move(9999)", N_("the last line")),
    Key("close", "escape,q", "dismiss", N_("back")),
)

SURVEY = (
    Key("down", "j,down,tab", "move(1)", N_("the next question"), foot=True, sign="j k"),
    Key("up", "k,up,shift+tab", "move(-1)", N_("the question before")),
    Key("read", "enter", "read", N_("read what was written"), foot=True),
    Key("cross", "c", "cross", N_("cross this question with another one"), foot=True),
    Key("write", "w", "write", N_("all answers as a spreadsheet, without names, phones and numbers"), foot=True),
    Key(
        "open",
        "o",
        "decide('o')",
        N_("open it: answers are taken, what it asks is fixed; it asks once more"),
        foot=True,
    ),
    Key("end", "x", "decide('x')", N_("close it: no more answers; it asks once more"), foot=True),
    Key("top", "g,home", "move(-9999)", N_("the first question")),
    Key("bottom", "G,end", "move(9999)", N_("the last question")),
    Key("page_down", "pagedown,ctrl+d,ctrl+f,space", "scroll(1)", N_("a page down")),
    Key("page_up", "pageup,ctrl+u,ctrl+b", "scroll(-1)", N_("a page up")),
    Key("close", "escape,q", "back", N_("back")),
)

PUBLISH = (
    Key("take", "enter,space", "take", N_("take it out: what stands beside it goes out instead"), foot=True),
    Key("keep", "x", "keep", N_("it stays as it is"), foot=True),
    Key("change", "c", "change", N_("other words instead of it"), foot=True),
    Key("take_all", "a", "take_all", N_("take out all that is not decided"), foot=True),
    Key("write", "e,h", "write", N_("the words themselves: shorten, rewrite, take more out by hand"), foot=True),
    Key("send", "ctrl+s,ctrl+enter", "send", N_("publish: what is shown and nothing else"), foot=True),
    Key("next", "tab,n", "open_find", N_("the next one that is not decided"), foot=True),
    Key("anew", "ctrl+r", "anew", N_("the letter's own words again, nothing decided")),
    Key("down", _DOWN, "move(1)", N_("the next find")),
    Key("up", _UP, "move(-1)", N_("the find before")),
    Key("page_down", "pagedown,ctrl+f,J", "page(1)", N_("what goes out: a page down")),
    Key("page_up", "pageup,ctrl+b,K", "page(-1)", N_("what goes out: a page up")),
    Key("leave", "escape,q", "leave", N_("back; what was decided is kept")),
)

TABLES = {
    "board": BOARD,
    "ladder": LADDER,
    "bulletin": BULLETIN,
    "surveys": SURVEYS,
    "survey": SURVEY,
    "publish": PUBLISH,
}
"""Screen → its keys; what it is called is `term("keys_of", …)`."""
