"""Texts of Markdown in a folder, from no generator that is known. What does not say that it is published is a draft."""

from __future__ import annotations

from functools import partial
from posixpath import basename, splitext

from weekahead.importers.dialects.callouts import admonitions, callouts, containers
from weekahead.importers.dialects.footnotes import inline_footnotes
from weekahead.importers.dialects.liquid import liquid
from weekahead.importers.dialects.pandoc import doubled_formulas, references
from weekahead.importers.dialects.shortcodes import hugo_shortcodes
from weekahead.importers.dialects.wiki import wiki_links
from weekahead.importers.platforms.folders.days import dated_name, dated_path, when_of
from weekahead.importers.platforms.folders.header import Header, read_header
from weekahead.importers.platforms.folders.post_maker import Known, PostMaker, first_heading, old_path
from weekahead.importers.platforms.folders.room import FolderPlatform, SiteReading
from weekahead.importers.platforms.folders.sites import is_markdown
from weekahead.importers.platforms.folders.values import list_of, text_of
from weekahead.importers.platforms.moments import NO_MOMENT
from weekahead.importers.post import Access, Post, Publication
from weekahead.model.issue import slugify

_DATE_KEYS = (
    "date",
    "publishdate",
    "published",
    "publishedat",
    "publishedon",
    "pubdate",
    "created",
    "createdat",
    "day",
)
_READMES = frozenset({"readme", "license", "licence", "changelog", "contributing"})


def _read(site: SiteReading) -> Publication:
    site.not_read(site.names)
    folders = site.folders("", "static", "assets", "images", "public")
    maker = PostMaker(site.files, site.notes, site.options, root=site.root, media_folders=folders, public=False)
    addresses = {splitext(basename(name))[0].lower(): f"/{name}" for name in site.names if is_markdown(name)}
    addresses |= {basename(name).lower(): f"/{name}" for name in site.names if not is_markdown(name)}
    files = {name: f"/{name}" for name in site.names} | {splitext(name)[0]: f"/{name}" for name in site.names}
    names = [name for name in site.names if is_markdown(name)]
    readmes = [name for name in names if splitext(basename(name))[0].lower() in _READMES]
    site.leave_out(readmes, "readme", "files about the folder")
    texts = [(name, header) for name in names if name not in readmes and (header := site.header(name, read_header))]
    posts = tuple(_post(site, maker, name, header, addresses, files) for name, header in texts)
    maker.finish()
    return Publication(posts=posts, media_folders=folders)


def _post(
    site: SiteReading,
    maker: PostMaker,
    name: str,
    header: Header,
    addresses: dict[str, str],
    files: dict[str, str],
) -> Post:
    values = header.values
    stem = splitext(basename(name))[0]
    if stem == "index" and "/" in name:
        stem = name.split("/")[-2]
    when, used = when_of(values, _DATE_KEYS, stem)
    when = when if when != NO_MOMENT else dated_path(name)
    in_name, rest = dated_name(stem)
    heading, body = ("", header.body) if values.get("title") else first_heading(header.body)
    aliases = [*list_of(values.get("aliases"), ""), *list_of(values.get("redirect_from"), "")]
    permalink = text_of(values.get("permalink") or values.get("url"))
    return maker.make(
        site.root + name,
        Header(header.kind, values, body, header.faults),
        Known(
            address=permalink if permalink.startswith("http") else old_path(permalink) if permalink else "",
            slug=text_of(values.get("slug")) or slugify(rest if in_name != NO_MOMENT and rest else stem), when=when,
            title=heading or (rest.replace("-", " ") or stem), aliases=aliases,
            access=Access.DRAFT if "/drafts/" in f"/{name}".replace("_drafts", "drafts") else None,
            used=used | {"aliases", "redirect_from", "permalink", "url", "slug"},
            passes=(
                hugo_shortcodes({}, lambda target: files.get(target.strip("/"), "")), liquid({}, files),
                wiki_links(partial(_find, addresses)),
            ),
        ),
    )  # fmt: skip


def _find(addresses: dict[str, str], name: str) -> str:
    return addresses.get(basename(name), "")


PLATFORM = FolderPlatform(
    "markdown",
    "a folder of Markdown",
    _read,
    (inline_footnotes, admonitions, containers, callouts, doubled_formulas, references),
)
