# `make demo` runs the main job on real observations; `make test` runs the tests. Both set up what they need:
# all it takes is Python 3.11 or later and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SAMPLE := agreements/minsk-2-2015/observations/osce-smm-sample

.PHONY: help setup demo test lint docs clean

help:  ## say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: $(READY)  ## set up the virtual environment

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

demo: setup  ## check two agreements against 60 observations of the OSCE mission
	@for agreement in minsk-2-2015 minsk-addendum-2015; do \
		$(BIN)/servanda check $$agreement $(SAMPLE).csv --map $(SAMPLE).toml; status=$$?; \
		if [ $$status -ne 0 ] && [ $$status -ne 1 ] && [ $$status -ne 3 ]; then exit $$status; fi; echo; \
	done

test: setup  ## run the tests
	$(BIN)/python -m pytest -n auto

lint: setup  ## style, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: setup  ## build the documentation site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

clean:  ## remove what was set up or built
	rm -rf $(VENV) site dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
