"""Work in forked processes: results in order, none missing, no process left over."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from weekahead.model.findings import BuildError, Finding, Location
from weekahead.runtime.parallel import MAX_CHUNKS, MIN_ITEMS, WorkerDied, map_in_workers


@pytest.mark.parametrize(
    "count", [0, 1, 2 * MIN_ITEMS, 2 * MIN_ITEMS + 1, MAX_CHUNKS - 1, MAX_CHUNKS, MAX_CHUNKS + 1, 3 * MAX_CHUNKS + 7]
)
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    assert list(map_in_workers(lambda item: b"%d" % item, count, 3)) == [b"%d" % item for item in range(count)]


def test_a_slow_item_does_not_hold_up_the_other_worker(tmp_path: Path) -> None:
    last = 98

    def work(item: int) -> bytes:
        if item == last:
            (tmp_path / "last").touch()
        deadline = time.monotonic() + 30
        while item == 0 and not (tmp_path / "last").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        return b"%d" % os.getpid()

    results = list(map_in_workers(work, last + 1, 2))
    assert results.count(results[0]) == 1


def test_results_may_be_larger_than_a_pipe() -> None:
    results = map_in_workers(lambda item: bytes(300_000), 60, 2)
    assert [len(result) for result in results if isinstance(result, bytes)] == [300_000] * 60


def test_findings_take_the_place_of_a_result() -> None:
    def work(item: int) -> bytes:
        if item % 7 == 3:
            raise BuildError([Finding(where=Location("a.md", item), rule="r", message="m")])
        return b"done"

    results = list(map_in_workers(work, 70, 2))
    assert [item for item, result in enumerate(results) if isinstance(result, BuildError)] == [*range(3, 70, 7)]
    assert [result.findings[0].where.line for result in results if isinstance(result, BuildError)] == [*range(3, 70, 7)]


@pytest.mark.parametrize("last", [0, 5, 59])
def test_a_worker_that_is_killed_is_an_error(last: int) -> None:
    def work(item: int) -> bytes:
        if item == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"done"

    with pytest.raises(WorkerDied):
        list(map_in_workers(work, 60, 2))


def test_a_worker_that_is_killed_while_it_sends_is_an_error() -> None:
    def work(item: int) -> bytes:
        return b"%d" % os.getpid() if item == 0 else bytes(300_000)

    results = map_in_workers(work, 60, 2)
    first = next(results)
    assert isinstance(first, bytes)
    time.sleep(0.5)  # its pipe is full by now
    os.kill(int(first), signal.SIGKILL)
    with pytest.raises(WorkerDied):
        list(results)


def test_a_bug_in_a_worker_is_a_traceback() -> None:
    code = "from weekahead.runtime.parallel import map_in_workers; [*map_in_workers(lambda item: bytes(1 // (59 - item)), 60, 2)]"
    error = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr
    assert "ZeroDivisionError" in error
    assert "WorkerDied" in error


def test_other_workers_do_the_work_of_one_that_never_began(tmp_path: Path) -> None:
    (tmp_path / "alone").touch()

    def initializer() -> None:
        with suppress(FileNotFoundError):
            (tmp_path / "alone").unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    assert list(map_in_workers(lambda item: b"done", 60, 2, initializer)) == [b"done"] * 60


def test_no_worker_is_left_when_the_results_are_no_longer_wanted() -> None:
    results = map_in_workers(lambda item: bytes(300_000), 60, 2)
    next(results)
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


BUILD = """
import fcntl, os, sys, time
from weekahead.runtime.parallel import map_in_workers
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
for result in map_in_workers(lambda item: b"%d " % os.getpid() + bytes(300_000), 6000, 2):
    print(int(result.split()[0]), flush=True)
"""


@pytest.mark.parametrize(("stop", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, -2)])
def test_workers_end_with_their_parent_and_never_hold_its_lock(tmp_path: Path, stop: int, status: int) -> None:
    build = subprocess.Popen(
        [sys.executable, "-c", BUILD, tmp_path / "lock"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert build.stdout
    workers = {int(build.stdout.readline()) for _ in range(20)}
    build.send_signal(stop)
    assert build.wait() == status
    with open(tmp_path / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    build.stdout.close()
    deadline = time.monotonic() + 10
    while workers and time.monotonic() < deadline:
        workers = {worker for worker in workers if is_running(worker)}
        time.sleep(0.01)
    assert not workers


def is_running(pid: int) -> bool:
    """Return whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
