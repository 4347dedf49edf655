"""Districts as they are valid on a day, and finding them by typing."""

import subprocess
import sys
from datetime import date

import pytest

from db import places

OCTOBER = date(2024, 10, 15)
LAST_DAY = date(2025, 11, 5)
NEW_YEAR = date(2026, 1, 1)

HERE = places.load()


def names(typed: str, day: date = OCTOBER) -> list[str]:
    return [division.name for division in HERE.filter(typed, day)]


def test_41_districts_before_the_change_and_39_after() -> None:
    assert len(HERE.districts(OCTOBER)) == 41
    assert len(HERE.districts(LAST_DAY)) == 41
    assert len(HERE.districts(date(2025, 11, 6))) == 39


def test_every_zone_has_a_code_of_ours_and_every_code_is_there_once() -> None:
    zones = {division.code: division.name for division in HERE.districts(OCTOBER) if division.zone}
    assert zones == {"500Z01": "两江新区", "500Z02": "重庆高新区", "500Z03": "万盛经开区"}
    codes = [d.code for d in [*HERE.districts_ever(), *HERE.all_townships()]]
    assert len(codes) == len(set(codes)) == 1137


def test_liangjiang_is_a_zone_in_2024_and_a_district_in_2026() -> None:
    before = [d for d in HERE.districts(OCTOBER) if d.name == "两江新区"]
    after = [d for d in HERE.districts(NEW_YEAR) if d.name == "两江新区"]
    assert [d.code for d in before] == ["500Z01"]
    assert [d.code for d in after] == ["500157"]


def test_a_vanished_district_keeps_its_name_and_knows_its_successors() -> None:
    assert HERE.name("500112") == "渝北区"
    assert [d.name for d in HERE.successors("500112")] == ["两江新区", "北碚区"]
    assert [d.name for d in HERE.successors("500105")] == ["两江新区"]
    assert HERE.successors("500106") == []


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert (HERE.name("999999"), HERE.short("x"), HERE.name(None), HERE.get("999999")) == ("999999", "x", "–", None)


def test_every_district_has_townships_and_every_township_its_district() -> None:
    for day in (OCTOBER, NEW_YEAR):
        for district in HERE.districts(day):
            # 两江新区, 重庆高新区 and 万盛经开区 have those they administer
            assert HERE.townships(district.code, day), district.name
    for township in HERE.all_townships():
        assert HERE.get(township.parent), township.name


def test_townships_move_with_the_change() -> None:
    assert "统景镇" in {t.name for t in HERE.townships("500112", LAST_DAY)}
    assert "统景镇" not in {t.name for t in HERE.townships("500109", LAST_DAY)}
    assert "统景镇" in {t.name for t in HERE.townships("500109", NEW_YEAR)}
    assert HERE.townships("500112", NEW_YEAR) == []
    assert HERE.townships("nowhere", NEW_YEAR) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("渝北区", "渝北区"),
        ("渝北", "渝北区"),
        ("渝", "渝中区"),
        ("坪坝", "沙坪坝区"),
        ("spb", "沙坪坝区"),
        ("SPBQ", "沙坪坝区"),
        ("ｓｐｂ", "沙坪坝区"),
        ("shapingba", "沙坪坝区"),
        ("sha ping ba", "沙坪坝区"),
        ("shap", "沙坪坝区"),
        ("fd", "丰都县"),
        ("fengdu", "丰都县"),
        ("500230", "丰都县"),
        ("500z03", "万盛经开区"),
        ("秀山县", "秀山土家族苗族自治县"),
        ("开县", "开州区"),
        ("万盛", "万盛经开区"),
        ("gxq", "重庆高新区"),
        ("茄子溪", "大渡口区"),
    ],
)
def test_typing_finds_the_district(typed: str, first: str) -> None:
    assert names(typed)[0] == first


def test_an_exact_name_comes_before_a_beginning_and_that_before_a_part() -> None:
    assert names("江北")[0] == "江北区"
    assert names("jj")[0] == "江津区"
    assert names("yb") == ["渝北区"]
    assert names("巫") == ["巫山县", "巫溪县"]


def test_nothing_typed_offers_all_by_code() -> None:
    assert [d.code for d in HERE.filter(" ", OCTOBER)] == [d.code for d in HERE.districts(OCTOBER)]
    assert [d.code for d in HERE.districts(OCTOBER)] == sorted(d.code for d in HERE.districts(OCTOBER))


def test_what_matches_nothing_finds_nothing() -> None:
    assert names("qqq") == names("巴黎") == names("\x00") == names("😀") == []


def test_an_old_name_finds_who_is_valid_today() -> None:
    assert names("渝北", NEW_YEAR) == ["两江新区"]
    assert names("yb", OCTOBER) == ["渝北区"]


@pytest.mark.parametrize("typed", ["yb", "ybq", "渝北", "江北"])
def test_what_has_ceased_to_exist_finds_what_it_went_into(typed: str) -> None:
    assert names(typed, NEW_YEAR)[0] == "两江新区"
    assert "两江新区" not in names(typed, OCTOBER)


def test_every_district_is_found_first_by_its_own_names() -> None:
    for day in (OCTOBER, NEW_YEAR):
        for district in HERE.districts(day):
            for typed in (district.name, district.short, district.code, district.pinyin):
                assert HERE.filter(typed, day)[0].code == district.code, (typed, day)
            assert district in HERE.filter(district.initials, day)


def test_names_of_districts_are_known_without_reading_the_townships() -> None:
    """The queue's first frame needs names of districts, not 1,100 townships nor a database's library."""
    said = "; ".join(
        [
            "import sys, datetime",
            "from db import places",
            "p = places.load()",
            "assert p.name('500112') and p.districts(datetime.date(2024, 10, 15)) and p.get('500230')",
            "heavy = {'sqlalchemy', 'sqlmodel', 'alembic', 'pydantic', 'openpyxl', 'chinese_calendar', 'pypinyin'}",
            "assert '_townships' not in vars(p) and 'db.place_suggest' not in sys.modules, 'read too much'",
            "assert not heavy & set(sys.modules), heavy & set(sys.modules)",
        ]
    )
    subprocess.run([sys.executable, "-c", said], check=True)
