"""Systems whose exports are not read: what they are, told by their content, and what to export instead."""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct

from weekahead.importers.json_text import sound_json
from weekahead.importers.platforms.csv_rows import csv_headings
from weekahead.importers.source_files import SourceFiles, decode_source, read_source

_HEAD_BYTES = 65_536
_FEED = "Save the feed of your site as a file and import that; a feed has only the newest posts."
_READERS = (
    "This file lists readers and no posts. Export the posts, not the subscribers; weekahead keeps no list in a letter."
)


class _System(Struct, frozen=True):
    """A system: its name, or nothing for several, what its export looks like, and what to do. All patterns that are given must be met."""

    name: str
    instead: str
    names: str = ""
    """A pattern for the name of a file of the export."""
    content: bytes = b""
    """A pattern for the beginning of such a file."""
    columns: frozenset[str] = frozenset()
    """Columns of a CSV file."""


_SYSTEMS = (
    _System(
        "Kit (ConvertKit)",
        f"Kit exports only the list of readers. {_FEED}",
        names=r"\.csv$",
        columns=frozenset(("email", "first_name", "created_at", "status", "tags")),
    ),
    _System(
        "EmailOctopus",
        "EmailOctopus exports only contacts. Save each campaign's page as HTML and write it over, or import the feed of your site.",
        names=r"\.csv$",
        columns=frozenset(("email_address", "status", "created_at")),
    ),
    _System(
        "",
        _READERS,
        names=r"\.csv$",
        columns=frozenset(("email",)),
    ),
    _System("", _READERS, names=r"\.csv$", columns=frozenset(("email_address",))),
    _System(
        "Tumblr",
        f"A Tumblr export is not read. {_FEED} The feed of a Tumblr blog is at /rss.",
        names=r"(?:^|/)(?:posts/html/\d+\.html|posts_index\.html|posts/posts\.xml)$",
    ),
    _System(
        "LinkedIn",
        "LinkedIn has no feed of articles. Copy each article into a Markdown file and import the folder.",
        names=r"(?:^|/)(?:Articles/Articles/.*\.html|Rich_Media\.csv|Shares\.csv)$",
    ),
    _System(
        "Wix",
        f"Wix exports no posts. {_FEED} The feed of a Wix blog is at /blog-feed.xml.",
        names=r"\.html$",
        content=rb"static\.wixstatic\.com|X-Wix-",
    ),
    _System(
        "Squarespace",
        "In Squarespace choose Settings, Import & Export, Export, WordPress, and import that file.",
        names=r"\.html$",
        content=rb"squarespace-cdn\.com|Squarespace\.Constants",
    ),
    _System(
        "Notion",
        "In Notion choose Export, Markdown & CSV, with subpages, and import the folder that is in the zip.",
        names=r"[ -][0-9a-f]{32}\.(?:html|csv)$",
    ),
)


def advice(files: SourceFiles) -> str | None:
    """Return what to export instead, if an export is of a system that is known and not read; else None."""
    for system in _SYSTEMS:
        names = [name for name in files.names if re.search(system.names, name)]
        if any(_fits(files, name, system) for name in names[:20]):
            return f"This seems to be from {system.name}. {system.instead}" if system.name else system.instead
    return next(filter(None, (_why_broken(files, name) for name in files.names[:20])), None)


def _why_broken(files: SourceFiles, name: str) -> str:
    """Return what is wrong with a file of JSON that cannot be read; nothing for any other."""
    if not name.lower().endswith(".json"):
        return ""
    try:
        msgspec.json.decode(sound_json(decode_source(read_source(files, name))[0]))
    except (msgspec.MsgspecError, RecursionError) as error:
        return f"{name} is damaged ({error}). Export it again."
    except OSError:
        return ""
    return ""


def _fits(files: SourceFiles, name: str, system: _System) -> bool:
    """Return whether a file is of a system. Of a table of readers nothing but the names of its columns is read."""
    if system.columns and not set(csv_headings(files, name)) >= system.columns:
        return False
    if not system.content:
        return True
    try:
        with files.open(name) as file:
            return bool(re.search(system.content, file.read(_HEAD_BYTES)))
    except OSError:
        return False
