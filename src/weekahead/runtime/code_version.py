"""Names for our own code and for the libraries that make the site, so that what another version made is made anew."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from weekahead.model.hashing import hash_bytes, hash_value

if TYPE_CHECKING:
    from weekahead.runtime.store import Cache

LIBRARIES = {
    "feedgen": "feedgen",
    "frontmatter": "python-frontmatter",
    "icalendar": "icalendar",
    "jinja2": "jinja2",
    "lxml": "lxml",
    "markdown": "markdown",
    "markupsafe": "markupsafe",
    "msgspec": "msgspec",
    "mutagen": "mutagen",
    "pygments": "pygments",
    "pymdownx": "pymdown-extensions",
    "selectolax": "selectolax",
    "tzdata": "tzdata",
    "yaml": "pyyaml",
}
"""Every library that has a part in what is read or made: its package, and its name where it is installed from."""

PACKAGE = Path(__file__).parents[1]
CONVERTER_PACKAGES = ("markdown", "theme", "runtime", "model")
"""The packages that turn Markdown into HTML: `markdown`, and those that it may import."""
CONVERTERS = ("markdown", "pygments", "pymdownx", "selectolax")


class CodeVersion(Struct, frozen=True):
    """`whole` names all code and libraries, `prose` those that turn Markdown into HTML."""

    whole: str
    prose: str


def code_version(cache: Cache) -> CodeVersion:
    """The names of this installation: equal on any machine with the same code and versions.

    Reading the code and the versions takes longer than a small build, so the names are remembered for as long as
    every file of ours, and the first of every library, looks as it did.
    """
    stamp = hash_value([file_stat(str(path), os.stat(path)) for path in sources()])
    data = cache.load("revision", stamp)
    try:
        if data:
            return msgspec.msgpack.decode(data, type=CodeVersion)
    except msgspec.MsgspecError:
        pass
    found = _read()
    cache.save("revision", stamp, msgspec.msgpack.encode(found))
    return found


def sources() -> list[Path]:
    """Every file of ours, and the first of every library."""
    return [*_code(), *_first_files()]


def _code() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".bin"))


def _first_files() -> list[Path]:
    specs = [find_spec(name) for name in LIBRARIES]
    return [Path(spec.origin) for spec in specs if spec and spec.origin]


def file_stat(path: str, found: os.stat_result) -> tuple[str, int, int, int, int]:
    """How a file looks: no program can set the time of its last change back."""
    return path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _read() -> CodeVersion:
    from importlib.metadata import version

    code = {path.relative_to(PACKAGE).as_posix(): hash_bytes(path.read_bytes()) for path in _code()}
    versions = {name: version(LIBRARIES[name]) for name in LIBRARIES}
    ours = {name: code[name] for name in code if name.partition("/")[0] in CONVERTER_PACKAGES}
    prose = [ours, {name: versions[name] for name in CONVERTERS}]
    return CodeVersion(whole=hash_value([code, versions]), prose=hash_value(prose))
