"""Only what changed is written, whole files only, and nothing that is not ours is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.conftest import Folder, issue_text
from tests.harness import files

from weekahead.build import writer
from weekahead.markdown import renderer
from weekahead.model.findings import BuildError
from weekahead.runtime import pieces, store
from weekahead.site import page_output, social_cards


def stamps(folder: Folder) -> dict[str, tuple[int, int]]:
    site = folder.root / "site"
    return {str(p.relative_to(site)): (p.stat().st_mtime_ns, p.stat().st_ino) for p in site.rglob("*") if p.is_file()}


def test_a_second_build_writes_nothing(folder: Folder) -> None:
    assert folder.build().changes.written
    before = stamps(folder)
    assert not folder.build().changes.written
    assert stamps(folder) == before


def test_a_build_from_nothing_has_the_same_bytes(folder: Folder) -> None:
    folder.build()
    folder.write("issues/0003-third.md", issue_text(3, "2022-01-21", "Third again", "New words."))
    folder.build()
    first = folder.site()
    for name in (".weekahead", "site"):
        os.system(f"rm -rf {folder.root / name}")
    folder.build()
    assert folder.site() == first


def test_an_edit_writes_only_what_shows_it(folder: Folder) -> None:
    folder.build()
    folder.write(
        "issues/0002-second.md",
        issue_text(
            2,
            "2022-01-14",
            "Second letter",
            "Other words.",
            tags="[models, data]",
            series="{name: Basics, part: 2, of: 3}",
        ),
    )
    changes = folder.build().changes
    assert {change.path: change.why for change in changes.written} == dict.fromkeys(
        ("issues/2-second/index.html", "feed.xml", "atom.xml", "feed.json", "search/2022.json"),
        "the text of issue 2 changed",
    )


def test_a_changed_template_is_the_reason_given(folder: Folder) -> None:
    folder.build()
    folder.write("templates/404.html", "{{ page.title }}\n")
    changes = folder.build().changes
    assert [(change.path, change.why) for change in changes.written] == [("404.html", "the template 404.html changed")]


def test_a_file_that_was_lost_or_changed_is_made_again(folder: Folder) -> None:
    folder.build()
    before = folder.site()
    (folder.root / "site/robots.txt").unlink()
    folder.write("site/archive/index.html", "broken")
    folder.build()
    assert folder.site() == before


def test_what_is_no_longer_made_is_removed_with_its_folder(folder: Folder) -> None:
    folder.build()
    (folder.root / "issues/0005-fifth.md").unlink()
    removed = [change.path for change in folder.build().changes.removed]
    assert removed == ["cards/issues/5-fifth.png", "issues/5-fifth/index.html"]
    assert not (folder.root / "site/issues/5-fifth").exists()


def test_files_of_others_stay(folder: Folder) -> None:
    folder.write("site/CNAME", "letter.example")
    folder.write("site/issues/5-fifth/mine.txt", "mine")
    folder.build()
    (folder.root / "issues/0005-fifth.md").unlink()
    folder.build()
    assert folder.read("CNAME") == "letter.example"
    assert folder.read("issues/5-fifth/mine.txt") == "mine"


@pytest.mark.parametrize(
    "place", ["file", "same size and time", "link", "folder that is a link", "parent that is a link"]
)
def test_what_somebody_put_in_the_place_of_a_file_of_ours_is_not_removed(
    folder: Folder, tmp_path: Path, place: str
) -> None:
    folder.build()
    page, outside = folder.root / "site/issues/5-fifth/index.html", tmp_path / "outside"
    kept = page
    if place.startswith("f"):
        shutil.copytree(page.parent, outside)
    if place == "file":
        page.write_text("MINE")
    elif place == "same size and time":
        stat = page.stat()
        page.write_bytes(b"M" * stat.st_size)
        os.utime(page, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    elif place == "link":
        kept = page.rename(tmp_path / "mine.html")
        page.symlink_to(kept)
    else:  # the file behind the link has our bytes, and is not ours all the same
        linked = page.parent if place == "folder that is a link" else page.parent.parent
        shutil.rmtree(outside, ignore_errors=True)
        shutil.copytree(linked, outside)
        shutil.rmtree(linked)
        linked.symlink_to(outside)
        kept = outside / page.relative_to(linked)
        if place == "parent that is a link":
            for name in folder.root.glob("issues/000[1-5]*"):
                name.unlink()
    before = kept.read_bytes()
    (folder.root / "issues/0005-fifth.md").unlink(missing_ok=True)
    result = folder.build()
    assert kept.read_bytes() == before
    assert "issues/5-fifth/index.html" not in {change.path for change in result.changes.removed}
    assert any(str(finding).startswith("site/issues/5-fifth/index.html: warning:") for finding in result.changes.left)
    assert not folder.build().changes.left


def test_a_long_file_beside_an_issue_is_copied_in_pieces(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 1000)
    longest = 0
    whole = pieces.pieces

    def watched(file: BinaryIO) -> Iterator[bytes]:
        nonlocal longest
        for piece in whole(file):
            longest = max(longest, len(piece))
            yield piece

    monkeypatch.setattr(writer, "pieces", watched)
    folder.write("issues/0002-second/long.bin", b"long" * 5000)
    (folder.root / "issues/0002-second.md").unlink()
    folder.write("issues/0002-second/index.md", issue_text(2, "2022-01-14", "Second", files="[long.bin]"))
    folder.build()
    assert folder.site()["issues/2-second/long.bin"] == b"long" * 5000
    assert longest == 1000


def test_a_file_that_changes_while_it_is_copied_is_a_finding(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.build()
    before = folder.site()
    folder.write("issues/dot.png", b"dot")
    folder.write("issues/0002-second.md", issue_text(2, "2022-01-14", "Second letter", "![A dot](dot.png)"))
    monkeypatch.setattr(writer, "pieces", lambda file: iter([b"other"]))
    with pytest.raises(BuildError, match="this file changed while it was being copied"):
        folder.build()
    assert folder.site() == before


def test_a_file_of_others_in_the_way_is_a_finding(folder: Folder) -> None:
    folder.write("site/index.html", "mine")
    with pytest.raises(BuildError, match="not made by weekahead"):
        folder.build()
    assert folder.site() == {"index.html": b"mine"}
    folder.build(clean=True)
    assert folder.site()["index.html"] != b"mine"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("site/index.html/mine.txt", "site/index.html is a folder, not a file, and is in the way"),
        ("site/issues", "site/issues is not a folder made by weekahead and is in the way"),
    ],
)
def test_what_clean_does_not_overwrite_is_not_said_to_be_overwritten(folder: Folder, name: str, message: str) -> None:
    folder.write(name, "mine")
    for clean in (False, True):
        with pytest.raises(BuildError) as refused:
            folder.build(clean=clean)
        assert {(finding.message, finding.hint) for finding in refused.value.findings} == {(message, "Move it away.")}


def test_a_link_in_the_site_is_not_followed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder.root / "site").mkdir()
    os.symlink(tmp_path / "elsewhere", folder.root / "site/issues")
    with pytest.raises(BuildError, match="not a folder made by weekahead"):
        folder.build()
    assert not list((tmp_path / "elsewhere").iterdir())


def test_an_error_leaves_the_site_as_it_was(folder: Folder) -> None:
    folder.build()
    before = stamps(folder)
    folder.write("issues/0006-x.md", issue_text(1, "2022-02-11", "Twice"))
    with pytest.raises(BuildError):
        folder.build()
    assert stamps(folder) == before


def test_a_dry_run_changes_nothing(folder: Folder) -> None:
    assert folder.build(dry_run=True).changes.written
    assert not (folder.root / "site").exists()
    assert not (folder.root / ".weekahead").exists()


def test_a_commit_that_was_interrupted_is_finished(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at every rename in turn: the next build, which has nothing new to say, finishes the work."""
    folder.build()
    for killed_at in range(12):
        folder.write("issues/0003-third.md", issue_text(3, "2022-01-21", f"Third {killed_at}", tags="[models]"))
        calls = 0
        replace = os.replace

        def dying(source: object, target: object, killed_at: int = killed_at, replace: object = replace) -> None:
            nonlocal calls
            calls += 1
            if calls > killed_at:
                raise KeyboardInterrupt
            replace(source, target)  # type: ignore[operator]

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", dying)
            with contextlib.suppress(KeyboardInterrupt):
                folder.build()
        folder.build()
        healed = folder.site()
        folder.build(clean=True)
        assert folder.site() == healed
        assert f"Third {killed_at}" in folder.read("archive/index.html")
        assert not (folder.root / ".weekahead/site/stage").exists()


def test_a_read_only_letter_builds_elsewhere(folder: Folder, tmp_path: Path) -> None:
    folder.build(output=tmp_path / "out/site")
    assert (tmp_path / "out/site/index.html").exists()
    assert not (folder.root / "site").exists()


def test_a_failed_write_is_one_clean_finding(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.build()
    before = stamps(folder)
    folder.write("issues/0003-third.md", issue_text(3, "2022-01-21", "Third again"))

    def full(path: object, mode: str = "r", *more: object, **others: object) -> object:
        if mode in ("wb", "xb"):
            raise OSError(28, "No space left on device", str(path))
        return open_(path, mode, *more, **others)  # type: ignore[call-overload]

    open_ = open
    monkeypatch.setattr("builtins.open", full)
    with pytest.raises(BuildError, match="the disk is full"):
        folder.build()
    assert stamps(folder) == before


def test_a_clone_that_has_the_cache_makes_nothing_anew(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("issues/dot.png", b"dot")
    folder.write("issues/0002-second.md", issue_text(2, "2022-01-14", "Second letter", "![A dot](dot.png)"))
    folder.build()
    before = files(folder.root / "site")
    shutil.rmtree(folder.root / "site")
    shutil.rmtree(folder.root / ".weekahead/site")
    monkeypatch.setattr(page_output, "render_page", lambda *_: pytest.fail("a page was rendered"))
    monkeypatch.setattr(social_cards, "card", lambda *_: pytest.fail("a card was drawn"))
    monkeypatch.setattr(renderer, "convert", lambda *_: pytest.fail("a text was converted"))
    assert len(folder.build().changes.written) == len(before)
    assert files(folder.root / "site") == before


def test_the_cache_forgets_what_no_build_will_ask_for(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SPARE_PAGES", 0)

    def kept() -> set[tuple[str, str]]:
        with sqlite3.connect(folder.root / ".weekahead/cache.db") as database:
            return set(database.execute("SELECT kind, key FROM held WHERE kind IN ('facts', 'parts', 'made')"))

    folder.build()
    first = kept()
    for turn in range(12):
        folder.write(
            "issues/0002-second.md", issue_text(2, "2022-01-14", "Second letter", f"Turn {turn} of many. " * 9000)
        )
        folder.build()
    texts = sorted(kind for kind, _ in kept())
    assert texts.count("facts") < 12
    assert texts.count("made") < 2 * len([1 for kind, _ in first if kind == "made"])
    for name in ("site", ".weekahead/site"):
        shutil.rmtree(folder.root / name)
    monkeypatch.setattr(renderer, "convert", lambda *_: pytest.fail("a text that is in use was forgotten"))
    assert folder.build().changes.written


def test_a_damaged_cache_is_forgotten(folder: Folder) -> None:
    folder.build()
    before = folder.site()
    for damage in (b"", b"garbage" * 1000, (folder.root / ".weekahead/cache.db").read_bytes()[:5000]):
        folder.write(".weekahead/cache.db", damage)
        folder.write("templates/404.html", f"{len(damage)}\n")
        folder.build()
    (folder.root / "templates/404.html").unlink()
    folder.build()
    assert folder.site() == before


def test_a_remembered_issue_is_the_one_in_its_file(folder: Folder) -> None:
    """The cache goes by content: the same size and time stamp do not hide an edit, and going back finds the old text."""
    path = folder.root / "issues/0005-fifth.md"
    folder.build()
    first, stat = path.read_bytes(), path.stat()
    folder.write("issues/0005-fifth.md", first.replace(b"Fifth letter", b"Sixth letter"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    folder.build()
    assert "Sixth letter" in folder.read("archive/index.html")
    folder.write("issues/0005-fifth.md", first)
    folder.build()
    assert "Fifth letter" in folder.read("archive/index.html")
