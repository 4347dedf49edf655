"""The gate: nothing that a terminal would obey, hide or reverse gets through, and plain text stays as it was."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db.text import formula_safe, mask_name, mask_phone, one_line, safe


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=200))
@example("\x1b]52;c;eA==\x07\x9b2J\u202e\u200b\ufeff\x00")
@example("e" + "\u0301" * 500)
@example("\ud800\udfff")
def test_whatever_comes_in_nothing_invisible_goes_out(text: str) -> None:
    got = safe(text)
    for char in got:
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"), hex(
            ord(char)
        )
    assert safe(got) == got
    assert len(got) <= 12 * len(text) + 1


def test_what_a_character_becomes_is_the_same_beside_one_that_is_hidden() -> None:
    """Plain text is handed on as it is, other text goes a longer way: to the same end, whichever character it is."""
    chars = [chr(code) for code in range(0x11000) if chr(code) not in "\r\n"]
    assert safe("\n".join(chars)).split("\n") == [text for char in chars for text in safe(char).split("\n")]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("电梯停运\n十天", "电梯停运\n十天"),
        ("[red]x[/]", "[red]x[/]"),
        ("a\x1b[2Jb", "a␛[2Jb"),
        ("a\x00b\x07", "a␀b␇"),
        ("x\u202ey", "x⟨U+202E⟩y"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a    b"),
        ("café 😀 é", "café 😀 é"),
    ],
)
def test_what_each_becomes(raw: str, shown: str) -> None:
    assert safe(raw) == shown


def test_a_flood_of_marks_is_cut() -> None:
    assert len(safe("a" + "\u0301" * 10_000)) < 20


@pytest.mark.parametrize("mark", ["\u0301", "\u0730", "\u06d6", "\u0f90", "\u20dd", "\u3099", "\u1161", "\U0001d167"])
def test_marks_of_every_script_are_cut(mark: str) -> None:
    assert safe("a" + mark * 1000) == "a" + mark * 4 + "⟨…⟩"
    assert safe("a" + mark * 4 + "b" + mark * 4) == "a" + mark * 4 + "b" + mark * 4


def test_the_spaces_that_open_a_paragraph_stay_whatever_else_is_in_it() -> None:
    assert safe("\u3000\u3000您好\u00a0谢谢") == "\u3000\u3000您好 谢谢"


def test_one_line_is_one_line() -> None:
    assert one_line(" a\n\n b\tc ") == "a b c"


@pytest.mark.parametrize(
    ("name", "salutation", "shown"),
    [
        ("陈晓明", "先生", "陈先生"),
        ("欧阳娜", "女士", "欧阳女士"),
        ("陈晓明", "", "陈**"),
        ("", "", "–"),
        ("Smith", "", "S***"),
    ],
)
def test_names_are_masked(name: str, salutation: str, shown: str) -> None:
    assert mask_name(name, salutation) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("138-1234-1234", "138****1234"),
        ("12345", "****45"),
        (None, "–"),
        ("+86 13812341234", "138****1234"),
        ("023-62345678", "023****5678"),
        ("62345678", "62****78"),
        ("1234567", "12****67"),
        ("119", "****"),
        ("wxid_chen", "****"),
    ],
)
def test_phones_are_masked(phone: str | None, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-3.5", "-3.5"),
        ("+cmd", "'+cmd"),
        ("电梯", "电梯"),
        ("\n =1+1", "'\n =1+1"),
        ("\t@A1", "'    @A1"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    assert formula_safe(cell) == written


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789", min_size=1, max_size=20))
def test_no_phone_is_ever_shown_whole(digits: str) -> None:
    shown = sum(c.isdigit() for c in mask_phone(digits))
    assert len(digits) - shown >= min(3, len(digits))
