"""The rulebook as the store keeps it: each version is read only when somebody asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from db.model_rules import Rulebook, Rules

RULEBOOK_STATE = (
    "SELECT count(*), max(version), (SELECT value FROM setting WHERE name = 'rules.plan'), "
    "(SELECT value FROM setting WHERE name = 'newsroom.mark') FROM rules"
)
"""One row that is another one whenever the rulebook is; its third value is the plan."""


class Versions(Mapping[int, Rules]):
    """Versions by number; what ships is version 1. A newsroom of twenty years has many, a letter names one."""

    def __init__(self, bodies: Mapping[int, str]) -> None:
        self._bodies = bodies
        self._read: dict[int, Rules] = {}

    def __getitem__(self, version: int) -> Rules:
        if version not in self._read:
            from db.newsroom import default_rules, from_json

            body = self._bodies.get(version)
            if body is None and version != 1:
                raise KeyError(version)
            self._read[version] = default_rules() if body is None else from_json(body)
        return self._read[version]

    def __iter__(self) -> Iterator[int]:
        return iter(sorted({1, *self._bodies}))

    def __len__(self) -> int:
        return len({1, *self._bodies})


def rulebook(rows: Iterable[tuple[int, str]], plan: str | None) -> Rulebook:
    """Rows of `rules` and the plan as it is kept → the rulebook."""
    steps = tuple((int(moment), int(version)) for moment, version in json.loads(plan or "[]"))
    return Rulebook(Versions(dict(rows)), steps)
