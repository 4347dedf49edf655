"""The edges of the gate, character by character: found missing by changing the code and seeing no test fail."""

from __future__ import annotations

import json
from datetime import date

import pytest

from db.text import as_json, formula_safe, mask_name, mask_phone, safe


@pytest.mark.parametrize("code", [c for c in range(0x20) if chr(c) not in "\t\n\r\x0b\x0c"])
def test_every_control_character_has_its_picture(code: int) -> None:
    assert safe(f"中{chr(code)}文") == f"中{chr(0x2400 + code)}文"


def test_delete_has_its_picture_and_what_comes_after_has_none() -> None:
    assert safe("中\x7f文") == "中␡文"
    assert safe("中\x80文") == "中⟨U+0080⟩文"
    assert safe("中 文") == "中 文"


@pytest.mark.parametrize("code", range(0xFE00, 0xFE10))
def test_selectors_of_glyphs_go_without_a_trace(code: int) -> None:
    assert safe(f"☎{chr(code)}电话") == "☎电话"


def test_what_stands_beside_the_selectors_of_glyphs_stays() -> None:
    assert safe("\ufe10") == "\ufe10"  # a vertical comma


@pytest.mark.parametrize("space", ["\u00a0", "\u2002", "\u3000", "\u202f"])
def test_rare_spaces_are_spaces(space: str) -> None:
    assert safe(f"您{space}好") in ("您 好", f"您{space}好")
    assert safe(f"您{space}好").strip("您好") in (" ", "\u3000")


def test_characters_that_this_python_does_not_know_are_named() -> None:
    assert safe("中\u0378文") == "中⟨U+0378⟩文"


def test_a_flood_of_marks_is_cut_once_wherever_it_begins() -> None:
    assert safe("ab" + "\u0301" * 9 + "cd" + "\u0301" * 9) == (
        "ab" + "\u0301" * 4 + "⟨…⟩" + "cd" + "\u0301" * 4 + "⟨…⟩"
    )
    plain = "นี่คือจดหมาย" * 3  # Thai: marks and letters in turn, never five marks in a row
    assert safe(plain) == plain


def test_the_fifth_mark_is_the_first_that_goes() -> None:
    assert safe("e" + "\u0301" * 4) == "e" + "\u0301" * 4
    assert safe("e" + "\u0301" * 5) == "e" + "\u0301" * 4 + "⟨…⟩"


def test_a_letter_between_marks_is_no_mark_itself() -> None:
    tibetan = "ཀ" + "\u0f72" * 4  # all of one block, where marks are looked for one by one
    assert safe(tibetan * 3) == tibetan * 3


@pytest.mark.parametrize("final", ["\u1161", "\u11ff", "\ud7b0", "\ud7fb"])
def test_vowels_and_finals_of_hangul_without_their_block_flood_like_marks(final: str) -> None:
    assert safe("\u1100" + final * 9) == "\u1100" + final * 4 + "⟨…⟩"


def test_what_may_become_a_final_of_hangul_floods_like_one() -> None:
    assert safe("\u1100" + "\ud7ff" * 9) == "\u1100" + "⟨U+D7FF⟩" * 4 + "⟨…⟩"


def test_what_stands_before_the_vowels_of_hangul_is_no_mark() -> None:
    assert safe("\u115e" * 9) == "\u115e" * 9


def test_json_for_a_screen_hides_nothing_and_loses_nothing() -> None:
    said = {"标题": "电梯\x9b2J", "正文": "看\u202e这\U000e0041里", "日": date(2024, 10, 15)}
    shown = as_json(said)
    assert shown == '{"标题": "电梯\\u009b2J", "正文": "看\\u202e这\\udb40\\udc41里", "日": "2024-10-15"}'
    assert json.loads(shown) == said | {"日": "2024-10-15"}


def test_json_for_a_program_is_as_narrow_as_it_asks() -> None:
    assert as_json({"件": [1, 2]}) == '{"件": [1, 2]}'
    assert as_json({"件": [1, 2]}, (",", ":")) == '{"件":[1,2]}'


def test_json_names_half_a_character_too() -> None:
    assert as_json("坏\udc41") == '"坏\\udc41"'


def test_names_are_cut_to_the_surname() -> None:
    assert mask_name("陈晓明") == "陈**"
    assert mask_name("欧阳娜娜", "女士") == "欧阳女士"
    assert mask_name("欧阳娜娜") == "欧阳**"
    assert mask_name("欧阳") == "欧**"  # two characters: a surname of one and a given name
    assert mask_name("一心") == "一**"  # the first Han character there is
    assert mask_name("\u9fff某") == "\u9fff**"  # and the last
    assert mask_name("X陈") == "X***"
    assert mask_name("Smith") == "S***"
    assert mask_name("anna") == "a***"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("0231234567", "023****4567"),  # ten digits
        ("02312345678", "023****5678"),
        ("123456789", "12****89"),
        (None, "–"),
        ("", "–"),
        ("微信同号", "****"),
    ],
)
def test_a_phone_keeps_its_ends_only(phone: str | None, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_what_a_spreadsheet_would_compute_is_quoted(sign: str) -> None:
    assert formula_safe(f"{sign}1+2") == f"'{sign}1+2"


@pytest.mark.parametrize("plain", ["X光片", "X=1", "x", "", "电梯=坏"])
def test_what_a_spreadsheet_would_not_compute_stays(plain: str) -> None:
    assert formula_safe(plain) == plain
