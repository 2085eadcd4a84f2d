"""The platforms whose exports can be read, and which of them an export is of."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import cast

from weekahead.importers.platforms.platform import Platform
from weekahead.importers.platforms.unsupported import advice
from weekahead.importers.source_files import SourceFiles
from weekahead.model.findings import build_error

ROOMS = (
    *("substack", "ghost", "wordpress", "buttondown", "beehiiv", "medium", "mailchimp", "feeds"),
    *("jekyll", "hugo", "zola", "pelican", "eleventy", "mkdocs", "obsidian", "plain_markdown"),
)
"""The modules beside this one, each with its platform as PLATFORM, in the order in which they are tried: what is certain first,
and plain Markdown, which nearly any folder could be, last."""


def platforms() -> list[Platform]:
    """Return every platform, in the order in which an export is tried."""
    return [cast("Platform", import_module(f"weekahead.importers.platforms.{room}").PLATFORM) for room in ROOMS]


def platform_of(files: SourceFiles, name: str, known: Sequence[Platform]) -> Platform:
    """Return the platform with a name, which there is, or without one that of the export, told by its content.

    Raise BuildError if there is none, or the export has not what the platform needs.
    """
    found = next((each for each in known if (each.name == name if name else each.recognise(files))), None)
    if found is None and not any(files.size(each) for each in files.names):
        raise build_error(files.label, "empty-export", "this is empty", "Download or copy the export again.")
    if found is None:
        hint = advice(files) or f"Name it with --format: {', '.join(platform.name for platform in known)}."
        raise build_error(files.label, "unknown-export", "weekahead cannot read this as an export", hint)
    if name and found.needs and not found.recognise(files):
        message = f"this is not {found.label}: it has no {found.needs}"
        raise build_error(files.label, "unknown-export", message, looks_like(files, known, name))
    return found


def looks_like(files: SourceFiles, known: Sequence[Platform], wrong: str) -> str:
    """Return the advice to read an export as what it is, and not as one of the platform `wrong`; nothing if it is of no other."""
    other = next((each for each in known if each.name != wrong and each.recognise(files)), None)
    return f"It looks like {other.label}: leave out --format {wrong}." if other else ""
