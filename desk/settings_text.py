"""The settings file as text: how it looks when it is new, where a value stands in it, one value changed.

`tomlkit` keeps a person's comments and order; it is imported only here, when something is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.words import LANGUAGES, N_, _, language
from desk.settings import CHECKS, KEY_EXAMPLE, LONGEST_UNDO, MOST_FILES, Problem, Search, Settings, parse, why_not
from desk.settings_good import replace_file

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import AoT

_HEADER = re.compile(r"\s*\[\s*(?P<double>\[)?\s*(?P<name>[^\[\]]+?)\s*\]")
_ENTRY = re.compile(r"""\s*(?P<name>(?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


def starter(settings: Settings | None = None) -> str:
    """A new file: every setting with its value and, in the person's language, what it does."""
    from desk.theme import PALETTES

    s = settings or Settings()
    says = {
        "language": _("Language: {known}. DESK_LANG in the environment goes before it.", known=", ".join(LANGUAGES)),
        "theme": _("Colours: {known}.", known=", ".join(PALETTES)),
        "undo_window": _(
            "Seconds an action waits before it may leave the desk: u takes it back. 0 to {n}.", n=LONGEST_UNDO
        ),
        "next_letter": _("After an action the cursor goes on to the next letter that needs one."),
        "focus": _("Begin with one letter at a time (z)."),
        "bell": _("A bell when a letter in your queues becomes late."),
        "files_mb": _(
            "Megabytes of fetched attachments kept here, 0 to {n}; those longest not opened go and can be fetched again.",
            n=MOST_FILES,
        ),
    }
    lines = [
        _("People's Letters desk: what you like. What the newsroom decides is elsewhere (desk settings show)."),
        _(
            "Saved changes count at once, also while the desk runs. A wrong value is named, and the last good one stays."
        ),
    ]
    text = "".join(f"# {line}\n" for line in lines)
    for name, said in says.items():
        text += f"\n# {said}\n{name} = {json.dumps(getattr(s, name), ensure_ascii=False)}\n"
    text += "\n" + _comment(
        _("Keys: the id of an action or movement (docs/keys.md), then its keys."), f"[keys]\n{KEY_EXAMPLE}"
    )
    text += "\n" + _comment(
        _("Saved searches: queues under names of your own (')."),
        '[[searches]]\nname = "渝北超期"\nquery = "district:渝北 state:late"',
    )
    if s.keys:
        text += "\n[keys]\n" + "".join(f"{_quoted(k)} = {_quoted(v)}\n" for k, v in s.keys.items())
    for search in s.searches:
        text += f"\n[[searches]]\nname = {_quoted(search.name)}\nquery = {_quoted(search.query)}\n"
    return text


def _comment(says: str, example: str) -> str:
    return f"# {says}\n" + "".join(f"# {line}\n" for line in example.splitlines())


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL and what only surrogates could say."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


_FAULTS = (
    ("Expected '=' after a key", N_("a name without = and a value")),
    ("Invalid value", N_("a value that is none: text wants quotes, yes and no are true and false")),
    ("Expected newline or end of document", N_("something after the value; comments begin with #")),
    ("Cannot overwrite a value", N_("the same name twice")),
    ("Cannot declare", N_("the same table twice")),
    ("Invalid initial character for a key", N_("a line that is neither a comment nor name = value")),
    ("Illegal character", N_("quotes that are not closed on their line")),
    ("Unclosed array", N_("a list without its ]")),
    ("Unterminated string", N_("quotes that are not closed")),
    ("Expected ']", N_("a table's name without its ]")),
    ("Unescaped", N_("a \\ that means nothing: write \\\\, or use single quotes")),
)
"""What tomllib says, in English only, and what it comes to. What is not here passes as it is."""


def fault(text: str, message: str) -> Problem:
    """Why a text is no TOML, with its line: tomllib names it, but for the end of the document."""
    at = re.search(r"line (\d+)", message)
    line = int(at[1]) if at else text.rstrip().count("\n") + 1
    why = next((_(says) for begins, says in _FAULTS if message.startswith(begins)), message)
    if message.startswith("Invalid value"):
        why = _wanted(text, line) or why
    return Problem(line, _("not TOML, so nothing of the file is in force: {why}", why=why), whole=True)


def _wanted(text: str, line: int) -> str | None:
    """What the setting on that line wants, where that is a number, or yes or no: `undo_window = ten`."""
    entry = _ENTRY.match(text.splitlines()[line - 1])
    name = entry["name"].strip("\"'") if entry else ""
    wants_text = isinstance(getattr(Settings(), name, ""), str)
    return None if wants_text or name not in CHECKS else f"{name}: {why_not(name, '')}"


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line, from 1, on which the value of that path stands: ("keys", "do", "forward"), ("searches", 1, "query").

    The nearest one above it where the value itself is missing; 1 where nothing of it is there.
    """
    best, found = 0, 1
    table: tuple[str | int, ...] = ()
    counts: dict[str, int] = {}
    wanted = tuple(part for part in path)
    for nr, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = header["name"]
            table = _parts(name)
            if header["double"]:
                counts[name] = counts.get(name, -1) + 1
                table = (*table, counts[name])
            here = table
        elif entry := _ENTRY.match(line):
            here = (*table, *_parts(entry["name"]))
        else:
            continue
        depth = _shared(here, wanted)
        if depth > best and (depth == len(here) or depth == len(wanted)):
            best, found = depth, nr
    return found


def _parts(name: str) -> tuple[str | int, ...]:
    """`"do.forward"` and `do.forward` lead to the same place."""
    return tuple(part for m in _PART.finditer(name) for part in (m[1] or m[2] or m[3] or "").split("."))


def _shared(here: Sequence[str | int], wanted: Sequence[str | int]) -> int:
    flat = [part for w in wanted for part in (w.split(".") if isinstance(w, str) else [w])]
    n = 0
    for a, b in zip(here, flat, strict=False):
        if a != b:
            break
        n += 1
    return n


def put(path: Path, name: str, value: Any) -> Problem | None:
    """`settings.write`."""
    plain = _plain(value)
    if wrong := why_not(name, plain):
        return Problem(0, f"{name}: {wrong}")
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.exists() else starter(Settings(language=language()))
        made = _changed(text, name, plain)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, made)
    except UnicodeDecodeError:
        return Problem(0, _("The settings file is not UTF-8 text, so nothing was written into it."))
    except OSError as e:
        return Problem(0, _("The settings could not be written: {why}", why=str(e.strerror)))
    except _UnreadableError:
        found = parse(text, Settings())[1][0]
        return Problem(
            found.line, _("The settings file has a fault, so nothing was written into it. {fault}", fault=str(found))
        )
    return None


def make(path: Path, settings: Settings | None = None) -> Problem | None:
    """The file with its comments, where there is none yet."""
    if path.exists():
        return None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, starter(settings or Settings(language=language())))
    except OSError as e:
        return Problem(0, _("The settings could not be written: {why}", why=str(e.strerror)))
    return None


class _UnreadableError(ValueError):
    """The file is no TOML at the moment."""


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [{"name": s.name, "query": s.query} if isinstance(s, Search) else s for s in value]
    return value


def _changed(text: str, name: str, value: Any) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        if name == "searches":
            _put_searches(document, value)
        elif name == "keys":
            _put_keys(document, value)
        else:
            document[name] = value
        return tomlkit.dumps(document)
    except TOMLKitError:
        raise _UnreadableError from None


def _put_keys(document: TOMLDocument, keys: Mapping[str, str]) -> None:
    """Only what is different is touched, so that comments beside the others stay."""
    import tomlkit

    table = document.get("keys")
    if table is None or any(isinstance(v, dict) for v in table.values()):
        table = tomlkit.table()
        document["keys"] = table
    for gone in [k for k in table if k not in keys]:
        del table[gone]
    for id_, key in keys.items():
        if table.get(id_) != key:
            table[id_] = key


def _put_searches(document: TOMLDocument, searches: Sequence[Mapping[str, str]]) -> None:
    import tomlkit

    held = document.get("searches")
    before = {str(t.get("name")): t for t in held} if isinstance(held, list) else {}
    made: AoT = tomlkit.aot()
    for search in searches:
        table = before.get(search["name"])
        if table is None:
            table = tomlkit.table()
            table["name"] = search["name"]
        if table.get("query") != search["query"]:
            table["query"] = search["query"]
        made.append(table)
    if "searches" in document:
        del document["searches"]
    if searches:
        document["searches"] = made
