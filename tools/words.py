"""Compile every `db/locale/<lang>/*.po` into one `desk.mo` a language; `--check` only says whether they are current."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LONG_AGO = datetime(2024, 11, 1, tzinfo=UTC)
LOCALE = Path(__file__).parents[1] / "db" / "locale"


def compiled(folder: Path) -> bytes:
    """One .mo out of a language's .po files; the same msgid in two files is an error."""
    whole = Catalog(
        locale=folder.name, fuzzy=False, creation_date=LONG_AGO, revision_date=LONG_AGO
    )  # the same bytes each time
    seen: dict[str, Path] = {}
    for po in sorted(folder.glob("*.po")):
        with po.open("rb") as f:
            for message in read_po(f, locale=folder.name):
                if not message.id or not message.string:
                    continue
                if message.id in seen and whole.get(message.id).string != message.string:  # type: ignore[union-attr]
                    raise SystemExit(f"{message.id!r} is translated in {seen[message.id].name} and again in {po.name}")
                seen[str(message.id)] = po
                whole.add(message.id, message.string)
    out = io.BytesIO()
    write_mo(out, whole)
    return out.getvalue()


def main() -> int:
    stale = []
    for folder in sorted(p for p in LOCALE.iterdir() if p.is_dir()):
        mo, fresh = folder / "desk.mo", compiled(folder)
        if "--check" in sys.argv:
            if not mo.exists() or mo.read_bytes() != fresh:
                stale.append(mo.name)
        else:
            mo.write_bytes(fresh)
    if stale:
        print("Catalogues are not compiled: make words")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
