"""Random days of a newsroom whose line, backend and clocks fail all the time: nothing is lost, doubled or different.

A failing run is printed as the script that replays it; `make soak` shrinks it to a short one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from tests.line.office import Office
from tests.line.world import STEPS, Step, World

LENGTH = 100
SEEDS = (0, 1, 2, 3, 4, 5, 7, 8, 9, 14)
"""One for each share, so that no two play the same days; small shares, so that workers take them evenly. 7 and 14
once found faults (docs/decisions/0011-the-line.md)."""
EXAMPLES = int(os.environ.get("SIMULATED", "10"))
"""Days of `LENGTH` steps of each share: 10,000 steps; `make soak` asks for more."""

SEED = int(os.environ.get("SIMULATED_SEED", "0"))
"""Added to each; `make soak` plays other days each time."""

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


@pytest.mark.parametrize("share", SEEDS)
def test_nothing_is_lost_doubled_or_different(share: int, fresh_home: Path, made_once: Path) -> None:
    @seed(SEED + share)
    @settings(
        max_examples=EXAMPLES + 1,  # the first is a day of which every step is none
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=list(Phase) if "SIMULATED" in os.environ else [Phase.generate],  # shrinking may take minutes
    )
    @given(steps)
    def run(script: list[Step]) -> None:
        play(script, fresh_home, made_once)

    run()
