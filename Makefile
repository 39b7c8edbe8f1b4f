# Two commands set everything up on a fresh machine: `make serve` runs the demo shop, `make test` passes the tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
DEMO := BEGLEITER_DEMO=1 PORT=$(PORT)

# The trainer's C code without -march=native, so that the built wheel runs on any machine of its kind.
export LIGHTFM_NO_CFLAGS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help serve test check lint types imports shop-check theorem faults withdrawal stateful bench bench-quality ledger killed clean

help:  ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

serve: $(VENV)/serve.stamp  ## Set up and serve the demo shop on 127.0.0.1:$(PORT)
	@$(DEMO) exec $(BIN)/begleiter demo
	@$(DEMO) exec $(BIN)/begleiter serve

test: $(VENV)/dev.stamp  ## Set up and run all tests
	@$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered

check: lint test  ## Everything that must hold before a commit

lint: $(VENV)/dev.stamp  ## Style, types, rooms and the shipped files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/begleiter check

theorem: $(VENV)/dev.stamp  ## The consent theorem, PAIRS=10000 pairs of shops for each call
	@PAIRS=$(or $(PAIRS),10000) $(BIN)/python -m pytest -q -n auto --dist loadfile tests/theorem/test_theorem*.py tests/theorem/test_nobodies.py

faults: $(VENV)/dev.stamp  ## Break the enforcement of consent in every known way, and see the tests find it
	@$(BIN)/python tests/theorem/faults.py

withdrawal: $(VENV)/dev.stamp  ## Two workers, 10,000 withdrawals amid requests, on SQLite and PostgreSQL
	@$(BIN)/python tests/theorem/withdrawal.py
	@$(BIN)/python tests/theorem/withdrawal.py --postgresql

stateful: $(VENV)/dev.stamp  ## The API played by its own document, EXAMPLES=200 scenarios with every kind of token
	@EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/python -m pytest -q tests/theorem/test_stateful.py

bench: $(VENV)/dev.stamp  ## Speed, as ratios to a yardstick in the same run
	$(BIN)/python bench/advise.py
	$(BIN)/python bench/ways_out.py
	$(BIN)/python bench/over_http.py
	$(BIN)/python bench/cross_sell.py --memory
	$(BIN)/python bench/cross_sell_served.py
	$(BIN)/python bench/reload.py
	$(BIN)/python bench/catalogue.py 10000 100000

bench-quality: $(VENV)/dev.stamp  ## Hit rates on real orders, one line per model and task
	@$(BIN)/python bench/quality.py

ledger: $(VENV)/dev.stamp  ## Try every single-byte change and every swap on a ledger of 200 entries
	@BEGLEITER_EVERY_CHANGE=1 $(BIN)/python -m pytest -q -s tests/privacy/test_ledger.py

types: $(VENV)/dev.stamp  ## The component's types, anew from the OpenAPI document
	@BEGLEITER_WRITE_TYPES=1 $(BIN)/python -m pytest -q tests/api/test_typed_client.py

killed: $(VENV)/dev.stamp  ## Kill a writer of consent and profile again and again, 1,000 writes long, on both engines
	@BEGLEITER_WRITES=1000 $(BIN)/python -m pytest -q -s tests/storage/test_killed.py

clean:  ## Forget the environment and everything the demo stored
	rm -rf $(VENV) var

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/serve.stamp: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Begleiter and its trainer into $(VENV): one or two minutes, once."
	$(BIN)/pip install --progress-bar on -e '.[training]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Begleiter with everything the tests need into $(VENV): two or three minutes, once."
	$(BIN)/pip install --progress-bar on -e '.[dev]'
	@touch $@
