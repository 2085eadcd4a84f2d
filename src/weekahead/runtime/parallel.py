"""Run work in forked worker processes; results come back in order.

A worker is a fork: it sees every value of this process and changes none, so the work may be any function of its item.
Workers take chunks of items from a shared queue, and each sends results through a pipe of its own. A pipe holds little,
so a worker that runs ahead waits and memory stays bounded. A worker ends when this process does: its pipe breaks.

Why not concurrent.futures: when a worker is killed while it sends a result, ProcessPoolExecutor waits for the rest of the
result for ever (9 of 60 workers killed at random; Python 3.11, 3.12 and 3.13), and when this process is killed, its workers
go on, with every file of this process open.
"""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO, NoReturn

from weekahead.model.findings import BuildError

PIPE_SIZE = 1 << 20
"""Bytes that a pipe may hold, where the system lets us choose (Linux does)."""
MIN_ITEMS = 24
"""Items that are worth a worker: to start one costs about as much as a few of them."""
MAX_CHUNKS = 400
"""The numbers of all chunks must fit into the queue, which is a pipe. Long chunks have each worker use, and so copy, less
of the memory that it shares with us."""
CHUNK_NUMBER = struct.Struct("<I")


class WorkerDied(RuntimeError):
    """A worker ended before its work: it was killed, or the work raised an exception, which the worker has printed."""

    def __init__(self) -> None:
        super().__init__("a worker process ended before its work")


def available_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_in_workers(
    work: Callable[[int], bytes], count: int, jobs: int, initializer: Callable[[], object] = lambda: None
) -> Iterator[bytes | BuildError]:
    """Run `work` for each item in forked worker processes and yield results in order.

    The items are 0 to `count` - 1. A BuildError takes the place of a result. Each worker calls `initializer` once. With
    one job, or few items, the work runs in this process. Raises WorkerDied, and whatever else the work raises here.
    """
    jobs = min(jobs, count // MIN_ITEMS)
    if jobs < 2:
        yield from (_result(work, item) for item in range(count))
        return
    sys.stdout.flush()
    sys.stderr.flush()
    sample = count // 2
    sample_result = _result(work, sample)  # so that no worker has to import what the work needs
    size = -(-count // MAX_CHUNKS)
    chunks = [range(start, min(start + size, count)) for start in range(0, count, size)]
    left = [[item for item in chunk if item != sample] for chunk in chunks]
    queue = _filled_queue(len(chunks))
    workers: list[tuple[int, BinaryIO]] = []
    gc.freeze()  # a collection in a worker would write to, and so copy, all memory that it shares with us
    try:
        for _ in range(jobs):
            workers.append(_fork_worker(work, left, queue, initializer))
        at_work = {_receive(results): results for _, results in workers}
        for number, chunk in enumerate(chunks):
            if number not in at_work:
                raise WorkerDied
            results = at_work.pop(number)  # chunks are taken in order: nothing comes before the results of this one
            for item in chunk:
                yield sample_result if item == sample else _received_result(results)
            at_work[_receive(results)] = results
    finally:
        os.close(queue)
        for pid, results in workers:
            results.close()
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        gc.unfreeze()


def _result(work: Callable[[int], bytes], item: int) -> bytes | BuildError:
    try:
        return work(item)
    except BuildError as error:
        return error


def _filled_queue(count: int) -> int:
    """Return the read end of a pipe that holds the numbers 0 to `count` - 1."""
    queue, fill = os.pipe()
    os.write(fill, b"".join(map(CHUNK_NUMBER.pack, range(count))))
    os.close(fill)
    return queue


def _receive(results: BinaryIO) -> Any:
    """Return the next value that a worker sends, or None when it has ended."""
    try:
        return pickle.load(results)
    except (EOFError, pickle.UnpicklingError):
        return None


def _received_result(results: BinaryIO) -> bytes | BuildError:
    result = _receive(results)
    if result is None:
        raise WorkerDied
    return result if isinstance(result, bytes) else BuildError(result)


# -- in a worker


def _fork_worker(
    work: Callable[[int], bytes], chunks: Sequence[Sequence[int]], queue: int, initializer: Callable[[], object]
) -> tuple[int, BinaryIO]:
    """Start a worker. Return its process id, and the pipe that carries its chunk numbers and results."""
    read_end, write_end = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
    pid = os.fork()
    if not pid:
        _run_worker(work, chunks, queue, initializer, write_end)
    os.close(write_end)
    return pid, os.fdopen(read_end, "rb")


def _run_worker(
    work: Callable[[int], bytes],
    chunks: Sequence[Sequence[int]],
    queue: int,
    initializer: Callable[[], object],
    write_end: int,
) -> NoReturn:
    """Do the chunks that the queue hands out, then end the process."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        _close_all_but(queue, write_end)
        initializer()
        results = os.fdopen(write_end, "wb")  # open until the end: once it is closed, this process is killed
        while number := os.read(queue, CHUNK_NUMBER.size):
            chunk = CHUNK_NUMBER.unpack(number)[0]
            _send(results, chunk)
            for item in chunks[chunk]:
                result = _result(work, item)
                _send(results, result.findings if isinstance(result, BuildError) else result)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _send(results: BinaryIO, value: object) -> None:
    pickle.dump(value, results)
    results.flush()


def _close_all_but(*kept: int) -> None:
    """Close inherited files, so that a worker holds neither the lock of the build nor the pipes of other workers."""
    start = 3
    for file in (*sorted(kept), max(kept) + 1024):
        os.closerange(start, file)
        start = file + 1
