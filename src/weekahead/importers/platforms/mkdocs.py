"""MkDocs with the blog of its Material theme: posts in `docs/blog/posts`, settings in mkdocs.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from posixpath import basename, dirname, splitext
from typing import Any

from weekahead.importers.dialects.callouts import admonitions
from weekahead.importers.dialects.mkdocs import mkdocs_marks
from weekahead.importers.dialects.pandoc import doubled_formulas
from weekahead.importers.notes import Outcome
from weekahead.importers.platforms.folders.days import when_of
from weekahead.importers.platforms.folders.header import Header
from weekahead.importers.platforms.folders.permalinks import Address
from weekahead.importers.platforms.folders.post_maker import Known, PostMaker, first_heading
from weekahead.importers.platforms.folders.room import FolderPlatform, SiteReading
from weekahead.importers.platforms.folders.sites import is_markdown
from weekahead.importers.platforms.folders.values import list_of, text_of
from weekahead.importers.platforms.moments import NO_MOMENT, Moment, instant_and_day
from weekahead.importers.post import Post, Publication
from weekahead.model.issue import slugify


def _read(site: SiteReading) -> Publication:
    config = site.settings("mkdocs.yml", "mkdocs.yaml")
    docs = text_of(config.get("docs_dir")).strip("/") or "docs"
    blog = _blog(config)
    posts_folder = f"{docs}/{_blog_folder(blog)}posts/".replace("//", "/")
    url = text_of(config.get("site_url")).rstrip("/")
    site.not_read(name for name in site.names if name.startswith(docs))
    folders = site.folders(docs, f"{docs}/assets", "")
    maker = PostMaker(site.files, site.notes, site.options, root=site.root, url=url, media_folders=folders)
    authors = _authors(site, docs, blog)
    names = [name for name in site.names if is_markdown(name)]
    posts = tuple(_posts(site, maker, (name for name in names if name.startswith(posts_folder)), url, blog, authors))
    others = [name for name in names if name.startswith(f"{docs}/") and not name.startswith(posts_folder)]
    site.leave_out(others, "documentation", "pages of the documentation, which is no part of the blog")
    maker.finish()
    return Publication(
        posts=posts, title=text_of(config.get("site_name")), url=url, tagline=text_of(config.get("site_description")),
        author=text_of(config.get("site_author")), copyright=text_of(config.get("copyright")), media_folders=folders,
    )  # fmt: skip


def _blog(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings of the blog plugin."""
    plugins = config.get("plugins")
    listed = plugins if isinstance(plugins, list) else [plugins]
    for each in listed:
        for name in ("blog", "material/blog"):
            if isinstance(each, Mapping) and isinstance(each.get(name), Mapping):
                found: Mapping[str, Any] = each[name]
                return found
    return {}


def _blog_folder(blog: Mapping[str, Any]) -> str:
    folder = text_of(blog.get("blog_dir")) if blog.get("blog_dir") else "blog"
    return "" if folder in (".", "") else f"{folder.strip('/')}/"


def _authors(site: SiteReading, docs: str, blog: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of authors by their keys in `.authors.yml`."""
    hidden = f"{docs}/{_blog_folder(blog)}.authors.yml"
    if site.root + hidden in site.files.hidden:
        message = f"{hidden} is a hidden file and is not read: authors are called as posts call them"
        site.notes.add(
            Outcome.ASK, "authors", message, hint="Rename it to authors.yml and import again, for their names."
        )
    data = site.settings(f"{docs}/{_blog_folder(blog)}authors.yml")
    known = data.get("authors")
    names = known.items() if isinstance(known, Mapping) else ()
    return {str(key): text_of(value.get("name")) for key, value in names if isinstance(value, Mapping)}


def _posts(
    site: SiteReading,
    maker: PostMaker,
    names: Iterable[str],
    url: str,
    blog: Mapping[str, Any],
    authors: Mapping[str, str],
) -> Iterable[Post]:
    for name in names:
        header = site.header(name)
        if header is None:
            continue
        values = dict(header.values)
        when, used = _when(values, name)
        heading, body = first_heading(header.body)
        title = text_of(values.get("title")) or heading or splitext(basename(name))[0]
        slug = text_of(values.get("slug")) or slugify(title)
        address = Address(slug=slug, stem=splitext(basename(name))[0], when=when[0] or when[1])
        path = _path(blog, address)
        values["authors"] = [authors.get(each, each) for each in list_of(values.get("authors"))]
        known = Known(
            address=f"{url}{path}" if path else "", slug=slug, when=when, title=heading,
            guid=f"{url}{path}" if url and path else "", used=used | {"date", "slug", "readtime", "links", "pin"},
        )  # fmt: skip
        text = body if not values.get("title") or heading == text_of(values.get("title")) else header.body
        yield maker.make(site.root + name, Header(header.kind, values, text, header.faults), known)


def _when(values: Mapping[str, Any], name: str) -> tuple[Moment, frozenset[str]]:
    """Return the date of a post, which may stand in a map: `date: {created: 2024-03-01}`."""
    dates = values.get("date")
    if isinstance(dates, Mapping):
        return instant_and_day(dates.get("created")), frozenset({"date"})
    found, used = when_of(values, ("date",), name)
    return (found, used) if found != NO_MOMENT else when_of(values, ("created",), dirname(name))


def _path(blog: Mapping[str, Any], address: Address) -> str:
    """Return the path of a post on the old site."""
    pattern = text_of(blog.get("post_url_format")) or "{date}/{slug}"
    dates = text_of(blog.get("post_url_date_format")) or "yyyy/MM/dd"
    if address.when is None or not address.slug:
        return ""
    form = re.sub("yyyy", "%Y", re.sub("MM", "%m", re.sub("dd", "%d", dates)))
    words = {"date": address.when.strftime(form), "slug": address.slug, "file": address.stem, "categories": ""}
    path = re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], ""), pattern)
    return re.sub("/{2,}", "/", f"/{_blog_folder(blog)}{path}/")


PLATFORM = FolderPlatform("mkdocs", "an MkDocs blog", _read, (admonitions, mkdocs_marks, doubled_formulas))
