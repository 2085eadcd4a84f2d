"""The site in a folder: whole, never over what others put there, and never a site that is not the letter's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.build.conftest import rebuilt, refusal
from tests.conftest import LETTER, Folder, Said, issue_text

from weekahead.build.deployment import deploy

Run = Callable[..., Said]


# -- a folder


@pytest.fixture
def shelf(folder: Folder) -> Folder:
    """The test letter, deployed to a folder beside it."""
    folder.write("letter.yaml", LETTER + "deploy: {folder: ../public}\n")
    folder.build(as_of=None)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_becomes_the_site_and_only_what_we_put_there_is_removed(shelf: Folder) -> None:
    place = shelf.root.parent / "public"
    place.mkdir()
    (place / "robots-of-mine.txt").write_text("mine")
    deploy(shelf.root)
    assert files(place) == shelf.site() | {"robots-of-mine.txt": b"mine"}
    shelf.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", status="draft"))
    done = rebuilt(shelf)
    assert "issues/5-fifth/index.html" in {change.path for change in done.changes.removed}
    assert done.others == 1
    assert files(place) == shelf.site() | {"robots-of-mine.txt": b"mine"}
    again = deploy(shelf.root)
    assert (again.changes.written, again.changes.removed) == ((), ())


def test_a_file_of_others_in_a_folder_is_never_written_over(shelf: Folder) -> None:
    place = shelf.root.parent / "public"
    place.mkdir()
    (place / "index.html").write_text("mine")
    rule, message, _ = refusal(shelf.root)
    assert rule == "not-ours"
    assert "public/index.html" in message
    assert files(place) == {"index.html": b"mine"}
    deploy(shelf.root, force=True)
    assert files(place) == shelf.site()


def test_a_dry_run_makes_no_folder(shelf: Folder, run: Run) -> None:
    said = run("deploy", "--root", shelf.root, "--dry-run")
    assert "write   index.html" in said.out
    assert not (shelf.root.parent / "public").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".", 'cannot deploy to ".": the letter itself is there'),
        ("..", 'cannot deploy to "..": the letter itself is there'),
        ("site", 'cannot deploy to "site": the letter itself is there'),
        ("issues/x", 'cannot deploy to "issues/x": the letter itself is there'),
        ("../no/such", "cannot create"),
    ],
)
def test_a_folder_of_the_letters_own_is_refused(folder: Folder, name: str, message: str) -> None:
    folder.write("letter.yaml", LETTER + f"deploy: {{folder: {name}}}\n")
    folder.build(as_of=None)
    rule, told, _ = refusal(folder.root)
    assert rule == "deploy-folder"
    assert message in told


# -- a site that is not the letter's


def test_a_stale_site_is_refused(shelf: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Another title"))
    said = run("deploy", "--root", shelf.root)
    assert said.status == 1
    assert "site: error: site/ is not up to date [stale-site]\n    Build it first: weekahead build" in said.err
    shelf.build(as_of=None)
    os.remove(shelf.root / "site/feed.xml")
    assert refusal(shelf.root)[0] == "stale-site"
    shelf.build(as_of=None)
    shelf.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    shelf.build(as_of=None)
    deploy(shelf.root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644595200")  # the sixth is out
    assert refusal(shelf.root)[0] == "stale-site"
    assert not (shelf.root.parent / "public/issues/6-sixth").exists()


def test_a_site_with_drafts_is_refused(shelf: Folder) -> None:
    shelf.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="draft"))
    shelf.build(as_of=None, drafts=True)
    assert refusal(shelf.root)[:2] == ("stale-site", "site/ was built with drafts")
    assert not (shelf.root.parent / "public").exists()


def test_a_letter_that_says_no_place_is_told_how(folder: Folder) -> None:
    folder.build(as_of=None)
    assert refusal(folder.root)[0] == "no-deploy"


@pytest.mark.parametrize(
    ("setting", "rule", "message"),
    [
        ("{branch: a, folder: b}", "deploy", "deploy has both a branch and a folder"),
        ("{remote: origin}", "deploy", "deploy has neither a branch nor a folder"),
        ("{branch: 'a b'}", "value", '"branch" must be the name of a branch, but it is "a b"'),
        ("{branch: -f}", "value", '"branch" must be the name of a branch, but it is -f'),
        ("{branch: a..b}", "value", '"branch" must be the name of a branch, but it is a..b'),
        ("{branch: a, remote: --upload-pack=x}", "value", '"remote" must be the name or address of a git remote, but it is --upload-pack=x'),
        ("{folder: b, remote: origin}", "value", "a folder has no remote"),
        ("{brunch: a}", "unknown-key", 'unknown key "brunch"'),
        ("gh-pages", "type", '"deploy" must be a map, but it is gh-pages'),
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_a_finding_in_its_line(
    folder: Folder, setting: str, rule: str, message: str
) -> None:
    folder.write("letter.yaml", LETTER + f"deploy: {setting}\n")
    line = LETTER.count("\n") + 1
    found = [finding for finding in folder.check().findings if finding.rule == rule]
    assert [(finding.where.line, finding.message) for finding in found] == [(line, message)]
