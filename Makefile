# `make help` explains itself. Everything runs in .venv, which is made on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help start test test-wheel lint bench clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/pip.stamp: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("auditkit needs Python 3.11 or newer; set PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q auditkit
	touch $@

$(VENV)/test.stamp: $(VENV)/pip.stamp
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

$(VENV)/lint.stamp: $(VENV)/test.stamp
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	touch $@

start: $(VENV)/pip.stamp ## Make the instance with a demo organisation and serve it on 127.0.0.1:8000
	$(BIN)/auditkit start --demo

test: $(VENV)/test.stamp ## Run every test, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -n auto --dist loadscope $(TESTS)

test-wheel: $(VENV)/test.stamp ## Run the tests of rules, slices and journeys on the built wheel instead of the checkout
	rm -rf build/suite
	$(BIN)/python -m hatchling build -t wheel -d build/suite
	$(BIN)/python -m zipfile -e build/suite/*.whl build/suite/site
	cp -r tests docs doc_templates checklists policies pyproject.toml README.md build/suite/
	cd build/suite && AUDITKIT_SHARED=$${AUDITKIT_SHARED:-$(CURDIR)/../shared} PYTHONPATH=$(CURDIR)/build/suite/site \
		$(CURDIR)/$(BIN)/python -m pytest -n auto --dist loadscope tests/rules tests/slices tests/journeys $(TESTS)

lint: $(VENV)/lint.stamp ## Check style, types, imports and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint auditkit --quiet

bench: $(VENV)/test.stamp ## Print each speed goal as a ratio to a floor measured in the same run
	@$(BIN)/python benchmarks $(BENCHMARKS)

clean: ## Remove the environment and caches, never the instance
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
