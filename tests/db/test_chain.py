"""The chain of hashes: whatever is done to a stored log, the walk says where and what."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from db.chain import Break, Link, Wrong, following, genesis, walk

START = genesis("a log")


def log(length: int) -> list[Link]:
    made, hash_ = [], START
    for seq in range(1, length + 1):
        digest = sha256(f"event {seq}".encode()).digest()
        hash_ = following(hash_, seq, digest)
        made.append(Link(seq, digest, hash_))
    return made


def found(links: list[Link], end: Link) -> list[Break]:
    return list(walk(START, links, end))


def renumbered(links: list[Link]) -> list[Link]:
    return [replace(link, seq=seq) for seq, link in enumerate(links, 1)]


lengths = st.integers(6, 30)


@given(st.integers(0, 40))
def test_a_log_that_nobody_touched_has_no_break(length: int) -> None:
    links = log(length)
    assert found(links, links[-1] if links else Link(0, b"", START)) == []


@given(lengths, st.data())
@settings(deadline=None)
def test_a_changed_event_is_named(length: int, data: st.DataObject) -> None:
    links = log(length)
    at = data.draw(st.integers(0, length - 1))
    changed = [replace(link, digest=b"x" * 32) if n == at else link for n, link in enumerate(links)]
    assert found(changed, links[-1]) == [Break(at + 1, Wrong.CHANGED)]


@given(lengths, st.data())
@settings(deadline=None)
def test_an_event_changed_together_with_its_hash_shows_at_the_next_one(length: int, data: st.DataObject) -> None:
    links = log(length)
    at = data.draw(st.integers(0, length - 2))
    before = links[at - 1].hash if at else START
    forged = Link(at + 1, b"x" * 32, following(before, at + 1, b"x" * 32))
    changed = [forged if n == at else link for n, link in enumerate(links)]
    assert found(changed, links[-1]) == [Break(at + 2, Wrong.CHANGED)]


@given(lengths, st.data())
@settings(deadline=None)
def test_removed_events_leave_their_numbers_empty(length: int, data: st.DataObject) -> None:
    links = log(length)
    at = data.draw(st.integers(0, length - 1))
    count = data.draw(st.integers(1, length - at))
    assert found(links[:at] + links[at + count :], links[-1]) == [Break(at + 1, Wrong.REMOVED, count)]


@given(lengths, st.data())
@settings(deadline=None)
def test_removed_events_are_found_also_when_the_later_ones_are_renumbered(length: int, data: st.DataObject) -> None:
    links = log(length)
    at = data.draw(st.integers(0, length - 1))
    count = data.draw(st.integers(1, length - at))
    assert found(renumbered(links[:at] + links[at + count :]), links[-1]) == [Break(at + 1, Wrong.REMOVED, count)]


@given(lengths, st.data())
@settings(deadline=None)
def test_inserted_events_are_named_and_the_later_ones_are_not(length: int, data: st.DataObject) -> None:
    links = log(length)
    at = data.draw(st.integers(0, length))
    count = data.draw(st.integers(1, 3))
    forged = [Link(0, sha256(b"forged %d" % n).digest(), b"no hash of ours" * 2) for n in range(count)]
    assert found(renumbered(links[:at] + forged + links[at:]), links[-1]) == [Break(at + 1, Wrong.INSERTED, count)]


@given(lengths, st.data())
@settings(deadline=None)
def test_an_event_inserted_with_a_hash_that_follows_shows_at_the_next_one(length: int, data: st.DataObject) -> None:
    links = log(length)
    at = data.draw(st.integers(0, length - 1))
    before = links[at - 1].hash if at else START
    forged = Link(at + 1, b"x" * 32, following(before, at + 1, b"x" * 32))
    breaks = found(renumbered([*links[:at], forged, *links[at:]]), links[-1])
    assert breaks
    assert breaks[0].seq in {at + 1, at + 2}


@given(lengths, st.integers(0, 5))
def test_a_log_whose_end_was_cut_off_is_too_short(length: int, kept: int) -> None:
    links = log(length)
    assert found(links[:kept], links[-1]) == [Break(kept + 1, Wrong.REMOVED, length - kept)]


def test_another_end_than_the_counter_says_is_a_change() -> None:
    links = log(9)
    assert found(links, Link(9, b"", b"another hash")) == [Break(9, Wrong.CHANGED)]
