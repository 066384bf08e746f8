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
