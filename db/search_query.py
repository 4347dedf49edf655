"""What a person searches for: words and filters, as the store asks the index and checks the text (DESIGN.md §5).

The index answers with rows that hold all tokens; `Query.verify` then reads the text itself, because bigrams in the
right number are not yet the passage. A word of another script matches from its beginning (`lif` finds `lifts`),
a quoted one only whole; Han matches anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from db.model import Kind, Ms, State, Urgency
from db.search_fold import FACET, LONGEST, RUN, WORD, fold, fold_with_offsets


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to find in the text. `whole`: it was quoted, so its last word must end where it ends."""

    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Needle:
    exact: tuple[str, ...]  # tokens that must be there
    prefix: str | None  # the beginning of one more
    pattern: re.Pattern[str]  # over folded text


_GAP = r"[\W_]{0,8}"


def _open_ended(word: str, whole: bool) -> bool:
    """Whether a last word may go on. Single letters and short numbers would match half the store."""
    return not whole and len(word) >= (3 if word.isdigit() else 2) and len(word) <= LONGEST


@lru_cache(maxsize=256)
def _needle(word: Word) -> _Needle | None:
    """What a word asks of index and text; None where nothing of it can be searched (punctuation only)."""
    exact: dict[str, None] = {}
    prefix: str | None = None
    pattern: list[str] = []
    runs = list(RUN.finditer(fold(word.text)))
    for nr, run in enumerate(runs):
        if nr and run.start() > runs[nr - 1].end():
            pattern.append(_GAP)
        part = run.group()
        if run.lastgroup != "word":
            pattern.append(re.escape(part))
            exact.update(dict.fromkeys(part[i : i + 2] for i in range(max(1, len(part) - 1))))
            continue
        pattern.append(rf"(?<!{WORD}){re.escape(part)}")
        if nr == len(runs) - 1 and _open_ended(part, word.whole):
            prefix = part
        else:
            pattern.append(rf"(?!{WORD})")
            exact[part[:LONGEST]] = None
    if not runs:
        return None
    return _Needle(tuple(exact), prefix, re.compile("".join(pattern)))


def searchable(word: Word) -> bool:
    """Whether the word holds anything the index knows."""
    return _needle(word) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search as understood. Different fields all hold; of several values of one field any may hold.

    Times are UTC ms of the receipt, `to_ms` exclusive. `assignees` may hold `"me"`. A code may be the beginning of
    one. `late` holds besides `states`. An empty query matches everything.
    """

    text: str = ""  # as typed
    words: tuple[Word, ...] = ()
    districts: tuple[str, ...] = ()  # division codes
    states: tuple[State, ...] = ()
    late: bool = False
    queues: tuple[int, ...] = ()
    kinds: tuple[Kind, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    topics: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()  # upper case
    senders: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()  # of LISTS: what a person looks through every day
    calls: tuple[str, ...] = ()  # ids or titles of calls for suggestions
    same: tuple[str, ...] = ()  # codes: letters of the same sender
    figures: tuple[str, ...] = ()  # PERIOD[#REVISION]/NAME: the letters behind a figure of a period's page
    board: tuple[tuple[str, str, str], ...] = ()  # (grouping, key, figure) of the late board
    from_ms: Ms | None = None
    to_ms: Ms | None = None
    without: tuple[Query, ...] = ()  # of a word or of filters each: letters that fit one of these are left out

    @property
    def tokens(self) -> tuple[str, ...]:
        """Index tokens of the words that a row must hold, each once (beginnings of words left out)."""
        return tuple(dict.fromkeys(t for word in self.words if (needle := _needle(word)) for t in needle.exact))

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing, so that every letter matches."""
        return self == Query(text=self.text)

    def verify(self, *texts: str) -> bool:
        """Whether every word is in one of the texts (title, body, place …). Filters are not looked at."""
        needles = [needle for word in self.words if (needle := _needle(word))]
        if not needles:
            return True
        folded = [fold(text) for text in texts if text]
        return all(any(needle.pattern.search(text) for text in folded) for needle in needles)

    @property
    def reads(self) -> bool:
        """Whether a letter's words must be read to know if it matches."""
        return bool(self.words) or any(out.words for out in self.without)

    @property
    def names_senders(self) -> bool:
        """Whether it asks who wrote."""
        return bool(self.senders) or any(out.senders for out in self.without)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where to highlight: [start, end) in characters of the text, in order, overlapping ones joined."""
        folded, origin = fold_with_offsets(text)
        found = []
        for word in self.words:
            needle = _needle(word)
            for match in needle.pattern.finditer(folded) if needle else ():
                first, last = match.start(), match.end() - 1
                found.append((first, last + 1) if origin is None else (origin[first], origin[last] + 1))
        joined: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined


def facet_tokens(
    *, queue: Iterable[int] | int = (), district: Iterable[str] | str | None = (), state: str | None = None
) -> list[str]:
    """Tokens of what is not text: the queues a case is in, its districts, its state. They never equal a word's."""
    queues = (queue,) if isinstance(queue, int) else queue
    districts = (district,) if isinstance(district, str) else district or ()
    found = [f"{FACET}q{number}" for number in queues]
    found += [f"{FACET}d{_plain(code)}" for code in districts if code]
    if state:
        found.append(f"{FACET}s{_plain(state)}")
    return found


def _plain(code: str) -> str:
    """A code without what would part it in two tokens (needs_info)."""
    return "".join(char for char in code.lower() if char.isalnum())


def match_expression(query: Query, *, queue: int | None = None) -> str:
    """The query for FTS5's MATCH, optionally within one queue; "" where the index has nothing to say.

    Every token stands in double quotes, which no token can hold. Words and facets are joined by AND, values of one
    facet by OR; no phrase, no column: an index with `detail=none` can answer it.
    """
    asked = [_quoted(token) for token in query.tokens]
    for word in query.words:
        needle = _needle(word)
        if needle and needle.prefix:
            asked.append(_quoted(needle.prefix) + "*")
    asked += _either(facet_tokens(queue=() if queue is None else queue))
    asked += _either(facet_tokens(queue=query.queues))
    asked += _either(facet_tokens(district=query.districts))
    asked += _either([token for state in query.states for token in facet_tokens(state=state)])
    return " AND ".join(dict.fromkeys(asked))


def _quoted(token: str) -> str:
    return f'"{token}"'


def _either(group: list[str]) -> list[str]:
    """Values of one facet as one condition; none where there are no values."""
    if not group:
        return []
    if len(group) == 1:
        return [_quoted(group[0])]
    return ["(" + " OR ".join(map(_quoted, group)) + ")"]
