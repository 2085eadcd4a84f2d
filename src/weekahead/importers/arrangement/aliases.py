"""The old paths of posts, as aliases where they can be, and else as addresses to redirect."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from weekahead.importers.front_matter import clean
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.post import Post
from weekahead.model.addresses import split_address
from weekahead.model.issue import without_marks
from weekahead.model.letter import fold_path, is_too_long
from weekahead.model.name_set import name_set

OWN_PATHS = name_set(
    "archive series tags authors next issues feed.xml atom.xml feed.json podcast.xml index.html next.ics next.json "
    "sitemap.xml robots.txt 404.html assets search"
)  # fmt: skip
"""Paths that the site has of its own."""
LONGEST_PATH = 2000
"""Characters: browsers and servers take no longer address."""


def site_path(url: str) -> str:
    """Return the path of a site below its host, without a slash at its end: nothing for most."""
    return split_address(url).path.rstrip("/")


def old_paths(post: Post, url: str) -> list[str]:
    """Return the old paths of a post below the old site's address, each once, from the slash and without one at its end."""
    return [path for path in _paths(post, url) if _can_be_asked_for(path)]


def _can_be_asked_for(path: str) -> bool:
    return len(path) <= LONGEST_PATH and path.isprintable()


def _paths(post: Post, url: str) -> list[str]:
    base = site_path(url)
    paths = []
    for address in (post.address, *post.paths):
        parts = split_address(address)
        if not parts.path.strip("/") or parts.query:
            continue
        path = parts.path.rstrip("/")
        paths.append(path[len(base) :] if base and path.startswith(base + "/") and parts.netloc else path)
    return [*dict.fromkeys(path if path.startswith("/") else f"/{path}" for path in paths)]


class Aliases:
    """The aliases of a letter, each of one post."""

    def __init__(self, taken: Sequence[str], notes: Notes) -> None:
        self._taken = {*map(fold_path, (*OWN_PATHS, *taken))}
        self._notes = notes

    def reserve(self, paths: Sequence[str]) -> None:
        """Let paths of pages be nobody's alias."""
        self._taken |= {fold_path(path.strip("/")) for path in paths}

    def of(self, post: Post, url: str, own: str = "") -> tuple[str, ...]:
        """Return the aliases of a post, and add a note for each old path that cannot be one; `own` is the path of its page, if that is known."""
        return tuple(self._of(post, url, own))

    def _of(self, post: Post, url: str, own: str) -> Iterator[str]:
        for path in _paths(post, url):
            key = fold_path(unicodedata.normalize("NFC", unquote(path).strip("/")))
            if own and key == fold_path(own):
                continue
            if not _can_be_asked_for(path):
                message = f"its old path {clean(path)[:80]}... cannot be asked for by a browser, and was left out"
                self._notes.add(Outcome.DROPPED, "alias", message, post=post.id, source=post.where)
            elif not is_alias(path):
                message = f"its old path {path} cannot be an alias here: the lines to redirect it are below"
                self._notes.add(Outcome.ELSEWHERE, "alias", message, post=post.id, source=post.where)
            elif key in self._taken:
                message = f"its old path {path} is another page's here, and no alias"
                self._notes.add(Outcome.CHANGED, "alias", message, post=post.id, source=post.where)
            else:
                self._taken.add(key)
                yield path


def is_alias(path: str) -> bool:
    """Return whether a path can be an alias of a letter."""
    parts = unquote(path).strip("/").split("/")
    can_be = all(re.fullmatch(r"[\w~-][\w.~ -]*", without_marks(part)) for part in parts)
    return path.startswith("/") and can_be and not is_too_long("/".join(parts))
