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
