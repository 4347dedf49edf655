"""What became of the mutants as docs/mutants.md: a row a file, and every survivor with the reason why no test minds it.

Reasons are kept in `explained.toml`, by the changed lines themselves: one that no longer survives is named as stale.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

EXPLAINED = Path(__file__).parent / "explained.toml"
MARK = "<!-- from here on made by `make mutants` -->\n"
KINDS = {
    "equivalent": "The same behaviour, written otherwise",
    "unreachable": "Cannot come about: what else holds keeps it out",
    "speed": "Only how long it takes",
    "types": "Refused by the strict type check of `make lint`",
}

Key = tuple[str, str, str, str]
"""File, function, the lines as they are, as they become."""


def short(lines: Iterable[str]) -> str:
    return " ".join(line.strip() for line in lines).strip()


def key(mutant: Mapping[str, Any]) -> Key:
    return mutant["file"], mutant["in"], short(mutant["was"]), short(mutant["now"])


def explained() -> dict[Key, tuple[str, str]]:
    """Survivors that are accounted for: (kind, why)."""
    found: dict[Key, tuple[str, str]] = {}
    for entry in tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", ()):
        assert entry["kind"] in KINDS, entry
        for was, now in entry["lines"]:
            found[entry["file"], entry["in"], was, now] = entry["kind"], entry["why"]
    return found


def skeleton(mutants: Sequence[Mapping[str, Any]]) -> str:
    """Survivors without a reason, as `explained.toml` wants them: fill in kind and why, or write the test."""
    told: dict[tuple[str, str], list[Key]] = {}
    for mutant in mutants:
        told.setdefault((mutant["file"], mutant["in"]), []).append(key(mutant))
    blocks = []
    for (file, name), keys in told.items():
        lines = "".join(
            f"  [{json.dumps(k[2], ensure_ascii=False)},\n   {json.dumps(k[3], ensure_ascii=False)}],\n" for k in keys
        )
        blocks.append(f'[[survivor]]\nfile = "{file}"\nin = "{name}"\nkind = ""\nwhy = ""\nlines = [\n{lines}]\n')
    return "\n".join(blocks)


def changed(was: str, now: str) -> tuple[str, str]:
    """What differs, with whole words around it."""
    start = 0
    while start < min(len(was), len(now)) and was[start] == now[start]:
        start += 1
    end = 0
    while end < min(len(was), len(now)) - start and was[-1 - end] == now[-1 - end]:
        end += 1
    start, end = max(0, start - 24), max(0, end - 24)
    while start > 0 and was[start - 1] not in " (":
        start -= 1
    while end > 0 and was[len(was) - end] not in " ),:":
        end -= 1
    return was[start : len(was) - end].strip(), now[start : len(now) - end].strip()


def page(rows: Sequence[tuple[Mapping[str, Any], str]], date: str) -> str:
    """The made part of docs/mutants.md. `rows`: mutant, what became of it."""
    known = explained()
    counts: dict[str, Counter[str]] = {}
    groups: dict[tuple[str, str, str], list[Key]] = {}
    for mutant, became in rows:
        count = counts.setdefault(mutant["file"], Counter())
        count["all"] += 1
        if became in ("survived", "unreached"):
            became = "explained" if key(mutant) in known else "open"
            if became == "explained":
                kind, why = known[key(mutant)]
                groups.setdefault((kind, mutant["file"], why), []).append(key(mutant))
        count[became] += 1
    names = ("all", "killed", "timeout", "explained", "open", "untried")
    total = Counter[str]()
    for count in counts.values():
        total.update(count)
    out = [
        f"{date}.\n",
        "| file | mutants | killed by a test | never ends | survives, explained | survives, open | not tried |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    out += [f"| `{file}` | " + " | ".join(str(count[n]) for n in names) + " |" for file, count in counts.items()]
    out += ["| all | " + " | ".join(str(total[n]) for n in names) + " |", ""]
    for kind, head in KINDS.items():
        entries = [(file, why, keys) for (k, file, why), keys in groups.items() if k == kind]
        if not entries:
            continue
        out += [
            f"### {head} ({sum(len(keys) for *_x, keys in entries)})",
            "",
            "| where | change | why |",
            "|---|---|---|",
        ]
        for file, why, keys in entries:
            pairs = [changed(k[2], k[3]) for k in keys]
            told = "<br>".join(f"{_code(a)} → {_code(b)}" for a, b in pairs[:4])
            more = f"<br>and {len(pairs) - 4} more like it" if len(pairs) > 4 else ""
            where = ", ".join(dict.fromkeys(k[1] for k in keys))
            out.append(f"| `{Path(file).stem}` {where} | {told}{more} | {why} |")
        out.append("")
    return "\n".join(out)


def _code(text: str) -> str:
    return "`" + (text.replace("|", "\\|").replace("`", "'") or "(nothing)") + "`"
