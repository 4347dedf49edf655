"""What the documents say is proven is proven where they say: every test and file that they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHORT = {
    "H": "tests/backend/test_hostile_callers.py",
    "R": "tests/backend/test_hostile_requests.py",
    "S": "tests/backend/test_hostile_sockets.py",
    "O": "tests/backend/test_hostile_openapi.py",
    "U": "tests/hostile/test_unit_and_citizen.py",
    "F": "tests/hostile/test_files.py",
}
PAGES = ["README.md", *(str(p.relative_to(ROOT)) for p in [*ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md")])]


def where(said: str, before: str) -> str:
    """The file that a name in a page means; of a bare `::test_…` the one named before it."""
    if not said:
        return before
    return SHORT.get(said) or (said if "/" in said else f"tests/backend/test_backend_{said.removeprefix('B ')}.py")


def test_every_test_that_the_security_page_names_exists() -> None:
    named, before = 0, ""
    for said, test in re.findall(r"`([^`\s]*|B \w+)::(test_\w+)`", (ROOT / "docs/security.md").read_text("utf-8")):
        before = where(said, before)
        body = (ROOT / before).read_text("utf-8")
        assert re.search(rf"def {test}\(", body), (before, test)
        named += 1
    assert named > 60


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for path in set(re.findall(r"\b(?:tests|docs|bench|tools)/[\w/.-]+\.(?:py|md|toml|svg)", text)):
        assert (ROOT / path).exists(), path
    links = re.findall(r"\]\(((?!https?:|#)[^)#]+)", text)
    missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
    assert missing == []
