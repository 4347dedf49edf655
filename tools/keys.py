"""Write `docs/keys.md` from the tables of actions and navigation; `--check` only says whether it is current."""

import os
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"


def page() -> str:
    """The whole page, in English with the Chinese label of each action beside it."""
    os.environ["DESK_LANG"] = "en"
    from db.model import Role
    from db.words import _, term
    from desk.actions import ACTIONS
    from desk.navigation import EVERYWHERE, NAVIGATION
    from desk.screens.help import shown

    def who(roles: tuple[Role, ...]) -> str:
        return ", ".join(roles)

    lines = [
        "# Keys",
        "",
        "Made from the code by `python tools/keys.py`; change `desk/actions.py` or `NAVIGATION`, not this page.",
        "A key that does not apply to the letter under the cursor says why. Every key can be remapped by its id.",
        "",
        "## On a letter",
        "",
        "| key | id | 中文 | what it does | who | several | on the command line |",
        "|---|---|---|---|---|---|---|",
    ]
    for a in sorted(ACTIONS, key=lambda a: not a.key):
        verbs = ", ".join(f"`desk {verb}`" for verb in (a.verbs or (a.verb,)))
        key = f"`{a.key}`" if a.key else "palette"
        several = "yes" if a.many else ""
        lines.append(
            f"| {key} | `do.{a.id}` | {term('action', a.id, 'zh_CN')} | {a.help} | {who(a.roles)} | {several} | {verbs} |"
        )
    lines += ["", "## Moving, reading, marking", "", "| key | id | what it does |", "|---|---|---|"]
    lines += [f"| `{shown(keys)}` | `{id_}` | {_(says)} |" for id_, keys, _action, says in (*NAVIGATION, *EVERYWHERE)]
    lines += [
        "| `1` … `9` | `queue.1` … `queue.9` | the queues |",
        "",
    ]
    from desk.screens.own_keys import TABLES

    for name, keys in TABLES.items():
        lines += [f"## {term('keys_of', name)}", "", "| key | id | what it does |", "|---|---|---|"]
        lines += [f"| `{shown(key.keys)}` | `{name}.{key.id}` | {_(key.help)} |" for key in keys] + [""]
    lines += [
        "## In a dialog",
        "",
        "| key | what it does |",
        "|---|---|",
        "| `tab` `↓`, `shift+tab` `↑` | next field, previous field |",
        "| `enter` | next field; on the last one, or on the send line, send |",
        "| `ctrl+s`, `ctrl+enter` | send from anywhere |",
        "| `esc` | leave; what is typed is kept and comes back with the same key |",
        "| `ctrl+r` | throw the draft away |",
        "| `1` … `9`, `←` `→`, letters | choose among a few |",
        "| `space` | yes or no, tick; on an empty picker: show all there is |",
        "| `backspace` | take a choice back, or the last of several |",
        "| `ctrl+t` | a template for the long text |",
        "| `ctrl+o` | the long text in your own editor |",
        "| `PgUp` `PgDn` | scroll what is quoted above the fields |",
        "| `?`, `F1` in a text | every key of the dialog and of the field |",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        if not current:
            print("docs/keys.md is not current: python tools/keys.py")
        return not current
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
