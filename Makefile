# Two commands: `make run` serves the observatory, `make test` tests it. `make help` lists the others.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8501
HOST ?= 127.0.0.1
BIN := .venv/bin

.PHONY: help run build test lint bench lock chromium nginx poppler wrk clean

help:
	@echo "make run    install, build the release if needed, serve on http://localhost:$(PORT)"
	@echo "make test   install everything tests need, then run all tests"
	@echo "make lint   ruff and mypy"
	@echo "make bench  measure speed and memory, each figure beside its reference"
	@echo "make build  write a release from catalogue and ledger"
	@echo "make lock   write requirements.txt anew from pyproject.toml"

.venv/installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	touch $@

run: .venv/installed
	@$(BIN)/python -m etl build --if-stale || echo "The build stopped, as said above. The last release stays; it is served if there is one."
	@echo "Observatory: http://localhost:$(PORT)"
	@exec $(BIN)/uvicorn dashboard.server:app --host $(HOST) --port $(PORT) --log-level warning --no-access-log --no-server-header

build: .venv/installed
	$(BIN)/python -m etl build

chromium:
	@if ! command -v chromium >/dev/null; then \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	  else echo "Browser tests need Debian's Chromium: run 'sudo apt-get install chromium', then 'make test' again."; exit 1; fi; \
	fi

# Debian starts a server on port 80 when it installs one; the tests start their own.
nginx:
	@if ! test -x /usr/sbin/nginx; then \
	  if [ "$$(id -u)" = 0 ]; then \
	    trap 'test -z "$$mine" || rm -f /usr/sbin/policy-rc.d' EXIT; \
	    test -e /usr/sbin/policy-rc.d || { mine=1; printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; }; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx >/dev/null; \
	  else echo "Tests of the static site need Debian's nginx: run 'sudo apt-get install nginx', then try again."; exit 1; fi; \
	fi

poppler:
	@if ! command -v pdftotext >/dev/null; then \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq poppler-utils >/dev/null; \
	  else echo "Tests of the briefing file need Debian's poppler-utils: run 'sudo apt-get install poppler-utils', then try again."; exit 1; fi; \
	fi

test: .venv/installed chromium nginx poppler
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

wrk:
	@if ! command -v wrk >/dev/null; then \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq wrk >/dev/null; \
	  else echo "The benchmark of the static site needs Debian's wrk: run 'sudo apt-get install wrk', then try again."; exit 1; fi; \
	fi

bench: .venv/installed chromium nginx wrk
	$(BIN)/python -m tests.bench

lock: .venv/installed
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --group dev pyproject.toml --output-file requirements.txt

clean:
	rm -rf .venv data/releases .pytest_cache .mypy_cache .ruff_cache
