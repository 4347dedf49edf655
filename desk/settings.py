"""What one person likes: one commented TOML file, read before the first frame, looked at again while the app runs.

Holds: a wrong value is named with its line and a reason, and never takes effect: the last good one stays in force, value
by value, also over a restart (`desk/settings_good.py`). A file that is no TOML leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from db.words import LANGUAGES, _

FILE = "settings.toml"
MOST_BYTES = 256 * 1024
MOST_SEARCHES = 50
DEFAULT_THEME = "ink"
LONGEST_UNDO = 600
"""Seconds. What a person does must leave the desk within ten minutes, or nobody else sees it."""
MEGABYTE = 1_000_000
MOST_FILES = 100_000
"""Megabytes."""


class Search(NamedTuple):
    """A saved search: a further queue under a name of one's own."""

    name: str
    query: str


class Settings(NamedTuple):
    """The values in force. The defaults are what a person has who never opened the file."""

    language: str = "zh_CN"  # DESK_LANG, where it is set, goes before it
    theme: str = DEFAULT_THEME  # a name of `desk/theme.py`
    undo_window: int = 10  # seconds that an action waits here before it may leave the desk
    next_letter: bool = True  # after an action the cursor goes on
    focus: bool = False  # begin with one letter at a time
    bell: bool = True  # when a letter becomes late
    files_mb: int = 500  # megabytes of fetched attachments that are kept here
    keys: Mapping[str, str] = MappingProxyType({})  # id of an action or binding → keys, "j,down"
    searches: tuple[Search, ...] = ()


class Problem(NamedTuple):
    """What is wrong in the file: its line from 1 (0: the file as a whole), and why."""

    line: int
    sentence: str
    whole: bool = False  # nothing of the file counts: what else was wrong in it is no longer known

    def __str__(self) -> str:
        if not self.line:
            return self.sentence
        return _("Line {line}: {why}", line=self.line, why=self.sentence)


class WrongError(ValueError):
    """A value that cannot be; `path` says where inside it, for the line."""

    def __init__(self, sentence: str, *path: str | int) -> None:
        super().__init__(sentence)
        self.sentence, self.path = sentence, path


def load(path: Path, last_good: Settings | None = None) -> tuple[Settings, list[Problem]]:
    """The settings of the file, and what is wrong in it. No file: the defaults.

    `last_good` is what was in force before; without it what was good when the app last ran.
    """
    from desk import settings_good as good

    try:
        info = path.stat()
        kept = good.read(path) if last_good is None else None
        if kept is not None and kept[0] == good.stamp(info):
            found, wrong = _checked(kept[1], Settings())
            if not wrong:
                return found, []
        if info.st_size > MOST_BYTES:
            raise WrongError(_("the file is larger than {n} kB", n=MOST_BYTES // 1024))
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Settings(), []
    except UnicodeDecodeError as e:
        return _fallen_back(path, last_good), [Problem(_line_at(path, e.start), _("not UTF-8 text"), whole=True)]
    except OSError as e:
        return _fallen_back(path, last_good), [
            Problem(0, _("The settings cannot be read: {why}", why=str(e.strerror)), whole=True)
        ]
    except WrongError as e:
        return _fallen_back(path, last_good), [Problem(0, e.sentence, whole=True)]
    return _read(text, _fallen_back(path, last_good))


def _fallen_back(path: Path, last_good: Settings | None) -> Settings:
    """What is in force where the file says nothing usable."""
    if last_good is not None:
        return last_good
    from desk import settings_good as good

    kept = good.read(path)
    return _checked(kept[1], Settings())[0] if kept else Settings()


def _line_at(path: Path, offset: int) -> int:
    return path.read_bytes()[:offset].count(b"\n") + 1


def parse(text: str, last_good: Settings) -> tuple[Settings, list[Problem]]:
    """As `load`, of a text that is at hand."""
    return _read(text, last_good)


def _read(text: str, last_good: Settings) -> tuple[Settings, list[Problem]]:
    import tomllib

    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as e:
        from desk.settings_text import fault

        return last_good, [fault(text, str(e))]
    found, wrong = _checked(given, last_good)
    if not wrong:
        return found, []
    from desk.settings_text import line_of

    return found, sorted((Problem(line_of(text, e.path), e.sentence) for e in wrong), key=lambda p: p.line)


def _checked(given: Mapping[str, Any], last_good: Settings) -> tuple[Settings, list[WrongError]]:
    """Each value that is there and right; the last good one where it is wrong; the default where it is not there."""
    wrong: list[WrongError] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        check = CHECKS.get(name)
        if check is None:
            known = _(", ").join(CHECKS)
            wrong.append(WrongError(_("“{name}” is no setting. There are: {known}.", name=name, known=known), name))
            continue
        faults: list[WrongError] = []
        try:
            values[name] = check(value, getattr(last_good, name), faults)
        except WrongError as e:
            faults.append(e)
            values[name] = getattr(last_good, name)
        wrong += [WrongError(f"{name}: {e.sentence}", name, *e.path) for e in faults]
    return Settings(**values), wrong


# ── what each value may be ───────────────────────────────────────────────────────────────────────────────────────────

Check = Callable[[Any, Any, list[WrongError]], Any]
"""(value as given, last good one, where faults of parts go) → the value. Raises WrongError where all of it is wrong."""


def _one_of(value: Any, known: Collection[str]) -> str:
    if value not in known:
        raise WrongError(_("“{given}” is not one of {known}", given=value, known=_(", ").join(known)))
    return str(value)


def _language(value: Any, _last: Any, _faults: list[WrongError]) -> str:
    return _one_of(value, LANGUAGES)


def _theme(value: Any, _last: Any, _faults: list[WrongError]) -> str:
    if value == DEFAULT_THEME:
        return DEFAULT_THEME
    from desk.theme import PALETTES

    return _one_of(value, PALETTES)


def _seconds(value: Any, _last: Any, _faults: list[WrongError]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LONGEST_UNDO:
        raise WrongError(_("a whole number of seconds from 0 to {most} is wanted", most=LONGEST_UNDO))
    return value


def _megabytes(value: Any, _last: Any, _faults: list[WrongError]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_FILES:
        raise WrongError(_("a whole number of megabytes from 0 to {most} is wanted", most=MOST_FILES))
    return value


def _yes_no(value: Any, _last: Any, _faults: list[WrongError]) -> bool:
    if not isinstance(value, bool):
        raise WrongError(_("true or false is wanted"))
    return value


KEY_EXAMPLE = '"do.forward" = "F"'


def _keys(value: Any, last: Mapping[str, str], faults: list[WrongError]) -> dict[str, str]:
    """One wrong line leaves the other keys alone. `do.forward = "F"` without quotes, a table in a table, means the same."""
    if not isinstance(value, dict):
        raise WrongError(_("a table is wanted: [keys], then a line for each, such as {example}", example=KEY_EXAMPLE))
    found: dict[str, str] = {}
    for path, given in _leaves(value, ()):
        id_ = ".".join(path)
        keys = given if isinstance(given, list) else [given]
        if keys and all(isinstance(key, str) and key and key.isprintable() for key in keys):
            found[id_] = ",".join(keys)
            continue
        faults.append(WrongError(_("“{id}” wants a key, such as {example}", id=id_, example=KEY_EXAMPLE), *path))
        if id_ in last:
            found[id_] = last[id_]
    return found


def _leaves(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _searches(value: Any, last: Sequence[Search], faults: list[WrongError]) -> tuple[Search, ...]:
    """A wrong search is as it was last, or away; the others stay."""
    if not isinstance(value, list) or not all(isinstance(s, dict) for s in value):
        raise WrongError(_("tables are wanted: [[searches]], then name = and query ="))
    if len(value) > MOST_SEARCHES:
        raise WrongError(_("at most {n} are kept", n=MOST_SEARCHES))
    before = {s.name: s for s in last}
    found: dict[str, Search] = {}
    for n, search in enumerate(value):
        name, query = search.get("name"), search.get("query")
        if not isinstance(name, str) or not name.strip():
            faults.append(WrongError(_("search {n}: {part} is missing", n=n + 1, part="name"), n, "name"))
        elif name in found:
            faults.append(WrongError(_("two searches are called “{name}”", name=name), n, "name"))
        elif isinstance(query, str) and query.strip():
            found[name] = Search(name, query)
        else:
            faults.append(WrongError(_("search {n}: {part} is missing", n=n + 1, part="query"), n, "query"))
            found |= {name: before[name]} if name in before else {}
    return tuple(found.values())


CHECKS: Mapping[str, Check] = {
    "language": _language,
    "theme": _theme,
    "undo_window": _seconds,
    "next_letter": _yes_no,
    "focus": _yes_no,
    "bell": _yes_no,
    "files_mb": _megabytes,
    "keys": _keys,
    "searches": _searches,
}
"""Every setting, in the order of the file → what it may be."""


def why_not(name: str, value: Any) -> str | None:
    """Why the value cannot be that setting's, as a sentence; None if it can. As it would be read from the file."""
    faults: list[WrongError] = []
    try:
        CHECKS[name](value, getattr(Settings(), name), faults)
    except WrongError as e:
        faults.append(e)
    return faults[0].sentence if faults else None


def write(path: Path, name: str, value: Any) -> Problem | None:
    """Puts one value into the file, which is made with its comments where there is none; the person's own comments stay.

    Not written, and said why: a wrong value, a file that is no TOML (a person is in the middle of it), a full disk.
    `searches` takes a sequence of Search, `keys` a mapping.
    """
    from desk.settings_text import put

    return put(path, name, value)
