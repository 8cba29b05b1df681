# Every command of the project. `make` alone lists them, with the text after ##.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON := .venv/bin/python

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready ## create .venv from the lock file (Python 3.12 or 3.13)

run: .venv/.ready ## start Finalcheck on http://localhost:8000 (other port: make run PORT=8001)
	@exec $(PYTHON) manage.py up --port $(PORT)

check: .venv/.ready ## lint, format, types, import contracts, migrations, deployment check
	@ops/check

test: .venv/.ready ## run the tests, in a quarter of an hour on two cores
	@ops/packages postgresql redis nginx chromium fonts
	@ops/test

more: .venv/.ready ## run the rest: trained models, more of the browser, the other database, weaker sandboxes
	@ops/packages postgresql redis nginx chromium fonts
	@ops/test more

proofs: .venv/.ready ## run the long tests, for an hour and a half on two cores, and write docs/proofs.md
	@ops/packages postgresql redis haproxy nginx chromium firefox gnupg debootstrap fonts
	@ops/prove

topology: .venv/.ready ## start the site on eight machines, let each part fail in turn, upgrade it, and print what learners noticed
	@ops/packages postgresql redis haproxy
	@$(PYTHON) -m tests.topology

bench: .venv/.ready ## measure every performance goal in less than half an hour, and write docs/performance.md
	@ops/packages postgresql redis chromium fonts
	@$(PYTHON) -m bench

audit: | $(PYTHON) ## compare the lock files with advisories of osv.dev: make audit ADVISORIES="PyPI.zip npm.zip"
	@$(PYTHON) ops/audit.py $(ADVISORIES)

release: | $(PYTHON) ## make a release, sign it and install it again: make release KEY=you@example.org
	@ops/packages gnupg
	@$(PYTHON) ops/release.py --key "$(KEY)" --python $(or $(PYTHONS),$(PYTHON))

openapi: | $(PYTHON) ## write docs/openapi.yaml from the code
	@$(PYTHON) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

models: | $(PYTHON) ## draw the tables in docs/architecture.md from the models
	@$(PYTHON) ops/write_data_model.py

schema: | $(PYTHON) ## write config/sqlite/schema.sql from the migrations
	@$(PYTHON) ops/write_schema.py

vendor: ## rebuild the code editor in static/vendor from its lock file (needs Node.js)
	@ops/vendor/build

clean: ## delete everything that was built; keeps the data in var/
	rm -rf .venv build staticfiles .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Only if there is none: what writes documentation does not bring the packages up to date.
$(PYTHON):
	@$(MAKE) .venv/.ready

.venv/.ready: uv.lock pyproject.toml ops/venv
	@ops/venv
	@touch $@

.PHONY: help setup run check test more proofs topology bench audit release openapi models schema vendor clean
