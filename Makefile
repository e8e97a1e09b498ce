# make run and make test need nothing but Python 3.11+ (with venv) and make.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run test lint browser kill bench lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

run: .venv/run ## try it out on http://127.0.0.1:8000 : chat page, desk, knowledge pages
	@$(BIN)/bot run

test: .venv/test ## the tests, on SQLite and PostgreSQL (both come along)
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not browser and not kill"

browser: .venv/test ## the tests in a real browser (needs chromium and a Thai font)
	@$(BIN)/python -m pytest -m browser

kill: .venv/test ## the tests that kill workers
	@$(BIN)/python -m pytest -n $(WORKERS) -m kill

lint: .venv/test ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: .venv/test ## the benchmark table
	@$(BIN)/bot bench

lock: .venv/test ## pin the newest versions of every library (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --all-extras -c requirements.lock pyproject.toml -o requirements-test.lock

clean: ## forget the environment (the data in .run stays)
	rm -rf .venv build *.egg-info

.venv/run: requirements.lock pyproject.toml
	@echo "เตรียมเครื่องครั้งแรก ใช้เวลา 1-2 นาที (setting up, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/run

.venv/test: .venv/run requirements-test.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch .venv/test
