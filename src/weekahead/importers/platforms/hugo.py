"""Hugo: texts in `content/`, alone or as bundles with their files; settings in hugo.toml, config.yaml and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from posixpath import basename, dirname, join, normpath, splitext
from typing import Any

from msgspec import Struct

from weekahead.importers.dialects.callouts import callouts
from weekahead.importers.dialects.marks import escape_marks
from weekahead.importers.dialects.shortcodes import hugo_shortcodes
from weekahead.importers.notes import Outcome
from weekahead.importers.platforms.folders.days import dated_name, dated_path, when_of
from weekahead.importers.platforms.folders.header import Header
from weekahead.importers.platforms.folders.permalinks import Address, from_tokens
from weekahead.importers.platforms.folders.post_maker import Known, PostMaker, old_path
from weekahead.importers.platforms.folders.room import FolderPlatform, SiteReading
from weekahead.importers.platforms.folders.sites import is_markdown
from weekahead.importers.platforms.folders.values import flag_of, list_of, text_of
from weekahead.importers.platforms.moments import NO_MOMENT, Moment
from weekahead.importers.post import Access, Post, Publication
from weekahead.model.issue import slugify

_ENDS = ("toml", "yaml", "yml", "json")
_SETTINGS = [
    f"{name}.{end}" for name in ("hugo", "config", "config/_default/hugo", "config/_default/config") for end in _ENDS
]
_HTML = frozenset({".html", ".htm"})
_DATE_KEYS = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")


class _Text(Struct, frozen=True):
    """A text of the site: its file, what it says, and its path on the old site."""

    name: str
    header: Header
    when: Moment
    used: frozenset[str]
    slug: str
    path: str
    language: str
    is_page: bool


def _read(site: SiteReading) -> Publication:
    config = _lowered(site.settings(*_SETTINGS))
    params = _lowered(config.get("params")) | _lowered(
        site.settings(*(f"config/_default/params.{end}" for end in _ENDS))
    )
    languages = _languages(config, site)
    address = text_of(config.get("baseurl"))
    url = address.rstrip("/") if address.startswith("http") else ""
    content = text_of(config.get("contentdir")).strip("/") or "content"
    texts = list(_texts(site, content, config, languages))
    site.not_read(name for name in site.names if name.startswith(f"{content}/"))
    timezone = text_of(config.get("timezone"))
    folders = site.folders("static", content, "assets", "")
    maker = PostMaker(
        site.files, site.notes, site.options, root=site.root, url=url, media_folders=folders, timezone=timezone
    )
    addresses = _addresses(texts, content)
    values = {name: text_of(value) for name, value in params.items() if isinstance(value, str | int)}
    posts = tuple(_post(site, maker, text, content, url, addresses, values) for text in texts)
    maker.finish()
    author = params.get("author") or config.get("author")
    named = author if isinstance(author, Mapping) else {"name": author}
    return Publication(
        posts=posts, title=text_of(config.get("title")), url=url,
        tagline=text_of(params.get("description") or params.get("subtitle")),
        language=text_of(config.get("languagecode") or config.get("defaultcontentlanguage")),
        author=text_of(named.get("name")), email=text_of(named.get("email")), copyright=text_of(config.get("copyright")),
        timezone=timezone, media_folders=folders,
    )  # fmt: skip


def _lowered(values: Any) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in values.items()} if isinstance(values, Mapping) else {}


def _languages(config: Mapping[str, Any], site: SiteReading) -> frozenset[str]:
    """Return the codes of the site's languages, which stand in the names of its files: `week-8.fr.md`."""
    own = config.get("languages")
    more = site.settings(*(f"config/_default/languages.{end}" for end in _ENDS))
    codes = [*(own if isinstance(own, Mapping) else ()), *more]
    return frozenset(
        {str(code).lower() for code in codes} | {text_of(config.get("defaultcontentlanguage")).lower()} - {""}
    )


# -- the texts


def _texts(site: SiteReading, content: str, config: Mapping[str, Any], languages: frozenset[str]) -> Iterable[_Text]:
    ignored = []
    bundles = {dirname(name) for name in site.names if basename(name).startswith("index.") and is_markdown(name)}
    for name in site.names:
        if not name.startswith(f"{content}/") or not (is_markdown(name) or splitext(name)[1].lower() in _HTML):
            continue
        stem = basename(name).partition(".")[0]
        if stem == "_index":
            continue
        above = dirname(name)
        if any(above == bundle or above.startswith(f"{bundle}/") for bundle in bundles) and not (
            stem == "index" and above in bundles
        ):
            ignored.append(name)
        elif text := _text(site, name, content, config, languages):
            yield text
    site.leave_out(ignored, "bundle-text", "texts beside the one of a bundle, which Hugo does not show by themselves")


def _text(
    site: SiteReading, name: str, content: str, config: Mapping[str, Any], languages: frozenset[str]
) -> _Text | None:
    header = site.header(name)
    if header is None:
        return None
    stem, language = splitext(basename(name))[0], ""
    if "." in stem and (stem.rpartition(".")[2].lower() in languages or stem.startswith("index.")):
        stem, _, language = stem.rpartition(".")
    below = dirname(name).removeprefix(content).strip("/")
    if stem == "index":
        below, _, stem = below.rpartition("/")
    values = _lowered(header.values)
    when, used = when_of(header.values, _DATE_KEYS, stem)
    slug = text_of(values.get("slug"))
    in_name, rest = dated_name(stem)
    if not slug and in_name != NO_MOMENT and _uses_name(config):
        slug = rest
    path = _path(values, config, below, stem, slug, when)
    if language and language != text_of(config.get("defaultcontentlanguage") or "en").lower() and path:
        path = f"/{language}{path}"
    when = when if when != NO_MOMENT else dated_path(path) if dated_path(path) != NO_MOMENT else dated_path(name)
    is_page = not below and values.get("type") not in ("post", "posts") and when == NO_MOMENT
    short = slug or (rest if in_name != NO_MOMENT else stem)
    return _Text(name, header, when, used, slugify(short) or short, path, language, is_page)


def _uses_name(config: Mapping[str, Any]) -> bool:
    """Return whether the site takes dates and slugs from the names of files."""
    dates = _lowered(config.get("frontmatter"))
    return any(":filename" in list_of(value) for value in dates.values())


def _path(values: Mapping[str, Any], config: Mapping[str, Any], below: str, stem: str, slug: str, when: Moment) -> str:
    """Return the path of a text on the old site."""
    if own := text_of(values.get("url")):
        return old_path(own)
    sections = [part for part in below.split("/") if part]
    rules = config.get("permalinks")
    rules = (
        rules.get("page", rules)
        if isinstance(rules, Mapping) and isinstance(rules.get("page", rules), Mapping)
        else rules
    )
    pattern = text_of(rules.get(next(iter(sections), "")) or rules.get("/")) if isinstance(rules, Mapping) else ""
    title = slugify(text_of(values.get("title")))
    address = Address(slug=slug or stem, stem=stem, when=when[0] or when[1], folders=sections)
    if pattern:
        return from_tokens(
            pattern.replace(":title", f"{title or stem}") if ":title" in pattern else pattern, address
        ).lower()
    end = ".html" if flag_of(config.get("uglyurls")) else "/"
    return "/" + "/".join([*sections, slug or stem]).lower().replace(" ", "-") + end


def _addresses(texts: Iterable[_Text], content: str) -> dict[str, str]:
    """Return where `ref` leads, by all that it may call a text: its path with and without an ending, and its name."""
    addresses: dict[str, str] = {}
    for text in texts:
        name = text.name.removeprefix(f"{content}/")
        stem = splitext(name)[0].removesuffix("/index")
        for key in (name, stem, name.removesuffix("/index.md"), basename(name), basename(stem)):
            addresses.setdefault(key, text.path)
    return addresses


def _post(
    site: SiteReading,
    maker: PostMaker,
    text: _Text,
    content: str,
    url: str,
    addresses: Mapping[str, str],
    params: Mapping[str, str],
) -> Post:
    values = _lowered(text.header.values)
    address = f"{url}{text.path}" if text.path else ""
    own = dict(params)
    for group in (values, _lowered(values.get("params"))):
        own |= {key: text_of(value) for key, value in group.items() if isinstance(value, str | int)}
    taxonomies = _lowered(values.get("taxonomies"))
    build = _lowered(values.get("build") or values.get("_build"))
    is_unlisted = text_of(build.get("list")) in ("never", "false") or text_of(build.get("render")) in ("never", "false")
    if splitext(text.name)[1].lower() in _HTML:
        site.post_notes(text.name).add(
            Outcome.ASK, "html-text", "this text is HTML with Hugo's front matter: look it over"
        )
    return maker.make(
        site.root + text.name,
        text.header,
        Known(
            address=address, slug=text.slug, when=text.when, guid=address if url else "", aliases=list_of(values.get("aliases"), ""), folder=dirname(text.path.rstrip("/")),
            tags=[tag for value in taxonomies.values() for tag in list_of(value)],
            access=Access.PRIVATE if is_unlisted else None, is_page=text.is_page, language=text.language,
            used=text.used | {key for key in text.header.values if key.lower() in _USED} ,
            passes=(hugo_shortcodes(own, _finder(text, addresses, content)),),
        ),
    )  # fmt: skip


_USED = frozenset({"aliases", "url", "slug", "taxonomies", "build", "_build"})


def _finder(text: _Text, addresses: Mapping[str, str], content: str) -> Callable[[str], str]:
    """Return what finds where `ref` leads for a name, from the folder of a text on or from the content on."""
    folder = dirname(text.name).removeprefix(content).strip("/")
    if basename(text.name).startswith("index."):
        folder = dirname(folder)

    def find(name: str) -> str:
        beside = normpath(join(folder, name)) if not name.startswith("/") else ""
        return addresses.get(beside) or addresses.get(name.strip("/"), "")

    return find


PLATFORM = FolderPlatform("hugo", "a Hugo site", _read, (callouts, escape_marks("highlights", "abbreviations")))
