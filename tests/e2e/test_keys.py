"""The three ways to keep the key, each where it works and where it does not, as real processes and in a real terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from vaults import PASSPHRASE, Vault, with_ring

from tests.desk.terminal import Terminal
from tests.forked import Nest

BARE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


@pytest.fixture
def vault(home: Path, nest: Nest) -> Vault:
    made = Vault(nest, home, **BARE)
    made.bring()
    return made


def test_a_new_desk_says_plainly_that_its_key_lies_beside_the_letters(vault: Vault) -> None:
    assert "a copied folder does" in vault("key", "show")
    assert "a copied folder does" in vault("doctor")


def test_a_new_key_opens_the_letters_and_the_old_one_no_longer_does(vault: Vault) -> None:
    old = (vault.home / "key").read_text()
    vault("key", "change")
    assert (vault.home / "key").read_text() != old
    assert vault.letters() == 3
    (vault.home / "key").write_text(old)
    assert "cannot be opened with the key" in vault("status", code=4)


def test_with_a_passphrase_neither_home_nor_key_file_opens_the_letters(vault: Vault) -> None:
    raw = bytes.fromhex((vault.home / "key").read_text())
    vault("key", "change", "--to", "passphrase", "--quick", "--passphrase-stdin", typed=PASSPHRASE + "\n")
    assert raw.hex() not in (vault.home / "key").read_text()
    assert vault.letters(PASSPHRASE + "\n") == 3
    assert "nobody gave one" in vault("status", code=4)
    assert "not the passphrase" in vault("status", "--passphrase-stdin", typed="another one\n", code=4)
    assert json.loads(vault("key", "show", "--json"))["way"] == "passphrase"


def test_leaving_the_key_file_behind_makes_a_new_key(vault: Vault) -> None:
    raw = (vault.home / "key").read_text()
    vault("key", "change", "--to", "passphrase", "--passphrase-stdin", typed=PASSPHRASE + "\n")
    (vault.home / "key").write_text(raw)
    assert "cannot be opened" in vault("status", code=4)


def test_a_passphrase_can_be_changed_and_left_again(vault: Vault) -> None:
    vault("key", "change", "--to", "passphrase", "--passphrase-stdin", typed=PASSPHRASE + "\n")
    vault("key", "change", "--passphrase-stdin", typed=f"{PASSPHRASE}\nanother passphrase\n")
    assert "not the passphrase" in vault("status", "--passphrase-stdin", typed=PASSPHRASE + "\n", code=4)
    vault("key", "change", "--to", "file", "--passphrase-stdin", typed="another passphrase\n")
    assert vault.letters() == 3


def test_a_short_passphrase_changes_nothing(vault: Vault) -> None:
    before = (vault.home / "key").read_text()
    assert "8 characters" in vault("key", "change", "--to", "passphrase", "--passphrase-stdin", typed="short\n", code=2)
    assert (vault.home / "key").read_text() == before


def test_where_no_keyring_works_it_is_said_and_the_key_stays_where_it_is(vault: Vault) -> None:
    before = (vault.home / "key").read_text()
    assert "without a desktop" in vault("key", "change", "--to", "keyring", code=4)
    assert (vault.home / "key").read_text() == before
    assert vault.letters() == 3


def test_the_keyring_keeps_the_key_where_one_works(vault: Vault, tmp_path: Path) -> None:
    ring = with_ring(tmp_path)
    there = Vault(vault.nest, vault.home, **ring)
    there("key", "change", "--to", "keyring")
    kept = json.loads(Path(ring["RING_FILE"]).read_text())
    assert len(kept) == 1
    assert next(iter(kept.values())) not in (vault.home / "key").read_text()
    assert there.letters() == 3
    assert "file ring" in there("key", "show")
    assert "none that works" in vault("status", code=4)
    Path(ring["RING_FILE"]).write_text("{}")
    assert "has no key for this store" in there("status", code=4)
    Path(ring["RING_FILE"]).write_text(json.dumps(kept))
    there("key", "change", "--to", "file")
    assert json.loads(Path(ring["RING_FILE"]).read_text()) == {}
    assert vault.letters() == 3


def test_a_keyring_that_is_locked_is_a_sentence(vault: Vault, tmp_path: Path) -> None:
    ring = with_ring(tmp_path)
    Vault(vault.nest, vault.home, **ring)("key", "change", "--to", "keyring")
    locked = Vault(vault.nest, vault.home, **(ring | {"RING_FILE": str(tmp_path / "nowhere")}))
    assert "none that works" in locked("status", code=4)


def test_the_key_is_not_changed_under_an_open_desk(vault: Vault) -> None:
    from db.opening import open_store

    with open_store(vault.home):
        assert "is open in the desk" in vault("key", "change", code=4)
    vault("key", "change")


def test_in_a_terminal_the_passphrase_is_asked_for_without_echo(vault: Vault) -> None:
    vault("key", "change", "--to", "passphrase", "--passphrase-stdin", typed=PASSPHRASE + "\n")
    with Terminal("-m", "desk", **vault.env) as terminal:
        terminal.read("Passphrase of the letters")
        terminal.seen = b""
        terminal.press(b"wrong\n")
        terminal.read("Passphrase of the letters")
        terminal.press((PASSPHRASE + "\n").encode())
        terminal.read("1/3")
        terminal.press(b"q")
        assert terminal.ended() == 0
        assert PASSPHRASE not in terminal.text


def test_three_wrong_passphrases_end_in_a_sentence(vault: Vault) -> None:
    vault("key", "change", "--to", "passphrase", "--quick", "--passphrase-stdin", typed=PASSPHRASE + "\n")
    with Terminal("-m", "desk", **vault.env) as terminal:
        for n in range(3):
            terminal.read("Passphrase of the letters")
            terminal.seen = b""
            terminal.press(f"wrong {n}\n".encode())
        assert terminal.ended() == 4
        assert "not the passphrase" in terminal.text
        assert "Traceback" not in terminal.text
