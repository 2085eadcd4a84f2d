"""The platforms whose exports can be read, and which of them an export is of."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import cast

from weekahead.importers.platforms.platform import Platform
from weekahead.importers.source_files import SourceFiles
from weekahead.model.findings import build_error, nearest

ROOMS = (
    "substack",
    "ghost",
    "wordpress",
    "feeds",
    "jekyll",
    "hugo",
    "zola",
    "pelican",
    "eleventy",
    "mkdocs",
    "obsidian",
    "plain_markdown",
)
"""The modules beside this one, each with its platform as PLATFORM, in the order in which they are tried: what is certain first,
and plain Markdown, which nearly any folder could be, last."""


def platforms() -> list[Platform]:
    """Return every platform, in the order in which an export is tried."""
    return [cast("Platform", import_module(f"weekahead.importers.platforms.{room}").PLATFORM) for room in ROOMS]


def platform_of(files: SourceFiles, name: str, known: Sequence[Platform]) -> Platform:
    """Return the platform with a name, or without one that of the export, told by its content. Raise BuildError."""
    if name:
        named = next((platform for platform in known if platform.name == name), None)
        if named is None:
            hint = nearest(name, [platform.name for platform in known])
            raise build_error(files.label, "unknown-export", f'there is no format "{name}"', hint)
        return named
    found = next((platform for platform in known if platform.recognise(files)), None)
    if found is None:
        labels = ", ".join(platform.name for platform in known)
        hint = f"Name it with --format. Known here: {labels}."
        raise build_error(files.label, "unknown-export", "this is no export that weekahead knows", hint)
    return found
