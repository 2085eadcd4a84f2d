"""Compiled code that Python does not keep by itself, in the folder and the form of the code that it does (PEP 552).

It lies in our own package, and nothing of a letter ever does: whoever can write there can change our modules as well.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from types import CodeType

HASHED = (0b11).to_bytes(4, "little")
"""The flags of code that is right for one digest of its source, whatever the time."""


def load_code(name: str, source: str) -> CodeType | None:
    """Return what a source was compiled to by this version of Python; None if that is not kept under the name."""
    header = _header(source)
    with suppress(OSError, ValueError, EOFError, TypeError):
        data = _path(name).read_bytes()
        if data.startswith(header) and isinstance(code := marshal.loads(data[len(header) :]), CodeType):
            return code
    return None


def save_code(name: str, source: str, code: CodeType) -> None:
    """Keep what a source was compiled to, if Python may keep code of ours (not with `-B`, nor in a folder closed to us)."""
    path = _path(name)
    if sys.dont_write_bytecode:
        return
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(_header(source) + marshal.dumps(code))
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)


def _path(name: str) -> Path:
    return Path(cache_from_source(str(Path(__file__).with_name(f"{name}.py"))))


def _header(source: str) -> bytes:
    return MAGIC_NUMBER + HASHED + source_hash(source.encode())
