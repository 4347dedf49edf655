"""A keyring for tests: keyring's public interface over a JSON file. Chosen by PYTHON_KEYRING_BACKEND, as a person would."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FileRing(KeyringBackend):
    """Entries of the file that RING_FILE names; a file that is not there is a keyring that is locked."""

    priority = 5  # type: ignore[assignment]
    name = "file ring"

    def _read(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(Path(os.environ["RING_FILE"]).read_text())
        return found

    def _write(self, entries: dict[str, str]) -> None:
        Path(os.environ["RING_FILE"]).write_text(json.dumps(entries))

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self._read() | {f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        entries = self._read()
        if entries.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError
        self._write(entries)
