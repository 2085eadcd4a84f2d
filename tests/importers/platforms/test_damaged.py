"""Exports that are damaged in any way: a room reads what it can, or refuses by name, and never stops with a traceback."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from tests.importers.exports import buttondown, feeds, ghost, one_page_each, wordpress
from tests.importers.rooms import NOW, write_zip

from weekahead.importers.notes import Notes
from weekahead.importers.platforms.platform import ReadOptions
from weekahead.importers.platforms.registry import platforms
from weekahead.importers.source_files import open_source
from weekahead.model.findings import BuildError

EXPORTS: dict[str, str | bytes | dict[str, str | bytes]] = {
    "ghost": ghost.wrapped(ghost.current()),
    "old-ghost": ghost.old(),
    "blocks": wordpress.blocks(),
    "classic": wordpress.classic(),
    "rss": feeds.RSS,
    "atom": feeds.ATOM,
    "podcast": feeds.PODCAST,
    "beehiiv": one_page_each.beehiiv(),
    "buttondown": buttondown.members(),
    "command-line": buttondown.own_folder(),
    "medium": one_page_each.medium(),
    "mailchimp": one_page_each.mailchimp(),
}

SPLINTERS = (
    b"<!--", b"]]>", b"<![CDATA[", b"{{", b"%}", b'"', b"\x00", b"&", b"null", b"[]", b"99999999999999999999", b"\xff\xfe", b"<p",
    b"*|IF:", b"[gallery ids=\"", b"\n,\n", b"<x:y>",
)  # fmt: skip


def damaged(data: str | bytes, random: Random) -> bytes:
    """Return an export with some bytes changed, cut out, repeated or put in."""
    changed = bytearray(data.encode() if isinstance(data, str) else data)
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(changed) + 1)
        match random.randrange(4):
            case 0:
                changed[place : place + 1] = bytes([random.randrange(256)])
            case 1:
                del changed[place : place + random.randint(1, 60)]
            case 2:
                changed[place:place] = random.choice(SPLINTERS)
            case _:
                changed[place:place] = changed[place // 2 : place // 2 + random.randint(1, 200)]
    return bytes(changed)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_damaged_export_is_read_or_refused(name: str, tmp_path: Path) -> None:
    random, rooms, path = Random(name), platforms(), tmp_path / "export"
    texts = 0
    for _ in range(25):
        export = EXPORTS[name]
        if isinstance(export, dict):
            member = random.choice(sorted(export))
            write_zip(path, {**export, member: damaged(export[member], random)})
        else:
            path.write_bytes(damaged(export, random))
        with open_source(path) as files:
            room = next((room for room in rooms if room.recognise(files)), None)
            if room is not None:
                with suppress(BuildError):
                    texts += sum(bool(post.body.text) for post in room.read(files, ReadOptions(now=NOW), Notes()).posts)
    assert texts or "ghost" in name, "only damaged JSON is nothing at all"
