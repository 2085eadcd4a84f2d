"""Run a command of weekahead for the desk, one at a time: the very command, whose output is shown as it comes."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

from msgspec import Struct

from weekahead.source.schedule_editor import EditError

MOST_LINES = 2000
PATIENCE = 10.0
"""Seconds that a command has to end when the desk is closed: `send` ends between two letters."""


class Job(Struct):
    """A command that runs or ran. `status` is its exit status, None while it runs."""

    number: int
    arguments: tuple[str, ...]
    lines: list[str]
    status: int | None = None

    @property
    def command(self) -> str:
        """Return what one would type."""
        return shlex.join(["weekahead", *self.arguments])

    @property
    def is_fine(self) -> bool:
        return self.status == 0


class Jobs:
    """The commands that the desk runs on a letter. Every method may be called from any thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._count = 0
        self.last: Job | None = None

    def start(self, *arguments: str) -> Job:
        """Start `weekahead` with some arguments. Raise EditError while another command runs; the same one is not started twice."""
        with self._lock:
            if self.last and self.last.status is None and self.last.arguments == arguments:
                return self.last
            if self.last and self.last.status is None:
                raise EditError(f"{self.last.command} is still running; wait until it has ended")
            self._count += 1
            job = self.last = Job(number=self._count, arguments=arguments, lines=[])
            command = [sys.executable, "-P", "-m", "weekahead", *arguments, "--root", str(self._root.resolve())]
            around = {**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                encoding="utf-8", errors="replace", env=around,
            )  # fmt: skip
            threading.Thread(target=self._follow, args=(job, self._process), daemon=True).start()
        return job

    def _follow(self, job: Job, process: subprocess.Popen[str]) -> None:
        with process:
            assert process.stdout
            for line in process.stdout:
                if len(job.lines) < MOST_LINES:
                    job.lines.append(line.rstrip("\n"))
        job.status = process.returncode

    def close(self) -> None:
        """Stop a command that still runs, in its own time."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
