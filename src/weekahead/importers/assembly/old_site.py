"""What an address of the old site leads to: a post that came over, a file of the export, or neither."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, unquote

from msgspec import Struct
from msgspec.structs import replace

from weekahead.importers.placed import PlacedPost
from weekahead.importers.post import Publication
from weekahead.importers.source_files import SourceFiles
from weekahead.model.addresses import host_of, join_addresses, split_address
from weekahead.model.issue import slug_of_name

_ENDINGS = re.compile(r"(?i)(?:/index)?\.(?:html?|md|markdown|php|aspx?)$|/index$")
_TEXTS = re.compile(r"(?i)\.(?:html?|md|markdown|mdown|mkd|rst|txt|php)$")
_FEEDS = frozenset(("feed", "rss", "atom", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.rss"))
_TAGS = re.compile(r"(?i)(?:tags?|category|categories|topics?)/([^/]+)")
_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]*:")


class Destination(Struct, frozen=True, kw_only=True):
    """What an address leads to. All are empty where it leads to nothing that came over."""

    post: PlacedPost | None = None
    file: str = ""
    """A file of the export."""
    path: str = ""
    """A path of the new site, such as "archive/"."""
    absolute: str = ""
    """The address on the old site, where its host is known."""
    suffix: str = ""
    """The query and the fragment."""


class OldSite:
    """The old site: its address, the paths of its posts, and the files of its export."""

    def __init__(self, publication: Publication, posts: Sequence[PlacedPost], files: SourceFiles) -> None:
        self.url = publication.url.rstrip("/")
        self._files, self._folders = files, publication.media_folders
        self._by_path = dict(_paths(posts))
        self._by_file = {post.post.where.file: post for post in reversed(posts)}
        self._shared = {name for name, count in Counter(post.post.where.file for post in posts).items() if count > 1}
        self._names = {name.casefold(): name for name in files.names}
        self._tags = {slug_of_name(tag) for post in posts if post.is_public for tag in post.post.tags}
        self.hosts = {host_of(address) for address in (self.url, *(post.post.address for post in posts))} - {""}

    def learn_host(self, addresses: Sequence[str]) -> str:
        """Return the host that most links to known old paths have, where the export names none, and take it for the old site's."""
        if self.hosts:
            return ""
        known, all_of = Counter[str](), Counter[str]()
        for address in addresses:
            host, path = host_of(address), _path_key(address)
            if host and path.count("/"):
                all_of[host] += 1
                known[host] += path in self._by_path
        host, count = known.most_common(1)[0] if known else ("", 0)
        if not count or 2 * count < all_of[host]:
            return ""
        self.hosts.add(host)
        self.url = f"https://{host}"
        return host

    def find(self, address: str, post: PlacedPost) -> Destination | None:
        """Return what an address in a post's text leads to; None if it is no address of the old site."""
        address = address.strip()
        is_absolute = bool(_SCHEME.match(address)) or address.startswith("//")
        parts = split_address(address)
        if not (parts.path or parts.query) and not is_absolute:
            return None
        if is_absolute and not (parts.scheme in ("", "http", "https") and host_of(address) in self.hosts):
            return None
        absolute = address if is_absolute else self._absolute(address, post)
        found = self._found(parts.path, post, absolute, is_absolute=is_absolute, query=parts.query)
        is_by_query = found.post is not None and found.post is self._by_path.get(_query_key(parts.query))
        query = f"?{parts.query}" if parts.query and not is_by_query else ""
        return replace(found, absolute=absolute, suffix=query + (f"#{parts.fragment}" if parts.fragment else ""))

    def _found(self, path: str, post: PlacedPost, absolute: str, *, is_absolute: bool, query: str) -> Destination:
        if placed := self._by_path.get(_query_key(query)):
            return Destination(post=placed)
        key = _path_key(absolute or path)
        if placed := self._by_path.get(key):
            return Destination(post=placed)
        if not is_absolute and (file := self._file_beside(path, post)):
            is_post = file in self._by_file and file not in self._shared
            return Destination(post=self._by_file[file]) if is_post else Destination(file=file)
        if (is_absolute or path.startswith("/")) and (
            file := self._file_at(unquote(split_address(absolute or path).path))
        ):
            return Destination(file=file)
        return Destination(path=self._own_page(key))

    def _file_beside(self, path: str, post: PlacedPost) -> str:
        """Return the file of the export that a relative path leads to, or nothing."""
        name = unquote(path)
        if name.startswith("/"):  # of the site, or as a note of a vault is named
            text = self._names.get(name.lstrip("/").casefold(), "")
            return self._file_at(name) or (text if text in self._by_file and text not in self._shared else "")
        whole = posixpath.normpath(posixpath.join(post.post.folder, name))
        tries = (whole, f"{whole}.md", f"{whole}.markdown", f"{whole}/index.md", f"{whole}/index.markdown")
        return next((found for each in tries if (found := self._names.get(each.casefold()))), "")

    def _file_at(self, path: str) -> str:
        """Return the file of the export at a path of the old site, or nothing."""
        base = split_address(self.url).path.rstrip("/")
        within = path[len(base) :] if base and path.startswith(base + "/") else path
        for folder in self._folders:
            name = posixpath.normpath(posixpath.join(folder, within.lstrip("/")))
            found = self._names.get(name.casefold())
            if found and not _TEXTS.search(found):
                return found
        return ""

    def _own_page(self, key: str) -> str:
        """Return the path of the page that the new site has of itself for one of the old site; "./" is the first page."""
        if key == "":
            return "./"
        if key == "archive":
            return "archive/"
        if key in _FEEDS:
            return "feed.xml"
        match = _TAGS.fullmatch(key)
        slug = slug_of_name(match[1].replace("-", " ")) if match else ""
        return f"tags/{slug}/" if slug and slug in self._tags else ""

    def _absolute(self, address: str, post: PlacedPost) -> str:
        """Return a relative address as it was on the old site, or nothing where that is not known."""
        start = post.post.address or "/"
        base = start if _SCHEME.match(start) else f"{self.url}/{start.lstrip('/')}" if self.url else ""
        return join_addresses(base, address) if base else ""


def _paths(posts: Sequence[PlacedPost]) -> Iterator[tuple[str, PlacedPost]]:
    """Yield what an old address is looked up by, with its post; the address that a post was at wins over others that led there."""
    for post in reversed(posts):
        for address in (*post.post.paths, post.post.guid if _SCHEME.match(post.post.guid) else "", post.post.address):
            if key := _path_key(address):
                yield key, post
            if key := _query_key(split_address(address).query):
                yield key, post


def _path_key(address: str) -> str:
    """Return the path of an address in the form in which its spellings are one; nothing for the top of a site."""
    path = unquote(split_address(address).path)
    return _ENDINGS.sub("", path.strip("/")).strip("/").casefold()


def _query_key(query: str) -> str:
    """Return what names a post in a query, such as WordPress's ?p=12; nothing where it names none."""
    named = dict(parse_qsl(query))
    return next((f"?{name}={named[name]}" for name in ("p", "page_id") if named.get(name, "").isdecimal()), "")
