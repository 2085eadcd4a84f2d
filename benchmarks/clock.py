"""Run one command and say what it cost: a program of its own, and a small one.

A process counts the memory of the one that started it towards its own peak, so the clock must be smaller than anything
it measures. It is run as `python -I -S clock.py COSTS LOG COMMAND...`, and imports next to nothing.
"""

from __future__ import annotations

import os
import sys
import threading
import time

PAUSE = 0.1
"""Seconds between two looks at the memory of a command's processes."""


def measure(command: list[str], log: str) -> tuple[int, float, float, int, int]:
    """Exit status; wall and CPU seconds; peak memory in KiB: of the largest process, and of all of them together.

    CPU is that of the command and everything it started and waited for. Memory together is the largest sum of what the
    processes held at one moment, with a page that several share divided among them.
    """
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    output = [(os.POSIX_SPAWN_OPEN, 1, log, write, 0o644), (os.POSIX_SPAWN_DUP2, 1, 2)]
    begun = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=output)
    over, sums = threading.Event(), [0]
    watcher = threading.Thread(target=watch, args=(child, over, sums))
    watcher.start()
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begun
    over.set()
    watcher.join()
    largest = usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    cpu = usage.ru_utime + usage.ru_stime
    return os.waitstatus_to_exitcode(status), wall, cpu, largest, max(largest, *sums)


def watch(child: int, over: threading.Event, sums: list[int]) -> None:
    """Add up, now and again, what a process and those below it hold; a process alone is left to the system to count."""
    while not over.wait(PAUSE):
        members = family(child)
        if len(members) > 1:
            sums.append(sum(map(held, members)))


def family(process: int) -> list[int]:
    """A process and all below it, where the system says."""
    found = [process]
    for member in found:
        try:
            for task in os.listdir(f"/proc/{member}/task"):
                with open(f"/proc/{member}/task/{task}/children") as children:
                    found += map(int, children.read().split())
        except OSError:
            continue
    return found


def held(process: int) -> int:
    """KiB that a process holds, its share of shared pages included; 0 when it has just ended."""
    try:
        with open(f"/proc/{process}/smaps_rollup") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    except OSError:
        return 0


if __name__ == "__main__":
    costs, log, *command = sys.argv[1:]
    with open(costs, "w") as file:
        file.write(" ".join(map(str, measure(command, log))))
