"""A damaged store, page by page: whatever is lost, what can be read is saved, and nothing that was not sent goes missing."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from store_letters import NOW, actor, bring, do, folder_hash, receipt

from db import btree, drafts, outbox, overview, sums
from db.commands import Command, run
from db.keys import keeper
from db.opening import open_store
from db.pages import Pages
from db.rebuild import Report, rebuild, survey
from db.refold import differing
from db.salvage import Walk
from db.store import StoreError
from db.store_file import FILE, PAGE_BYTES

LETTERS = 60


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a day's work was done, some of it not sent, a draft half typed, a long letter that overflows its page."""
    home = tmp_path_factory.mktemp("worked") / "home"
    with open_store(home) as store:
        cases = bring(store, *(receipt(str(i), body=f"第{i}封。" + "电梯又停了。" * (i * 3)) for i in range(LETTERS)))
        for case in cases[:20]:
            do(store, "accepted", case, facts={"kind": "complaint", "topic": None, "urgency": "normal"})
            do(store, "forwarded", case, facts={"district": "500104", "district_name": "大渡口区"})
        do(store, "merged", cases[21], facts={"into": cases[0]})
        drafts.put(store, cases[1], "reply", {"text": "写了一半的话" * 50})
        result = run(store, actor(store), [Command("noted", c, words={"text": f"记一笔 {c}"}) for c in cases], NOW)
        assert result.ok
    return home


@pytest.fixture
def home(worked: Path, tmp_path: Path) -> Path:
    shutil.copytree(worked, tmp_path / "home")
    return tmp_path / "home"


def places(home: Path) -> dict[tuple[str, int], list[int]]:
    """Pages by whose they are and of what sort."""
    pages = Pages(home / FILE, keeper(home).get())
    walk = Walk(pages, {})
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    below = walk._below

    def noting(root: int, name: str, *, read: bool = True) -> Iterator[btree.Cell]:
        before = set(walk._seen)
        yield from below(root, name, read=read)
        for n in walk._seen - before:
            page = pages.get(n)
            found[(name, btree.kind(page, n) if page else 0)].append(n)

    walk._below = noting  # type: ignore[method-assign]
    for _row in walk.rows():
        pass
    return found


def flip(home: Path, *pages: int, at: int = 1000) -> None:
    """One bit of each of these pages is another one."""
    with (home / FILE).open("r+b") as f:
        for n in pages:
            f.seek((n - 1) * PAGE_BYTES + at)
            byte = f.read(1)[0]
            f.seek(-1, os.SEEK_CUR)
            f.write(bytes([byte ^ 1]))


def content(home: Path) -> dict[str, Any]:
    """What a person would miss."""
    with open_store(home) as store:
        return {
            "cases": store.rows("SELECT * FROM cases ORDER BY n"),
            "dispatch": store.rows("SELECT * FROM dispatch ORDER BY n, place"),
            "events": store.rows("SELECT * FROM event ORDER BY n"),
            "touches": store.rows("SELECT * FROM event_touch ORDER BY 1, 2"),
            "unsent": outbox.unsent(store),
            "drafts": store.rows("SELECT case_id, action, fields FROM draft"),
            "queues": store.rows("SELECT * FROM queue_entry ORDER BY 1, 2, 3"),
            "device": store.rows("SELECT id FROM device WHERE own = 1"),
        }


def repaired(home: Path) -> Report:
    """Repairs, and checks what always holds: a whole store, the damaged one kept byte for byte."""
    before = (home / FILE).read_bytes()
    report = rebuild(home)
    assert report.kept.read_bytes() == before
    with open_store(home) as store:
        assert overview.troubles(store) == []
        assert set(differing(store)) <= set(report.short)
        assert sums.wrong(store) == []
    assert sorted(p.name for p in home.iterdir()) == sorted(["key", FILE, report.kept.name])
    return report


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("event", btree.TABLE_INNER),
        ("cases", btree.TABLE_INNER),
        ("sqlite_master", btree.TABLE_INNER),
        ("ix_event_case_n", btree.INDEX_LEAF),
        ("words_data", btree.TABLE_LEAF),
        ("queue_entry", btree.INDEX_LEAF),
        ("outbox", btree.TABLE_LEAF),
        ("event_touch", btree.INDEX_LEAF),
    ],
)
def test_a_lost_page_that_only_points_or_repeats_costs_nothing(home: Path, name: str, kind: int) -> None:
    before = content(home)
    flip(home, places(home)[(name, kind)][0])
    report = repaired(home)
    after = content(home)
    for what in ("cases", "dispatch", "events", "touches", "drafts", "queues", "device"):
        assert after[what] == before[what], what
    assert after["unsent"] == before["unsent"]
    assert report.short == []


def test_the_first_page_with_the_list_of_tables_may_be_lost(home: Path) -> None:
    before = content(home)
    (home / FILE).write_bytes(os.urandom(PAGE_BYTES) + (home / FILE).read_bytes()[PAGE_BYTES:])
    repaired(home)
    after = content(home)
    for what in ("cases", "events", "unsent", "drafts"):
        assert after[what] == before[what], what


def test_a_lost_page_of_letters_is_folded_again_from_their_events(home: Path) -> None:
    before = content(home)
    flip(home, *places(home)[("cases", btree.TABLE_LEAF)][:2])
    assert repaired(home).folded > 0
    after = content(home)
    assert (after["cases"], after["dispatch"]) == (before["cases"], before["dispatch"])


def test_a_lost_page_of_events_leaves_the_letters_as_they_were_and_names_them(home: Path) -> None:
    before = content(home)
    flip(home, places(home)[("event", btree.TABLE_LEAF)][1])
    report = repaired(home)
    after = content(home)
    assert report.short
    assert [row[1] for row in after["cases"]] == [row[1] for row in before["cases"]]
    lost = len(before["unsent"]) - len(after["unsent"])
    assert report.unsent_lost == lost
    assert len(after["drafts"]) == 1


def test_a_store_cut_short_gives_what_is_in_the_rest(home: Path) -> None:
    os.truncate(home / FILE, (home / FILE).stat().st_size * 9 // 10)
    assert repaired(home).rows["event"] > 0


def test_what_stands_only_in_the_log_beside_the_file_is_saved_too(home: Path, tmp_path: Path) -> None:
    with open_store(home) as store:
        bring(store, receipt("late", body="LAST WORDS"), pending=True)
        killed = tmp_path / "killed"
        shutil.copytree(home, killed, ignore=shutil.ignore_patterns("*-shm"))
    flip(killed, 1)
    rebuild(killed)
    with open_store(killed) as store:
        assert any("LAST WORDS" in str(e) for e in outbox.unsent(store))


def test_a_log_of_another_store_beside_the_file_hides_nothing(home: Path, tmp_path: Path) -> None:
    before = content(home)
    with open_store(tmp_path / "other") as other:
        bring(other, receipt("theirs"))
        shutil.copy(tmp_path / "other" / f"{FILE}-wal", home / f"{FILE}-wal")
    rebuild(home)
    assert content(home)["events"] == before["events"]


def test_with_another_key_nothing_is_rebuilt_and_nothing_touched(home: Path) -> None:
    (home / "key").write_text("ab" * 32)
    before = folder_hash(home)
    with pytest.raises(StoreError) as caught:
        rebuild(home)
    assert caught.value.code == "unreadable"
    assert folder_hash(home) == before


def test_a_store_that_is_open_is_not_rebuilt_under_its_desk(home: Path) -> None:
    with open_store(home), pytest.raises(StoreError) as caught:
        rebuild(home)
    assert caught.value.code == "in_use"


def test_looking_for_lost_pages_changes_nothing_and_names_their_table(home: Path) -> None:
    flip(home, places(home)[("event", btree.TABLE_LEAF)][0])
    before = folder_hash(home)
    found = survey(home / FILE, keeper(home).get())
    assert (found.bad, found.hurt) == (1, {"event"})
    assert folder_hash(home) == before
