"""What is measured on: the desk's stores and its peers' mailboxes, made once under bench/out and used again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic

HERE = Path(__file__).parent
OUT = HERE / "out"

NEOMUTT = 'set folder="{box}"\nset header_cache="{box}.cache"\nset sort=reverse-date\nset charset=utf-8\nset index_format="%s"\n'
NOTMUCH = "[database]\npath={box}\n[user]\nname=desk\nprimary_email=desk@paper.example\n[new]\ntags=new\n"
TASK = "data.location={data}\nconfirmation=no\nnews.version=9.9\nrecurrence=no\n"

FORMS = {"neomutt": "maildir", "notmuch": "maildir", "task": "task"}
"""Program → the form of letters it reads."""


def installed() -> list[str]:
    return [program for program in FORMS if shutil.which(program)]


def home(n: int) -> str:
    """The desk's store of n letters, brought up to this version, with nothing left to index or to learn; what that took."""
    where = OUT / f"home-{n}"
    env = os.environ | {"PYTHONPATH": str(HERE.parent)}
    began = monotonic()
    if not where.exists():
        print(f"making {n:,} letters …", file=sys.stderr)
        subprocess.run([sys.executable, str(HERE / "load.py"), str(n), str(where)], check=True, env=env)
    subprocess.run([sys.executable, "-m", "bench.settle", str(where)], check=True, env=env)
    return f"{n:,} letters ready after {monotonic() - began:.0f} s"


def peers(n: int) -> None:
    """The same n letters for whichever of the peers is installed, and for the DataTable."""
    where = OUT / f"peers-{n}"
    if (where / "ready").exists():
        _settings(where)
        return
    print(f"making {n:,} letters for the others …", file=sys.stderr)
    shutil.rmtree(where, ignore_errors=True)
    programs = installed()
    forms = {FORMS[program] for program in programs} | {"sqlite"} | ({"notmuch"} if "notmuch" in programs else set())
    subprocess.run([sys.executable, str(HERE / "gen.py"), str(n), str(where), *sorted(forms)], check=True)
    _settings(where)
    if "notmuch" in programs:
        env = os.environ | {"NOTMUCH_CONFIG": str(where / "notmuchrc"), "XAPIAN_CJK_NGRAM": "1"}
        subprocess.run(["notmuch", "new", "--quiet"], check=True, env=env)
        with (where / "notmuch.tags").open("rb") as tags:
            subprocess.run(["notmuch", "tag", "--batch"], check=True, env=env, stdin=tags)
    if "task" in programs:
        env = os.environ | {"TASKRC": str(where / "taskrc"), "TASKDATA": str(where / "task")}
        (where / "task").mkdir()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["task", "import", str(where / "task.json")], check=True, env=env, **quiet)
    (where / "ready").touch()


def _settings(where: Path) -> None:
    """Says to each peer where its letters lie now: `bench/out` may have been moved since they were made, or linked from elsewhere."""
    box = where / "Maildir"
    (where / "neomuttrc").write_text(NEOMUTT.format(box=box), encoding="utf-8")
    (where / "notmuchrc").write_text(NOTMUCH.format(box=box), encoding="utf-8")
    (where / "taskrc").write_text(TASK.format(data=where / "task"), encoding="utf-8")
