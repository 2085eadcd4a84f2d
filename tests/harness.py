"""Builds in a child process that is killed, or refused by the system, at a chosen instant; and what work costs, in calls."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from weekahead.build.transaction import ANNOUNCEMENT

CALLS = {
    "open",
    "os.chmod",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.scandir",
    "os.truncate",
    "fcntl.flock",
    "sqlite3.connect",
}
"""The file-system calls that Python reports before it makes them."""
READING = {"os.scandir", "fcntl.flock", "sqlite3.connect"}


class Ended:
    """How a child ended: killed, or with an exit status and the words it left on its outputs."""

    def __init__(self, status: int, said: str) -> None:
        self.killed = os.WIFSIGNALED(status)
        self.status = -1 if self.killed else os.WEXITSTATUS(status)
        self.said = said


def run_forked(
    work: Callable[[], object], at_call: int = 0, fault: int = 0, after: float = 0, root: str = "", blocked: str = ""
) -> Ended:
    """Do some work in a child. It is killed before its `at_call`-th file-system call below `root`, or that call fails
    with `fault`, as does every call that would change the path `blocked`; or it is killed `after` some seconds."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        _in_child(work, write, _interrupter(at_call, fault, root, blocked) if at_call or blocked else None)
    os.close(write)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(read, encoding="utf-8", errors="replace") as pipe:
        said = pipe.read()
    return Ended(os.waitpid(child, 0)[1], said)


def changed_paths(work: Callable[[], object], root: str) -> list[str]:
    """Do some work in a child and return every path below `root` that it would change, in order."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CALLS - READING and not (event == "open" and not _is_writing(arguments)):
            for path in _paths(arguments, root):
                os.write(1, f"\n>{path}\n".encode())

    def watched() -> None:
        sys.addaudithook(hook)
        work()

    said = run_forked(watched).said
    return list(dict.fromkeys(line[1:] for line in said.split("\n") if line.startswith(">")))


Hook = Callable[[str, tuple[Any, ...]], None]


def _in_child(work: Callable[[], object], write: int, hook: Hook | None) -> NoReturn:
    status = 70
    try:
        os.dup2(write, 1)
        os.dup2(write, 2)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        if hook:
            sys.addaudithook(hook)
        work()
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _paths(arguments: tuple[Any, ...], root: str) -> list[str]:
    """The paths below `root` that a call is made with."""
    named = [os.fsdecode(part) for part in arguments if isinstance(part, str | bytes | os.PathLike)]
    return [path for path in named if path.startswith(root)]


def _is_writing(arguments: tuple[Any, ...]) -> bool:
    return len(arguments) > 1 and bool(arguments[1]) and bool(set(str(arguments[1])) & set("wax+"))


def _interrupter(at_call: int, fault: int, root: str, blocked: str) -> Hook:
    calls = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal calls
        if event not in CALLS or (event != "fcntl.flock" and not _paths(arguments, root)):
            return
        if fault and (event in READING or (event == "open" and not _is_writing(arguments))):
            return
        calls += 1
        if calls == at_call or (blocked and blocked in _paths(arguments, root)):
            if not fault:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(fault, os.strerror(fault), *_error_paths(event, arguments))

    return hook


def _error_paths(event: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """What an OSError says of the paths of a call, as the system's own does."""
    paths = [part for part in arguments if isinstance(part, str | os.PathLike)]
    if event in ("os.rename", "os.link"):
        return (os.fspath(paths[0]), None, os.fspath(paths[1]))
    return (os.fspath(paths[0]),) if paths else ()


DISK_FULL, READ_ONLY, DENIED = errno.ENOSPC, errno.EROFS, errno.EACCES
IMMUTABLE, FOLDER, QUOTA, TOO_LONG = errno.EPERM, errno.EISDIR, errno.EDQUOT, errno.ENAMETOOLONG


def files(site: Path) -> dict[str, bytes]:
    """Every file of a site with its bytes."""
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def wrongs(site: Path, old: dict[str, bytes], new: dict[str, bytes], host: str = "letter.example") -> list[str]:
    """What a reader would hold against a site between two editions: a cut file, an absent page, a dead link."""
    found, wrong = files(site), []
    for path, data in found.items():
        whole = data in (old.get(path), new.get(path)) or (path not in old and data == ANNOUNCEMENT)
        if not whole:
            wrong.append(f"{path} is neither the old nor the new one ({len(data)} bytes)")
    wrong += [f"{path} is absent" for path in old.keys() & new.keys() - found.keys()]
    folders = {folder.rstrip("/") + "/" for path in found for folder in [path.rpartition("/")[0]]}
    for path, data in found.items():
        is_read = not path.startswith("search/") or path.encode() in found.get("archive/index.html", b"")
        for address in addresses(path, data) if is_read else ():
            parts = urlsplit(address)
            if (parts.scheme in ("http", "https") and parts.netloc != host) or parts.scheme in ("mailto",):
                continue
            wanted = unquote(parts.path).lstrip("/")
            page = wanted + "index.html" if not wanted or wanted.endswith("/") else wanted
            if parts.path and page not in found and wanted + "/" not in folders:
                wrong.append(f"{path} links to /{wanted}, which is not there")
    return wrong


def addresses(path: str, data: bytes) -> set[str]:
    """Where a page leads, or what the archive's search finds in a file."""
    if path.startswith("search/"):
        return {*json.loads(data)}
    return (
        {found.decode() for found in re.findall(rb'(?:href|src)="([^"]*)"', data)} if path.endswith(".html") else set()
    )


def calls(work: Callable[[], object]) -> int:
    """Return how many calls some work makes, of Python's functions and those of C: a cost that no other process changes."""
    count = 0

    def tell(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tell)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
