"""Sentences that follow one another."""

from __future__ import annotations

from db.words import sentences


def test_a_blank_stands_between_english_sentences_and_none_after_a_chinese_full_stop() -> None:
    assert sentences("It is kept.", "", "S tries now.") == "It is kept. S tries now."
    assert sentences("均已保存。", "", "按 S 再试。") == "均已保存。按 S 再试。"
    assert sentences("", "") == ""
