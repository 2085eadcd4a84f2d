"""Run work of other threads on the main thread, the only one in which a CPU limit can stop it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
WAIT = 0.5
"""Seconds."""


class MainThreadQueue:
    """Work that waits for the main thread."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()

    def run(self, work: Callable[[], T]) -> T:
        """Have the main thread do some work; return or raise what comes of it."""
        future: Future[T] = Future()
        self._queue.put((future, work))
        return future.result()

    def process(self) -> None:
        """Do the work in order, until interrupted; called by the main thread."""
        while True:
            try:  # Python sees a signal that came just before a wait only when the wait ends
                future, work = self._queue.get(timeout=WAIT)
            except Empty:
                continue
            try:
                future.set_result(work())
            except Exception as error:
                future.set_exception(error)
