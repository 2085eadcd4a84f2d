"""Obsidian: a vault of notes that lead to each other by their names. What does not say that it is published is a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from posixpath import basename, dirname, join, normpath, splitext
from typing import Any

from msgspec import Struct

from weekahead.importers.dialects.callouts import callouts
from weekahead.importers.dialects.footnotes import inline_footnotes
from weekahead.importers.dialects.marks import escape_marks
from weekahead.importers.dialects.pieces import View
from weekahead.importers.dialects.wiki import block_ids, comments, picture_sizes, wiki_links
from weekahead.importers.platforms.folders.days import dated_name, when_of
from weekahead.importers.platforms.folders.header import Header
from weekahead.importers.platforms.folders.post_maker import Known, PostMaker
from weekahead.importers.platforms.folders.room import FolderPlatform, SiteReading
from weekahead.importers.platforms.folders.sites import is_markdown
from weekahead.importers.platforms.folders.values import list_of, text_of
from weekahead.importers.platforms.moments import NO_MOMENT
from weekahead.importers.post import Post, Publication
from weekahead.model.issue import slugify

_TAG = re.compile(r"(?<!\S)#([^\W\d_][\w/-]*|\d+[\w/-]*[^\W\d_][\w/-]*)")
_DATE_KEYS = ("date", "published", "publishdate", "created", "datecreated", "creationdate")


class _Note(Struct, frozen=True):
    """A note of the vault: its file, and what it says."""

    name: str
    header: Header


def _read(site: SiteReading) -> Publication:
    names = [name for name in site.names if not any(part.startswith(".") for part in name.split("/"))]
    notes = [
        _Note(name, header)
        for name in names
        if is_markdown(name) and "/templates/" not in f"/{name}".lower() and (header := site.header(name)) is not None
    ]
    left = [name for name in names if splitext(name)[1].lower() in (".canvas", ".base", ".excalidraw")]
    left += [name for name in names if is_markdown(name) and "/templates/" in f"/{name}".lower()]
    site.leave_out(left, "not-a-note", "canvases and templates")
    site.not_read(names)
    folders = site.folders("", "attachments", "assets")
    maker = PostMaker(site.files, site.notes, site.options, root=site.root, media_folders=folders, public=False)
    addresses = _addresses(site, names, notes)
    posts = tuple(_post(site, maker, note, addresses) for note in notes)
    maker.finish()
    return Publication(posts=posts, media_folders=folders)


def _addresses(site: SiteReading, names: Iterable[str], notes: Iterable[_Note]) -> dict[str, str]:
    """Return where links lead, by the paths, names and aliases of notes and files, in small letters. A shorter path wins."""
    addresses: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (name.count("/"), name)):
        known = name.lower().removesuffix(".md")
        addresses.setdefault(known, f"/{name}")
        addresses.setdefault(basename(known), f"/{name}")
    for name in names:
        addresses[name.lower().removesuffix(".md")] = f"/{name}"
    for note in notes:
        for alias in list_of(note.header.values.get("aliases") or note.header.values.get("alias")):
            addresses.setdefault(alias.lower(), f"/{note.name}")
    return addresses


def _post(site: SiteReading, maker: PostMaker, note: _Note, addresses: Mapping[str, str]) -> Post:
    stem = splitext(basename(note.name))[0]
    when, used = when_of(note.header.values, _DATE_KEYS, note.name)
    in_name, rest = dated_name(stem)
    title = rest if in_name != NO_MOMENT and rest else stem
    values = dict(note.header.values)
    body = note.header.body
    heading = re.match(r"\s*#[ \t]+(.+?)[ \t#]*(?:\n|$)", body)
    if (
        heading and heading[1].strip().lower() == (text_of(values.get("title")) or title).lower()
    ):  # the title, once more
        body = "\n" * body.count("\n", 0, heading.end()) + body[heading.end() :]
    return maker.make(
        site.root + note.name,
        Header(note.header.kind, values, body, note.header.faults),
        Known(
            slug=slugify(title) or slugify(stem), when=when, title=title, tags=_tags_in(note, values),
            used=used | {"cssclass", "cssclasses", "tags", "tag", "permalink"},
            passes=(comments, inline_footnotes, wiki_links(partial(_find, addresses, dirname(note.name).lower()))),
        ),
    )  # fmt: skip


def _tags_in(note: _Note, values: Mapping[str, Any]) -> list[str]:
    """Return the tags of a note: those in its front matter, and those in its text, which stay there too."""
    tags = [*list_of(values.get("tags"), ", "), *list_of(values.get("tag"), ", ")]
    if "#" in note.header.body:
        tags += [match[1] for match in _TAG.finditer(View(note.header.body).scan.prose)]
    return [tag.lstrip("#") for tag in tags]


def _find(addresses: Mapping[str, str], folder: str, name: str) -> str:
    """Return the address of a note or file, the one beside a note of a folder first."""
    beside = normpath(join(folder, name))
    return addresses.get(beside) or addresses.get(name.strip("/"), "")


PLATFORM = FolderPlatform(
    "obsidian",
    "an Obsidian vault",
    _read,
    (picture_sizes, block_ids, callouts, escape_marks("attributes", "definitions", "abbreviations", "emoji")),
)
