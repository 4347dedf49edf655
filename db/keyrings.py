"""The system's keyring, where there is one that keeps a secret. Importing `keyring` costs a tenth of a second: only when asked."""

from __future__ import annotations

from typing import Any

SERVICE = "letters-desk"


def ring() -> Any:
    """The keyring of this platform; None where nothing there keeps a secret (a machine without a desktop)."""
    try:
        import keyring
        from keyring.backends import fail, null

        found = keyring.get_keyring()
    except Exception:  # a keyring may fail in ways of its own
        return None
    return None if isinstance(found, (fail.Keyring, null.Keyring)) or found.priority < 1 else found


def name_of(found: Any) -> str:
    """What a keyring calls itself."""
    return str(getattr(found, "name", "") or type(found).__name__)
