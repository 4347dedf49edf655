"""Every mutant of some files, by mutmut's operators: which lines become which others. Runs in the environment that has mutmut.

    .venv/mutants/bin/python -m tests.mutants.making db/text.py … > mutants.json

mutmut itself writes all mutants into one file behind trampolines and starts pytest anew for each; a test here costs less than
pytest's start, so only its operators are taken and the rest is `trying.py`'s. Left out are changes of case in SQL, which SQLite
does not tell apart, and code that is not in a function: tables and patterns are data, and their tests hold them line by line.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, _walk
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

SQL = re.compile(r"^f?\"(SELECT|INSERT|UPDATE|DELETE|WHERE|LEFT JOIN)\b")


class Visitor(MutationVisitor):
    """mutmut passes over decorated functions, which its trampolines cannot hold; properties are rules like any other."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        return not isinstance(node, cst.FunctionDef) and bool(super()._skip_node_and_children(node))


def functions(nodes: Sequence[cst.CSTNode], before: str = "") -> Iterator[tuple[str, cst.FunctionDef]]:
    """Functions and methods, with names as `Class.method`."""
    for node in nodes:
        if isinstance(node, cst.ClassDef):
            yield from functions(node.body.body, f"{before}{node.name.value}.")
        elif isinstance(node, cst.FunctionDef):
            yield before + node.name.value, node


def mutants(path: Path) -> Iterator[dict[str, object]]:
    """`in`: the function, `from` its first line, `to` the one behind its last; `at`: the first changed line; `was`, `now`: the
    changed lines. Lines count from 1."""
    source = path.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = wrapper.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    defined = [
        (name, f, positions[f].start.line - len(f.decorators), _lines(module, f, name))
        for name, f in functions(module.body)
    ]
    owner = {id(node): each for each in defined for node in _walk(each[1])}
    seen: set[tuple[object, ...]] = set()
    for made in visitor.mutations:
        old = made.original_node
        if isinstance(old, cst.SimpleString) and SQL.match(old.value) and "XX" not in made.mutated_node.value:  # type: ignore[attr-defined]
            continue
        if id(old) not in owner:
            continue
        name, function, first, was = owner[id(old)]
        size = len(was)
        now = _lines(module, function.deep_replace(old, made.mutated_node), name)  # type: ignore[arg-type]
        before = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), None)
        if before is None:
            continue
        after = 0
        while after < min(len(was), len(now)) - before and was[-1 - after] == now[-1 - after]:
            after += 1
        at, was, now = first + before, was[before : len(was) - after], now[before : len(now) - after]
        key = (at, *was, None, *now)
        if key in seen:
            continue
        seen.add(key)
        yield {"file": str(path), "in": name, "from": first, "to": first + size, "at": at, "was": was, "now": now}


def _lines(module: cst.Module, function: cst.CSTNode, name: str) -> list[str]:
    """A function's lines from its own first one: blank lines and comments before it are not its."""
    indent = "    " * name.count(".")
    bare = module.code_for_node(function.with_changes(leading_lines=()))
    return [indent + line if line else "" for line in bare.splitlines()]


if __name__ == "__main__":
    json.dump([m for name in sys.argv[1:] for m in mutants(Path(name))], sys.stdout, ensure_ascii=False, indent=0)
