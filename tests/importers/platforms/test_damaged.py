"""Exports that are damaged in any way: a room reads what it can, or refuses by name, and never stops with a traceback."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from tests.importers.exports.damage import with_bytes_changed, with_odd_values
from tests.importers.exports.every import EXPORTS, Members, write
from tests.importers.rooms import NOW, text_of_post

from weekahead.build.check import check
from weekahead.importers.notes import Notes
from weekahead.importers.options import ImportOptions
from weekahead.importers.pipeline import import_export
from weekahead.importers.platforms.platform import ReadOptions
from weekahead.importers.platforms.registry import platform_of, platforms
from weekahead.importers.source_files import open_source
from weekahead.model.findings import BuildError

CASES = int(os.environ.get("FUZZ", "0")) // 200
"""Whole imports of each export, beside the readings."""


def damaged(members: Members, random: Random) -> Members:
    """Return an export with one or two of its texts damaged."""
    changed = dict(members)
    texts = sorted(name for name, data in members.items() if isinstance(data, str))
    for name in random.sample(texts, min(len(texts), random.choice((1, 2)))):
        text = str(members[name])
        changed[name] = (
            with_bytes_changed(text, random) if random.random() < 0.3 else with_odd_values(name, text, random)
        )
    return changed


@pytest.mark.parametrize("name", EXPORTS)
def test_a_damaged_export_is_read_or_refused(name: str, tmp_path: Path) -> None:
    rooms, texts = platforms(), 0
    for number in range(3 + CASES):
        path = write(tmp_path, damaged(EXPORTS[name], Random(f"{name} {number}")))
        with suppress(BuildError), open_source(path) as files:
            room, notes = platform_of(files, "", rooms), Notes()
            for post in room.read(files, ReadOptions(now=NOW), notes).posts:
                texts += bool(text_of_post(post, room, notes))
    assert texts


@pytest.mark.skipif(not CASES, reason="make fuzz")
@pytest.mark.parametrize("name", EXPORTS)
def test_a_damaged_export_becomes_a_letter_without_errors(name: str, tmp_path: Path) -> None:
    rooms, imported = platforms(), 0
    for number in range(CASES):
        path, root = write(tmp_path, damaged(EXPORTS[name], Random(f"{name} {number}"))), tmp_path / f"letter-{number}"
        options = ImportOptions(source=path, root=root, now=NOW)
        with suppress(BuildError), open_source(path) as files:
            report = import_export(options, platform_of(files, "", rooms), files, lambda *what: None)
            imported += 1
            assert [finding for finding in check(root, "2026-01-01").findings if finding.is_error] == [], number
            left_out = [each.note.message for each in report.notes if each.note.message.startswith("it was left out")]
            assert left_out == [], number
    assert imported


RECORDING = "https://cast.example/1.mp3"
FEEDS = {
    "rss.xml": f"""<rss version="2.0"><channel><title>A letter</title><link>https://a.example/</link><item><title>One</title>
<link>https://a.example/1</link><pubDate>Fri, 03 Jan 2025 09:00:00 +0000</pubDate><description>Words of one.</description>
<enclosure url="{RECORDING}" length="SIZE" type="audio/mpeg"/></item></channel></rss>""",
    "atom.xml": f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A letter</title><link href="https://a.example/"/><entry><title>One</title>
<link href="https://a.example/1"/><published>2025-01-03T09:00:00Z</published><content type="html">Words of one.</content>
<link rel="enclosure" href="{RECORDING}" length="SIZE" type="audio/mpeg"/></entry></feed>""",
}


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize(
    ("size", "known"),
    [
        ("7176128", True),
        ("100000000000", True),
        ("100000000001", False),
        ("1700000000000", False),
        ("-5", False),
        ("", False),
    ],
)
def test_a_size_that_no_recording_has_is_not_known(name: str, size: str, known: bool, tmp_path: Path) -> None:
    path, root = tmp_path / name, tmp_path / "letter"
    path.write_text(FEEDS[name].replace("SIZE", size))
    with open_source(path) as files:
        report = import_export(
            ImportOptions(source=path, root=root, now=NOW),
            platform_of(files, "", platforms()),
            files,
            lambda *what: None,
        )
    assert not [note for note in report.notes if "it was left out" in note.note.message]
    (issue,) = (root / "issues").rglob("*.md")
    text = issue.read_text()
    assert RECORDING in text
    assert (f"bytes: {size}" in text) == known
    assert not [finding for finding in check(root, "2026-01-01").findings if finding.is_error]
