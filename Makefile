# Every target is explained by the words after its ##; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
READY := .venv/.ready

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

.PHONY: run
run: setup ## play one whole night, and show how it went
	@.venv/bin/tillsyn demo

.PHONY: setup
setup: $(READY) ## make .venv with all that is pinned (only when something changed)
	@:

$(READY): requirements/dev.txt pyproject.toml .ci/setup
	@PYTHON='$(PYTHON)' .ci/setup
	@touch $@

.PHONY: test
test: setup tools lint fresh ## set up, check the code, and run every test
	@$(PY) -m pytest -v --dist loadscope -n 2

.PHONY: tools
tools: ## install the system tools that tests use, where that is allowed
	@.ci/tools

.PHONY: lint
lint: setup ## style, types, and who may import whom
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { echo "run \`make format\`" >&2; exit 1; }
	@$(PY) -m mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo | grep -E 'BROKEN|->|^Contracts:' ; exit "$${PIPESTATUS[0]}"

.PHONY: format
format: setup ## put the code in its form
	@$(PY) -m ruff check --quiet --fix .
	@$(PY) -m ruff format --quiet .

.PHONY: fresh
fresh: setup ## check that the generated documents are what the code says
	@$(PY) -m events.catalogue --check
	@$(PY) -m services.configuration --check
	@$(PY) -m tests.rule_book --check

.PHONY: docs
docs: setup ## write the generated documents
	@$(PY) -m events.catalogue
	@$(PY) -m services.configuration
	@$(PY) -m tests.rule_book

.PHONY: pictures
pictures: setup ## judge the footage and tampers of it, and write the table in docs/picture-quality.md
	@$(PY) -m tests.camera_gateway.quality.table

.PHONY: samples
samples: setup ## store a sample of every event version that has none
	@$(PY) -m tests.events.make_samples

.PHONY: deep
deep: setup tools ## the tests again, with many more examples for each property
	@$(PY) -m pytest -v --dist loadscope -n 2 --hypothesis-profile deep

.PHONY: chaos
chaos: setup tools ## kill one part after the other in the middle of a night
	@$(PY) -m pytest -v tests/chaos

.PHONY: bench
bench: setup tools ## measure: append, replay, consume, each beside its peer
	@for what in append replay consume; do .venv/bin/tillsyn bench $$what; done

.PHONY: locks
locks: ## pin anew what pyproject.toml asks for (needs uv)
	@.ci/locks

.PHONY: clean
clean: ## remove .venv, caches and the demo's data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache data dist
