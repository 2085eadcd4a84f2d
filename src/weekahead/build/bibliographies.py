"""The bibliographies of a letter, and which of their references its texts cite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Event

from weekahead.build.texts import words_of
from weekahead.model.findings import Finding, Location
from weekahead.model.hashing import hash_value
from weekahead.model.issue import BIBLIOGRAPHY, Text
from weekahead.model.letter import Letter
from weekahead.runtime.store import Store
from weekahead.source.files_beside import BIBLIOGRAPHIES
from weekahead.source.folder import read_file
from weekahead.source.loader import LoadedLetter

PAUSE, TIMEOUT = 1.0, 10.0
"""Seconds between requests, and for which an answer is waited for."""
LONGEST = 100_000
"""Bytes of an answer."""


def check_bibliographies(loaded: LoadedLetter, letter: Letter) -> Iterator[Finding]:
    """Yield what is wrong with the bibliographies of a letter. Raise BuildError when a file changes meanwhile."""
    names = _bibliographies(loaded, letter)
    if not names:
        return
    from weekahead.markdown.citations import is_installed  # with the libraries behind it

    if not is_installed():
        return
    from weekahead.lint.bibliography import check_bibliography
    from weekahead.references.library import read_library

    root = loaded.folder.root
    yield from _check_style(loaded, letter)
    texts = [*(issue.body for issue in letter.issues), *(page.body for page in letter.pages)]
    for name in names:
        citing = [text for text in texts if any(path == name for _, path in text.beside)]
        cited = {key for text in citing for key in _keys(words_of(root, text))}
        yield from check_bibliography(read_library([(name, read_file(root, name))]), cited)


def _check_style(loaded: LoadedLetter, letter: Letter) -> Iterator[Finding]:
    """Yield a warning if the letter's style puts citations into notes."""
    from weekahead.lint.rules.references import NOTES
    from weekahead.references.style_file import BadStyle, is_note_style

    name = letter.config.citation.style
    try:
        is_note = name != "apa" and is_note_style(read_file(loaded.folder.root, name))
    except BadStyle:  # which the texts that cite say
        return
    if is_note:
        message = "this style puts citations into footnotes, but here they stand in brackets in the line"
        hint = "Take a style of the class in-text, such as chicago-author-date for chicago-notes-bibliography."
        yield Finding(Location(name, 1), NOTES.name, message, hint, NOTES.severity)


def dois_to_add(loaded: LoadedLetter, letter: Letter, store: Store) -> tuple[Finding, ...]:
    """Return a note for each reference without a DOI for which Crossref has one. Answers are remembered."""
    names = _bibliographies(loaded, letter)
    if not names:
        return ()
    from weekahead.markdown.citations import is_installed

    if not is_installed():
        return ()
    from weekahead.lint.doi_proposals import propose_dois
    from weekahead.lint.external_links import HostClient
    from weekahead.references.library import read_library

    client = HostClient(letter.config.url, PAUSE, TIMEOUT, Event())

    def request(address: str) -> bytes:
        answer = client.read(address, 0, LONGEST - 1)
        return answer.body if answer and answer.status in (200, 206) else b""

    def ask(address: str) -> bytes:
        return store.memo("doi", hash_value(address), bytes, lambda: request(address), keep=bool)

    works = [
        work for name in names for work in read_library([(name, read_file(loaded.folder.root, name))]).works.values()
    ]
    return tuple(found for found in propose_dois(works, ask) if not letter.allows(found))


def _bibliographies(loaded: LoadedLetter, letter: Letter) -> list[str]:
    """Return the names of the letter's bibliographies."""
    named = {letter.config.citation.file} if letter.config.citation.file else set(BIBLIOGRAPHIES)
    return [
        name
        for name in loaded.digests
        if name in named or ("/" in name and name.rpartition("/")[2] in BIBLIOGRAPHIES and _is_used(letter, name))
    ]


def _is_used(letter: Letter, name: str) -> bool:
    texts: list[Text] = [*(issue.body for issue in letter.issues), *(page.body for page in letter.pages)]
    return any(words.startswith(BIBLIOGRAPHY) and path == name for text in texts for words, path in text.beside)


def _keys(words: str) -> set[str]:
    """Return what may be a key of a reference in a text."""
    return {key.rstrip(":.") for key in re.findall(r"@\{?([\w][\w:.#$%&+?<>~/-]*)", words)}
