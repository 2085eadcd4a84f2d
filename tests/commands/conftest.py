"""`weekahead` in a shell and on a terminal, without its start."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import NOON, Folder
from tests.forked_command import ForkedCommand

OnATerminal = Callable[..., str]


@pytest.fixture(scope="session")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the program `weekahead`."""
    folder = tmp_path_factory.mktemp("forked") / "bin"
    command = ForkedCommand(folder)
    yield folder
    command.close()


@pytest.fixture
def on_a_terminal(forked: Path) -> OnATerminal:
    """What a command prints on a terminal of some width."""

    def said(folder: Folder, *arguments: str, columns: int = 80, **environment: str) -> str:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        around = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "CI")}
        program = [str(forked / "weekahead"), *arguments, "--root", str(folder.root), "--as-of", NOON]
        with subprocess.Popen(program, stdin=theirs, stdout=theirs, stderr=theirs, env=around | environment):
            os.close(theirs)
            chunks = []
            while chunk := _read(ours):
                chunks.append(chunk)
        os.close(ours)
        return b"".join(chunks).decode().replace("\r\n", "\n")

    return said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux: the other end is closed
        return b""
