"""Eleventy: texts anywhere in its input folder, with front matter and the data of the folders that they are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from posixpath import basename, dirname, splitext
from typing import Any

from msgspec import Struct

from weekahead.importers.dialects.liquid import liquid, template_comments
from weekahead.importers.dialects.marks import escape_marks
from weekahead.importers.notes import Outcome
from weekahead.importers.platforms.folders.data_text import read_data
from weekahead.importers.platforms.folders.days import dated_name, dated_path, when_of
from weekahead.importers.platforms.folders.header import Header
from weekahead.importers.platforms.folders.post_maker import Known, PostMaker, first_heading, old_path
from weekahead.importers.platforms.folders.room import FolderPlatform, SiteReading
from weekahead.importers.platforms.folders.sites import is_markdown
from weekahead.importers.platforms.folders.values import flag_of, list_of, text_of
from weekahead.importers.platforms.moments import NO_MOMENT, Moment
from weekahead.importers.post import Access, Post, Publication
from weekahead.model.issue import slugify

_CONFIGS = (".eleventy.js", "eleventy.config.js", "eleventy.config.cjs", "eleventy.config.mjs", "eleventy.config.ts")
_NOT_TEXTS = frozenset({"_includes", "_layouts", "_data", "_site"})
_SITE_DATA = ("metadata", "site", "meta")
_READMES = frozenset({"readme", "changelog", "license", "contributing", "code_of_conduct"})
_USED = frozenset({"permalink", "eleventyComputed", "eleventyNavigation", "pagination", "redirect_from"})


class _Text(Struct, frozen=True):
    """A text of the site: its file, what it and its folders say, and its path on the old site."""

    name: str
    header: Header
    values: Mapping[str, Any]
    when: Moment
    used: frozenset[str]
    slug: str
    path: str


def _read(site: SiteReading) -> Publication:
    data = _site_data(site)
    url = text_of(data.get("url")).rstrip("/")
    url = url if url.startswith("http") else ""
    start = _input_folder(site)
    texts = list(_texts(site, start))
    site.not_read(site.names)
    folders = site.folders("", start, "public", "static")
    maker = PostMaker(site.files, site.notes, site.options, root=site.root, url=url, media_folders=folders)
    addresses = {text.name: text.path for text in texts if text.path} | {
        splitext(text.name)[0]: text.path for text in texts
    }
    values = {f"metadata.{key}": text_of(value) for key, value in data.items() if isinstance(value, str | int)}
    values |= {key.replace("metadata.", "site."): value for key, value in values.items()} | {"site.url": url}
    posts = tuple(_post(site, maker, text, url, values, addresses) for text in texts)
    maker.finish()
    author = data.get("author")
    named = author if isinstance(author, Mapping) else {"name": author}
    return Publication(
        posts=posts, title=text_of(data.get("title") or data.get("name")), url=url, tagline=text_of(data.get("description")),
        language=text_of(data.get("language") or data.get("lang")), author=text_of(named.get("name")),
        email=text_of(named.get("email")), media_folders=folders,
    )  # fmt: skip


def _site_data(site: SiteReading) -> dict[str, Any]:
    """Return what `_data` has of the site as a whole, as far as it is no program."""
    names = [name for name in site.names if f"/{dirname(name)}".endswith("/_data")]
    for wanted in _SITE_DATA:
        for name in names:
            if splitext(basename(name)) in ((wanted, ".json"), (wanted, ".yaml"), (wanted, ".yml"), (wanted, ".toml")):
                return site.settings(name)
    programs = [name for name in names if splitext(basename(name))[0] in _SITE_DATA]
    site.leave_out(programs, "data-program", "programs that make data are not run")
    return {}


def _input_folder(site: SiteReading) -> str:
    """Return the folder that the texts are in, as the configuration names it."""
    for name in _CONFIGS:
        if name in site.names:
            found = re.search(r"\binput:\s*[\"']\.?/?([^\"']*)[\"']", site.text(name) or "")
            return found[1].strip("/") if found else ""
    for folder in ("src", "content"):
        if any(name.startswith(f"{folder}/") and is_markdown(name) for name in site.names):
            return folder
    return ""


def _texts(site: SiteReading, start: str) -> Iterable[_Text]:
    folders: dict[str, dict[str, Any]] = {}
    for name in site.names:
        if not is_markdown(name) or not _NOT_TEXTS.isdisjoint(name.split("/")) or not name.startswith(start):
            continue
        if splitext(basename(name))[0].lower() in _READMES or (header := site.header(name)) is None:
            continue
        values = _merged(_folder_data(site, dirname(name), folders), {})
        beside = f"{splitext(name)[0]}.json"
        if beside in site.names and (text := site.text(beside)) is not None:
            values = _merged(values, read_data(beside, text).values)
        values = _merged(values, header.values)
        if header.values.get("pagination"):
            site.post_notes(name).add(
                Outcome.DROPPED, "template", "this file makes pages of other data, and is left out"
            )
            continue
        yield _text(name, start, header, values)


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return data with what stands above it; the tags of both hold."""
    tags = list(dict.fromkeys((*list_of(below.get("tags"), ""), *list_of(above.get("tags"), ""))))
    return {**below, **above, **({"tags": tags} if tags else {})}


def _folder_data(site: SiteReading, folder: str, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the data that a folder and those around it give to their texts: `posts/posts.json`."""
    if folder not in known:
        above = _folder_data(site, dirname(folder), known) if folder else {}
        stem = basename(folder)
        names = [f"{folder}/{stem}{end}" for end in (".json", ".11tydata.json")] if folder else []
        programs = [f"{folder}/{stem}{end}" for end in (".11tydata.js", ".11tydata.cjs", ".11tydata.mjs")]
        site.leave_out(
            (name for name in programs if name in site.names), "data-program", "programs that make data are not run"
        )
        known[folder] = _merged(above, site.settings(*names))
    return known[folder]


def _text(name: str, start: str, header: Header, values: Mapping[str, Any]) -> _Text:
    stem = splitext(basename(name))[0]
    when, used = when_of(values, ("date", "created", "published", "pubdate"), name)
    rest = dated_name(stem)[1] if dated_name(stem)[0] != NO_MOMENT else stem
    below = dirname(name).removeprefix(start).strip("/")
    if stem == "index":
        in_folder, rest = dated_name(basename(below))
        when = in_folder if when == NO_MOMENT else when
        path = f"/{'/'.join(filter(None, (dirname(below), rest)))}/" if below else "/"
    else:
        is_named_twice = rest == basename(below)
        path = "/" + "/".join(filter(None, (below, "" if is_named_twice else rest))) + "/"
    own = values.get("permalink")
    if flag_of(own) is False and isinstance(own, bool | str):
        path = ""
    elif text_of(own):
        path = _permalink(text_of(own), rest, text_of(values.get("title")))
    when = when if when != NO_MOMENT else dated_path(path)
    return _Text(name, header, values, when, used, slugify(rest) or rest, path)


def _permalink(pattern: str, file_slug: str, title: str) -> str:
    """Return the path that a permalink makes, as far as it has only the name of the file and the title."""
    path = re.sub(r"\{\{-?\s*page\.fileSlug\s*(?:\|\s*slug(?:ify)?\s*)?-?\}\}", file_slug, pattern)
    path = re.sub(r"\{\{-?\s*title\s*\|\s*slug(?:ify)?\s*-?\}\}", slugify(title), path)
    return "" if "{{" in path or "{%" in path else old_path(path).removesuffix("index.html")


def _post(
    site: SiteReading,
    maker: PostMaker,
    text: _Text,
    url: str,
    site_values: Mapping[str, str],
    addresses: Mapping[str, str],
) -> Post:
    values = dict(text.values)
    tags = [tag for tag in list_of(values.get("tags"), "") if tag.lower() not in ("post", "posts", "all", "blog")]
    heading, body = ("", text.header.body) if values.get("title") else first_heading(text.header.body)
    own = {key: text_of(value) for key, value in values.items() if isinstance(value, str | int)}
    is_hidden = flag_of(values.get("permalink")) is False
    return maker.make(
        site.root + text.name,
        Header(text.header.kind, values, body, text.header.faults),
        Known(
            address=f"{url}{text.path}" if text.path else "", slug=text.slug, when=text.when, tags=tags, title=heading,
            guid=f"{url}{text.path}" if url and text.path else "", access=Access.DRAFT if is_hidden else None,
            aliases=list_of(values.get("redirect_from"), ""),
            is_page=text.when == NO_MOMENT and not list_of(text.values.get("tags")),
            used=text.used | _USED | {"tags"}, passes=(template_comments, liquid({**site_values, **own}, addresses)),
        ),
    )  # fmt: skip


PLATFORM = FolderPlatform(
    "eleventy",
    "an Eleventy site",
    _read,
    (escape_marks("attributes", "highlights", "definitions", "abbreviations", "emoji"),),
)
