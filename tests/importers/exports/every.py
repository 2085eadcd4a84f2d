"""The exports of every platform, by names of our own, and how one is written down."""

from __future__ import annotations

from pathlib import Path

from tests.importers.exports import (
    buttondown,
    eleventy,
    feeds,
    ghost,
    hugo,
    jekyll,
    notes,
    one_page_each,
    pelican,
    substack,
    wordpress,
    zola,
)
from tests.importers.rooms import write_zip

Members = dict[str, str | bytes]

EXPORTS: dict[str, Members] = {
    "ghost": {"ghost.json": ghost.wrapped(ghost.current())},
    "old-ghost": {"ghost.json": ghost.old()},
    "blocks": {"wordpress.xml": wordpress.blocks()},
    "classic": {"wordpress.xml": wordpress.classic()},
    "rss": {"rss.xml": feeds.RSS},
    "atom": {"atom.xml": feeds.ATOM},
    "podcast": {"podcast.xml": feeds.PODCAST},
    "beehiiv": {"posts.csv": one_page_each.beehiiv()},
    "buttondown": buttondown.members(),
    "buttondown-json": buttondown.as_json(),
    "command-line": buttondown.own_folder(),
    "medium": one_page_each.medium(),
    "mailchimp": one_page_each.mailchimp(),
    "substack": substack.current(),
    "old-substack": substack.old(),
    "jekyll": jekyll.letter(),
    "hugo": hugo.letter(),
    "zola": zola.letter(),
    "pelican": pelican.letter(),
    "eleventy": eleventy.letter(),
    "obsidian": notes.vault(),
    "mkdocs": notes.blog(),
    "markdown": notes.plain(),
}


def write(folder: Path, members: Members) -> Path:
    """Write an export of one member as a file, one of more as a zip."""
    if len(members) > 1:
        return write_zip(folder / "export.zip", members)
    ((name, data),) = members.items()
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    return path
