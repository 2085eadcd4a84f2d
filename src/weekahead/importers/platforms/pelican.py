"""Pelican: texts of Markdown with `Key: value` above them; settings in pelicanconf.py, of which only literals are read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import partial
from posixpath import basename, dirname, join, normpath, splitext
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

from weekahead.importers.dialects.callouts import admonitions
from weekahead.importers.dialects.links import rewrite_links
from weekahead.importers.dialects.liquid import liquid
from weekahead.importers.dialects.marks import escape_marks
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.folders.days import when_of
from weekahead.importers.platforms.folders.header import Header, read_keys
from weekahead.importers.platforms.folders.permalinks import Address, from_format
from weekahead.importers.platforms.folders.post_maker import Known, PostMaker
from weekahead.importers.platforms.folders.room import FolderPlatform, SiteReading
from weekahead.importers.platforms.folders.sites import is_markdown
from weekahead.importers.platforms.folders.values import list_of, text_of
from weekahead.importers.platforms.moments import Moment
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.importers.post import Access, Post, Publication
from weekahead.model.addresses import split_address
from weekahead.model.issue import slugify

_CONFIGS = ("pelicanconf.py", "publishconf.py")
_IN_CONTENT = re.compile(r"[{|](static|filename|attach|author|category|tag|index)[}|](.*)", re.DOTALL)
_USED = frozenset({"slug", "category", "categories", "tags", "tag", "url", "save_as", "authors", "author", "template"})


class _Text(Struct, frozen=True):
    """A text of the site: its file, what it says, and its path on the old site."""

    name: str
    header: Header
    when: Moment
    used: frozenset[str]
    slug: str
    category: str
    path: str
    is_page: bool


def _read(site: SiteReading) -> Publication:
    config: dict[str, Any] = {}
    for name in _CONFIGS:
        if name in site.names and (text := site.text(name)) is not None:
            config |= _literals(text)
    content = text_of(config.get("PATH")).strip("/") or "content"
    if not any(name.startswith(f"{content}/") for name in site.names):
        content = ""
    texts = list(_texts(site, content, config))
    site.not_read(name for name in site.names if name.startswith(content))
    url, timezone = text_of(config.get("SITEURL")).rstrip("/"), text_of(config.get("TIMEZONE"))
    url = url if url.startswith("http") else ""
    folders = site.folders(content, "")
    maker = PostMaker(
        site.files, site.notes, site.options, root=site.root, url=url, media_folders=folders, timezone=timezone
    )
    addresses = {text.name: text.path or f"/{text.name}" for text in texts}
    posts = tuple(_post(site, maker, text, content, url, addresses, config) for text in texts)
    maker.finish()
    return Publication(
        posts=posts, title=text_of(config.get("SITENAME")), url=url, tagline=text_of(config.get("SITESUBTITLE")),
        language=text_of(config.get("DEFAULT_LANG")), author=text_of(config.get("AUTHOR")), timezone=timezone, media_folders=folders,
    )  # fmt: skip


def _literals(text: str) -> dict[str, Any]:
    """Return the literals that a Python file gives names to, without running it."""
    values: dict[str, Any] = {}
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return values
    for statement in statements:
        if (
            isinstance(statement, ast.Assign)
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
        ):
            try:
                values[statement.targets[0].id] = ast.literal_eval(statement.value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue
    return values


def _texts(site: SiteReading, content: str, config: Mapping[str, Any]) -> Iterable[_Text]:
    plain, pages = [], [text_of(each).strip("/") for each in list_of(config.get("PAGE_PATHS") or ["pages"])]
    for name in site.names:
        below = name.removeprefix(content).lstrip("/")
        if not name.startswith(content) or not is_markdown(name):
            continue
        header = site.header(name, read_keys)
        if header is None:
            continue
        if not header.kind:
            plain.append(name)  # Pelican shows no text without a title
            continue
        is_page = any(below.startswith(f"{page}/") for page in pages)
        yield _text(name, below, header, config, is_page)
    site.leave_out(plain, "no-front-matter", "texts without a Title: line, which Pelican does not show")


def _text(name: str, below: str, header: Header, config: Mapping[str, Any], is_page: bool) -> _Text:
    values = {key.lower(): value for key, value in header.values.items()}
    stem = splitext(basename(name))[0]
    when, used = when_of(header.values, ("date",), name)
    title = text_of(values.get("title"))
    slug = text_of(values.get("slug")) or slugify(title) or stem
    folder = basename(dirname(below)) if "/" in below and not is_page else ""
    category = next(iter(list_of(values.get("category"), "")), "") or folder
    key = "PAGE" if is_page else "ARTICLE"
    own = text_of(values.get("save_as") or values.get("url"))
    standard = "pages/{slug}.html" if is_page else "{slug}.html"
    pattern = own or text_of(config.get(f"{key}_URL")) or text_of(config.get(f"{key}_SAVE_AS")) or standard
    address = Address(
        slug=slug, stem=stem, when=when[0] or when[1], folders=[slugify(category)] if category else ["misc"]
    )
    path = from_format(pattern, address)
    return _Text(name, header, when, used, slug, category, path.removesuffix("index.html"), is_page)


def _post(
    site: SiteReading,
    maker: PostMaker,
    text: _Text,
    content: str,
    url: str,
    addresses: Mapping[str, str],
    config: Mapping[str, Any],
) -> Post:
    values = {key.lower(): value for key, value in text.header.values.items()}
    tags = [*list_of(values.get("tags")), *list_of(values.get("tag")), *filter(None, [text.category])]
    authors = (
        list_of(values.get("authors"), ";") if ";" in text_of(values.get("authors")) else list_of(values.get("authors"))
    )
    names = authors or list_of(values.get("author"), "")
    merged = {**text.header.values, **({"by": list(names)} if names else {})}
    return maker.make(
        site.root + text.name,
        Header(text.header.kind, {("byline" if key == "by" else key): value for key, value in merged.items()}, text.header.body, text.header.faults),
        Known(
            address=f"{url}{text.path}" if text.path else "", slug=text.slug, when=text.when, tags=tags,
            guid=_tag_uri(text, url), is_page=text.is_page, used=text.used | {key for key in text.header.values if key.lower() in _USED},
            access=Access.DRAFT if "/drafts/" in f"/{text.name}" else _default_status(values, config),
            aliases=list_of(values.get("aliases") or values.get("redirect_from")),
            passes=(partial(_lead_links, site, text.name, content, addresses), *_plugin_passes(config)),
        ),
    )  # fmt: skip


def _plugin_passes(config: Mapping[str, Any]) -> tuple[MarkdownPass, ...]:
    """Return the passes for what plugins of the site understand."""
    return (liquid({}, {}),) if any("liquid" in plugin for plugin in list_of(config.get("PLUGINS"))) else ()


def _default_status(values: Mapping[str, Any], config: Mapping[str, Any]) -> Access | None:
    """Return DRAFT where the settings make a draft of a text that says nothing."""
    defaults = config.get("DEFAULT_METADATA")
    status = text_of(defaults.get("status")) if isinstance(defaults, Mapping) else ""
    return Access.DRAFT if status.lower() in ("draft", "hidden") and not values.get("status") else None


def _tag_uri(text: _Text, url: str) -> str:
    """Return the id that Pelican's feeds give a text."""
    at, day = text.when
    when, host = at or day, split_address(url).hostname
    if not host or when is None or text.is_page:
        return ""
    path = split_address(url).path + text.path
    return f"tag:{host},{when:%Y-%m-%d}:{path}/"


def _lead_links(
    site: SiteReading, name: str, content: str, addresses: Mapping[str, str], text: str, notes: PostNotes
) -> str:
    """Lead `{static}`, `{attach}` and `{filename}` to the files and the posts that they name."""
    if "{" not in text and "|" not in text:
        return text
    known = frozenset(site.names)

    def address_of(address: str) -> str | None:
        match = _IN_CONTENT.match(unquote(address))
        if match is None:
            return None
        path, sign, part = match[2].partition("#")
        target = normpath(join(content, path.lstrip("/")) if path.startswith("/") else join(dirname(name), path))
        if match[1] not in ("static", "attach", "filename"):
            notes.add(Outcome.ASK, "link-target", f'"{address}" leads to a list of the old site', words=address)
            return f"/{match[1]}/{slugify(path)}"
        if target not in known:
            notes.add(Outcome.ASK, "link-target", f'"{address}" leads to a file that is not in this export', words=path)
        elif target not in addresses and match[1] == "filename":
            notes.add(Outcome.ASK, "link-target", f'"{address}" leads to a text that is not read', words=path)
            target = splitext(target)[0]
        below = target.removeprefix(content).lstrip("/")
        return addresses.get(target, f"/{quote(below)}") + sign + part

    return rewrite_links(address_of, text, notes)


PLATFORM = FolderPlatform("pelican", "a Pelican site", _read, (admonitions, escape_marks("highlights", "emoji")))
