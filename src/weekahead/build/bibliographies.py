"""The bibliographies of a letter, and which of their references its texts cite."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.build.texts import words_of
from weekahead.markdown.kinds.kind import BIBLIOGRAPHY
from weekahead.model.findings import Finding
from weekahead.model.issue import Text
from weekahead.model.letter import Letter
from weekahead.source.files_beside import BIBLIOGRAPHIES
from weekahead.source.folder import read_file
from weekahead.source.loader import LoadedLetter


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
    texts = [*(issue.body for issue in letter.issues), *(page.body for page in letter.pages)]
    for name in names:
        citing = [text for text in texts if any(path == name for _, path in text.beside)]
        cited = {key for text in citing for key in _keys(words_of(root, text))}
        yield from check_bibliography(read_library([(name, read_file(root, name))]), cited)


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
