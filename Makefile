# make demo   four areas' workbooks with typical mistakes under demo/, checked
# make test   the checks and the quick tests; make test-slow the slow ones: CI runs both
#
# Needs Python 3.11 or newer (make PYTHON=… names another one), make and pip. Everything is
# installed into .venv, in the versions of constraints.txt.

OLDEST := 3.11
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < tuple(map(int, "$(OLDEST)".split("."))))
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	$$p -c '$(IS_NEW_ENOUGH)' 2>/dev/null && { echo $$p; break; }; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NEEDED := pyproject.toml constraints.txt
TOOLS := build==1.6.1 cyclonedx-bom==7.5.0 pip-audit==2.10.1
# One process more than processors: some tests wait, for a lock, a signal or another process.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
# The order of the tests. CI keeps one, so that a red run is the change's own; make test SEED=default shuffles.
SEED ?= 2885333242
CHECKED := rules sync sheets_templates tests docs

.PHONY: demo demo-google test test-slow test-long test-lowest test-newest bench corpus chaos strangers bench-google chaos-google bench-sharepoint chaos-sharepoint fuzz google-suites gspread-suite pygsheets-suite node-suite wheel release audit pictures reference texts docs format clean

demo: .venv/installed
	@$(BIN)/helhedsplan demo demo
	@echo "(helhedsplan is $(BIN)/helhedsplan here.)"

# The same on spreadsheets, in the tests' server that takes Google's place; until it is interrupted.
demo-google: .venv/installed-test
	@$(BIN)/python -m tests.google_server.demo

test: .venv/installed-test
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/mypy docs
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal --randomly-seed=$(SEED) -m "not slow and not long"

# Runs in processes of their own, LibreOffice, a browser, hostile files.
test-slow: .venv/installed-test
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal --randomly-seed=$(SEED) -m "slow and not long"

# Whole years day by day, a plan's life, many formulas in LibreOffice, forty plans in a browser.
test-long: .venv/installed-test
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m long

# The tests that need no LibreOffice, with the lowest versions that pyproject.toml allows, and with the
# newest that there are, each in an environment of its own: make test-lowest TESTS=tests/rules
test-lowest: build/lowest/installed
	build/lowest/bin/python -m pytest -q -n auto -m "not libreoffice" $(TESTS)

test-newest: build/newest/installed
	build/newest/bin/python -m pytest -q -n auto -m "not libreoffice" $(TESTS)

build/lowest/installed: pyproject.toml docs/make_floors.py
	rm -rf build/lowest
	$(PYTHON) -m venv build/lowest
	$(PYTHON) docs/make_floors.py > build/lowest/floors.txt
	build/lowest/bin/python -m pip --disable-pip-version-check install -q -c build/lowest/floors.txt -e '.[test]'
	@touch $@

build/newest/installed: pyproject.toml
	rm -rf build/newest
	$(PYTHON) -m venv build/newest
	build/newest/bin/python -m pip --disable-pip-version-check install -q -e '.[test]'
	@touch $@

bench: .venv/installed-bench
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.writing

# The write-back tried on every workbook of a folder: make corpus CORPUS=DIR
corpus: .venv/installed-test
	@test -n "$(CORPUS)" || { echo "make corpus CORPUS=DIR: name a folder with workbooks"; exit 2; }
	$(BIN)/python -m tests.corpus "$(CORPUS)" --libreoffice

# Runs killed at any moment, file operations that fail, edits in between: nothing may be harmed.
chaos: .venv/installed-test
	$(BIN)/python -m tests.chaos

# A hundred right plans in strangers' habits, and each typical mistake in ten of them.
strangers: .venv/installed-test
	$(BIN)/python -m tests.strangers

# More than a million generated inputs for all that reads what people wrote; where there is an
# atheris for the system, coverage guides some more of them.
fuzz: .venv/installed-fuzz
	$(BIN)/python -m tests.fuzz

# Other clients' own tests for Google Sheets, on the server in tests/google_server. pip fetches them.
google-suites: .venv/installed-test
	$(BIN)/python -m tests.google_server.suites gspread-formatting || test $$? -eq 77
	$(BIN)/python -m tests.google_server.suites gspread-dataframe || test $$? -eq 77

# pygsheets' and, with node and npm, google-spreadsheet's:
#   make pygsheets-suite PYGSHEETS=CHECKOUT    make node-suite NODE_SHEETS=CHECKOUT
pygsheets-suite: .venv/installed-test
	$(BIN)/python -m tests.google_server.suites pygsheets $(PYGSHEETS) || test $$? -eq 77

node-suite: .venv/installed-test
	$(BIN)/python -m tests.google_server.suites.node $(NODE_SHEETS) || test $$? -eq 77

# gspread's, which its source distribution leaves out: make gspread-suite GSPREAD=CHECKOUT
gspread-suite: .venv/installed-test
	$(BIN)/python -m tests.google_server.suites gspread $(GSPREAD) || test $$? -eq 77
	@test ! -d "$(GSPREAD)/tests/cassettes" || \
		$(BIN)/python -m tests.google_server.suites.replay "$(GSPREAD)/tests/cassettes"

# Requests to Google, counted; and runs with staff editing, and with failures, in between.
bench-google: .venv/installed-test
	$(BIN)/python -m tests.sync.stores.google.bench

chaos-google: .venv/installed-test
	$(BIN)/python -m tests.sync.stores.google

# The same for SharePoint.
bench-sharepoint: .venv/installed-test
	$(BIN)/python -m tests.sync.stores.sharepoint.bench

chaos-sharepoint: .venv/installed-test
	$(BIN)/python -m tests.sync.stores.sharepoint

# The pictures of the README, from the demo's own files. Needs LibreOffice and pdftoppm.
pictures: .venv/installed-test
	$(BIN)/python docs/make_pictures.py

# docs/regler.md, docs/rules.md and the tables of docs/workbook.md, from the code.
reference: .venv/installed
	$(BIN)/python docs/make_reference.py

# The catalogues of texts in other languages, from the code and their translations.
texts: .venv/installed
	$(BIN)/python docs/make_texts.py

# The documentation as a small site under build/site; a link that leads nowhere fails.
docs: .venv/installed-docs
	@$(BIN)/python docs/make_site.py

format: .venv/installed-test
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

# The wheel and the source, and the wheel tried as built: installed into an environment of its own,
# where nothing of this folder is, and the demonstration run from there.
wheel: build/tools/installed
	rm -rf dist build/lib build/bdist.* build/wheel
	build/tools/bin/python -m build --outdir dist . >/dev/null
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python -m pip --disable-pip-version-check install -q -c constraints.txt dist/*.whl
	cd build/wheel && bin/helhedsplan demo demo && bin/helhedsplan doctor -c demo/config.toml
	cd build/wheel && HELHEDSPLAN_LANGUAGE=en bin/helhedsplan rules FIN-01 | grep -q "local co-financing"

# What is released: the wheel and the source, what is in them and what they need (CycloneDX), sums.
release: wheel
	build/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--output-file dist/helhedsplan.cdx.json build/wheel/bin/python
	cp constraints.txt dist
	cd dist && sha256sum * > SHA256SUMS && cat SHA256SUMS
	$(PYTHON) -m tests.released dist

# Known vulnerabilities of what constraints.txt names. Asks pypi.org; --strict fails where it is silent.
audit: build/tools/installed
	build/tools/bin/pip-audit --strict --disable-pip --no-deps -r constraints.txt

build/tools/installed: Makefile
	rm -rf build/tools
	$(PYTHON) -m venv build/tools
	build/tools/bin/python -m pip --disable-pip-version-check install -q $(TOOLS)
	@touch $@

clean:
	rm -rf .venv demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find $(CHECKED) -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian's python3 without python3-venv cannot put pip into a new environment; pip itself can.
.venv/made:
	@test -n "$(PYTHON)" || { echo "No Python $(OLDEST) or newer found: make PYTHON=…"; exit 1; }
	@$(PYTHON) -c '$(IS_NEW_ENOUGH)' || { echo "$(PYTHON) is not Python $(OLDEST) or newer"; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { \
		rm -rf .venv && $(PYTHON) -m venv --without-pip .venv && \
		$(PYTHON) -m pip --python .venv/bin/python install -q pip; }
	@touch $@

.venv/installed: .venv/made $(NEEDED)
	@echo "Installing into .venv …"
	@$(PIP) install -q -c constraints.txt -e .
	@touch $@

.venv/installed-test: .venv/made $(NEEDED)
	@echo "Installing into .venv, with what the tests need …"
	@$(PIP) install -q -c constraints.txt -e '.[test]'
	@touch $@ .venv/installed

.venv/installed-docs: .venv/made $(NEEDED)
	@$(PIP) install -q -c constraints.txt -e '.[docs]'
	@touch $@

.venv/installed-bench: .venv/made $(NEEDED)
	@$(PIP) install -q -c constraints.txt -e '.[test,bench]'
	@touch $@ .venv/installed-test .venv/installed

.venv/installed-fuzz: .venv/made $(NEEDED)
	@$(PIP) install -q -c constraints.txt -e '.[test,fuzz]'
	@touch $@ .venv/installed-test .venv/installed
