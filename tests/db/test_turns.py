"""Whose turn it is to write: a person waits for one piece of other work at most."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from db.turns import AIM, GENTLE, HAND, LARGEST, PATIENCE, THERE, Turns, pieces


def test_a_person_writes_after_one_piece_of_work_that_would_never_rest() -> None:
    turns, order = Turns(), []
    inside, go = threading.Event(), threading.Event()

    def work() -> None:
        for _n in range(3):
            with turns:
                inside.set()
                go.wait()
                order.append("work")

    def when_the_person_waits() -> None:
        while not turns._wanted:
            pass
        go.set()

    threads = [threading.Thread(target=t) for t in (work, when_the_person_waits)]
    for thread in threads:
        thread.start()
    inside.wait()
    with turns:
        order.append("person")
    for thread in threads:
        thread.join()
    assert order == ["work", "person", "work", "work"]


def test_who_writes_may_write_once_more_within() -> None:
    turns = Turns()
    with turns, turns:
        assert turns.tried()
        turns.release()


@given(st.lists(st.integers(), max_size=300), st.integers(1, 80))
def test_pieces_are_all_that_was_given_in_its_order(given_: list[int], first: int) -> None:
    assert [one for some in pieces(Turns(), given_, first) for one in some] == given_


@given(st.floats(0.000_02, 0.002), st.integers(4, 400))
def test_pieces_come_to_last_about_as_long_as_they_are_meant_to(each: float, first: int) -> None:
    now = [0.0]
    turns = Turns(clock=lambda: now[0])
    lasted = []
    for some in pieces(turns, range(8_000), first):
        lasted.append((len(some), len(some) * each))
        now[0] += len(some) * each
    settled = lasted[10:-1]
    assert all(took <= AIM * 1.1 or count == 4 for count, took in settled)
    assert all(took >= AIM * 0.5 or count == LARGEST for count, took in settled)


def _pressed_every(seconds: float, times: int) -> tuple[float, Turns]:
    """Somebody presses a key so often, and a thread with long work to do asks for its moment: how long it waited."""
    now = [100.0]
    turns = Turns(clock=lambda: now[0])
    keys = [now[0] + n * seconds for n in range(times)]

    def pause(wanted: float) -> None:
        end = now[0] + wanted
        for key in [key for key in keys if now[0] < key <= end]:
            now[0] = key
            turns.pressed()
        now[0] = end

    turns.pressed()
    worker = threading.Thread(target=turns.breathe, kwargs={"pause": pause})
    worker.start()
    worker.join()
    return now[0] - 100.0, turns


def test_long_work_begins_when_the_hands_rest() -> None:
    waited, turns = _pressed_every(0.05, 4)
    assert 0.15 + HAND <= round(waited, 6) < PATIENCE + HAND
    assert turns.rested >= HAND - 1e-9


def test_a_key_held_down_does_not_hold_up_long_work_for_ever() -> None:
    waited, _turns = _pressed_every(0.03, 1_000)
    assert waited <= PATIENCE + 1e-9


def test_the_screens_own_thread_never_waits_for_its_own_keys() -> None:
    turns = Turns(clock=lambda: 5.0)
    turns.pressed()
    turns.breathe(pause=lambda _seconds: 1 / 0)


def test_pieces_are_smaller_while_somebody_is_there() -> None:
    now = [0.0]
    turns = Turns(clock=lambda: now[0])
    assert turns.aim == AIM
    turns.pressed()
    assert turns.aim == GENTLE
    now[0] += THERE
    assert turns.aim == AIM
