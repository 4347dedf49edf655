"""The queues by number, 1 to 9 of DESIGN.md §9, and the lists by name. Which of them a letter stands in: `db/queueing.py`."""

from __future__ import annotations

LATE = 4
"""The queue whose sort is a due time in UTC ms and nothing else."""

WAITING = 9
"""The queue of conflicts and of what has not been sent."""

ALL = 0
"""Not a queue: every letter of the store, newest first."""

QUEUES = tuple(range(1, 10))

LISTS = ("mine", "new", "callbacks", "unhappy", "asking", "tellable", "suggestions")
"""Mine and open; changed by others since I last looked; to be called or looked at again; rated badly and not yet decided
on; to be offered for 正在问; solved and worth telling; suggestions still open."""
