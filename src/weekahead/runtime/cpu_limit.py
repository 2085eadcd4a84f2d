"""A budget of computing time for work that may never end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class CpuLimitExceeded(BaseException):
    """The work has used up its budget. Not an Exception, so that nothing on the way takes it for a fault of its own."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise CpuLimitExceeded in the block when it has used so many seconds of the processor.

    Python looks for signals between its own steps and inside the matching of a regular expression, so that neither can
    hold a build up. Signals reach the main thread only: in another one the block has no budget.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise CpuLimitExceeded

    before = signal.signal(signal.SIGPROF, stop)
    # Once more every second, for an exception raised inside a callback of C code may be swallowed there.
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
