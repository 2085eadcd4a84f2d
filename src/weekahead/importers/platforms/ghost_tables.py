"""The tables of a Ghost export. Only the columns named here are ever decoded: no password, key or reader's address is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from weekahead.importers.json_text import sound_json
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.platforms.folders.values import text_of
from weekahead.importers.platforms.numbers import whole_number
from weekahead.importers.source_files import SourceFiles, decode_source, read_source
from weekahead.model.findings import Location, build_error

SETTINGS = ("title", "description", "locale", "lang", "timezone", "active_timezone", "activeTimezone", "url")
"""The settings that are read; all others may be secret."""

USED = frozenset(("posts", "posts_meta", "tags", "posts_tags", "users", "posts_authors", "newsletters", "settings"))


_Row = TypeVar("_Row")


class GhostPost(Struct):
    """A row of `posts`, with the columns of all versions since 0.11."""

    id: Any = ""
    uuid: Any = ""
    title: Any = ""
    slug: Any = ""
    html: Any = None
    lexical: Any = None
    mobiledoc: Any = None
    markdown: Any = None
    plaintext: Any = None
    feature_image: Any = None
    image: Any = None
    featured: Any = 0
    type: Any = "post"
    page: Any = 0
    status: Any = ""
    visibility: Any = "public"
    locale: Any = None
    language: Any = None
    published_at: Any = None
    custom_excerpt: Any = None
    meta_description: Any = None
    canonical_url: Any = None
    newsletter_id: Any = None
    author_id: Any = None
    codeinjection_head: Any = None
    codeinjection_foot: Any = None
    custom_template: Any = None


class PostMeta(Struct):
    """A row of `posts_meta`."""

    post_id: Any = ""
    meta_title: Any = None
    meta_description: Any = None
    og_image: Any = None
    og_title: Any = None
    og_description: Any = None
    twitter_image: Any = None
    twitter_title: Any = None
    twitter_description: Any = None
    email_subject: Any = None
    frontmatter: Any = None
    feature_image_alt: Any = None
    feature_image_caption: Any = None
    email_only: Any = 0


class Named(Struct):
    """A row of `tags`, `users` or `newsletters`: its name, and whether readers see it."""

    id: Any = ""
    name: Any = ""
    visibility: Any = "public"


class Pair(Struct):
    """A row of `posts_tags` or `posts_authors`."""

    post_id: Any = ""
    tag_id: Any = ""
    author_id: Any = ""
    sort_order: Any = 0


class Setting(Struct):
    """A row of `settings`. The value stays undecoded unless its key is one of SETTINGS."""

    key: Any = ""
    value: Raw = Raw()


class GhostTables(Struct, frozen=True):
    """What an export says of posts, by the ids of the rows."""

    posts: tuple[GhostPost, ...]
    meta: dict[str, PostMeta]
    tags: dict[str, tuple[Named, ...]]
    """The tags of each post, in their order."""
    authors: dict[str, tuple[Named, ...]]
    newsletters: dict[str, Named]
    settings: dict[str, str]
    others: tuple[str, ...]
    """The names of all other tables that have rows; nothing of them is decoded."""


def text(value: Any) -> str:
    """Return a column as text: nothing for null, and for what is no text in any export."""
    return "" if value is False else text_of(value)


def table_names(source: str) -> tuple[str, ...]:
    """Return the names of the tables if this text is a Ghost export; else nothing."""
    try:
        return tuple(_data(source))
    except (msgspec.MsgspecError, RecursionError):
        return ()


def read_tables(files: SourceFiles, name: str, notes: Notes) -> GhostTables:
    """Return the tables of an export; a row that cannot be read is a note. Raise BuildError or OSError."""
    source, sound = decode_source(read_source(files, name))
    if not sound:
        message = "this file is not UTF-8; it was read as Windows-1252"
        notes.add(Outcome.ASK, "encoding", message, source=Location(name), hint="Look at letters with accents.")
    try:
        data = _data(source)
    except (msgspec.MsgspecError, RecursionError) as error:
        hint = "Export again in Ghost: Settings, Import/Export."
        raise build_error(name, "damaged-export", f"this file cannot be read: {error}", hint) from None

    def rows(table: str, kind: type[_Row]) -> Iterator[_Row]:
        return _rows(data.get(table), kind, Location(name), table, notes)

    tags, users = _by_id(rows("tags", Named)), _by_id(rows("users", Named))
    posts = tuple(rows("posts", GhostPost))
    authors = _joined(rows("posts_authors", Pair), "author_id", users)
    for post in posts:
        if text(post.author_id) in users:
            authors.setdefault(text(post.id), (users[text(post.author_id)],))
    return GhostTables(
        posts,
        {text(row.post_id): row for row in rows("posts_meta", PostMeta)},
        _joined(rows("posts_tags", Pair), "tag_id", tags),
        authors,
        _by_id(rows("newsletters", Named)),
        _settings(rows("settings", Setting)),
        tuple(table for table, raw in data.items() if table not in USED and bytes(raw).strip() not in (b"[]", b"null")),
    )


def _data(source: str) -> dict[str, Raw]:
    """Return the undecoded tables: the wrapper `db` is optional."""
    document = msgspec.json.decode(sound_json(source), type=dict[str, Raw])
    if "db" in document:
        document = next(iter(msgspec.json.decode(document["db"], type=list[dict[str, Raw]])), {})
    if "data" not in document or "meta" not in document:
        raise msgspec.DecodeError("it has no `data` with `meta` beside it")
    data = msgspec.json.decode(document["data"], type=dict[str, Raw])
    if "posts" not in data:
        raise msgspec.DecodeError("it has no table `posts`")
    return data


def _rows(table: Raw | None, kind: type[_Row], where: Location, name: str, notes: Notes) -> Iterator[_Row]:
    try:
        rows = msgspec.json.decode(table or b"[]", type=list[Raw] | None) or []
    except (msgspec.MsgspecError, RecursionError) as error:
        notes.add(Outcome.ASK, "damaged-row", f"the table `{name}` cannot be read: {error}", source=where)
        return
    for place, row in enumerate(rows, 1):
        try:
            yield msgspec.json.decode(row, type=kind)
        except (msgspec.MsgspecError, RecursionError) as error:
            notes.add(Outcome.ASK, "damaged-row", f"row {place} of `{name}` cannot be read: {error}", source=where)


def _by_id(rows: Iterator[Named]) -> dict[str, Named]:
    return {text(row.id): row for row in rows}


def _joined(pairs: Iterator[Pair], column: str, rows: dict[str, Named]) -> dict[str, tuple[Named, ...]]:
    """Return the rows that belong to each post, in their order."""
    ordered = sorted(pairs, key=lambda pair: whole_number(text(pair.sort_order)) or 0)
    joined: dict[str, tuple[Named, ...]] = {}
    for pair in ordered:
        row = rows.get(text(getattr(pair, column)))
        if row is not None:
            joined[text(pair.post_id)] = (*joined.get(text(pair.post_id), ()), row)
    return joined


def _settings(rows: Iterator[Setting]) -> dict[str, str]:
    settings = {}
    for row in rows:
        if row.key in SETTINGS:
            settings[str(row.key)] = text(msgspec.json.decode(row.value or b"null"))
    return settings
