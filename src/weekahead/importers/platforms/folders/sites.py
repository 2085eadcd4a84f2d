"""The sites in a folder: which generator each is of, told by its files, and where it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from posixpath import basename, dirname, splitext

from msgspec import Struct

from weekahead.importers.platforms.folders.header import has_keys, read_header
from weekahead.importers.source_files import SourceFiles, decode_source, read_source
from weekahead.model.findings import build_error

MARKDOWN = frozenset({".md", ".markdown", ".mkd", ".mdown", ".mkdn", ".mdx", ".qmd", ".rmd"})
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-.")
_LOOKS = 30
"""Texts whose beginnings are looked at to tell what made them."""
_LOOK = 5000
"""Characters of a text that are looked at."""
LABELS = {
    "jekyll": "a Jekyll site",
    "hugo": "a Hugo site",
    "zola": "a Zola site",
    "pelican": "a Pelican site",
    "eleventy": "an Eleventy site",
    "obsidian": "an Obsidian vault",
    "mkdocs": "an MkDocs blog",
    "markdown": "a folder of Markdown",
}


class Site(Struct, frozen=True):
    """A site in an export: the name of its generator, and the folder it is in, with a "/" at its end, or nothing."""

    kind: str
    root: str


def is_markdown(name: str) -> bool:
    """Return whether a file is a text of Markdown, by its name."""
    return splitext(name)[1].lower() in MARKDOWN


def text_of_file(files: SourceFiles, name: str) -> str:
    """Return the text of a file of an export; nothing where it cannot be read."""
    try:
        return decode_source(read_source(files, name))[0]
    except OSError:
        return ""


@lru_cache(maxsize=1)
def find_sites(files: SourceFiles) -> tuple[Site, ...]:
    """Return the sites in an export, none within another. Plain Markdown is one only where there is no other."""
    found: list[Site] = []
    for kind, finder in _FINDERS:
        for root in sorted(set(finder(files)), key=len):
            is_within = any(root.startswith(site.root) and (site.root or not root) for site in found)
            has_others = any(site.root.startswith(root) for site in found)
            if not is_within and not has_others and not (found and any(not site.root for site in found)):
                found.append(Site(kind, root))
    if not found and any(is_markdown(name) for name in files.names):
        return (Site("markdown", ""),)
    return tuple(found)


def is_site(files: SourceFiles, kind: str) -> bool:
    """Return whether an export is one site of a kind. Raise BuildError where it has several."""
    found = find_sites(files)
    if len(found) > 1:
        raise _several(files, found)
    return any(site.kind == kind for site in found)


def site_of(files: SourceFiles, kind: str) -> Site:
    """Return the site of a kind in an export; the whole of it where nothing tells. Raise BuildError where there are several."""
    found = [site for site in find_sites(files) if site.kind == kind]
    if len(found) > 1:
        raise _several(files, found)
    return found[0] if found else Site(kind, "")


def _several(files: SourceFiles, found: Sequence[Site]) -> Exception:
    which = ", ".join(f"{site.root.rstrip('/') or '.'} ({LABELS[site.kind]})" for site in found)
    hint = "Unpack it if it is a zip, and import one of these folders at a time."
    if len({site.kind for site in found}) == len(found):
        hint = f"Name one with --format: {', '.join(site.kind for site in found)}. Or import one of these folders."
    return build_error(files.label, "several-sites", f"there are {len(found)} sites in this export: {which}", hint)


# -- what tells each


def _beginnings(files: SourceFiles, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names and beginnings of some texts."""
    for name in [name for name in names if is_markdown(name)][:_LOOKS]:
        yield name, text_of_file(files, name)[:_LOOK]


def _folders_named(files: SourceFiles, folder: str) -> dict[str, list[str]]:
    """Return the files in each folder of a name, by the folder around it."""
    found: dict[str, list[str]] = {}
    for name in files.names:
        before, sign, _ = f"/{name}".partition(f"/{folder}/")
        if sign:
            found.setdefault(f"{before.strip('/')}/".lstrip("/"), []).append(name)
    return found


def _named(files: SourceFiles, *names: str) -> Iterator[str]:
    """Yield the folders that have a file of one of some names."""
    wanted = frozenset(names)
    for name in (*files.names, *files.hidden):
        if basename(name) in wanted:
            yield f"{dirname(name)}/".lstrip("/")


def _jekyll(files: SourceFiles) -> Iterator[str]:
    posts = {
        root: names
        for root, names in _folders_named(files, "_posts").items()
        if any(_DATED.match(basename(name)) for name in names)
    }
    drafts = _folders_named(files, "_drafts")
    for config in set(_named(files, "_config.yml", "_config.yaml", "_config.toml")):
        if any(root.startswith(config) for root in (*posts, *drafts)):
            yield config
            posts = {root: names for root, names in posts.items() if not root.startswith(config)}
    yield from posts


def _config_has(files: SourceFiles, root: str, names: tuple[str, ...], pattern: str) -> bool:
    return any(re.search(pattern, text_of_file(files, root + name)) for name in names if files.has(root + name))


def _zola(files: SourceFiles) -> Iterator[str]:
    for root in set(_named(files, "config.toml", "zola.toml")):
        if _config_has(files, root, ("config.toml", "zola.toml"), r"(?m)^\s*base_url\s*="):
            yield root
    for root, names in _folders_named(files, "content").items():
        if any(
            re.match(r"\s*\+\+\+\n(?:.*\n)*?\s*\[(?:taxonomies|extra)\]", text) for _, text in _beginnings(files, names)
        ):
            yield root


_HUGO_FILES = tuple(f"{name}.{end}" for name in ("hugo", "config") for end in ("toml", "yaml", "yml", "json"))


def _hugo(files: SourceFiles) -> Iterator[str]:
    contents = _folders_named(files, "content")
    for root in {*_named(files, *_HUGO_FILES)}:
        if root.endswith("config/_default/"):
            yield root.removesuffix("config/_default/")
            continue
        is_named = any(files.has(f"{root}hugo.{end}") for end in ("toml", "yaml", "yml", "json"))
        if is_named or (
            root in contents and _config_has(files, root, _HUGO_FILES, r"(?i)\bbaseurl\b|\blanguagecode\b")
        ):
            yield root


def _hugo_content(files: SourceFiles) -> Iterator[str]:
    """Yield folders around a folder `content` of texts with front matter, as most have them that are copied without settings."""
    for root, names in _folders_named(files, "content").items():
        if any(read_header(text).kind for _, text in _beginnings(files, names)):
            yield root


def _pelican(files: SourceFiles) -> Iterator[str]:
    yield from set(_named(files, "pelicanconf.py"))
    for root, names in _folders_named(files, "content").items():
        if any(has_keys(text) for _, text in _beginnings(files, names)):
            yield root
    loose = [name for name in files.names if "/" not in name]
    if any(has_keys(text) for _, text in _beginnings(files, loose)):
        yield ""


def _eleventy(files: SourceFiles) -> Iterator[str]:
    yield from set(_named(files, ".eleventy.js", *(f"eleventy.config.{end}" for end in ("js", "cjs", "mjs", "ts"))))
    for root in set(_named(files, "package.json")):
        if "@11ty/eleventy" in text_of_file(files, f"{root}package.json"):
            yield root


def _obsidian(files: SourceFiles) -> Iterator[str]:
    for name in files.hidden:
        if basename(name) == ".obsidian":
            yield f"{dirname(name)}/".lstrip("/")
    for name in files.names:
        before, sign, _ = f"/{name}".partition("/.obsidian/")
        if sign:
            yield f"{before.strip('/')}/".lstrip("/")


def _linked_notes(files: SourceFiles) -> Iterator[str]:
    """Yield the whole export, if its texts lead to each other as notes of a vault do."""
    stems = {splitext(basename(name))[0].lower() for name in files.names if is_markdown(name)}
    for _, text in _beginnings(files, files.names):
        targets = re.findall(r"\[\[([^\]|#\n]+)", text)
        if any(basename(target.strip()).lower() in stems for target in targets):
            yield ""
            return


def _mkdocs(files: SourceFiles) -> Iterator[str]:
    yield from set(_named(files, "mkdocs.yml", "mkdocs.yaml"))
    yield from _folders_named(files, "docs/blog/posts")


_FINDERS: tuple[tuple[str, Callable[[SourceFiles], Iterator[str]]], ...] = (
    ("eleventy", _eleventy),
    ("mkdocs", _mkdocs),
    ("jekyll", _jekyll),
    ("zola", _zola),
    ("pelican", _pelican),
    ("hugo", _hugo),
    ("obsidian", _obsidian),
    ("hugo", _hugo_content),
    ("obsidian", _linked_notes),
)
"""In the order in which they are told: what is certain first."""
