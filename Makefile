# The whole interface for a developer. `make demo` and `make test` need Python >= 3.11 and nothing else.
.DEFAULT_GOAL := help
PY := .venv/bin/python
APP := .venv/.app
DEV := .venv/.dev
ROOMS := desk db backend

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /	/' | sort

$(APP): requirements.lock pyproject.toml
	@echo "Installing into .venv (once) …"
	@tools/setup.sh requirements.lock $(APP)

$(DEV): requirements-dev.lock pyproject.toml
	@echo "Installing what tests need into .venv (once) …"
	@tools/setup.sh requirements-dev.lock $(DEV)
	@touch $(APP)

demo: $(APP)  ## the app on October's letters
	@.venv/bin/desk demo

run: $(APP)  ## the app on your own letters
	@.venv/bin/desk

test: $(DEV)  ## every test
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -q -n auto --dist worksteal

soak: $(DEV)  ## eight desks and four units at once for two minutes, 500 kills, then 200,000 steps of failing lines and backends (an hour)
	SOAK_SECONDS=120 $(PY) -m pytest -q -n 0 -rP tests/line/test_many_writers.py
	KILLS=50 $(PY) -m pytest -q -n 2 -rP tests/kill
	SIMULATED=200 SIMULATED_SEED=$$(date +%s) $(PY) -m pytest -q -n 2 tests/line/test_simulation.py
	HOSTILE=1000 $(PY) -m pytest -q -n 2 tests/hostile

fuzz: $(DEV)  ## 10,000 requests of schemathesis, as every kind of caller, on SQLite and on PostgreSQL (half an hour; its own venv)
	@test -x .venv/fuzz/bin/st || ($(PY) -m venv .venv/fuzz && .venv/fuzz/bin/pip install -q schemathesis==4.32.5)
	$(PY) -m tests.backend.fuzz --schemathesis .venv/fuzz/bin/st

mutants: $(DEV)  ## changes the rules line by line and sees whether a test notices: docs/mutants.md (hours; goes on where it left off; its own venv)
	@test -x .venv/mutants/bin/mutmut || ($(PY) -m venv .venv/mutants && .venv/mutants/bin/pip install -q mutmut==3.8.1)
	$(PY) -m tests.mutants
	$(PY) -m tests.mutants --page

lint: $(DEV)  ## format, wide rule set, strict types, import contract
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(PY) -m mypy $(ROOMS)
	.venv/bin/lint-imports

format: $(DEV)  ## rewrite in our format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

words: $(DEV)  ## compile the catalogues of sentences
	$(PY) tools/words.py

check: lint test  ## all that CI checks

snapshots: $(DEV)  ## draw every snapshot anew: look at each before you commit it
	$(PY) -m pytest -q tests/desk --snapshot-update

bench: $(DEV)  ## every budget beside its figure
	$(PY) -m bench

lock: $(DEV)  ## resolve both locks anew (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock

.PHONY: help demo run test soak fuzz mutants lint format words check snapshots bench lock
