"""`make bench`: starts, keys and memory at 1,000 and 1,000,000 letters, beside a bare app and a DataTable, in one run.

    python -m bench [--sizes 1000,1000000] [--rounds 3]

Stores are made once under bench/out (a million letters: about a quarter of an hour and 5 GB) and used again.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE / "out"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", default="1000,1000000")
    options.add_argument("--rounds", default="3")
    options.add_argument("--only", default="", help="regex over 'name n'")
    given = options.parse_args()
    sizes = [int(n) for n in given.sizes.split(",")]
    env = os.environ | {"PYTHONPATH": str(HERE.parent)}
    for n in sizes:
        if not (OUT / f"home-{n}").exists():
            print(f"making {n:,} letters …", file=sys.stderr)
            subprocess.run([sys.executable, str(HERE / "load.py"), str(n), str(OUT / f"home-{n}")], check=True, env=env)
    if not (OUT / "small" / "letters.db").exists():
        subprocess.run([sys.executable, str(HERE / "gen.py"), "1000", str(OUT / "small"), "sqlite"], check=True)
    desk = Path(sys.executable).with_name("desk")
    plan = (HERE / "plan.toml").read_text(encoding="utf-8")
    plan = plan.replace("{python}", sys.executable).replace("{desk}", str(desk)).replace("{out}", str(OUT))
    plan = re.sub(r"sizes = \[.*\]", f"sizes = {sizes}", plan)
    (OUT / "plan.toml").write_text(plan, encoding="utf-8")
    command = [
        sys.executable,
        str(HERE / "measure.py"),
        str(OUT / "plan.toml"),
        "--rounds",
        given.rounds,
        "--only",
        given.only,
    ]
    print(
        "Budgets: search ≤ 40 ms over the store, ≤ 80 ms in a queue; action ≤ 11 / 30 ms; bulk 100 ≤ 60, 500 ≤ 150 ms\n"
        "Budgets: start ≤ 1.6 × bare, 1M ≤ 1.1 × 1,000; key p50 ≤ 6 ms, p99 ≤ 16.7 ms; bytes ≤ 1,300 / 8,000; ≤ 120 MB"
    )
    return subprocess.run(command, check=False, cwd=HERE.parent).returncode


if __name__ == "__main__":
    sys.exit(main())
