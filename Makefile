# Every command a person needs; `make help` lists them. All of them work in a fresh clone.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PORT ?= 8000
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= copy

.PHONY: help setup demo test check lock bench

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## make .venv with exactly the locked packages; does nothing when it is current
	@if ! cmp -s requirements/dev.txt .venv/installed.txt; then \
	  if [ -z "$(PYTHON)" ]; then echo "Back Office needs Python 3.11 or newer."; exit 1; fi; \
	  if [ ! -x $(BIN)/python ]; then \
	    rm -rf .venv; \
	    $(PYTHON) -m venv --without-pip .venv || { echo "Python cannot make a virtual environment: install python3-venv (Debian, Ubuntu: sudo apt-get install python3-venv)."; exit 1; }; \
	  fi; \
	  uv=uv; \
	  if ! uv --version >/dev/null 2>&1; then \
	    uv=.venv/bootstrap/bin/uv; \
	    if ! $$uv --version >/dev/null 2>&1; then \
	      rm -rf .venv/bootstrap; \
	      $(PYTHON) -m venv .venv/bootstrap || { echo "Python cannot make a virtual environment with pip: install python3-venv (Debian, Ubuntu: sudo apt-get install python3-venv)."; exit 1; }; \
	      .venv/bootstrap/bin/pip install --quiet 'uv>=0.8'; \
	    fi; \
	  fi; \
	  echo "Installing the locked packages into .venv"; \
	  $$uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt; \
	  cp requirements/dev.txt .venv/installed.txt; \
	fi

demo: setup ## run everything with the sample company: make demo PORT=8000 [ARGS="--scale 5"]
	@exec $(BIN)/python manage.py demo --port $(PORT) $(ARGS)

test: setup ## run the tests in two processes: make test [ARGS="tests/core -x"]
	@exec $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

# `check --deploy` judges the settings of production, so it gets addresses and keys as production has them.
CHECK_KEY = $(shell $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')
CHECK_ENV = DATABASE_URL=postgresql://app@db/backoffice DATABASE_OWNER_URL=postgresql://owner@db/backoffice \
	REDIS_URL=redis://queue/0 BROKER_URL=redis://queue/1 ALLOWED_HOSTS=backoffice.example SECURE=1 DEBUG=0 \
	SECRET_KEY=$(CHECK_KEY) SEAL_KEYS=check:$$(printf '0%.0s' {1..64}) FIELD_KEYS=$$(printf 'x%.0s' {1..43})=

check: setup ## judge style, types, walls between apps, migrations, settings and lock files
	$(BIN)/python requirements/lock.py --check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(CHECK_ENV) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pytest -q tests/architecture

lock: ## resolve the dependencies anew into requirements/*.txt: make lock [ARGS=--upgrade]
	@$(PYTHON) requirements/lock.py $(ARGS)

bench: setup ## measure the hot paths
	@exec $(BIN)/python manage.py bench $(ARGS)
