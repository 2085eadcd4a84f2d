"""The letter's texts as they are in its files now."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from weekahead.build.snapshot import Snapshot
from weekahead.markdown.kinds.kind import File
from weekahead.markdown.options import TextOptions
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.model.findings import build_error
from weekahead.model.hashing import hash_bytes
from weekahead.model.issue import Text, combine_digests
from weekahead.runtime.store import Store
from weekahead.source.folder import read_file
from weekahead.theme.i18n import load_translator


def texts_of(snapshot: Snapshot, store: Store) -> RenderedTexts:
    """Return the texts of a snapshot; the words of a body are read from its file, unless they were read just now."""
    config, root, bodies = snapshot.letter.config, snapshot.loaded.folder.root, snapshot.loaded.bodies
    return RenderedTexts(
        store,
        lambda text: bodies[text.digest] if text.digest in bodies else words_of(root, text),
        config.render_timeout,
        files=lambda text: files_of(root, text),
        file=partial(read_file, root),
        translator=load_translator(snapshot.theme, config.language),
        options=TextOptions.of_letter(config),
    )


def files_of(root: Path, text: Text) -> dict[str, File]:
    """Return the files that the tables of a text are made from, by the names in it. Raises BuildError."""
    return {words: File(name, read_file(root, name)) for words, name in text.beside}


def words_of(root: Path, text: Text) -> str:
    """Return the words of a body. Raises BuildError when its file, or one of its tables', is no longer what was read."""
    from weekahead.source.front_matter import body_of

    words = body_of(text.file, read_file(root, text.file)) if text.content is None else text.content
    if digest_now(root, text, words) != text.digest:
        message = "this file changed while the letter was being built"
        raise build_error(text.file, "changed-meanwhile", message, "Build again.")
    return words


def digest_now(root: Path, text: Text, words: str) -> str:
    """Return the digest a text would have with other words and with its files as they are now. Raises BuildError."""
    files = files_of(root, text).values()
    return combine_digests(hash_bytes(words.encode()), [hash_bytes(file.data) for file in files])
