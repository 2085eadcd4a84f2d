"""Read an export through a platform's room, and say everything that comes out of it.

The exports of these tests follow one rule. A word that begins with "kept" must come over, or stand in a note. A word that
begins with "paid" is behind a wall, and may be in nothing but `Body.paid`. A word that begins with "secret" must be nowhere.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from weekahead.importers.dialects.converter import convert_markdown
from weekahead.importers.html.converter import convert_html
from weekahead.importers.notes import Note, Notes, Outcome, PostNotes
from weekahead.importers.platforms.platform import Platform, ReadOptions
from weekahead.importers.post import Body, Form, Post, Publication
from weekahead.importers.proof import prove
from weekahead.importers.source_files import open_source

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class ReadExport(msgspec.Struct, frozen=True):
    """What a room made of an export: its posts, their texts as Markdown by their ids, and all notes."""

    publication: Publication
    texts: dict[str, str]
    notes: tuple[Note, ...]

    def post(self, title: str) -> Post:
        """Return the post of a title."""
        (post,) = [post for post in self.publication.posts if post.title == title]
        return post

    def text(self, title: str) -> str:
        """Return the Markdown of the post of a title."""
        return self.texts[self.post(title).id]

    def said(self, rule: str) -> list[str]:
        """Return the messages of a rule."""
        return [note.message for note in self.notes if note.rule == rule]

    def unproved(self) -> list[str]:
        """Return in what texts differ from their sources."""
        return [note.message for note in self.notes if note.rule.startswith("proof")]

    def outcome(self, outcome: Outcome) -> list[str]:
        """Return the messages of an outcome."""
        return [note.message for note in self.notes if note.outcome is outcome]

    def everything(self) -> str:
        """Return all that may be written anywhere: fields, texts without what is behind walls, and notes."""
        free = [msgspec.structs.replace(post, body=Body("", Form.HTML)) for post in self.publication.posts]
        publication = msgspec.structs.replace(self.publication, posts=tuple(free))
        return "\n".join(
            (msgspec.json.encode(publication).decode(), *self.texts.values(), msgspec.json.encode(self.notes).decode())
        )


def read(platform: Platform, path: Path) -> ReadExport:
    """Read an export that its room must recognise."""
    notes = Notes()
    with open_source(path) as files:
        assert platform.recognise(files), f"{platform.label} is not recognised"
        publication = platform.read(files, ReadOptions(now=NOW), notes)
    texts = {post.id: text_of_post(post, platform, notes) for post in publication.posts}
    assert len(texts) == len(publication.posts), "two posts have one id"
    return ReadExport(publication, texts, tuple(notes.all))


def recognises(platform: Platform, path: Path) -> bool:
    """Return whether a room recognises an export."""
    with open_source(path) as files:
        return platform.recognise(files)


def write_folder(root: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write the files of an export below a folder."""
    for name, data in members.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


def write_zip(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tokens(kind: str, text: str) -> set[str]:
    """Return the words of a text that begin with "kept", "paid" or "secret"."""
    return set(re.findall(rf"{kind}[a-z0-9]+", text))


def assert_whole(source: str, export: ReadExport) -> None:
    """Assert the rule of these exports."""
    out = export.everything()
    assert sorted(tokens("kept", source) - tokens("kept", out)) == [], "lost without a note"
    assert sorted(tokens("secret", out)) == [], "not to be read"
    assert sorted(tokens("paid", out)) == [], "behind a wall"
    paid = "".join(post.body.paid for post in export.publication.posts)
    assert sorted(tokens("paid", source) - tokens("paid", paid)) == [], "lost from behind the wall"


def text_of_post(post: Post, platform: Platform, notes: Notes) -> str:
    """Return the Markdown that a post's text becomes, and add what is said of it, as the proof has it, to notes."""
    if post.body.form is Form.MARKDOWN:
        own = PostNotes(notes, post.id, post.where)
        text = convert_markdown(post.body.text, (*post.body.passes, *platform.markdown_passes), own)
        prove(text, text.markdown, own)
        return text.markdown
    return convert_html(post.body.text, platform.html_passes, PostNotes(notes, post.id, post.where)).markdown
