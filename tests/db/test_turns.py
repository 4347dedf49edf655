"""Whose turn it is to write: a person waits for one piece of other work at most."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from db.turns import AIM, LARGEST, Turns, pieces


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
