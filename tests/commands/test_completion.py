"""What the Tab key offers, asked of the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Folder

BASH = """\
eval "$(weekahead completion bash)"
offer() {
    COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
    _weekahead_completion weekahead
    echo "${COMPREPLY[*]}"
}
"""
FISH = 'weekahead completion fish | source; complete -C "{line}"'
ZSH = """\
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; eval "$(weekahead completion zsh)"; LISTMAX=0; print REA""DY'
zpty -r shell said '*READY*'
zpty -w -n shell $'{line}\\t'
zpty -r shell said '*{word}*'
print -r -- "$said"
"""


def ask(tmp_path: Path, folder: Folder, shell: str, script: str) -> str:
    command = tmp_path / "bin/weekahead"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m weekahead.commands.main "$@"\n')
    command.chmod(0o755)
    around = os.environ | {"PATH": f"{command.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "dumb"}
    done = subprocess.run(
        [shell, "-c", script], cwd=folder.root, env=around, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def test_bash(tmp_path: Path, folder: Folder) -> None:
    asked = {
        "weekahead rea": "ready",
        'weekahead ready ""': "5 4 3 2 1",
        "weekahead plan s": "skip state swap",
        "weekahead build --d": "--drafts --dry-run",
        "weekahead plan state 6 re": "research review recording ready",
    }
    script = BASH + "".join(f"offer {words}\n" for words in asked)
    assert ask(tmp_path, folder, "bash", script).splitlines() == [*asked.values()]


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish here")
def test_fish(tmp_path: Path, folder: Folder) -> None:
    assert ask(tmp_path, folder, "fish", FISH.format(line="weekahead unp")).split("\t")[0].strip() == "unpublish"
    said = ask(tmp_path, folder, "fish", FISH.format(line="weekahead ready "))
    assert sorted(line.split("\t")[0] for line in said.splitlines()) == ["1", "2", "3", "4", "5"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
def test_zsh(tmp_path: Path, folder: Folder) -> None:
    assert "unpublish" in ask(tmp_path, folder, "zsh", ZSH.format(line="weekahead unp", word="unpublish"))
