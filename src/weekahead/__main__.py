"""Start weekahead: `weekahead`, or `python -m weekahead`. Ctrl+C ends it quietly from the first line on."""

from __future__ import annotations

# Not `signal`, whose own imports take time in which Ctrl+C would be a traceback.
import _signal  # type: ignore[import-not-found]
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end the process with its exit status."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _stop)  # an exception would be printed by whatever is being imported
    from weekahead.commands.main import run_and_exit

    run_and_exit(arguments)


def _stop(signal_number: int, frame: object) -> NoReturn:
    os.write(2, b"Stopped.\n")
    os._exit(130)


if __name__ == "__main__":
    run()
