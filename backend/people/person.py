"""Whom a token stands for, and as whom their events may be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from db.model import Event, Role

BACKEND: Final = "backend"
IMPORT: Final = "import"

AUTHOR_AS: Final[Mapping[Role, frozenset[Role]]] = {
    Role.EDITOR: frozenset({Role.EDITOR, Role.IMPORT}),
    Role.SUPERVISOR: frozenset({Role.SUPERVISOR, Role.EDITOR, Role.IMPORT}),
    Role.UNIT: frozenset({Role.UNIT}),
    Role.CITIZEN: frozenset({Role.CITIZEN}),
    Role.BACKEND: frozenset({Role.BACKEND}),
    Role.READER: frozenset(),
    Role.ADMIN: frozenset(),
}
"""Role of a person → roles that their events may claim. A lesser one is no forgery: the rules grant it less."""

REVEALING: Final = frozenset({Role.EDITOR, Role.SUPERVISOR})
"""Roles that may see who wrote."""

SYNCING: Final = REVEALING | {Role.READER}
"""Roles that may read the log."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the door. `device` is the id that their events carry; `district` is set for units."""

    id: str
    name: str
    role: Role
    device: str = "00"
    token: int = 0
    district: str = ""
    unit: str = ""

    def actor(self, role: Role) -> str:
        """The actor that an event of theirs names, written as that role."""
        return IMPORT if role is Role.IMPORT else self.id

    def wrote(self, event: Event) -> bool:
        """Whether this event can be theirs. The device is not asked for: one from before a login stays what it was."""
        return event.role in AUTHOR_AS[self.role] and event.actor == self.actor(event.role)


def unit(district: str, office: str, device: str = "00", token: int = 0) -> Person:
    """Somebody of a unit, known by a token or a signed link."""
    name = f"unit:{district}/{office}" if office else f"unit:{district}"
    # an actor is a name without blanks: the office's stay out of it
    actor = "".join(c for c in name if c.isprintable() and not c.isspace())[:80]
    return Person(actor, name, Role.UNIT, device, token, district, office)


CITIZEN: Final = Person("citizen", "citizen", Role.CITIZEN)
DOOR: Final = Person(BACKEND, BACKEND, Role.BACKEND)
"""The backend itself, which takes letters in."""
