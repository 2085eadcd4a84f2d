"""Jekyll: texts in `_posts`, `_drafts` and collections, whose settings are in `_config.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from posixpath import basename, dirname, splitext
from typing import Any

from msgspec import Struct

from weekahead.importers.dialects.footnotes import inline_footnotes
from weekahead.importers.dialects.kramdown import kramdown
from weekahead.importers.dialects.liquid import liquid
from weekahead.importers.dialects.marks import escape_marks, summary_at
from weekahead.importers.dialects.pandoc import doubled_formulas
from weekahead.importers.dialects.pieces import shown_of
from weekahead.importers.notes import Outcome
from weekahead.importers.platforms.folders.days import dated_name, when_of
from weekahead.importers.platforms.folders.header import Header
from weekahead.importers.platforms.folders.permalinks import JEKYLL_STYLES, Address, from_tokens
from weekahead.importers.platforms.folders.post_maker import Known, PostMaker, zone_of
from weekahead.importers.platforms.folders.room import FolderPlatform, SiteReading
from weekahead.importers.platforms.folders.sites import is_markdown
from weekahead.importers.platforms.folders.values import list_of, text_of
from weekahead.importers.platforms.moments import NO_MOMENT, Moment
from weekahead.importers.post import Access, Post, Publication
from weekahead.model.issue import slugify

_TEMPLATES = frozenset({"_layouts", "_includes", "_sass", "_data", "_site", "vendor", "_plugins"})
_HTML = frozenset({".html", ".htm"})


class _Text(Struct, frozen=True):
    """A text of the site: its file, its collection ("posts", "drafts", "" for pages), and what it says."""

    name: str
    collection: str
    header: Header
    values: Mapping[str, Any]
    when: Moment
    used: frozenset[str]
    slug: str
    categories: tuple[str, ...]
    path: str


def _read(site: SiteReading) -> Publication:
    config = site.settings("_config.yml", "_config.yaml", "_config.toml")
    base = "/" + text_of(config.get("baseurl")).strip("/") if text_of(config.get("baseurl")).strip("/") else ""
    url = text_of(config.get("url")).rstrip("/")
    texts = list(_texts(site, config, base))
    site.not_read(site.names)
    timezone = text_of(config.get("timezone"))
    maker = PostMaker(
        site.files, site.notes, site.options, root=site.root, url=url,
        media_folders=site.folders("", "assets", "images"), timezone=timezone,
    )  # fmt: skip
    addresses = _addresses(site, texts, base)
    posts = tuple(_post(site, maker, text, config, addresses, url, base) for text in texts)
    maker.finish()
    author = config.get("author")
    named = author if isinstance(author, Mapping) else {"name": author}
    return Publication(
        posts=posts, title=text_of(config.get("title")), url=f"{url}{base}" if url else "",
        tagline=text_of(config.get("description") or config.get("tagline")),
        language=text_of(config.get("lang") or config.get("locale")), author=text_of(named.get("name")),
        email=text_of(named.get("email") or config.get("email")), timezone=timezone,
        media_folders=site.folders("", "assets", "images"),
    )  # fmt: skip


# -- the texts


def _texts(site: SiteReading, config: Mapping[str, Any], base: str) -> Iterable[_Text]:
    collections = config.get("collections")
    known = {name for name in (collections if isinstance(collections, Mapping | list) else ()) if isinstance(name, str)}
    not_dated, unknown = [], []
    for name in site.names:
        parts = name.split("/")
        kind = splitext(name)[1].lower()
        if not (is_markdown(name) or kind in _HTML) or not _TEMPLATES.isdisjoint(parts):
            continue
        collection = next((part[1:] for part in parts[:-1] if part.startswith("_")), "")
        if collection == "posts" and dated_name(parts[-1])[0] == NO_MOMENT:
            not_dated.append(name)
        elif collection and collection not in ("posts", "drafts") and collection not in known:
            unknown.append(name)
        elif (collection or is_markdown(name)) and (text := _text(site, name, collection, config, base)):
            yield text
    site.leave_out(not_dated, "no-date-in-name", "Jekyll shows no post whose name begins with no date; left out")
    site.leave_out(unknown, "unknown-folder", "files in folders that _config.yml does not name as collections")


def _text(site: SiteReading, name: str, collection: str, config: Mapping[str, Any], base: str) -> _Text | None:
    header = site.header(name)
    if header is None or (not collection and not header.kind):
        return None
    values = {**_defaults(config, name, collection), **header.values}
    when, used = when_of(values, ("date",), name if collection in ("posts", "drafts") else "")
    stem = dated_name(basename(name))[1] if collection in ("posts", "drafts") else splitext(basename(name))[0]
    slug = text_of(values.get("slug")) or slugify(stem) or stem
    above = dirname(name).partition("_posts")[0].strip("/") if collection == "posts" else ""
    own = list_of(values.get("categories"), ", ") + list_of(values.get("category"), "")
    categories = tuple(dict.fromkeys((*filter(None, above.split("/")), *own)))
    address = Address(
        slug=slug, stem=stem, when=_in_zone(when, text_of(config.get("timezone"))), folders=[slugify(each) or each for each in categories],
        collection=collection,
    )  # fmt: skip
    path = "" if collection == "drafts" else base + _permalink(values, config, collection, name, address)
    return _Text(name, collection, header, values, when, used, slug, categories, path)


def _in_zone(when: Moment, timezone: str) -> datetime | date | None:
    """Return a date as addresses have it: in the zone of the site, where that is known."""
    at, day = when
    return at.astimezone(zone_of(timezone)) if at and at.tzinfo and timezone else at or day


def _defaults(config: Mapping[str, Any], name: str, collection: str) -> dict[str, Any]:
    """Return the front matter that `_config.yml` gives to a text."""
    values: dict[str, Any] = {}
    rules = config.get("defaults")
    for rule in rules if isinstance(rules, list) else ():
        scope, own = (rule.get("scope"), rule.get("values")) if isinstance(rule, Mapping) else (None, None)
        if not isinstance(scope, Mapping) or not isinstance(own, Mapping):
            continue
        path, kind = text_of(scope.get("path")).strip("/"), text_of(scope.get("type"))
        if (not path or name == path or name.startswith(f"{path}/")) and kind in ("", collection or "pages"):
            values |= own
    return values


def _permalink(
    values: Mapping[str, Any], config: Mapping[str, Any], collection: str, name: str, address: Address
) -> str:
    """Return the path of a text on the old site."""
    if own := text_of(values.get("permalink")):
        return from_tokens(JEKYLL_STYLES.get(own, own), address)
    style = text_of(config.get("permalink")) or "date"
    if collection == "posts":
        return from_tokens(JEKYLL_STYLES.get(style, style), address)
    end = "/" if style == "pretty" or style.endswith("/") else ".html"
    if collection:
        collections = config.get("collections")
        rules = collections.get(collection) if isinstance(collections, Mapping) else None
        own = text_of(rules.get("permalink")) if isinstance(rules, Mapping) else ""
        return from_tokens(own, address) if own else f"/{collection}/{address.stem}{end}"
    stem = splitext(name)[0]
    return f"/{stem.removesuffix('index')}" if basename(stem) == "index" else f"/{stem}{end}"


def _addresses(site: SiteReading, texts: Iterable[_Text], base: str) -> dict[str, str]:
    """Return where `post_url` and `link` lead, by the names that they have for posts and files."""
    addresses = {name: f"{base}/{name}" for name in site.names}
    for text in texts:
        if text.path:
            addresses[text.name] = text.path
            stem = splitext(text.name)[0]
            addresses[stem.rpartition("_posts/")[2]] = text.path
            addresses.setdefault(basename(stem), text.path)
    return addresses


# -- a post


def _post(
    site: SiteReading,
    maker: PostMaker,
    text: _Text,
    config: Mapping[str, Any],
    addresses: Mapping[str, str],
    url: str,
    base: str,
) -> Post:
    values, name = text.values, text.name
    scalars = {f"site.{key}": value for key, value in config.items() if isinstance(value, str | int)}
    scalars |= {f"page.{key}": value for key, value in values.items() if isinstance(value, str | int)}
    known = {key: text_of(value) for key, value in scalars.items()} | {"site.url": url, "site.baseurl": base}
    separator = text_of(values.get("excerpt_separator") or config.get("excerpt_separator")) or "<!--more-->"
    fill = liquid(known, addresses)
    is_html = splitext(name)[1].lower() in _HTML
    if "redirect_to" in values:
        message = f"this post leads readers on to {text_of(values['redirect_to'])}"
        site.post_notes(name).add(Outcome.ASK, "redirect", message)
    tags = values.get("tags")
    spaced = isinstance(tags, str) and "," not in tags
    return maker.make(
        site.root + name,
        Header(text.header.kind, dict(values), text.header.body, text.header.faults),
        Known(
            address=f"{url}{text.path}" if text.path else "", slug=text.slug, when=text.when, guid=_guid(text, config, url),
            access=_access(text), aliases=list_of(values.get("redirect_from"), ""),
            tags=(*list_of(tags, " " if spaced else ","), *list_of(values.get("tag"), ""), *text.categories),
            title="" if values.get("title") else _title(text), is_page=not text.collection, html=is_html,
            body=shown_of(fill(text.header.body, site.post_notes(name))) if is_html else None,
            used=text.used | {"permalink", "redirect_from", "categories", "category", "tags", "tag", "slug", "excerpt_separator"},
            passes=() if is_html else (summary_at("" if separator == "<!--more-->" else separator), fill),
        ),
    )  # fmt: skip


def _access(text: _Text) -> Access | None:
    """Return DRAFT for what Jekyll does not show."""
    collection = text.collection
    return Access.DRAFT if collection == "drafts" else None


def _title(text: _Text) -> str:
    """Return the title that Jekyll makes of a file's name."""
    return re.sub(r"[-_]+", " ", text.slug).strip().title() if text.collection else ""


def _guid(text: _Text, config: Mapping[str, Any], url: str) -> str:
    """Return the id that jekyll-feed gives a post."""
    plugins = list_of(config.get("plugins") or config.get("gems"))
    if text.collection != "posts" or not url or "jekyll-feed" not in plugins:
        return ""
    return f"{url}{re.sub(r'(?:/|[.]html)$', '', text.path)}"


PLATFORM = FolderPlatform(
    "jekyll",
    "a Jekyll site",
    _read,
    (kramdown, doubled_formulas, inline_footnotes, escape_marks("highlights")),
)
