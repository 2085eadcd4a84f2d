"""The version of our code and of the libraries that have a part in what is read or made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from weekahead.model.hashing import hash_bytes, hash_value

if TYPE_CHECKING:
    from weekahead.runtime.store import Store

LIBRARIES = {
    "babel": "babel",
    "feedgen": "feedgen",
    "frontmatter": "python-frontmatter",
    "icalendar": "icalendar",
    "jinja2": "jinja2",
    "lxml": "lxml",
    "markdown": "markdown",
    "markupsafe": "markupsafe",
    "math_core": "math-core",
    "msgspec": "msgspec",
    "mutagen": "mutagen",
    "nh3": "nh3",
    "pygments": "pygments",
    "pymdownx": "pymdown-extensions",
    "selectolax": "selectolax",
    "tzdata": "tzdata",
    "yaml": "pyyaml",
}
"""Every library that has a part in the site: its package, and its name where it is installed from."""

EXTRAS = {
    "bibtexparser": "bibtexparser",
    "citeproc": "citeproc-py",
    "PIL": "pillow",
    "fontTools": "fonttools",
    "weasyprint": "weasyprint",
    "ziamath": "ziamath",
}
"""The same of those that only some letters need, and that may be missing."""

PACKAGE = Path(__file__).parents[1]


@contextmanager
def open_store(root: Path, *, keep: bool = True, remember: bool = True) -> Iterator[Store]:
    """Open the store of a letter. Without `keep` nothing is added to it; without `remember` it is left aside."""
    from weekahead.runtime.store import Store  # sqlite3 takes as long to import as a build with nothing to do

    store = Store(root / ".weekahead" / "cache.db" if remember else None, keep=keep)
    try:
        store.version = code_version(store)
        yield store
    finally:
        store.close()


def code_version(store: Store) -> str:
    """Return a digest of our code and the libraries' versions: equal on any machine with the same ones.

    Reading them takes longer than a small build, so the digest is remembered while every file of ours, and the first
    file of every library, has the same stat.
    """
    stamp = hash_value([file_stat(path, os.stat(path)) for path in code_files()])
    return store.memo("code version", stamp, str, lambda: _read(stamp))


def code_files() -> list[str]:
    """Return every file of ours, and the first of every library."""
    return [*_our_files(), *_library_files()]


def _our_files() -> list[str]:
    kinds = (".py", ".bin", ".csl", ".woff2")
    return sorted(f"{folder}/{name}" for folder, _, names in os.walk(PACKAGE) for name in names if name.endswith(kinds))


@cache
def _library_files() -> tuple[str, ...]:
    """Return the first file of every library, as this process would import it."""
    specs = [find_spec(name) for name in LIBRARIES | EXTRAS]
    return tuple(spec.origin for spec in specs if spec and spec.origin)


def file_stat(path: str, found: os.stat_result) -> tuple[str, int, int, int, int]:
    """Return what tells that a file is unchanged: no program can set the time of its last change (ctime) back."""
    return path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


@lru_cache(maxsize=1)
def _read(stamp: str) -> str:
    """Return the digest; `stamp` tells one that is still right, for letters that this process opens one after another."""
    from importlib.metadata import PackageNotFoundError, version

    def version_of(package: str) -> str:
        try:
            return version(package)
        except PackageNotFoundError:
            return ""

    code = {str(Path(path).relative_to(PACKAGE)): hash_bytes(Path(path).read_bytes()) for path in _our_files()}
    return hash_value([code, {name: version_of(package) for name, package in (LIBRARIES | EXTRAS).items()}])
