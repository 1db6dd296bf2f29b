# The few commands a person needs; each does all the set-up it needs on a machine with Python and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SETUP  := $(VENV)/.set-up
LOCK   := requirements.lock
SUPERSET       := .venv-superset
SUPERSET_SETUP := $(SUPERSET)/.set-up
SUPERSET_LOCK  := tests/superset/requirements.lock

.PHONY: help run test test-slow lint format dev bench lock lock-superset setup superset clean
.DEFAULT_GOAL := help

help:           ## show these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(SETUP) ## install what is pinned, the assets of Data Docs, what draws the site's charts

$(SETUP): $(LOCK) pyproject.toml expectations/data_docs/package-lock.json publication/site/charts/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更高版本 / Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m expectations.data_docs.install
	$(BIN)/python -m publication.site.charts.install
	@touch $@

superset: $(SUPERSET_SETUP) ## an environment of its own with Apache Superset, for the tests of the dashboard

$(SUPERSET_SETUP): $(SUPERSET_LOCK)
	$(PYTHON) -m venv --clear $(SUPERSET)
	$(SUPERSET)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(SUPERSET_LOCK)
	@touch $@

run: $(SETUP)   ## the nightly job, on the bundled sample inbox unless COOPZONES_INBOX says otherwise
	$(BIN)/coopzones run

dev: $(SETUP)   ## the Dagster page on 127.0.0.1
	$(BIN)/coopzones dev

test: $(SETUP)  ## the quick tests, under five minutes on two cores
	$(BIN)/python -m pytest -n auto --dist loadfile -m 'not slow'

test-slow: $(SETUP) $(SUPERSET_SETUP) ## the slow tests
	$(BIN)/python -m pytest -n auto --dist loadfile -m slow

lint: $(SETUP)  ## ruff, mypy, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests

format: $(SETUP) ## let ruff and sqlfluff rewrite what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix dbt_project/models dbt_project/tests

bench: $(SETUP) ## measure a night against a hand-written limit (ZONES=, ENTERPRISES=)
	$(BIN)/python -m benchmarks $(if $(ZONES),--zones $(ZONES)) $(if $(ENTERPRISES),--enterprises $(ENTERPRISES))

lock: $(SETUP)  ## renew requirements.lock from pyproject.toml: hashes, no addresses
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --extra calendar --extra sftp --extra s3 --extra postgres --extra dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --output-file $(LOCK)

lock-superset: $(SETUP) ## renew tests/superset/requirements.lock from requirements.in beside it: hashes, no addresses
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile tests/superset/requirements.in --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --output-file $(SUPERSET_LOCK)

clean:          ## remove the environments and everything a run wrote below ./var
	rm -rf $(VENV) $(SUPERSET) var
