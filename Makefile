# Every command of the project. `make` alone lists them; each line after ## is what it says there.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON := .venv/bin/python

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready ## make .venv from the lock (Python 3.12 or 3.13)

run: .venv/.ready ## start Finalcheck on http://localhost:8000 (another: make run PORT=8001)
	@exec $(PYTHON) manage.py up --port $(PORT)

check: .venv/.ready ## lint, types, import laws, migrations, deployment check
	@ops/check

test: .venv/.ready ## every test, on SQLite and on PostgreSQL
	@ops/packages postgresql redis chromium fonts
	@ops/test

proofs: .venv/.ready ## the long proofs, at most an hour; figures go to docs/proofs.md
	@ops/packages postgresql redis chromium fonts
	@ops/prove

openapi: .venv/.ready ## write docs/openapi.yaml anew from the code
	@$(PYTHON) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

vendor: ## build the code editor of static/vendor anew from its lock (needs Node.js)
	@ops/vendor/build

clean: ## remove what was built; keeps var/, where the data lies
	rm -rf .venv build staticfiles .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/.ready: uv.lock pyproject.toml ops/venv
	@ops/venv
	@touch $@

.PHONY: help setup run check test proofs openapi vendor clean
