# Everything a developer does here. `make` alone lists it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8080

.DEFAULT_GOAL := help
.PHONY: help start talk test check texts migration bench faults sabotage lock doctor clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(VENV)/run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "YouSaid needs Python 3.11 or newer: set PYTHON=/path/to/python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the program needs (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements/dev.txt
	@echo "Installing what the tests and checks need (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

start: $(VENV)/run ## run the bot: web chat, and Telegram when TELEGRAM_TOKEN is set
	@$(BIN)/yousaid start

talk: $(VENV)/run ## talk to it here in the terminal
	@$(BIN)/yousaid talk

doctor: $(VENV)/run ## say what is not in order
	@$(BIN)/yousaid doctor

test: $(VENV)/dev ## all tests (T="-k words" for some)
	@$(BIN)/python -m tests.web.browser
ifneq ($(T),)
	@$(BIN)/python -m pytest -n 2 $(T)
else
	@# The faults by themselves: what is killed and cut off there must not be slow because of the others. They mostly wait.
	@red=0; $(BIN)/python -m pytest -n 2 --ignore tests/faults || red=1; \
	  $(BIN)/python -m pytest -n 2 --dist loadfile tests/faults || red=1; exit $$red
endif

check: $(VENV)/dev ## lint, format, types, imports, texts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m bot.texts check

texts: $(VENV)/dev ## gather every text into the catalogues, and say what is not translated
	@$(BIN)/python -m bot.texts gather

migration: $(VENV)/dev ## write a migration from the models (M="why")
	@$(BIN)/yousaid migration "$(M)"

bench: $(VENV)/dev ## messages a second and memory, ours beside the rivals
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@$(BIN)/python -m tests.bench

faults: $(VENV)/dev ## kill it, cut it off, send it nonsense; nothing may be lost (over an hour)
	@$(BIN)/python -m pytest -n 0 tests/faults --long

sabotage: $(VENV)/dev ## take away each defence in turn; a test must notice (half an hour)
	@$(BIN)/python -m tests.faults.sabotage

lock: ## pin the requirements anew (needs uv)
	@for of in "run:--group build" "dev:--group dev" "bench:--group bench --group build"; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-header --quiet pyproject.toml $${of#*:} $$([ $${of%%:*} = run ] || echo "-c requirements/run.txt") \
	    -o requirements/$${of%%:*}.txt; done

clean: ## remove the environment and caches (never the database)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
