"""Which files are mutated, and which tests are asked about each: those that are about it, not all that pass through it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Group:
    """Files, the tests (globs), more words for pytest, and its environment while it reads the test files."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    words: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)


GROUPS = (
    Group(
        "text",
        ("db/text.py",),
        ("tests/db/test_text*.py",),
    ),
    Group(
        "deadlines",
        ("db/deadlines.py", "db/deadline_days.py"),
        ("tests/db/test_deadlines*.py", "tests/db/test_ladder*.py", "tests/db/test_cases_calendar.py"),
    ),
    Group(
        "cases",
        (
            "db/cases.py",
            "db/case_calendar.py",
            "db/case_desk.py",
            "db/case_dispatch.py",
            "db/case_end.py",
            "db/case_merge.py",
            "db/case_reply.py",
            "db/case_turn.py",
        ),
        ("tests/db/test_cases_*.py", "tests/db/test_timers.py"),
    ),
    Group(
        "replica",
        ("db/replica.py", "db/replica_lay.py", "db/replica_news.py", "db/replica_page.py"),
        (
            "tests/db/test_replica_*.py",
            "tests/line/test_replica.py",
            "tests/line/test_conflicts.py",
            "tests/line/test_history.py",
            "tests/line/test_erasure.py",
            "tests/line/test_frozen.py",
            "tests/line/test_restored.py",
        ),
        ("-k", "not postgres"),
    ),
)
