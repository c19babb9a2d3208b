# Everything that people and CI run. A machine with Python 3.11-3.13 and make is enough: Go and
# Node come from PATH where they are new enough, else from wheels (about 70 MB each, once).

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PYTHON := $(VENV)/bin/python
CONSOLE := control_api/console/index.html
CONSOLE_SOURCES := $(shell find console -name node_modules -prune -o -type f -print)
COMPILE := uv --no-config pip compile --quiet --no-header --upgrade --generate-hashes --universal --python-version 3.11

.PHONY: help setup demo test test-unit test-integration test-e2e test-chaos check console peers sbom lock

help: ## show the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

setup: $(VENV)/.installed ## make .venv and livekit-server: everything a run needs
	@$(PYTHON) -m cli.dev.livekit_server

demo: setup console ## run the whole system on this machine; the console's URL comes last
	@$(VENV)/bin/vaarta dev

test: setup console ## every check and every test
	@scripts/abreast scripts/check "scripts/test console"
	@scripts/test unit
	@scripts/test integration
	@scripts/test e2e
	@scripts/test chaos

test-unit: $(VENV)/.installed ## tests without sockets, in seconds
	@scripts/test unit

test-integration: setup ## tests on real servers
	@scripts/test integration

test-e2e: setup console ## tests of the processes as in production
	@scripts/test e2e

test-chaos: setup ## every fault on purpose, also those that take minutes
	@scripts/test chaos-all

check: $(VENV)/.installed ## format, lint, types, imports
	@scripts/check

console: $(CONSOLE) ## build the web console

$(VENV)/.installed: requirements-dev.txt pyproject.toml scripts/setup
	@scripts/setup $(VENV)
	@touch $@

$(CONSOLE): $(CONSOLE_SOURCES) scripts/npm $(VENV)/.installed
	@scripts/npm run build
	@touch $@

peers: $(VENV)/.installed ## install what benchmarks.peers compares with, in an environment of its own
	@scripts/peers

sbom: $(VENV)/.installed ## list what a release is made of, as CycloneDX, into dist/
	@scripts/sbom

lock: ## pin every dependency again, with hashes, for all supported Pythons and systems
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --extra dev-server --extra voice-gpl --extra test -o requirements-dev.txt
	$(COMPILE) --group build -o requirements-build.txt
	$(COMPILE) --group go -o requirements-go.txt
	$(COMPILE) --group node -o requirements-node.txt
	$(COMPILE) --group peers -o requirements-peers.txt
	$(COMPILE) --group sbom -o requirements-sbom.txt
