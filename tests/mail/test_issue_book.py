"""The issue book: of two that claim an issue one has it, on one machine and on two."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from weekahead.mail.claims import BRANCH, BookError, Claim, FileBook, GitBook, IssueBook, open_issue_book
from weekahead.mail.journal import Counts
from weekahead.source.git import GitFailed
from weekahead.source.git_branch import push_commit


def claim(issue: str = "87", nonce: str = "n1") -> Claim:
    return Claim(
        letter="urn:uuid:x", issue=issue, edition="e", list="l", nonce=nonce, counts=Counts(intended=3, waiting=3)
    )


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=Ida", "-c", "user.email=ida@x.example", *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


@pytest.fixture
def host(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "host.git")
    return tmp_path / "host.git"


@pytest.fixture
def clone(tmp_path: Path, host: Path) -> Callable[[str], Path]:
    """Make a clone with a commit on main."""

    def clone(name: str) -> Path:
        git(tmp_path, "clone", "--quiet", str(host), name)
        git(tmp_path / name, "checkout", "--quiet", "-B", "main")
        git(tmp_path / name, "commit", "--quiet", "--allow-empty", "-m", "A letter")
        return tmp_path / name

    return clone


def test_without_git_or_a_remote_the_book_is_a_folder(tmp_path: Path) -> None:
    assert isinstance(open_issue_book(tmp_path), FileBook)
    git(tmp_path, "init", "--quiet")
    assert isinstance(open_issue_book(tmp_path), FileBook)
    git(tmp_path, "remote", "add", "elsewhere", "x")
    assert open_issue_book(tmp_path).place == "branch weekahead-sent of elsewhere"
    git(tmp_path, "remote", "add", "other", "y")
    with pytest.raises(BookError, match="elsewhere, other"):
        open_issue_book(tmp_path)
    git(tmp_path, "remote", "add", "origin", "z")
    assert open_issue_book(tmp_path).place == "branch weekahead-sent of origin"


def books(tmp_path: Path, clone: Callable[[str], Path], kind: str) -> IssueBook:
    return FileBook(tmp_path / "letter") if kind == "file" else GitBook(clone("a"), "origin")


@pytest.fixture(params=["file", "git"])
def book(request: pytest.FixtureRequest, tmp_path: Path, clone: Callable[[str], Path]) -> IssueBook:
    (tmp_path / "letter").mkdir()
    return books(tmp_path, clone, request.param)


def test_a_claim_is_read_back_and_replaced_by_who_knows_it(book: IssueBook) -> None:
    first = claim()
    assert book.read() == {}
    assert book.write(first, None)
    assert book.read() == {"87": first}
    assert not book.write(claim(nonce="n2"), None)
    finished = replace(first, state="finished", journal="d", counts=Counts(intended=3, accepted=3))
    assert not book.write(finished, claim(nonce="n2"))
    assert book.write(finished, first)
    assert book.write(claim("88"), None)
    assert book.read() == {"87": finished, "88": claim("88")}


def test_two_clones_that_claim_at_once(clone: Callable[[str], Path]) -> None:
    both = [GitBook(clone(name), "origin") for name in "ab"]
    with ThreadPoolExecutor() as pool:
        for issue in ("1", "2", "3"):
            tries = [pool.submit(book.write, claim(issue, f"n{n}"), None) for n, book in enumerate(both)]
            assert sorted(each.result() for each in tries) == [False, True]
        tries = [pool.submit(book.write, claim(issue), None) for issue, book in zip("45", both, strict=True)]
        assert all(each.result() for each in tries)
    assert sorted(both[0].read()) == sorted(both[1].read()) == ["1", "2", "3", "4", "5"]


def test_the_branch_has_the_books_alone_and_nothing_else_changes(clone: Callable[[str], Path], host: Path) -> None:
    root = clone("a")
    (root / "staged").write_text("x")
    git(root, "add", "staged")
    before = git(root, "status", "--porcelain"), git(root, "branch", "--list"), git(root, "rev-parse", "HEAD")
    assert GitBook(root, "origin").write(claim(), None)
    assert git(host, "ls-tree", "-r", "--name-only", BRANCH) == "87.json\n"
    status = git(root, "status", "--porcelain").replace("?? .weekahead/\n", "")
    assert (status, git(root, "branch", "--list"), git(root, "rev-parse", "HEAD")) == before


def test_main_may_be_rebased(clone: Callable[[str], Path]) -> None:
    root = clone("a")
    book = GitBook(root, "origin")
    assert book.write(claim(), None)
    git(root, "commit", "--quiet", "--amend", "--allow-empty", "-m", "Another")
    git(root, "push", "--quiet", "--force", "origin", "main")
    assert book.read() == {"87": claim()}


def test_two_letters_in_one_repository(clone: Callable[[str], Path]) -> None:
    root = clone("a")
    (root / "one").mkdir()
    (root / "two").mkdir()
    one, two = open_issue_book(root / "one"), open_issue_book(root / "two")
    assert one.write(claim(), None)
    assert two.read() == {}
    assert two.write(claim(nonce="n2"), None)
    assert one.read() == {"87": claim()}


def test_a_lost_branch_is_remembered_here(clone: Callable[[str], Path], host: Path) -> None:
    book = GitBook(clone("a"), "origin")
    assert book.write(claim(), None)
    git(host, "branch", "-D", BRANCH)
    assert book.read() == {"87": claim()}
    assert not book.write(claim(nonce="n2"), None)
    assert book.write(replace(claim(), state="finished"), claim())
    assert GitBook(clone("b"), "origin").read()["87"].state == "finished"


def test_a_letter_that_gets_a_remote_later(tmp_path: Path, clone: Callable[[str], Path]) -> None:
    root = clone("a")
    assert FileBook(root).write(claim(), None)
    assert GitBook(root, "origin").read() == {"87": claim()}
    assert not GitBook(root, "origin").write(claim(nonce="n2"), None)


def test_books_that_disagree_stop_everything(clone: Callable[[str], Path]) -> None:
    root = clone("a")
    assert FileBook(root).write(claim(), None)
    assert GitBook(clone("b"), "origin").write(claim(nonce="n2"), None)
    with pytest.raises(BookError, match="disagree about who sent 87"):
        GitBook(root, "origin").read()


def test_a_push_whose_answer_was_lost_counts(clone: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*arguments: object) -> None:
        push_commit(*arguments)  # type: ignore[arg-type]
        raise GitFailed("connection reset")

    book = GitBook(clone("a"), "origin")
    monkeypatch.setattr("weekahead.mail.claims.push_commit", lost)
    assert book.write(claim(), None)


def test_a_host_that_is_not_there_stops_everything(tmp_path: Path, clone: Callable[[str], Path], host: Path) -> None:
    book = GitBook(clone("a"), "origin")
    host.rename(tmp_path / "gone.git")
    with pytest.raises(BookError):
        book.read()
    with pytest.raises(BookError):
        book.write(claim(), None)


def test_a_host_that_refuses_the_push_stops_everything(clone: Callable[[str], Path], host: Path) -> None:
    hook = host / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(BookError, match="rejected the push"):
        GitBook(clone("a"), "origin").write(claim(), None)


@pytest.mark.parametrize("damage", [b"", b"{}", b"\0\0", b'{"letter": 3}'])
def test_a_damaged_entry_stops_everything(tmp_path: Path, damage: bytes) -> None:
    book = FileBook(tmp_path)
    assert book.write(claim(), None)
    (tmp_path / ".weekahead/sent/87.json").write_bytes(damage)
    with pytest.raises(BookError, match=r"87\.json, which says what was sent, is damaged"):
        book.read()


def test_a_link_in_place_of_a_book_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".weekahead").mkdir()
    (tmp_path / ".weekahead/sent").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BookError, match="cannot be used"):
        FileBook(tmp_path).write(claim(), None)
    (tmp_path / ".weekahead/sent").unlink()
    assert FileBook(tmp_path).write(claim(), None)
    (tmp_path / ".weekahead/sent/87.json").rename(tmp_path / "real")
    (tmp_path / ".weekahead/sent/87.json").symlink_to(tmp_path / "real")
    with pytest.raises(BookError, match="cannot be used"):
        FileBook(tmp_path).read()
