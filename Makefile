# Two commands are enough: `make site` builds the letter, `make test` runs the tests.
# Both first make their own environment in .venv/ from the locked, hashed requirements.txt.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: site test laws lint check serve lock wheel clean

site: $(READY)
	$(BIN)/weekahead build

test: $(READY)
	$(BIN)/pytest

# The laws of the schedule over many more examples; takes minutes.
laws: $(READY)
	EXAMPLES=20000 $(BIN)/pytest tests/test_schedule.py

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
