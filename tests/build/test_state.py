"""What is kept beside a site comes back as it was saved, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.conftest import Folder, issue_text

from weekahead.build.state import (
    ManifestEntry,
    SiteState,
    UpToDateRecord,
    encode_state,
    is_as_made,
    read_state,
    site_paths,
)
from weekahead.model.findings import BuildError, Finding, Location
from weekahead.site.output import WriteOrder

MANIFEST = {
    "feed.xml": ManifestEntry("f", "d", 3, 5, WriteOrder.FEED),
    "index.html": ManifestEntry("f", "d", 4, 6, WriteOrder.INDEX),
}
RECORD = UpToDateRecord(
    inputs="stats",
    options="False None",
    as_of=None,
    since=1.5,
    until=2.5,
    issues=3,
    warnings=(Finding(where=Location("a.md", 1), rule="r", message="m"),),
)


def test_a_state_comes_back_with_the_stats_of_the_site(tmp_path: Path) -> None:
    paths = site_paths(tmp_path / "site")
    paths.work.mkdir(parents=True)
    paths.state.write_bytes(encode_state("snapshot", MANIFEST, RECORD))
    state = read_state(paths)
    assert state.snapshot == "snapshot"
    assert state.entries() == MANIFEST
    assert state.record
    assert state.record.warnings == RECORD.warnings
    assert (state.record.paths, state.record.kept) == ("feed.xml\nindex.html", 2)
    assert len(state.record.outputs) == 2 * 2 * 8


@pytest.mark.parametrize("data", [None, b"", b"\xc1", b"\x93", b"\x94\xa1x\xc4\x00\xc0\x01", b"\x80"])
def test_a_state_that_is_lost_or_damaged_is_none(tmp_path: Path, data: bytes | None) -> None:
    paths = site_paths(tmp_path / "site")
    paths.work.mkdir(parents=True)
    if data is not None:
        paths.state.write_bytes(data)
    assert read_state(paths).entries() == {}
    assert read_state(paths).record is None


def test_a_damaged_manifest_is_none() -> None:
    assert SiteState("snapshot", b"\xc1").entries() == {}


def test_a_site_has_its_working_folder_beside_it_and_within_if_that_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    assert site_paths(site).work == tmp_path / ".weekahead/site"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert site_paths(site).work == site / ".weekahead"


def test_a_file_is_as_made_while_size_and_time_are(tmp_path: Path) -> None:
    paths = site_paths(tmp_path)
    (tmp_path / "a.html").write_text("abc")
    found = os.stat(tmp_path / "a.html")
    entry = ManifestEntry("f", "d", found.st_size, found.st_mtime_ns)
    assert is_as_made(paths, "a.html", entry)
    assert not is_as_made(paths, "b.html", entry)
    os.utime(tmp_path / "a.html", ns=(found.st_atime_ns, found.st_mtime_ns + 1))
    assert not is_as_made(paths, "a.html", entry)


def test_after_a_lost_state_what_the_site_has_is_taken_over_and_nothing_else_is_touched(folder: Folder) -> None:
    folder.build()
    before = folder.site()
    folder.write(".weekahead/site/state", b"damaged")
    assert not folder.build().changes.written
    assert folder.site() == before
    folder.write(".weekahead/site/state", b"damaged")
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Another"))
    with pytest.raises(BuildError, match="was not made by weekahead"):
        folder.build()
    assert folder.site() == before
    folder.build(clean=True)
    assert "Another" in folder.read("index.html")
