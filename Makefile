# make demo: from nothing to a report. make test: the whole check.
PYTHON ?= python3
BIN := .venv/bin
# Bytecode is compiled once, at installation: TensorFlow then imports in half the time,
# also where Python is told not to write any.
INSTALLED := .venv/.installed

.PHONY: demo test study format clean

$(INSTALLED): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --compile --editable '.[demo,test]'
	touch $@

demo: $(INSTALLED)
	$(BIN)/gridzoo demo --out runs/demo

test: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy benchmarks
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

# The whole zoo against its papers, and published accuracies; takes hours.
study: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 -m study
	$(BIN)/python benchmarks/published.py

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv runs build dist .mypy_cache .ruff_cache .pytest_cache
