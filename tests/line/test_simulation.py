"""Random days of a newsroom whose line, backend and clocks fail all the time: nothing is lost, doubled or different.

A failing run is printed as the script that replays it; `make soak` shrinks it to a short one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.line.office import Office
from tests.line.world import STEPS, Step, World

LENGTH = 100
EXAMPLES = int(os.environ.get("SIMULATED", "25"))
"""Runs of `LENGTH` steps of each of the four shares: 10,000 steps; `make soak` asks for more."""

steps = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 63), st.integers(0, 500)), min_size=LENGTH, max_size=LENGTH
)


def play(script: list[Step], fresh: Path, made: Path) -> None:
    with TemporaryDirectory(prefix="sim", dir=_quick()) as folder:
        database = Path(folder) / "backend.db"
        shutil.copy(made, database)
        os.environ["DESK_NOW"] = "2024-11-01T09:30"
        with Office(Path(folder), fresh, f"sqlite:///{database}") as office:
            world = World(office, Path(folder))
            try:
                for step in script:
                    world.step(step)
                world.quiet()
            except BaseException:
                note("\n".join(world.script))
                raise
            finally:
                world.close()


def _quick() -> str | None:
    """In memory, where there is such a place: durability is another test's."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@pytest.mark.parametrize("share", range(4))
def test_nothing_is_lost_doubled_or_different(share: int, fresh_home: Path, made_once: Path) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES <= 25,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=list(Phase) if "SIMULATED" in os.environ else [Phase.generate],  # shrinking may take minutes
    )
    @given(steps, st.just(share))
    def run(script: list[Step], _share: int) -> None:
        play(script, fresh_home, made_once)

    run()
