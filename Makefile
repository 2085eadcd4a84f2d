# Two commands are enough: `make site` builds the letter, `make test` runs the tests.
# Both first make their own environment in .venv/ from the locked, hashed requirements.txt.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: site test slow laws faults histories leaks fuzz lint check serve lock wheel clean

site: $(READY)
	$(BIN)/weekahead build

test: $(READY)
	$(BIN)/pytest

# Each of these tries far more than `make test` does. Raise a figure to try more: `make faults KILLS=1000`.
slow: laws faults histories leaks fuzz

# The laws of the schedule, each over so many examples.
EXAMPLES ?= 2000
laws: $(READY)
	EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/test_schedule.py

# Kills before every single file-system call, kills at random instants of a rebuild of 300 issues, pairs of builds at once.
KILLS ?= 60
PAIRS ?= 20
faults: $(READY)
	FAULTS=1 KILLS=$(KILLS) PAIRS=$(PAIRS) $(BIN)/pytest tests/test_faults.py

# Random histories of a letter, each step built and compared with a build from nothing.
HISTORIES ?= 100
histories: $(READY)
	HISTORIES=$(HISTORIES) $(BIN)/pytest tests/test_histories.py

# Random letters with words that must not get out.
LETTERS ?= 300
leaks: $(READY)
	LETTERS=$(LETTERS) $(BIN)/pytest tests/test_leaks.py

# Mutated files for the readers; REAL=FOLDER adds real ones.
FUZZ ?= 20000
fuzz: $(READY)
	FUZZ=$(FUZZ) $(BIN)/pytest tests/test_fuzz.py

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Format, lint, types, tests; the tests hold the docs as well.
check: lint test

serve: $(READY)
	$(BIN)/weekahead serve --open

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	touch $(READY)

# Resolve the newest allowed versions anew, on the oldest Python we support. -P keeps our build.py from standing
# in for the package of that name.
lock: $(READY)
	$(BIN)/python -P -m piptools compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--extra dev --output-file requirements.txt pyproject.toml

wheel: $(READY)
	$(BIN)/python -P -m build --wheel --no-isolation

clean:
	rm -rf .venv .weekahead dist
