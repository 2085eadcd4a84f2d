"""Pasted references as entries of the letter's bibliography."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from weekahead.markdown.citations import INSTALL, is_installed
from weekahead.model.decoding import decode_text
from weekahead.model.findings import BuildError, Finding, build_error
from weekahead.references.library import Library, read_library
from weekahead.references.pasted import PastedReference, read_pasted
from weekahead.runtime.code_version import open_store
from weekahead.source.files_beside import BIBLIOGRAPHIES
from weekahead.source.folder import read_file
from weekahead.source.loader import load_letter
from weekahead.source.text_edit import create_file, edit_file


class Import(Struct, frozen=True):
    """What was made of a pasted text: each reference, with the key of the one that the bibliography has already, if any; and the
    file that entries are added to."""

    references: tuple[tuple[PastedReference, str], ...]
    file: str


def read_references(root: Path, source: str, data: bytes) -> Import:
    """Return what pasted references, from a file named so, would add to the letter's bibliography.

    Raise BuildError where that is no BibTeX, or where they are not UTF-8.
    """
    findings: list[Finding] = []
    text = decode_text(source, data, findings)
    if text is None:
        raise BuildError(findings)
    if not is_installed():
        message = "references need packages that are not installed here"
        raise build_error("references", "references-extra", message, f"Install them: {INSTALL}")
    with open_store(root, keep=False) as store:
        loaded = load_letter(root, store)
    name = loaded.partial.config.citation.file or BIBLIOGRAPHIES[0]
    if not name.endswith(".bib"):
        hint = "Add the references with the program that writes it, or name a .bib file."
        raise build_error(name, "bibliography", "entries are written as BibTeX, and this file is JSON", hint)
    files = [(each, read_file(root, each)) for each in loaded.digests if each in (name, BIBLIOGRAPHIES[1])]
    library = read_library(files)
    found = read_pasted(text, library.works)
    return Import(tuple((reference, _same(reference, library)) for reference in found), name)


def _same(reference: PastedReference, library: Library) -> str:
    """Return the key of the reference in a library that has the DOI or the title of a pasted one; "" if there is none."""
    if not reference.entry:
        return ""
    own = read_library([("pasted.bib", reference.entry.encode())]).works[reference.key].item
    doi, title = str(own.get("DOI", "")).lower(), _folded(str(own.get("title", "")))
    for work in library.works.values():
        item = work.item
        if (doi and doi == str(item.get("DOI", "")).lower()) or title == _folded(str(item.get("title", ""))):
            return work.key
    return ""


def _folded(title: str) -> str:
    import re

    return re.sub(r"<[^>]+>|\W", "", title).casefold()


def add_entry(root: Path, name: str, entry: str) -> None:
    """Add an entry at the end of a bibliography of the letter, which is made if it is not there. Raise BuildError."""
    if (root / name).exists():
        edit_file(root, name, lambda text: f"{text.rstrip()}\n\n{entry}\n".lstrip())
    else:
        create_file(root, name, f"{entry}\n")
