"""Which districts figures are about, and under which names: as they were then, or as what they have become.

On 2025-11-06 江北区 and 渝北区 became 两江新区: read by successors, a month before that day shows one district where there
were three. A district that went to several counts for the first named, which most of it became: a few towns of 渝北区 went
to 北碚区, and no figure asks in which town a letter's place was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from db import places


@dataclass(frozen=True)
class Scope:
    """All districts (None) or some, by code; `successors`: every district under the name of what it became."""

    districts: frozenset[str] | None = None
    successors: bool = False

    def code(self, code: str | None) -> str | None:
        """The code under which that district is counted."""
        return self._became(code) if self.successors and code is not None else code

    def name(self, code: str, then: str) -> str:
        """Its name: the one it had `then`, or that of what it became."""
        return then if self.code(code) == code else places.load().name(self.code(code))

    def holds(self, code: str | None) -> bool:
        """Whether what is in that district counts."""
        return self.districts is None or self.code(code) in self._wanted

    @cached_property
    def codes(self) -> frozenset[str] | None:
        """Every district's code that counts, for a query; None: all do."""
        if self.districts is None:
            return None
        ever = {d.code for d in places.load().districts_ever()} | self.districts
        return frozenset(code for code in ever if self.holds(code))

    @cached_property
    def _wanted(self) -> frozenset[str | None]:
        return frozenset(self.code(code) for code in self.districts or ())

    def _became(self, code: str) -> str:
        known = places.load()
        seen = {code}
        while (after := known.successors(code)) and after[0].code not in seen:
            code = after[0].code
            seen.add(code)
        return code
