"""Where an address in an issue leads: another issue, a file beside it, a page of the site, or the world."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

from weekahead.markdown.renderer import RenderedText
from weekahead.model.transcript import is_published_as_is
from weekahead.site.published import Place, PublishedIssue, PublishedView

LATEST = "{latest}"
"""What an author writes for the address of the newest edition of the book that an issue belongs to."""


class Target(Struct, frozen=True, kw_only=True, array_like=True):
    """The address a reader's browser needs. `path` and `fragment` are set inside the site, `file` for a file of the letter."""

    address: str
    path: str | None = None
    fragment: str = ""
    file: str | None = None
    problem: str = ""


def internal_links(text: RenderedText, url: str) -> Iterable[str]:
    """Return the addresses of a text, each once, that may lead to somewhere in the letter at `url`: few of those of most texts."""
    addresses = [link.address for link in text.links]
    if url[:-1] not in "\n".join(addresses):
        return text.local
    return [found for found in dict.fromkeys(addresses) if found in text.local or found.startswith(url[:-1])]


def is_external(address: str, url: str) -> bool:
    """Return whether an address leads out of the letter whatever the letter holds, and out of the author's machine."""
    words = address.strip().partition("#")[0]
    return bool(
        re.match(r"(?i)(?!file:)([a-z][a-z0-9+.-]*:|//)", words) and not (words.partition("?")[0] + "/").startswith(url)
    )


def resolve_link(public: PublishedView, files: frozenset[str], place: Place, address: str) -> Target:
    """Return what an address in an issue or a page leads to, as the author wrote it relative to its file."""
    address = address.strip()
    words, _, fragment = address.partition("#")
    if unquote(words) == LATEST:
        return _newest_book(public, place, fragment)
    if not words:
        return Target(address=address, path=place.path, fragment=unquote(fragment))
    words, _, query = words.partition("?")
    if not words:
        return _target(public, place.path, query, fragment)
    url = public.config.url
    if (words + "/").startswith(url):
        return _in_site(public, files, words[len(url) :], query, fragment)
    if is_external(words, url):
        return Target(address=address)
    if re.match(r"(?i)file:", words):
        return Target(address=address, problem="is a file on your own computer")
    if words.startswith("/"):
        base = public.config.base
        inside = words[len(base) :] if (words + "/").startswith(base) else words[1:]
        return _in_site(public, files, inside, query, fragment)
    return _relative(public, files, place, unquote(words), query, fragment)


def _newest_book(public: PublishedView, place: Place, fragment: str) -> Target:
    """Return the address that always has the newest edition of the book that an issue belongs to; from a page, of the first."""
    for book in public.books:
        if not isinstance(place, PublishedIssue) or book.has(place.issue, place.day):
            return _target(public, book.path, "", fragment)
    return Target(address=LATEST, problem="stands for the newest edition of a book, but no book has this issue")


def resolve_from_root(public: PublishedView, address: str) -> Target:
    """Return what an address in letter.yaml leads to, such as pages/about.md, about/ or that of another site."""
    words, _, fragment = address.partition("#")
    words, _, query = words.partition("?")
    url, base = public.config.url, public.config.base
    if (words + "/").startswith(url):
        return _in_site(public, frozenset(), words[len(url) :], query, fragment)
    if is_external(words, url):
        return Target(address=address)
    inside = words[len(base) :] if words.startswith("/") and (words + "/").startswith(base) else words.lstrip("/")
    name = public.stored(posixpath.normpath(unquote(inside)))
    if text := public.by_file.get(name):
        return _target(public, text.path, query, fragment)
    if name in public.withheld:
        return Target(address=words, problem="links to an issue that is not published")
    return _in_site(public, frozenset(), inside, query, fragment)


def resolve_in_signoff(public: PublishedView, files: frozenset[str], place: Place, address: str) -> Target:
    """Return what an address in the sign-off leads to: a relative one from letter.yaml, if something is there, else from its page."""
    if re.match(r"[^/?#:]+(?:[/?#]|\Z)", address.strip()):
        target = resolve_from_root(public, address.strip())
        if target.problem or (target.path is not None and public.is_page(target.path)):
            return target
    return resolve_link(public, files, place, address)


def _relative(
    public: PublishedView, files: frozenset[str], place: Place, words: str, query: str, fragment: str
) -> Target:
    """Return an address relative to the issue's own file; failing that, to its page."""
    whole = posixpath.normpath(posixpath.join(place.source.folder, words))
    name, within = public.stored(whole), public.stored(f"{whole}/index.md")
    if text := public.by_file.get(name) or public.by_file.get(within):
        return _target(public, text.path, query, fragment)
    page = public.stored(f"{whole}/index.html")
    if name in files or page in files:
        file = name if name in files else page
        if owner := _owner(public, place, file):
            path = file_path(owner, file)
            path = path if file == name else path.removesuffix("index.html")
            return _target(public, path, query, fragment, file)
        return Target(address=words, problem="belongs to an issue that is not published")
    if name in public.withheld or within in public.withheld:
        return Target(address=words, problem="links to an issue that is not published")
    path = posixpath.normpath(posixpath.join(place.path, words)) + ("/" if words.endswith("/") else "")
    return _in_site(public, files, path, query, fragment)


def _owner(public: PublishedView, place: Place, name: str) -> Place | None:
    """Return the issue beside whose page a file is published: the folder issue it lies in, else the one that asks."""
    index = "/".join(name.split("/")[:2]) + "/index.md"
    if index in public.by_file:
        return public.by_file[index]
    return None if index in public.withheld else place


def file_path(owner: Place, name: str) -> str:
    """Return the path in the site of a file that is published beside an issue's page."""
    return owner.path + re.sub(r"^(\.\./)+", "", posixpath.relpath(name, owner.source.folder))


def _in_site(public: PublishedView, files: frozenset[str], words: str, query: str, fragment: str) -> Target:
    path = unquote(words)
    if path in (".", "./"):
        path = ""
    is_plain = "." not in path and "//" not in f"/{path}"  # as nearly every path is
    if not is_plain and posixpath.normpath("/" + path) != "/" + path.rstrip("/"):
        return Target(address=words, problem="is outside the site")
    if file := _file_at(public, files, path):
        return _target(public, path, query, fragment, file)
    folder = path.rstrip("/") + "/"
    if file := _file_at(public, files, f"{folder}index.html"):
        return _target(public, folder, query, fragment, file)
    return _target(public, folder if public.is_page(folder) else path, query, fragment)


def _file_at(public: PublishedView, files: frozenset[str], path: str) -> str | None:
    """Return the file of the letter that is published at a path, below the page of the folder in which it lies."""
    above, owners = path, public.folder_issues
    while owners and (above := above.rpartition("/")[0]):
        if owner := owners.get(f"{above}/"):
            name = public.stored(owner.source.folder + path[len(above) :])
            return name if name in files and file_path(owner, name) == path else None
    return None


def _target(public: PublishedView, path: str, query: str, fragment: str, file: str | None = None) -> Target:
    fragment, address = unquote(fragment), public.config.address(path) + (f"?{query}" if query else "")
    whole = f"{address}#{quote(fragment)}" if fragment else address
    return Target(address=whole, path=path, fragment=fragment, file=file)


@lru_cache(maxsize=1)
def by_folder(files: frozenset[str]) -> dict[str, list[str]]:
    """Return the letter's files by the folder under issues/ or pages/ in which they lie, at any depth."""
    found: dict[str, list[str]] = {}
    for name in files:
        if name.count("/") > 1:
            found.setdefault("/".join(name.split("/")[:2]), []).append(name)
    return found


def files_of(files: frozenset[str], place: Place, targets: Iterator[Target]) -> dict[str, str]:
    """Return the letter's files to publish beside a page whose links lead so, with their paths in the site."""
    text = place.issue if isinstance(place, PublishedIssue) else place.page
    named = {*text.files, *_named_in(text.extra, place, files)}
    if isinstance(place, PublishedIssue):
        audio, cover = place.issue.audio, place.issue.cover
        transcript = (
            audio.transcript if audio and audio.transcript and is_published_as_is(audio.transcript.file) else None
        )
        named |= {name for name in (audio and audio.file, cover and cover.file, transcript and transcript.file) if name}
    found = {name: file_path(place, name) for name in named}
    for target in targets:
        if target.file and target.path:
            found[target.file] = target.path + ("index.html" if target.path.endswith("/") else "")
    return found


def _named_in(value: Any, place: Place, files: frozenset[str]) -> Iterator[str]:
    """Yield the files in a text's own folder that are named in its `extra:`, for templates."""
    if isinstance(value, str) and place.source.is_folder_issue:
        name = posixpath.normpath(posixpath.join(place.source.folder, unquote(value)))
        if name.startswith(place.source.folder + "/") and name in files:
            yield name
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _named_in(each, place, files)
