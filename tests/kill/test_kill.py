"""`SIGKILL` at seeded moments in real processes: what was shown as done is there, nothing is half done, `desk doctor` finds nothing.

A moment or two for each kind here and in `test_kill_backend.py`, twenty together; `make soak` tries 500 (`KILLS` for each). One
that fails prints how it is drawn again: the seed fixes what is done, and at which share of the usual time or at which change
of the files it is struck; the machine decides the rest.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from tests.kill.moment import Usual, strike, undisturbed
from tests.kill.scenes import DESK, LINED, Scene
from tests.kill.server import Server
from tests.kill.stage import Stage

KILLS = int(os.environ.get("KILLS", "1"))
"""Moments for each kind of work."""

SEED = int(os.environ.get("KILL_SEED", "1"))
"""The first seed."""

SHORT = frozenset({"bulk", "import", "backup", "restore", "key", "migration"})
"""Work that is over soon: two moments of it at least."""


@pytest.fixture(scope="module")
def server(stage: Stage) -> Iterator[Server]:
    made = Server(stage, f"sqlite:///{stage.aside() / 'backend.db'}")
    yield made
    made.close()


def struck_again_and_again(stage: Stage, kind: str, scene: Scene) -> None:
    """One run that nobody disturbs, then as many as are wanted that are killed."""
    script = scene.begin(random.Random(kind))
    calm = stage.begin(scene.home, *script)
    usual: Usual = undisturbed(calm, scene.home)
    assert calm.wait() == 0, calm.said
    stage.clear(scene.home.parent)
    middle, moments = 0, max(KILLS, 2 if kind in SHORT else 1)
    for seed in range(SEED, SEED + moments):
        rng = random.Random(f"{kind} {seed}")
        script = scene.begin(rng)
        struck = stage.begin(scene.home, *script)
        middle += strike(struck, scene.home, usual, rng)
        try:
            assert "Traceback" not in struck.said
            if scene.opens:
                stage.sound(scene.home)
            scene.judge(struck.shown())
            stage.sound(scene.home)
        except BaseException as e:
            again = f"KILL_SEED={seed} KILLS=1 python -m pytest -n 0 tests/kill/test_kill.py -k {kind}"
            e.add_note(f"{again}\nat {scene.home}, shown: {struck.shown()}\n{struck.said}")
            raise
        stage.clear(scene.home.parent)
    print(f"{kind}: {moments} moments, {middle} of them before the end")


@pytest.mark.parametrize("kind", DESK)
def test_a_desk_killed_at_any_moment_has_all_it_showed_as_done(stage: Stage, kind: str) -> None:
    struck_again_and_again(stage, kind, DESK[kind](stage))


@pytest.mark.parametrize("kind", LINED)
def test_a_desk_killed_while_it_syncs_loses_nothing_and_sends_nothing_twice(
    stage: Stage, server: Server, kind: str
) -> None:
    struck_again_and_again(stage, kind, LINED[kind](stage, server=server))
