# Two commands set up everything: `make run` and `make test`.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export DAGSTER_HOME ?= $(CURDIR)/.dagster
export DAGSTER_DISABLE_TELEMETRY := 1
export GX_ANALYTICS_ENABLED := false

.PHONY: help run test check ui bench install system dictionary lock clean

help:            ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@mkdir -p "$(DAGSTER_HOME)" && cp dagster.yaml "$(DAGSTER_HOME)/dagster.yaml"
	@$(MAKE) --no-print-directory system
	@touch $@

install: $(VENV)/.installed

run: install     ## install, make the sample city if the inbox is empty, materialize everything
	@$(BIN)/nq57 sample --if-empty
	@$(BIN)/nq57 run

test: check      ## install, lint, types and all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: install   ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

ui: install      ## open the Dagster UI on http://127.0.0.1:3000
	@cp dagster.yaml "$(DAGSTER_HOME)/dagster.yaml"
	$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

bench: install   ## time the full run beside the script an analyst would write
	$(BIN)/python -m bench

system:          ## what only some features need: installed through apt where it may be, else named; all else works without
	@if tesseract --list-langs 2>/dev/null | grep -qx vie; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq >/dev/null 2>&1 \
		&& apt-get install -y -qq tesseract-ocr tesseract-ocr-vie fonts-liberation2 >/dev/null 2>&1; then :; \
	else echo "Scans and photographs need: sudo apt-get install tesseract-ocr tesseract-ocr-vie"; fi
	@command -v soffice >/dev/null || echo "Old Word files (.doc, .odt, .rtf) need: sudo apt-get install libreoffice-writer"

dictionary: install  ## write docs/data-dictionary.md and docs/rule-book.md from the catalogue
	$(BIN)/nq57 dictionary > docs/data-dictionary.md
	$(BIN)/nq57 rules book > docs/rule-book.md

lock:            ## pin every dependency with its hash
	$(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --all-extras pyproject.toml -o requirements.lock

clean:           ## remove derived data; the inbox and the archive stay
	rm -rf data/lake data/mart data/outputs
