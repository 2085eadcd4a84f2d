"""Addresses that are none, wherever an export has one: whatever else the export says comes over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.importers.exports.every import EXPORTS, Members, write
from tests.importers.fake import post, run
from tests.importers.rooms import ReadExport, read, tokens

from weekahead.build.check import check
from weekahead.importers.platforms.registry import platform_of, platforms
from weekahead.importers.post import MediaFile, PostAudio
from weekahead.importers.source_files import open_source

BROKEN = (
    "http://[x", "http://[::1", "http://a:port/", "https://exa mple/", "//", "//[x/y.mp3", "https:///p/x", "http://a]b/",
    "http://a:99999999/", "http://℀.example/x", f"https://ü{'x' * 64}.example/p", "https://..example/", "https://a.example/%zz%",
    f"https://a.example/{'a' * 100_000}",
)  # fmt: skip

_ADDRESS = re.compile(r"(?<![\w:/])(?:https?:)?//[^\s\"'<>\\)\]},;|`&]+")
_NAMESPACE = re.compile(
    r"w3\.org|purl\.org|wordpress\.org/export|itunes\.com|podcastindex|yahoo\.com/mrss|podlove|schemas\.google"
)


def with_broken_addresses(members: Members, first: int) -> Members:
    """Return an export in which each address is a broken one, in turn."""
    count = first

    def broken(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return match[0] if _NAMESPACE.search(match[0]) else BROKEN[count % len(BROKEN)]

    return {
        name: _ADDRESS.sub(broken, data) if isinstance(data, str) and not name.endswith((".toml", ".yml")) else data
        for name, data in members.items()
    }


def read_export(folder: Path, members: Members) -> tuple[ReadExport, set[str]]:
    """Return what was read of an export, and the words of it that are nowhere."""
    path = write(folder, members)
    with open_source(path) as files:
        platform = platform_of(files, "", platforms())
    export = read(platform, path)
    source = "".join(data for data in members.values() if isinstance(data, str))
    return export, tokens("kept", source) - tokens("kept", export.everything())


@pytest.mark.parametrize("name", EXPORTS)
def test_broken_addresses_lose_nothing_else(name: str, tmp_path: Path) -> None:
    sound, never_kept = read_export(tmp_path, EXPORTS[name])
    for first in (0, 5):
        broken, lost = read_export(tmp_path, with_broken_addresses(EXPORTS[name], first))
        assert len(broken.publication.posts) == len(sound.publication.posts)
        assert lost - never_kept <= {"keptslug", "keptlinked"}, "but for parts of addresses"


NEAR_MISSES = (
    "https://[::1]/x", "http://near.example:8080/p", "https://bücher.example/ü", "https://near.example/(x)", "https://near.example/%5Bx%5D",
    "https://xn--bcher-kvnear.example/", "https://near.example/?q=[x]", "https://near.example/a//b", "mailto:a@b.example",
)  # fmt: skip


def test_a_letter_of_broken_addresses_has_no_error(tmp_path: Path) -> None:
    posts = [
        post(
            f"post-{number}",
            f"2024-03-{number + 1:02}",
            f"A [link]({address}), ![a picture]({address}) and {address} kept{number}.\n\n<video src='{address}'></video>",
            address=address,
            paths=(address,),
            guid=address,
            slug=address,
            cover=MediaFile(url=address),
            audio=PostAudio(media=MediaFile(url=address)),
        )
        for number, address in enumerate((*BROKEN, "https://a.example/\0x"))
    ]
    near = "".join(f"[kept{number}](<{address}>) " for number, address in enumerate(NEAR_MISSES))
    run(tmp_path / "letter", *posts, post("near", "2024-03-30", near), url=BROKEN[0])
    assert [finding for finding in check(tmp_path / "letter", "2024-04-01").findings if finding.is_error] == []
    texts = {path.name: path.read_text("utf-8") for path in (tmp_path / "letter/issues").rglob("*.md")}
    assert len(texts) == len(posts) + 1
    assert near.strip() in texts["0016-near.md"]
    report = (tmp_path / "letter/import-report.md").read_text("utf-8")
    assert max(map(len, report.splitlines())) < 2000
