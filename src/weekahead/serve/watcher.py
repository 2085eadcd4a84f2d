"""Watch the letter's files for changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from weekahead.source.folder import is_shared_file

FOLDERS = ("issues", "pages", "books", "templates")
FILES = ("letter.yaml", "schedule.yaml")
DEBOUNCE_MS = 10
"""Without a change for so long, one save is over: an editor writes a file, then renames it."""
POLL_MS = 500
"""How often to check whether the watched folders still exist."""


def watch(root: Path, changed: Callable[[], object], stop: threading.Event) -> None:
    """Call `changed` after every save until `stop` is set, and once at the start.

    Editors put a new file in the old one's place, so folders are watched and not files; and folders may come and go.
    """
    from watchfiles import Change, watch

    changes_in = partial(watch, debounce=80, step=DEBOUNCE_MS, rust_timeout=POLL_MS, yield_on_timeout=True)
    restart = threading.Event()

    def watch_folders() -> None:
        while True:
            restart.clear()
            if stop.is_set():
                return
            folders = [root / name for name in FOLDERS if (root / name).is_dir()]
            if not folders:
                restart.wait()
                continue
            with suppress(FileNotFoundError):
                for count, changes in enumerate(changes_in(*folders, stop_event=restart)):
                    if changes or not count:
                        changed()

    def is_ours(change: Change, path: str) -> bool:
        name = Path(path).name
        return name in (*FILES, *FOLDERS) or is_shared_file(name)

    threading.Thread(target=watch_folders, daemon=True).start()
    for count, changes in enumerate(changes_in(root, recursive=False, watch_filter=is_ours, stop_event=stop)):
        if any(Path(path).name in FOLDERS and change is not Change.modified for change, path in changes):
            restart.set()
        if changes or not count:
            changed()
    restart.set()
