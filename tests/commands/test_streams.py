"""What was done is done, and its status says so, whatever becomes of the words; no name steers a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from tests.commands.conftest import OnATerminal
from tests.conftest import NOON, SCHEDULE, Folder, Said, issue_text, some

Run = Callable[..., Said]
WEEKAHEAD = [sys.executable, "-m", "weekahead"]
CLOSED = ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]
FULL = [">/dev/full", "2>/dev/full", ">/dev/full 2>/dev/full", "| true"]


def shell(folder: Folder, words: str, streams: str) -> tuple[int, str]:
    """Return the status of a command with some streams, and what it leaves on standard error."""
    program = f"set -o pipefail; {' '.join(WEEKAHEAD)} --root '{folder.root}' {words} {streams}"
    done = subprocess.run(["bash", "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("streams", some(CLOSED + FULL, 3))
def test_an_edit_that_was_made_says_so_in_its_status(folder: Folder, streams: str) -> None:
    status, said = shell(folder, "plan add Kites", streams)
    assert status == 0
    assert (folder.root / "schedule.yaml").read_text().count("Kites") == 1
    assert "Traceback" not in said
    assert len(said.splitlines()) <= 1


@pytest.mark.parametrize(
    ("words", "streams"),
    some([*product(["build", "check --format json", "plan", "schema letter"], CLOSED + FULL)], 7),
)
def test_the_status_is_that_of_the_work(folder: Folder, words: str, streams: str) -> None:
    as_of = f" --as-of {NOON}" if words != "schema letter" else ""
    status, said = shell(folder, words + as_of, streams)
    assert status == 0, said
    assert said == (
        "weekahead: could not write to standard output: No space left on device\n" if streams == ">/dev/full" else ""
    )


@pytest.mark.parametrize("streams", some(CLOSED + FULL, 3))
def test_a_broken_letter_fails_whatever_the_streams(folder: Folder, streams: str) -> None:
    folder.write("schedule.yaml", SCHEDULE.replace("friday", "fryday"))
    for words in some(["check", "build"], 2):
        assert shell(folder, words, streams)[0] == 1


def test_no_file_of_the_site_gets_the_number_of_a_closed_stream(folder: Folder) -> None:
    folder.build(NOON)
    before = folder.site()
    assert shell(folder, f"build --clean --explain --as-of {NOON}", "<&- >&- 2>&-")[0] == 0
    assert folder.site() == before


def test_a_stream_that_takes_ascii_alone_gets_words_all_the_same(folder: Folder) -> None:
    folder.write("schedule.yaml", SCHEDULE.replace("Small models", "Petits modèles …"))
    for encoding in some(["ascii", "latin-1"], 2):
        around = os.environ | {"PYTHONIOENCODING": encoding}
        program = [*WEEKAHEAD, "--root", str(folder.root), "plan", "--as-of", NOON]
        assert subprocess.run(program, env=around, capture_output=True, check=False).returncode == 0


NAMES = [
    "esc\x1b[31mred.png",
    "bell\x07.png",
    "return\rx.png",
    "line\nend.png",
    "c1\x9b2J.png",
    "del\x7f.png",
    "sep\u2028.png",
]


def hostile(folder: Folder) -> None:
    (folder.root / "issues/0005-fifth.md").unlink()
    body = "[a](<gone\x9b2J.png>) \x1b[2J and [b](c\x7fd)"
    path = "issues/0005-fifth\x1b[2J\x9b/index.md"
    folder.write(path, issue_text(5, "2022-02-04", '"Fifth \\e[31m \\x9b red"', body, tags='["t\\e[2J"]', summry="x"))
    for name in NAMES:
        folder.write(f"issues/0005-fifth\x1b[2J\x9b/{name}", "x")
    folder.write("schedule.yaml", SCHEDULE.replace("Small models", '"Small \\e[31m \\x9b2J \\r models"'))


@pytest.mark.parametrize(
    "words",
    [
        "check",
        "check --format json",
        "check --format github",
        "plan",
        "plan --json",
        "plan --ics",
        "plan --history",
        "plan --simulate 3",
        "build --explain",
        "build --dry-run",
        "ready 5",
        "unpublish 5",
        "plan add 'x\x1b[2J'",
        "plan state 7 ready",
        "plan drop 7",
        "plan '\x1b[2J'",
        "theme copy '\x1b[2J'",
        "deploy",
    ],
)
def test_no_control_character_of_a_name_is_written(folder: Folder, forked: Path, words: str) -> None:
    hostile(folder)
    program = f"{forked}/weekahead --root '{folder.root}' {words}"
    done = subprocess.run(["bash", "-c", program], capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode()
    assert said
    assert "Traceback" not in said
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)", said)


@pytest.mark.parametrize("words", ["check", "plan", "build"])
def test_no_control_character_of_a_name_reaches_a_terminal(
    folder: Folder, on_a_terminal: OnATerminal, words: str
) -> None:
    hostile(folder)
    said = on_a_terminal(folder, words, NO_COLOR="1")
    assert said
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", said)


STOPPED = """
import os, signal, sys
from importlib.abc import MetaPathFinder
class Interrupting(MetaPathFinder):
    left = {left}
    def find_spec(self, name, path, target=None):
        Interrupting.left -= 1
        if not Interrupting.left:
            os.kill(os.getpid(), signal.SIGINT)
from weekahead.__main__ import run
sys.meta_path.insert(0, Interrupting())
run(["--root", {root!r}, "build", "--as-of", {as_of!r}])
"""


@pytest.mark.parametrize("left", some([1, 2, 5, 20, 60, 100, 140, 180, 240, 300], 4))
def test_a_stop_at_any_import_is_one_line(folder: Folder, left: int) -> None:
    program = STOPPED.format(left=left, root=str(folder.root), as_of=NOON)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "Stopped.\n")


def test_a_command_that_shall_not_be_stopped_is_not(folder: Folder) -> None:
    """As of `nohup`, or a shell that starts it in the background."""
    program = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    program += STOPPED.format(left=60, root=str(folder.root), as_of=NOON)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_entry_imports_nothing_that_takes_its_time() -> None:
    code = "import sys; import weekahead.__main__; print([name for name in ('click', 'collections.abc', 'msgspec', 'pathlib', 'signal', 'typing') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2] / "src",
    )
    assert done.stdout == "[]\n"


def test_a_stop_within_a_class_statement_is_a_stop(run: Run, monkeypatch: pytest.MonkeyPatch, folder: Folder) -> None:
    """Python before 3.12 wraps what is raised while a class names its descriptors."""

    class Stopping:
        def __set_name__(self, owner: type, name: str) -> None:
            raise KeyboardInterrupt

    def build(wanted: object) -> None:
        type("Class", (), {"field": Stopping()})

    monkeypatch.setattr("weekahead.build.pipeline.build", build)
    said = run("build", "--root", folder.root)
    assert (said.status, said.err) == (130, "Stopped.\n")
