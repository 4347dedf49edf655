"""A letter out of a file, as it is read at the desk."""

from __future__ import annotations

from collections.abc import Callable

from db.intake import bring_in
from db.store import Store
from desk.app import DeskApp
from tests.desk.test_queue_screen import seated


async def test_a_letter_from_a_file_has_its_own_number_only(store: Store, desk: Callable[[], DeskApp]) -> None:
    path = store.home / "letters.csv"
    path.write_text("编号,标题,正文,来信时间\n188006,路灯不亮,三个月了。,2024-10-31 09:00\n", encoding="utf-8")
    bring_in(store, path, keep_good=False, dry_run=False)
    async with seated(desk()) as seat:
        await seat.press("enter")
        (line,) = [line for line in seat.lines if "188006" in line]
        assert "188006#" not in line
