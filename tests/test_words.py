"""Every sentence of the source stands in the Chinese catalogue, with the same names to fill, and the catalogues are compiled."""

from __future__ import annotations

import gettext
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from db.catalogue import Catalogue

ROOT = Path(__file__).parents[1]
NAMES = re.compile(r"\{(\w+)\}")


def translated(lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for po in (ROOT / "db" / "locale" / lang).glob("*.po"):
        with po.open("rb") as f:
            found |= {str(m.id): str(m.string) for m in read_po(f) if m.id and m.string}
    return found


def said(room: str) -> set[str]:
    keywords = {"_": None, "N_": None}
    found = extract_from_dir(str(ROOT / room), [("**.py", "python")], keywords=keywords, strip_comment_tags=False)
    return {m[2] for m in found if isinstance(m[2], str)}


@pytest.mark.parametrize("room", ["db", "desk", "backend"])
def test_every_sentence_is_there_in_chinese(room: str) -> None:
    chinese = translated("zh_CN")
    assert (
        sorted(s for s in said(room) - set(chinese) if re.search("[A-Za-z]", s) and not re.fullmatch(r"\w+:.*", s))
        == []
    )


def test_what_is_filled_in_has_the_same_names_in_both_languages() -> None:
    for english, chinese in translated("zh_CN").items():
        if not re.fullmatch(r"\w+:[\w-]+", english):
            assert set(NAMES.findall(chinese)) <= set(NAMES.findall(english)), english


def test_codes_are_labelled_in_both_languages() -> None:
    codes = [{k for k in translated(lang) if re.fullmatch(r"\w+:[\w-]+", k)} for lang in ("zh_CN", "en")]
    assert codes[0] == codes[1]


def test_the_catalogues_are_compiled() -> None:
    got = subprocess.run(
        [sys.executable, "tools/words.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert got.returncode == 0, got.stdout


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_sentence_is_found_as_the_standard_library_finds_it(lang: str) -> None:
    file = ROOT / "db" / "locale" / lang / "desk.mo"
    with file.open("rb") as f:
        whole = gettext.GNUTranslations(f)
    ours, known = Catalogue(file), translated(lang)
    for msgid in [*known, *(f"{m}." for m in known), "a", "zzz", "topic:\ud800", "中", "\U0010ffff"]:
        assert ours.gettext(msgid) == whole.gettext(msgid)
    assert len(known) > 300
