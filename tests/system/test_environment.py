"""The tests run the same for everybody, everywhere, on any day."""

from __future__ import annotations

import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from weekahead.build.as_of import instant


@pytest.mark.parametrize("question", [("var", "GIT_COMMITTER_IDENT"), ("rev-parse", "--git-dir")])
def test_git_finds_neither_a_person_nor_a_repository(tmp_path: Path, question: tuple[str, ...]) -> None:
    assert subprocess.run(["git", "-C", tmp_path, *question], capture_output=True).returncode


def test_home_time_zone_language_and_day_are_those_of_the_tests() -> None:
    assert not Path(os.environ["HOME"], ".gitconfig").exists()
    assert time.tzname[0] == "UTC"
    assert not [name for name in os.environ if name.startswith("LC_")]
    assert instant(None, None) == datetime(2022, 2, 9, 19, tzinfo=UTC)
