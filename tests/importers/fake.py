"""A small platform of our own: posts that a test writes down, for what follows the rooms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from weekahead.importers.assembly.web import Web
from weekahead.importers.notes import Notes
from weekahead.importers.options import ImportOptions
from weekahead.importers.pipeline import import_export
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.post import Access, Body, Form, Post, Publication
from weekahead.importers.report import ImportReport
from weekahead.importers.source_files import SourceFiles, open_source
from weekahead.model.findings import Location

NOW = datetime(2024, 4, 1, 12, tzinfo=UTC)


class Fake:
    """A platform whose export is the publication that it was made with."""

    name = "fake"
    label = "a fake export"
    needs = ""
    html_passes: Sequence[HtmlPass] = ()
    markdown_passes: Sequence[MarkdownPass] = ()

    def __init__(self, publication: Publication) -> None:
        self._publication = publication

    def recognise(self, files: SourceFiles) -> bool:
        return True

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        return self._publication


def post(id: str, day: str = "", text: str = "Words.", access: Access = Access.PUBLIC, **keys: Any) -> Post:
    """Return a post; `day` is a date or a date and time in UTC."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC) if len(day) > 10 else None
    found = Post(
        id=id,
        where=Location(f"posts/{id}.md"),
        title=keys.pop("title", f"About {id}"),
        body=Body(text, Form.MARKDOWN, keys.pop("paid", "")),
        access=access,
        at=at,
        day=datetime.fromisoformat(day).date() if day and at is None else None,
        slug=keys.pop("slug", id),
    )
    return replace(found, **keys)


def run(
    root: Path, *posts: Post, export: Path | None = None, options: Any = None, web: Web | None = None, **keys: Any
) -> ImportReport:
    """Import posts into a folder; the other files of the export are those of the folder `export`."""
    empty = root.parent / "empty-export"
    empty.mkdir(exist_ok=True)
    source = export or empty
    publication = Publication(posts=posts, **keys)
    chosen = ImportOptions(source=source, root=root, now=NOW)
    with open_source(source) as files:
        return import_export(replace(chosen, **(options or {})), Fake(publication), files, lambda *what: None, web)
