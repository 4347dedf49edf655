"""What `make bench` writes: budgets beside figures, between two markers and nowhere else."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import chart, report


def record(op: str, shown: float | None, round_: int = 0, n: int = 1000, subject: str = "desk") -> report.Record:
    return {"subject": subject, "n": n, "op": op, "round": round_, "shown": shown, "bytes": 574, "rss": 60}


def test_a_figure_is_the_median_over_rounds_of_each_rounds_quantile() -> None:
    found = report.Measured([record("key j", ms, round_) for round_, ms in enumerate((3.0, 40.0, 5.0))])
    assert found.at("desk", 1000, "key j") == 5.0


def test_what_is_over_its_budget_stands_out_and_what_was_not_seen_is_said() -> None:
    found = report.Measured([record("overdue", 14.0), record("overdue", 99.0, n=1_000_000), record("overdue", None)])
    [line] = [line for line in report.table(found, [1000, 1_000_000]) if line.startswith("| overdue")]
    assert line == "| overdue list, first visit | ≤ 15 ms | 14.0 ms (1 not seen) | **99.0 ms** |"


def test_the_page_keeps_every_word_outside_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    report.put(page, "new")
    assert page.read_text(encoding="utf-8") == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"
    page.write_text("no markers", encoding="utf-8")
    with pytest.raises(ValueError, match="no markers"):
        report.put(page, "new")


def test_the_picture_draws_a_line_for_each_figure_that_has_points() -> None:
    lines = [chart.Line("a < b", [(1_000, 5.0), (1_000_000, 9.0)], 16.7), chart.Line("nothing", [])]
    drawn = ElementTree.fromstring(chart.draw(lines))
    texts = [e.text for e in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "a < b (budget 16.7 ms)" in texts
    assert "nothing" not in texts


def run_of(turn: int, bare: float, table: float) -> list[report.Record]:
    """Both sticks, as `bench/measure.py` runs them between two subjects."""
    start = record("start", bare, turn, subject="bare app") | {"n": "", "turn": turn}
    keys = record("key j", table, turn + 1, subject="DataTable") | {"n": "", "turn": turn + 1}
    return [start, keys]


def test_a_time_is_also_told_by_the_speed_of_the_machine_on_which_budgets_were_set() -> None:
    overdue = record("overdue", 24.0) | {"turn": 3}
    found = report.Measured([*run_of(1, bare=370.0, table=39.0), overdue, *run_of(4, bare=370.0, table=65.0)])
    assert found.pace(3) == 2.0, "of the bare app: DataTable says four"
    [line] = [line for line in report.table(found, [1000]) if line.startswith("| overdue")]
    assert line.endswith("| *24.0 ms (12.0)* |")
    overdue["shown"] = 31.0
    [line] = [line for line in report.table(found, [1000]) if line.startswith("| overdue")]
    assert line.endswith("| **31.0 ms (15.5)** |")
    assert "2.00 to 2.00 × as long" in " ".join(report.speed(found))


def test_a_machine_that_slows_down_halfway_slows_only_what_ran_then() -> None:
    quick, slow = record("overdue", 10.0, 0) | {"turn": 3}, record("overdue", 40.0, 1) | {"turn": 8}
    sticks = run_of(1, 185.0, 13.0), run_of(4, 185.0, 13.0), run_of(6, 740.0, 52.0), run_of(9, 740.0, 52.0)
    found = report.Measured([*sticks[0], quick, *sticks[1], *sticks[2], slow, *sticks[3]])
    assert found.at("desk", 1000, "overdue") == 25.0
    assert found.at("desk", 1000, "overdue", there=True) == 10.0


def test_a_start_is_held_against_the_bare_apps_around_it() -> None:
    start = record("start", 600.0) | {"turn": 3}
    found = report.Measured([*run_of(1, 300.0, 13.0), start, *run_of(4, 500.0, 13.0)])
    assert found.start(1000) == 1.5
    assert "| *" not in next(line for line in report.table(found, [1000]) if line.startswith("| start"))
