# Every command of the project; `make` alone lists them.
PYTHON ?= python3
ARGS ?=
CMD ?= help
LAUNCHER = $(PYTHON) -m launcher
export PYTHONUNBUFFERED = 1
ifdef HELPDESK_PORT
export HELPDESK_PORT
endif

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format messages shell manage demo-reset bench-sla bench-ledger bench-desk bench-api bench-reports figures-lives api-fuzz mutants lock python

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or later is needed, as $(PYTHON): install it (apt-get install python3 python3-venv), or say make PYTHON=/path/to/python3.11 …" >&2; exit 1; }

setup: python ## Install everything that running and testing need, and nothing else
	@exec $(LAUNCHER) setup

run: python ## Run the whole instance on this machine until Ctrl-C (HELPDESK_PORT=8001 to move it)
	@exec $(LAUNCHER) run

test: python ## Run the test suite, browser included (ARGS="tests/sla -k calendar" to choose)
	@exec $(LAUNCHER) test -- $(ARGS)

lint: python ## Check style, types, templates, migrations and catalogues
	@exec $(LAUNCHER) lint

format: python ## Put the code in form
	@$(LAUNCHER) setup >/dev/null
	@.venv/bin/ruff check --fix-only --quiet . ; .venv/bin/ruff format .

messages: python ## Gather new strings into the catalogues, for translation
	@exec $(LAUNCHER) messages

shell: python ## Open a Python shell on the instance's data
	@exec $(LAUNCHER) services -- .venv/bin/python manage.py shell

manage: python ## Run a management command (CMD="check_ledger")
	@exec $(LAUNCHER) services -- .venv/bin/python manage.py $(CMD)

demo-reset: python ## Replace the instance's data by the demonstration, afresh
	@exec $(LAUNCHER) services -- .venv/bin/python manage.py demo_reset

bench-sla: python ## Measure the service-level engine beside other engines
	@exec $(LAUNCHER) bench-sla

bench-ledger: python ## Measure the replay of 100,000 tickets' ledgers (TICKETS=5000 for fewer)
	@exec $(LAUNCHER) services --throwaway -- .venv/bin/python -m bench.ledger $(TICKETS)

bench-api: python ## Measure the API on the demonstration's data
	@exec $(LAUNCHER) services --throwaway -- .venv/bin/python -m bench.api

api-fuzz: python ## Ask the API thousands of generated questions (EXAMPLES=50 of each operation)
	@API_FUZZ=$(or $(EXAMPLES),50) exec $(LAUNCHER) test -- tests/tickets/api/test_fuzzing.py -q

bench-desk: python ## Measure the agents' pages on 100,000 seeded tickets (TICKETS=1000000 for a million)
	@exec $(LAUNCHER) services --throwaway -- .venv/bin/python -m bench.desk $(TICKETS)

bench-reports: python ## Measure the reports at size: dashboard, workbook, 200 clients' month (TICKETS=100000 for fewer)
	@exec $(LAUNCHER) services --throwaway -- .venv/bin/python -m bench.reports $(TICKETS)

figures-lives: python ## Compare the figures of random lives with a slow recomputation (LIVES=3000)
	@FIGURES_LIVES=$(or $(LIVES),3000) exec $(LAUNCHER) test -- tests/tickets/reports/test_outcomes.py -k figures_are_those_of_the_ledgers -q --durations=4

mutants: python ## Remove each permission and filter in turn: which would no test notice? (SAMPLE=40 MINUTES=30)
	@exec $(LAUNCHER) services --throwaway -- .venv/bin/python -m bench.mutants --sample $(or $(SAMPLE),0) --minutes $(or $(MINUTES),120) --only "$(ONLY)" --again "$(AGAIN)" --seed $(or $(SEED),1)

UV_COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock"

lock: python ## Bring every locked version up to date (Python and npm)
	@$(LAUNCHER) setup >/dev/null
	@for name in installer app test embedded bench; do $(UV_COMPILE) --upgrade requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	@npm update --save --ignore-scripts --no-audit --no-fund
	@! grep -nE 'https?://' requirements/*.txt && ! grep -n '"resolved"' package-lock.json
