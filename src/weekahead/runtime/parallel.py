"""Work spread over the machine's cores, in copies of this process that share all it knows and nothing they do.

A copy is a fork: it sees every value as it stood and can change none of them here, so that the work must be a function
of its item. Copies take the next items from a queue as they come to need some, and say so. What they make comes back as
bytes, each through a pipe of its own, and is given out in the order of the items. A pipe holds little, and so a copy that
runs ahead waits: memory stays small. A copy ends with its parent, however that ends: its pipe breaks.
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

from weekahead.model.findings import BuildError, Finding

PIPE = 1 << 20
"""Bytes that a pipe may hold, where the system lets us choose (Linux does)."""
FEWEST = 24
"""Items that are worth a copy: a copy costs what a few of them do."""
TURNS = 2000
"""Turns that the items are taken in, at most: their numbers all fit into the queue, which is a pipe."""
TURN = struct.Struct("<I")
HEAD = struct.Struct("<?Q")
"""Was it made, and the length of what follows: the bytes that were made, or the findings that kept it from being made."""


class Lost(RuntimeError):
    """A copy ended before its work: it was killed, or the work has a fault. What it printed says more."""

    def __init__(self) -> None:
        super().__init__("a copy of this process ended before its work")


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[int], bytes], count: int, jobs: int, begin: Callable[[], object] = lambda: None
) -> Iterator[bytes | BuildError]:
    """work(0), work(1), ... work(count - 1), by up to so many copies; each copy calls `begin` once before.

    A BuildError that the work raises takes the place of its bytes. With one job, or few items, the work is done here, and one
    of many items is: what the work loads for it, no copy has to load. Raises Lost, and in this process whatever else the
    work raises.
    """
    jobs = min(jobs, count // FEWEST)
    if jobs < 2:
        yield from (_outcome(work, item) for item in range(count))
        return
    sys.stdout.flush()
    sys.stderr.flush()
    sample = count // 2
    known = _outcome(work, sample)
    gc.freeze()  # a collector that walks over what a copy shares with us would make the copy's own of it all
    size = -(-count // TURNS)
    turns = [range(start, min(start + size, count)) for start in range(0, count, size)]
    shares = [[item for item in turn if item != sample] for turn in turns]
    queue, fill = os.pipe()
    os.write(fill, b"".join(TURN.pack(number) for number in range(len(turns))))
    os.close(fill)
    children: list[int] = []
    pipes: list[BinaryIO] = []
    try:
        for _ in range(jobs):
            child, pipe = _copy(work, shares, queue, begin)
            children.append(child)
            pipes.append(pipe)
        taken = {_taken(pipe): pipe for pipe in pipes}
        for number, turn in enumerate(turns):
            if number not in taken:
                raise Lost
            pipe = taken.pop(number)  # turns are taken in order: who has this one, sends nothing before it
            for item in turn:
                yield known if item == sample else _received(pipe)
            taken[_taken(pipe)] = pipe
    finally:
        os.close(queue)
        for pipe in pipes:
            pipe.close()
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        gc.unfreeze()


def _copy(
    work: Callable[[int], bytes], shares: list[list[int]], queue: int, begin: Callable[[], object]
) -> tuple[int, BinaryIO]:
    """A copy at work, and the end of its pipe from which its results come."""
    read, write = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, PIPE)
    child = os.fork()
    if not child:
        _work(work, shares, queue, begin, write)
    os.close(write)
    return child, os.fdopen(read, "rb")


def _work(
    work: Callable[[int], bytes], shares: list[list[int]], queue: int, begin: Callable[[], object], write: int
) -> NoReturn:
    """The life of a copy. It holds no file of its parent's open: neither a lock, nor the pipes of other copies."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        low, high = sorted((queue, write))
        os.closerange(3, low)
        os.closerange(low + 1, high)
        os.closerange(high + 1, high + 1024)
        begin()
        with os.fdopen(write, "wb") as pipe:
            while number := os.read(queue, TURN.size):
                pipe.write(number)
                pipe.flush()
                for item in shares[TURN.unpack(number)[0]]:
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


def _outcome(work: Callable[[int], bytes], item: int) -> bytes | BuildError:
    try:
        return work(item)
    except BuildError as error:
        return error


def _taken(pipe: BinaryIO) -> int | None:
    """The turn that a copy has taken; none when it has ended."""
    number = pipe.read(TURN.size)
    return TURN.unpack(number)[0] if len(number) == TURN.size else None


def _received(pipe: BinaryIO) -> bytes | BuildError:
    head = pipe.read(HEAD.size)
    if len(head) == HEAD.size:
        is_made, length = HEAD.unpack(head)
        data = pipe.read(length)
        if len(data) == length:
            return data if is_made else BuildError(msgspec.msgpack.decode(data, type=list[Finding]))
    raise Lost
