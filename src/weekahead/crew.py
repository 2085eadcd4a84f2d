"""Work spread over the machine's cores, in copies of this process that share all it knows and nothing they do.

A copy is a fork: it sees every value as it stood and can change none of them here, so that the work must be a function
of its item. What it makes comes back as bytes through a pipe, in the order of the items. A pipe holds little, and so a
copy that runs ahead waits: memory stays small. A copy ends with its parent, however that ends: its pipe breaks.
"""

from __future__ import annotations

import fcntl
import gc
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, NoReturn

import msgspec

from weekahead.findings import Finding, NotReady

PIPE = 1 << 20
"""Bytes that a pipe may hold, where the system lets us choose (Linux does)."""
FEWEST = 24
"""Items that are worth a copy: a copy costs what a few of them do."""
HEAD = struct.Struct("<?Q")
"""Was it made, and the length of what follows: the bytes that were made, or the findings that kept it from being made."""


class Lost(RuntimeError):
    """A copy ended before its work: it was killed, or the work has a fault. What it printed says more."""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[int], bytes], count: int, jobs: int, begin: Callable[[], object] = lambda: None
) -> Iterator[bytes | NotReady]:
    """work(0), work(1), ... work(count - 1), by up to so many copies; each copy calls `begin` once before.

    A NotReady that the work raises takes the place of its bytes. With one job, or few items, the work is done here.
    Raises Lost, and in this process whatever else the work raises.
    """
    jobs = min(jobs, count // FEWEST)
    if jobs < 2:
        yield from (_outcome(work, item) for item in range(count))
        return
    sys.stdout.flush()
    sys.stderr.flush()
    gc.freeze()  # a collector that walks over what a copy shares with us would make the copy's own of it all
    children: list[int] = []
    pipes: list[BinaryIO] = []
    try:
        for place in range(jobs):
            child, pipe = _copy(work, range(place, count, jobs), begin)
            children.append(child)
            pipes.append(pipe)
        for item in range(count):
            yield _received(pipes[item % jobs])
    finally:
        for pipe in pipes:
            pipe.close()
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        gc.unfreeze()


def _copy(work: Callable[[int], bytes], items: range, begin: Callable[[], object]) -> tuple[int, BinaryIO]:
    """A copy at work, and the end of its pipe from which its results come."""
    read, write = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, PIPE)
    child = os.fork()
    if not child:
        _work(work, items, begin, write)
    os.close(write)
    return child, os.fdopen(read, "rb")


def _work(work: Callable[[int], bytes], items: range, begin: Callable[[], object], write: int) -> NoReturn:
    """The life of a copy. It holds no file of its parent's open: neither a lock, nor the pipes of other copies."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.closerange(3, write)
        os.closerange(write + 1, write + 1024)
        begin()
        with os.fdopen(write, "wb") as pipe:
            for item in items:
                made = _outcome(work, item)
                data = made if isinstance(made, bytes) else msgspec.msgpack.encode(made.findings)
                pipe.write(HEAD.pack(isinstance(made, bytes), len(data)) + data)
                pipe.flush()
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _outcome(work: Callable[[int], bytes], item: int) -> bytes | NotReady:
    try:
        return work(item)
    except NotReady as error:
        return error


def _received(pipe: BinaryIO) -> bytes | NotReady:
    head = pipe.read(HEAD.size)
    if len(head) == HEAD.size:
        is_made, length = HEAD.unpack(head)
        data = pipe.read(length)
        if len(data) == length:
            return data if is_made else NotReady(msgspec.msgpack.decode(data, type=list[Finding]))
    raise Lost("a copy of this process ended before its work")
