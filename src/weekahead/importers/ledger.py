"""What earlier imports wrote: imports/LEDGER.yaml, by which a second one knows its own files and those that were edited since.

A post is known by its platform and its id there. Whatever is in the ledger is the author's to change: a post whose line is
deleted comes over as if for the first time.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from weekahead.importers.front_matter import yaml_lines
from weekahead.model.decoding import decode_text
from weekahead.model.findings import BuildError, Finding, build_error
from weekahead.runtime.files import read_bytes
from weekahead.source.folder import cannot_be_read
from weekahead.source.free_map import FreeMap
from weekahead.source.yaml_map import YamlSource, read_yaml_map
from weekahead.source.yaml_values import in_quotes

NAME = "imports/LEDGER.yaml"

_HEAD = """\
# What `weekahead import` wrote, so that the next import knows its own files: each post of an export by its id there, with its
# file, its number, and a digest of each file as it was written. A file that you have edited since is never written over.
# To let a post come over anew, delete its lines here and its file.
"""


class LedgerEntry(Struct, frozen=True, kw_only=True):
    """A post that came over: its file, its number, and the digests of its files by their names."""

    file: str
    number: int | None = None
    written: Mapping[str, str] = {}
    fetched: Mapping[str, str] = {}
    """The names of files that were fetched, by their addresses."""


class Ledger(Struct, frozen=True, kw_only=True):
    """The posts that came over by platform and id, and the digests of the other files that were written."""

    posts: Mapping[str, LedgerEntry] = {}
    around: Mapping[str, str] = {}

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file as it was written."""
        return dict(self.around) | {name: each for entry in self.posts.values() for name, each in entry.written.items()}


def read_ledger(root: Path) -> Ledger:
    """Return what earlier imports into a letter wrote. Raise BuildError if that cannot be read."""
    findings: list[Finding] = []
    try:
        text = decode_text(NAME, read_bytes(root, NAME), findings)
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise BuildError([cannot_be_read(NAME, error)]) from error
    fields = read_yaml_map(text, YamlSource(NAME, findings), "the ledger") if text else None
    posts = fields.get("posts", FreeMap()) if fields else None
    around = fields.get("around", FreeMap()) if fields else None
    try:
        if fields is None or findings:
            raise TypeError
        entries = {key: LedgerEntry(**value) for key, value in (posts or {}).items()}
    except TypeError:
        hint = "Put back the last version from git, or delete it: then nothing is known of earlier imports."
        raise build_error(NAME, "damaged-ledger", "this record of earlier imports cannot be read", hint) from None
    return Ledger(posts=entries, around={name: str(digest) for name, digest in (around or {}).items()})


def ledger_text(ledger: Ledger) -> str:
    """Return the text of the ledger."""
    posts = [
        f"  {in_quotes(key)}:\n"
        + _indented(yaml_lines([("file", entry.file), ("number", entry.number)]))
        + _indented(yaml_lines([("written", dict(entry.written)), ("fetched", dict(entry.fetched))]))
        for key, entry in sorted(ledger.posts.items())
    ]
    around = "".join(f"  {in_quotes(name)}: {in_quotes(digest)}\n" for name, digest in sorted(ledger.around.items()))
    return _HEAD + "\nposts:\n" + "".join(posts) + ("\naround:\n" + around if around else "")


def _indented(lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines.splitlines())
