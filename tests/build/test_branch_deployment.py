"""The site on a branch: whole, in one commit, and never over what others put there."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.build.conftest import rebuilt, refusal
from tests.conftest import LETTER, Folder, Said, issue_text

from weekahead.build.branch_deployment import NO_JEKYLL, RECORD
from weekahead.build.deployment import deploy
from weekahead.source import git_branch
from weekahead.source.git import git as run_git
from weekahead.source.git_branch import explain_git_error, fast_import_stream

Run = Callable[..., Said]


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=True).stdout.decode()


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A bare repository that stands for the host."""
    bare = tmp_path / "host.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", bare], check=True)
    return bare


@pytest.fixture
def letter(folder: Folder, host: Path) -> Folder:
    """The test letter in a repository of its own, deployed to the branch gh-pages of its host."""
    folder.write("letter.yaml", LETTER + "deploy: {branch: gh-pages}\n")
    folder.write(".gitignore", "/site/\n/.weekahead/\n")
    git(folder.root, "init", "--quiet", "--initial-branch=main")
    git(folder.root, "remote", "add", "origin", str(host))
    git(folder.root, "config", "user.name", "Ida")
    git(folder.root, "config", "user.email", "ida@letter.example")
    git(folder.root, "add", ".")
    git(folder.root, "commit", "--quiet", "-m", "A letter")
    folder.build(as_of=None)
    return folder


def public(host: Path, branch: str = "gh-pages") -> dict[str, bytes]:
    """Every file of a branch on the host, but for what says which of them are ours."""
    archive = subprocess.run(["git", "-C", host, "archive", branch], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        found = {entry.name: tar.extractfile(entry) for entry in tar if entry.isfile()}
        return {name: file.read() for name, file in found.items() if file and name not in (RECORD, NO_JEKYLL)}


def test_a_branch_becomes_the_site_in_one_commit(letter: Folder, host: Path) -> None:
    done = deploy(letter.root)
    assert public(host) == letter.site()
    assert {change.path for change in done.changes.written} == {*letter.site(), ".nojekyll"}
    assert (
        git(host, "log", "--format=%an %s", "gh-pages")
        == f"Ida Publish the site: {len(done.changes.written) + 1} files written, 0 removed\n"
    )


def test_the_working_tree_the_index_and_the_branches_stay_as_they_were(letter: Folder) -> None:
    letter.write("issues/0009-unsaved.md", "half a thought")
    git(letter.root, "add", "issues/0009-unsaved.md")
    letter.write("issues/0009-unsaved.md", issue_text(9, "2022-03-04", "Paying for data", status="draft"))
    letter.build(as_of=None)

    def state() -> list[str]:
        asked = (["status", "--porcelain"], ["diff"], ["diff", "--cached"], ["branch"], ["rev-parse", "HEAD"])
        return [git(letter.root, *arguments) for arguments in asked]

    before = state()
    deploy(letter.root)
    assert state() == before


def test_a_second_deployment_changes_nothing_and_a_third_what_changed(letter: Folder, host: Path) -> None:
    deploy(letter.root)
    tip = git(host, "rev-parse", "gh-pages")
    again = deploy(letter.root)
    assert (again.changes.written, again.changes.removed) == ((), ())
    assert git(host, "rev-parse", "gh-pages") == tip
    letter.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", status="draft"))
    done = rebuilt(letter)
    assert "issues/5-fifth/index.html" in {change.path for change in done.changes.removed}
    assert public(host) == letter.site()
    assert git(host, "rev-parse", "gh-pages^") == tip


def test_a_dry_run_lists_what_would_change_and_changes_nothing(letter: Folder, host: Path, run: Run) -> None:
    said = run("deploy", "--root", letter.root, "--dry-run")
    assert said.status == 0
    assert "write   issues/1-first/index.html" in said.out
    assert "files would be written, 0 removed, 0 unchanged." in said.out
    assert not git(host, "branch", "--list")
    deploy(letter.root)
    assert run("deploy", "--root", letter.root, "--dry-run").out.startswith("branch gh-pages of origin: 0 files")


def test_what_others_put_into_a_branch_stays(letter: Folder, host: Path, tmp_path: Path) -> None:
    deploy(letter.root)
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", "--branch=gh-pages", str(host), str(other))
    (other / "CNAME").write_text("letter.example\n")
    (other / "elsewhere").mkdir()
    (other / "elsewhere" / "paper.pdf").write_bytes(b"%PDF")
    git(other, "add", ".")
    git(other, "-c", "user.name=O", "-c", "user.email=o@example.com", "commit", "--quiet", "-m", "By hand")
    git(other, "push", "--quiet")
    letter.write("issues/0006-sixth.md", issue_text(6, "2022-02-08", "Reading a loss curve"))
    letter.write("schedule.yaml", (letter.root / "schedule.yaml").read_text() + "slips: {6: 2022-02-08}\n")
    done = rebuilt(letter)
    assert done.others == 2
    assert public(host) == letter.site() | {"CNAME": b"letter.example\n", "elsewhere/paper.pdf": b"%PDF"}


def test_a_page_that_somebody_changed_in_the_branch_is_not_removed(
    letter: Folder, host: Path, tmp_path: Path, run: Run
) -> None:
    deploy(letter.root)
    other, page = tmp_path / "other", "issues/5-fifth/index.html"
    git(tmp_path, "clone", "--quiet", "--branch=gh-pages", str(host), str(other))
    (other / page).write_text("MINE")
    git(other, "-c", "user.name=O", "-c", "user.email=o@example.com", "commit", "--quiet", "-am", "By hand")
    git(other, "push", "--quiet")
    letter.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", status="draft"))
    letter.build(as_of=None)
    said = run("deploy", "--root", letter.root)
    assert said.status == 0
    assert f"warning: {page} in branch gh-pages is no longer part of the site" in said.err
    assert public(host) == letter.site() | {page: b"MINE"}
    assert not run("deploy", "--root", letter.root).err


@pytest.mark.parametrize("name", ["index.html", "archive", "assets/style.css/x"])
def test_a_file_of_others_in_the_way_is_a_finding_and_stays_until_it_is_told_to_go(
    letter: Folder, host: Path, tmp_path: Path, name: str
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(host), str(other))
    git(other, "checkout", "--quiet", "--orphan", "gh-pages")
    (other / name).parent.mkdir(parents=True, exist_ok=True)
    (other / name).write_text("mine")
    git(other, "add", ".")
    git(other, "-c", "user.name=O", "-c", "user.email=o@example.com", "commit", "--quiet", "-m", "Mine")
    git(other, "push", "--quiet", "origin", "gh-pages")
    rule, message, hint = refusal(letter.root)
    assert (rule, message) == (
        "not-ours",
        f"{name} in branch gh-pages of origin was not made by weekahead and is in the way",
    )
    assert "--force" in hint
    assert public(host) == {name: b"mine"}
    deploy(letter.root, force=True)
    assert public(host) == letter.site()


def test_a_branch_that_holds_a_letter_is_refused(letter: Folder, host: Path) -> None:
    git(letter.root, "push", "--quiet", "origin", "main")
    letter.write("letter.yaml", LETTER + "deploy: {branch: main}\n")
    letter.build(as_of=None)
    assert refusal(letter.root)[:2] == ("deploy-branch", "branch main of origin contains a letter, not a site")
    assert refusal(letter.root, force=True)[0] == "deploy-branch"


def test_two_who_publish_at_once_lose_nothing(letter: Folder, host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(letter.root)
    letter.write("letter.yaml", LETTER.replace("The Test Letter", "New") + "deploy: {branch: gh-pages}\n")
    letter.build(as_of=None)
    real = run_git

    def slower(root: Path, *arguments: str, given: bytes = b"") -> bytes:
        if arguments[0] == "push":
            tree = git(host, "rev-parse", "gh-pages^{tree}").strip()
            person = ["-c", "user.name=O", "-c", "user.email=o@example.com"]
            commit = git(host, *person, "commit-tree", tree, "-p", "gh-pages", "-m", "First").strip()
            git(host, "update-ref", "refs/heads/gh-pages", commit)
        return real(root, *arguments, given=given)

    monkeypatch.setattr(git_branch, "git", slower)
    rule, message, hint = refusal(letter.root)
    assert (rule, message) == ("deploy-git", "somebody else pushed to gh-pages at the same time")
    assert "[rejected]" in hint
    assert git(host, "log", "-1", "--format=%s", "gh-pages") == "First\n"
    monkeypatch.setattr(git_branch, "git", real)
    deploy(letter.root)
    assert public(host) == letter.site()


def test_a_deployment_that_is_killed_leaves_the_branch_whole(
    letter: Folder, host: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream that is cut before its last line is a commit that never was."""
    deploy(letter.root)
    before = public(host)
    letter.write("letter.yaml", LETTER.replace("The Test Letter", "New") + "deploy: {branch: gh-pages}\n")
    letter.build(as_of=None)
    real = fast_import_stream
    monkeypatch.setattr(git_branch, "fast_import_stream", lambda *parts: list(real(*parts))[:9])
    assert refusal(letter.root)[0] == "deploy-git"
    assert public(host) == before
    monkeypatch.setattr(git_branch, "fast_import_stream", real)
    deploy(letter.root)
    assert public(host) == letter.site()


def test_a_fresh_shallow_clone_goes_on_where_another_left_off(letter: Folder, host: Path, tmp_path: Path) -> None:
    """As a scheduled job does it, where nobody has told git a name."""
    git(letter.root, "push", "--quiet", "origin", "main")
    deploy(letter.root)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{host}", str(clone))
    again = Folder(clone)
    text = (clone / "issues/0001-first.md").read_text()
    again.write("issues/0001-first.md", text + "\nOne more word.\n")
    done = rebuilt(again)
    assert done.changes.written
    assert not done.changes.removed
    assert public(host) == again.site()
    assert git(host, "log", "-1", "--format=%an", "gh-pages") == "weekahead\n"
    assert int(git(host, "rev-list", "--count", "gh-pages")) == 2


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("{branch: gh-pages, remote: nowhere}", 'there is no repository at "nowhere"'),
        ("{branch: gh-pages, remote: /no/such/folder}", 'there is no repository at "/no/such/folder"'),
    ],
)
def test_errors_of_git_are_told_plainly(letter: Folder, setting: str, message: str) -> None:
    letter.write("letter.yaml", LETTER + f"deploy: {setting}\n")
    letter.build(as_of=None)
    rule, told, hint = refusal(letter.root)
    assert (rule, told) == ("deploy-git", message)
    assert "git says: fatal:" in hint


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.", "authentication to h failed"),
        ("fatal: could not read Username for 'https://h': No such device or address", "authentication to h failed"),
        ("fatal: unable to access 'https://h/': Could not resolve host: h", "could not reach h"),
        ("remote: error: GH006: Protected branch update failed\n ! [remote rejected] a -> b (protected branch hook declined)", "h rejected the push to b"),
        ("fatal: something new", "git failed to publish to b of h"),
    ],
)  # fmt: skip
def test_what_git_says_has_a_meaning(said: str, message: str) -> None:
    told, hint = explain_git_error(said, "h", "b")
    assert told == message
    assert hint.endswith("git says: " + " ".join(said.split("\n")).replace("  ", " "))


def test_a_letter_without_git_is_told_so(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "deploy: {branch: gh-pages}\n")
    folder.build(as_of=None)
    assert refusal(folder.root)[:2] == ("deploy-git", "the letter's folder is not in a git repository")


NAMES = ["line\nend.png", "return\r.png", "tab\t.png", "sep\u2028.png", "next\x85.png", "form\x0c.png", 'quo"te\\.png']
NAMES += ['"json".png', "esc\x1b[2J.png", " space .png", "-dash.png", "\\n.png"]


@pytest.mark.parametrize("where", ["{branch: gh-pages}", "{folder: ../shelf}"])
def test_files_of_any_name_are_written_changed_and_removed(letter: Folder, host: Path, where: str) -> None:
    letter.write("letter.yaml", LETTER + f"deploy: {where}\n")
    (letter.root / "issues/0005-fifth.md").unlink()
    letter.write("issues/0005-fifth/index.md", issue_text(5, "2022-02-04", "Fifth", files='["*.png"]'))

    def deployed() -> dict[str, bytes]:
        letter.build(as_of=None)
        deploy(letter.root)
        if "branch" in where:
            return public(host)
        shelf = letter.root.parent / "shelf"
        return {str(path.relative_to(shelf)): path.read_bytes() for path in shelf.rglob("*") if path.is_file()}

    for content in (b"one", b"two"):
        for name in NAMES:
            letter.write(f"issues/0005-fifth/{name}", content)
        found = deployed()
        assert found == letter.site()
        assert [found[f"issues/5-fifth/{name}"] for name in NAMES] == [content] * len(NAMES)
    letter.write("issues/0005-fifth/index.md", issue_text(5, "2022-02-04", "Fifth"))
    for name in NAMES:
        (letter.root / "issues/0005-fifth" / name).unlink()
    assert deployed() == letter.site()
