"""Zola: texts in `content/` with TOML front matter, alone or with files beside them; settings in config.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from posixpath import basename, dirname, splitext
from typing import Any

from msgspec import Struct

from weekahead.importers.dialects.callouts import callouts
from weekahead.importers.dialects.links import rewrite_links
from weekahead.importers.dialects.marks import escape_marks
from weekahead.importers.dialects.shortcodes import zola_shortcodes
from weekahead.importers.platforms.folders.days import dated_name, dated_path, when_of
from weekahead.importers.platforms.folders.header import Header
from weekahead.importers.platforms.folders.post_maker import Known, PostMaker, old_path
from weekahead.importers.platforms.folders.room import FolderPlatform, SiteReading
from weekahead.importers.platforms.folders.sites import is_markdown
from weekahead.importers.platforms.folders.values import flag_of, list_of, text_of
from weekahead.importers.platforms.moments import NO_MOMENT, Moment
from weekahead.importers.post import Access, Post, Publication
from weekahead.model.issue import slugify

_USED = frozenset({"path", "slug", "aliases", "taxonomies", "extra", "render", "in_search_index"})


class _Text(Struct, frozen=True):
    """A text of the site: its file, what it says, and its path on the old site."""

    name: str
    header: Header
    when: Moment
    used: frozenset[str]
    slug: str
    path: str
    is_page: bool


def _read(site: SiteReading) -> Publication:
    config = site.settings("config.toml", "zola.toml")
    url = text_of(config.get("base_url")).rstrip("/")
    texts = list(_texts(site))
    site.not_read(name for name in site.names if name.startswith("content/"))
    folders = site.folders("static", "content", "")
    maker = PostMaker(site.files, site.notes, site.options, root=site.root, url=url, media_folders=folders)
    addresses = {text.name.removeprefix("content/"): text.path for text in texts}
    addresses |= {
        name.removeprefix("content/"): "/" + name.removeprefix("content/").removesuffix("_index.md")
        for name in site.names
        if basename(name) == "_index.md"
    }
    posts = tuple(_post(site, maker, text, url, addresses) for text in texts)
    maker.finish()
    extra = config.get("extra")
    author = extra.get("author") if isinstance(extra, Mapping) else None
    return Publication(
        posts=posts, title=text_of(config.get("title")), url=url, tagline=text_of(config.get("description")),
        language=text_of(config.get("default_language")), author=text_of(config.get("author") or author), media_folders=folders,
    )  # fmt: skip


def _texts(site: SiteReading) -> Iterable[_Text]:
    for name in site.names:
        if name.startswith("content/") and is_markdown(name) and not basename(name).startswith("_index."):
            header = site.header(name)
            if header is not None:
                yield _text(name, header)


def _text(name: str, header: Header) -> _Text:
    stem, below = splitext(basename(name))[0], dirname(name).removeprefix("content").strip("/")
    if stem == "index":
        below, _, stem = below.rpartition("/")
    when, used = when_of(header.values, ("date", "updated"), stem)
    in_name, rest = dated_name(stem)
    slug = text_of(header.values.get("slug")) or slugify(rest if in_name != NO_MOMENT and rest else stem) or stem
    own = text_of(header.values.get("path"))
    path = f"{old_path(own).rstrip('/')}/" if own else "/" + "/".join(filter(None, (below, slug))) + "/"
    when = when if when != NO_MOMENT else dated_path(path)
    return _Text(name, header, when, used, slug, path, not below and when == NO_MOMENT)


def _post(site: SiteReading, maker: PostMaker, text: _Text, url: str, addresses: Mapping[str, str]) -> Post:
    values = text.header.values
    extra: dict[str, Any] = dict(values["extra"]) if isinstance(values.get("extra"), Mapping) else {}
    taxonomies = values.get("taxonomies")
    groups = dict(taxonomies) if isinstance(taxonomies, Mapping) else {}
    authors, series = groups.pop("authors", None), groups.pop("series", None)
    merged = {**extra, **values, **({"authors": authors} if authors else {}), **({"series": series} if series else {})}
    address = f"{url}{text.path}"
    return maker.make(
        site.root + text.name,
        Header(text.header.kind, merged, text.header.body, text.header.faults),
        Known(
            address=address, slug=text.slug, when=text.when, guid=address if url else "", is_page=text.is_page,
            tags=[tag for value in groups.values() for tag in list_of(value)],
            aliases=list_of(values.get("aliases"), ""),
            access=Access.PRIVATE if flag_of(values.get("render")) is False else None, used=text.used | _USED,
            passes=(partial(rewrite_links, lambda link: _internal(link, addresses)),),
        ),
    )  # fmt: skip


def _internal(address: str, addresses: Mapping[str, str]) -> str | None:
    """Return where a link of Zola to a file of the content, `@/letters/week-8.md`, leads; None for another link."""
    match = re.fullmatch(r"@/([^#]+)(#.*)?", address)
    found = addresses.get(match[1]) if match else None
    return f"{found}{match[2] or ''}" if match and found else None


PLATFORM = FolderPlatform(
    "zola",
    "a Zola site",
    _read,
    (zola_shortcodes, callouts, escape_marks("highlights", "abbreviations", "definitions")),
)
