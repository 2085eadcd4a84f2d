"""Tells when a file of the letter changes. The only room that knows watchfiles."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

FOLDERS = ("issues", "pages", "templates")
FILES = ("letter.yaml", "schedule.yaml")
GATHER = 10
"""Milliseconds without a change after which one save is taken to be over: an editor writes a file, then renames it."""
BEAT = 500
"""Milliseconds between two looks at whether the folders are still those that are watched."""


def watch(root: Path, changed: Callable[[], object], stop: threading.Event) -> None:
    """Call `changed` after every save, until `stop` is set, and once when the watch has begun.

    Editors put a new file in the old one's place, so the folder is watched and not its files; and folders may come and go.
    """
    from watchfiles import Change, watch

    begin = partial(watch, debounce=80, step=GATHER, rust_timeout=BEAT, yield_on_timeout=True)
    restart = threading.Event()

    def below() -> None:
        while True:
            restart.clear()
            if stop.is_set():
                return
            folders = [root / name for name in FOLDERS if (root / name).is_dir()]
            if not folders:
                restart.wait()
                continue
            with suppress(FileNotFoundError):
                for beat, changes in enumerate(begin(*folders, stop_event=restart)):
                    if changes or not beat:
                        changed()

    def ours(change: Change, path: str) -> bool:
        return Path(path).name in (*FILES, *FOLDERS)

    threading.Thread(target=below, daemon=True).start()
    for beat, changes in enumerate(begin(root, recursive=False, watch_filter=ours, stop_event=stop)):
        if any(Path(path).name in FOLDERS and change is not Change.modified for change, path in changes):
            restart.set()
        if changes or not beat:
            changed()
    restart.set()
