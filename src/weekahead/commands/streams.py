"""Standard streams that never stop a command: what cannot be written is lost, and control characters are made visible.

What a command did is told by its exit status, also when nobody can read its words. Names and titles come from others; on a
terminal their control characters would move the cursor, or worse.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import select
import sys
from typing import Any, TextIO

STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
"""Characters that no text of ours has."""
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Those and line ends, and what reorders what follows on the screen (Unicode Technical Report 36, section 2.4)."""


def printable(text: str) -> str:
    """Return a name or a line with its control characters replaced by visible ones, so that it cannot steer a terminal."""
    return CONTROLS.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


class LastingFile(io.FileIO):
    """A file whose writes never fail; the first error is kept."""

    error: OSError | None = None

    def write(self, data: Any) -> int:
        try:
            while (written := super().write(data)) is None:  # it would block, as a pipe of Node.js does
                select.select([], [self], [])
            return written
        except OSError as error:
            self.error = self.error or error
            return memoryview(data).nbytes


class Output(io.TextIOWrapper):
    """Text that shows the control characters in it."""

    def write(self, text: str) -> int:
        super().write(STEERING.sub(_picture, text))
        return len(text)

    def write_styled(self, text: str) -> None:
        """Write text with colours, whose words are printable."""
        super().write(text)


def open_streams() -> None:
    """Put lasting streams in place of the standard ones, whatever those are; a closed one leads nowhere."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, so that no file of a site does
    if sys.stdin is None:
        sys.stdin = io.StringIO()
    if sys.stdout is sys.__stdout__:
        sys.stdout = _output(1, sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _output(2, sys.stderr)


def _output(number: int, stream: TextIO | None) -> Output:
    encoding = stream.encoding if stream else "utf-8"
    if codecs.lookup(encoding).name == "ascii":
        encoding = "utf-8"
    raw = LastingFile(number, "wb", closefd=False)
    return Output(io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=raw.isatty())


def close_streams() -> None:
    """Write what is left, and say on standard error if standard output could not be written, unless its reader left."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    error = raw.error if isinstance(raw, LastingFile) else None
    if error is not None and error.errno != errno.EPIPE:
        sys.stderr.write(f"weekahead: could not write to standard output: {error.strerror}\n")
        sys.stderr.flush()
