# Two commands are enough: `make site` builds the letter, `make test` runs the tests.
# Both first make their own environment in .venv/ from the locked, hashed requirements.txt.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

# The tests start hundreds of processes of ours: each would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: site test slow thorough laws faults kills histories edits leaks fuzz active markdown tutorial newest mailman audit lint check serve bench bench-mail bench-readme lock wheel clean feeds reference exports books bench-import

# The sample letter is shown as of this day, on which an issue is in review, so that it is as fresh in a year as it is now.
AS_OF := 2026-11-23

site: $(READY)
	$(BIN)/weekahead build --as-of $(AS_OF)

test: $(READY)
	$(BIN)/pytest

# Each of these tries far more than `make test` does. Raise a figure to try more: `make faults KILLS=1000`.
slow: thorough laws faults kills mailman histories edits leaks fuzz active markdown feeds tutorial books

# Every case of the tests of which `make test` tries some: those that ask tests.conftest.some for their cases.
ALL_CASES := \
	tests/book \
	tests/build/test_growth.py \
	tests/build/test_scaffold.py \
	tests/build/test_traces.py \
	tests/commands/test_streams.py \
	tests/feeds/test_feed_readers.py \
	tests/lint/test_scanner.py \
	tests/references/test_against_pandoc.py \
	tests/serve/test_local_server.py \
	tests/serve/test_writing.py \
	tests/site/test_site.py \
	tests/source/test_text_edit.py \
	tests/system/test_benchmarks.py \
	tests/system/test_moving.py \
	tests/system/test_publishing.py \
	tests/system/test_strangers.py \
	tests/theme/test_i18n.py
thorough: $(READY) .outloud/bin/outloud
	THOROUGH=1 $(BIN)/pytest $(ALL_CASES)

# The laws of the schedule, each over so many examples.
EXAMPLES ?= 2000
laws: $(READY)
	EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/model/test_schedule.py

# Kills before every single file-system call, kills at random instants of a rebuild of 300 issues, pairs of builds at once;
# links, pipes and the like in the place of whatever commands open.
KILLS ?= 60
PAIRS ?= 20
PLANTED ?= 1500
faults: $(READY)
	FAULTS=1 KILLS=$(KILLS) PAIRS=$(PAIRS) PLANTED=$(PLANTED) $(BIN)/pytest tests/system/test_faults.py tests/system/test_strangers.py

# `weekahead send` killed while it talks to a hostile mail server, over lists of 50; pairs of senders at once; more of the small
# worlds of tests/mail/test_sending.py: make kills KILLS=1000.
kills: $(READY)
	KILLS=$(KILLS) PAIRS=$(PAIRS) READERS_OF_MAIL=50 EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/mail

# A letter through a real Mailman 3 and Postfix to fifty members. Mailman lives in .mailman/, apart from us;
# where it cannot be installed the test skips, but not in CI.
mailman: $(READY) .mailman/ready
	MAILMAN=1 $(BIN)/pytest -n 0 tests/mail/test_mailman.py

.mailman/ready: tests/mail/mailman-requirements.txt
	$(PYTHON) -m venv .mailman
	.mailman/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r tests/mail/mailman-requirements.txt || test -z "$$CI"
	! test -x .mailman/bin/master || touch $@

# Random histories of a letter, each step built and compared with a build from nothing.
HISTORIES ?= 100
histories: $(READY)
	HISTORIES=$(HISTORIES) $(BIN)/pytest tests/system/test_histories.py

# Random edits of random letters: whatever shows the change is made again.
EDITS ?= 500
edits: $(READY)
	EDITS=$(EDITS) $(BIN)/pytest tests/build/test_traces.py tests/site/test_context.py

# Random letters with words that must not get out.
LETTERS ?= 300
leaks: $(READY)
	LETTERS=$(LETTERS) $(BIN)/pytest tests/system/test_leaks.py

# Mutated files for the readers, damaged exports for the importers, letters that are wrong for every command; REAL=FOLDER adds real files.
FUZZ ?= 20000
WRONG ?= 1000
fuzz: $(READY)
	FUZZ=$(FUZZ) WRONG=$(WRONG) $(BIN)/pytest tests/system/test_fuzz.py tests/system/test_wrong_letters.py tests/importers/platforms/test_damaged.py

# Made payloads in chromium, on a page without its policy: whatever runs was a finding.
PAYLOADS ?= 1000
active: $(READY)
	PAYLOADS=$(PAYLOADS) $(BIN)/pytest -n 0 tests/system/test_active_content_in_a_browser.py

# Made documents compared with GitHub's converter, and longer texts of every hostile shape, of which `make test` tries some. Real letters:
#   .venv/bin/python -m tests.markdown.compare --real FOLDER
DOCUMENTS ?= 5000
markdown: $(READY)
	THOROUGH=1 DOCUMENTS=$(DOCUMENTS) EXAMPLES=$(EXAMPLES) LENGTH=100000 $(BIN)/pytest tests/markdown/test_against_cmark.py tests/markdown/test_cost.py

# The tests against the built wheel, in an empty environment with the newest versions that pyproject.toml allows, on the oldest
# Python we support and the newest one here: make newest PYTHONS="python3.11 python3.14".
newest: $(READY)
	$(BIN)/python tools/newest.py $(PYTHONS)

# Known vulnerabilities in the locked packages. Ends with status 75, and says so, where the data cannot be reached.
audit: $(READY) .audit/bin/pip-audit
	$(BIN)/python tools/audit.py

.audit/bin/pip-audit:
	$(PYTHON) -m venv .audit
	.audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1

# docs/tutorial.md, followed word for word, with the published letter read in a browser (chromium).
tutorial: $(READY)
	BROWSER=1 $(BIN)/pytest tests/system/test_tutorial.py

# The same letter built by weekahead and by its peers, in turn: docs/speed.md. The peers live in .bench/, apart from us.
#   make bench SIZES="100 1000" ROUNDS=5 PEERS="hugo pelican" REAL=folder-of-markdown
SIZES ?= 100 1000 2000 10000
ROUNDS ?= 5
PEERS ?= hugo pelican eleventy
bench: $(READY) .bench/venv/ready .bench/npm-ready
	$(BIN)/python -m benchmarks --sizes "$(SIZES)" --rounds $(ROUNDS) --peers "$(PEERS)" $(if $(REAL),--real "$(REAL)")

# A thousand letters to one mail server on this machine by weekahead, by Postfix's sendmail and by a bare loop: docs/speed.md.
LETTERS_OF_MAIL ?= 1000
bench-mail: $(READY)
	$(BIN)/python -m benchmarks.mail --letters $(LETTERS_OF_MAIL) --rounds $(ROUNDS)

# Imports of a thousand issues from each system, and what becomes of the words of nasty exports: docs/speed.md.
#   make bench-import REAL=folder-of-markdown
IMPORTED ?= 1000
bench-import: $(READY)
	$(BIN)/python -m benchmarks.imports .bench/imports --issues $(IMPORTED) $(if $(REAL),--real "$(REAL)")
	$(BIN)/python -m benchmarks.words

# The exported folder, built by Hugo and Eleventy.
exports: $(READY) .bench/venv/ready .bench/npm-ready
	$(BIN)/pytest -n 0 tests/exporters/test_other_systems.py

# Writes the figures of the last `make bench` into README.md, and the picture beside it.
bench-readme: $(READY)
	$(BIN)/python -m benchmarks --publish

.bench/venv/ready: benchmarks/requirements.txt
	$(PYTHON) -m venv .bench/venv
	.bench/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.txt
	touch $@

# Without npm the benchmark goes on without Eleventy.
.bench/npm-ready: benchmarks/package-lock.json
	mkdir -p .bench && cp benchmarks/package.json benchmarks/package-lock.json .bench/
	! command -v npm >/dev/null || npm ci --silent --no-audit --no-fund --prefix .bench
	touch $@

# Random histories of a letter, each followed by a feed reader that remembers ids.
READERS ?= 5000
feeds: $(READY)
	READERS=$(READERS) $(BIN)/pytest tests/feeds/test_identity.py

# Books of 8 and 100 issues, whole: EPUBCheck, every link, the notes of every page, the same bytes twice; seconds and megabytes are printed.
# REAL=FOLDER takes the Markdown of a folder's issues/ in place of made ones.
BOOKS ?= 8 100
books: $(READY) .outloud/bin/outloud
	BOOKS="$(BOOKS)" REAL="$(REAL)" $(BIN)/pytest -n 0 -s tests/book/test_long_books.py

# A judge of PDF/UA, apart from us: it brings a hundred megabytes of its own.
.outloud/bin/outloud:
	$(PYTHON) -m venv .outloud
	.outloud/bin/python -m pip install --quiet --disable-pip-version-check outloud==0.2.1

# Writes the tables of keys in docs/reference.md, as the readers have them.
reference: $(READY)
	$(BIN)/python tools/make_reference.py

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Format, lint, types, tests; the tests hold the docs as well.
check: lint test

serve: $(READY)
	$(BIN)/weekahead serve --open --as-of $(AS_OF)

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	touch $(READY)

# Resolve the newest allowed versions anew, on the oldest Python we support; those of the benchmark's peers and of Mailman as well.
# -P keeps our build.py from standing in for the package of that name.
COMPILE = $(BIN)/python -P -m piptools compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
lock: $(READY)
	$(COMPILE) --all-extras --output-file requirements.txt pyproject.toml
	$(COMPILE) --output-file benchmarks/requirements.txt benchmarks/requirements.in
	$(COMPILE) --output-file tests/mail/mailman-requirements.txt tests/mail/mailman-requirements.in

wheel: $(READY)
	$(BIN)/python -P -m build --wheel --no-isolation

clean:
	rm -rf .venv .audit .outloud .bench .mailman .newest .weekahead dist
