# make demo   see it work: compile the payout to every target, and run it durably
# make test   the whole suite, on every engine
# make help   the rest

PYTHON ?= python3
VENV ?= .venv
SEEDS ?= 1000-1499
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test prove lint format bench bench-lint clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: $(VENV)/demo.stamp ## Compile samples/payout.py to every target and run it durably
	$(BIN)/wfc compile samples/payout.py --target asl,temporal,dbos -o out/demo
	$(BIN)/wfc verify samples/payout.py --cases samples/payout.cases.yaml --target asl,dbos
	$(BIN)/wfc run samples/payout.py --input '{"merchant_id": "m-1", "amount": 60000}' --store out/demo/store
	$(BIN)/wfc runs list --store out/demo/store

test: $(VENV)/dev.stamp ## Install every engine and run the whole suite
	$(BIN)/pytest -n auto --dist loadfile

prove: $(VENV)/dev.stamp ## Longer proofs: random programs of other seeds on every engine, SEEDS=1000-1499; kills
	WFC_SEEDS=$(SEEDS) $(BIN)/pytest -n auto tests/random_programs
	WFC_KILLS=120 $(BIN)/pytest -n auto tests/embedded/test_kills.py

lint: $(VENV)/dev.stamp ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.stamp ## Format the code and sort imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.stamp ## Compare with the peer and with hand-written code, side by side
	$(BIN)/python bench/run.py

bench-lint: $(VENV)/dev.stamp ## Compare the linter with temporalint, side by side
	$(BIN)/python bench/lint.py

clean: ## Remove the environment and everything generated
	rm -rf $(VENV) out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wfc needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'

$(VENV)/demo.stamp: $(BIN)/python pyproject.toml
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet -e '.[dbos,asl]'
	touch $@

$(VENV)/dev.stamp: $(BIN)/python pyproject.toml
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet -e '.[all]' --group dev
	touch $@ $(VENV)/demo.stamp
