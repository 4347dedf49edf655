#!/bin/sh
# Makes the private environment .venv and installs one hashed lock into it: setup.sh LOCK STAMP
# Works with nothing but Python >= 3.11: where Debian has split off ensurepip, the system's own pip installs into .venv.
set -eu
lock=$1 stamp=$2
cd "$(dirname "$0")/.."

find_python() {
    for p in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python3.14; do
        if command -v "$p" >/dev/null 2>&1 && "$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$p"
            return
        fi
    done
    echo "No Python 3.11 or newer found. Install one, or name it: make PYTHON=/path/to/python3.11 demo" >&2
    exit 1
}

if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    if "$python" -m venv .venv >/dev/null 2>&1; then
        :
    else
        rm -rf .venv
        "$python" -m venv --without-pip .venv
    fi
fi
if .venv/bin/python -m pip --version >/dev/null 2>&1; then
    set -- .venv/bin/python -m pip
else
    python=$(find_python)
    set -- "$python" -m pip --python .venv/bin/python
fi
"$@" install --quiet --disable-pip-version-check --require-hashes --requirement "$lock"
"$@" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
# As pip compiles what it installs: where PYTHONDONTWRITEBYTECODE is set, each start would compile all it imports anew (a sixth of it).
.venv/bin/python -m compileall -q desk db backend
touch "$stamp"
