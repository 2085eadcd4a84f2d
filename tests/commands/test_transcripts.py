"""Sessions in a shell, held to the letter: each command, what it prints, and its exit status unless it is 0.

`pytest tests/commands --update-golden` rewrites transcripts/ from the commands in it.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from tests.conftest import Folder

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.fixture
def environment(forked: Path) -> dict[str, str]:
    """A shell in which `weekahead` is this one, at noon on 2022-02-09 in Denver."""
    return os.environ | {
        "PATH": f"{forked}:{os.environ['PATH']}",
        "SOURCE_DATE_EPOCH": "1644433200",
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "WEEKAHEAD_TOKEN_KEY": "k" * 40,
    }


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_session_prints_its_transcript(
    path: Path, folder: Folder, environment: dict[str, str], pytestconfig: pytest.Config
) -> None:
    printed = ""
    for command in re.findall(r"(?m)^\$ (.*)$", path.read_text("utf-8")):
        shell = subprocess.run(
            ["bash", "-c", command],
            cwd=folder.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        status = f"[exit status {shell.returncode}]\n" if shell.returncode else ""
        printed += f"$ {command}\n{shell.stdout.replace(str(folder.root.parent), '/home/ida')}{status}\n"
    if pytestconfig.getoption("update_golden"):
        path.write_text(printed, "utf-8")
    assert printed == path.read_text("utf-8")
