"""A published address that is gone is a warning with the alias that leads there again, and nothing else is."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import LETTER, NOON, Folder, Said, five_issues, issue_text

from weekahead.build.fix import fix
from weekahead.source.front_matter_edit import with_alias

Run = Callable[..., Said]


def gone(folder: Folder, as_of: str = NOON) -> list[tuple[str, int, str]]:
    """File and line of each finding, and the alias that it names."""
    found = [each for each in folder.check(as_of).findings if each.rule == "address-gone"]
    return [(each.where.file, each.where.line, each.message.split('"')[-2]) for each in found]


def rename(folder: Folder, old: str, new: str) -> None:
    (folder.root / f"issues/{old}.md").rename(folder.root / f"issues/{new}.md")


def slug(folder: Folder) -> None:
    folder.replace("issues/0005-fifth.md", "title: Fifth letter\n", "title: Fifth letter\nslug: the-fifth\n")


# -- after a build

CHANGES: dict[str, tuple[Callable[[Folder], object], str, int, str]] = {
    "another file name": (lambda folder: rename(folder, "0005-fifth", "0005-five"), "0005-five", 3, "/issues/5-fifth/"),
    "another slug": (slug, "0005-fifth", 4, "/issues/5-fifth/"),
    "another number": (
        lambda folder: folder.replace("issues/0005-fifth.md", "number: 5", "number: 15"),
        "0005-fifth",
        3,
        "/issues/5-fifth/",
    ),
    "another file name and title": (
        lambda folder: (folder.root / "issues/0005-fifth.md").rename(
            folder.write("issues/0005-five.md", issue_text(5, "2022-02-04", "Five")).with_suffix(".txt")
        ),
        "0005-five",
        3,
        "/issues/5-fifth/",
    ),
    "a series that is gone": (
        lambda folder: [
            path.write_text(path.read_text().replace("Basics", "The basics")) for path in folder.root.glob("issues/*")
        ],
        "0001-first",
        7,
        "/series/basics/",
    ),
    "an issue that is gone": (
        lambda folder: (folder.root / "issues/0005-fifth.md").unlink(),
        "0005-fifth",
        0,
        "Fifth letter",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_address_that_changed_since_the_last_build_is_a_warning(folder: Folder, change: str) -> None:
    edit, name, line, alias = CHANGES[change]
    folder.build()
    assert gone(folder) == []
    edit(folder)
    assert gone(folder) == [(f"issues/{name}.md", line, alias)]


def test_a_tag_that_no_issue_has_any_more_is_a_warning(folder: Folder) -> None:
    folder.replace("issues/0005-fifth.md", "[models, data]", "[models, rare]")
    folder.build()
    folder.replace("issues/0005-fifth.md", "[models, rare]", "[models]")
    assert gone(folder) == [("issues/0005-fifth.md", 6, "/tags/rare/")]


def test_a_page_that_is_renamed_is_found_by_its_title(folder: Folder) -> None:
    folder.write("pages/colophon.md", "# Colophon\n\nWords.\n")
    folder.build()
    (folder.root / "pages/colophon.md").rename(folder.root / "pages/imprint.md")
    assert gone(folder) == [("pages/imprint.md", 1, "/colophon/")]
    fix(folder.root, NOON)
    assert (
        folder.root.joinpath("pages/imprint.md").read_text()
        == "---\naliases: [/colophon/]\n---\n\n# Colophon\n\nWords.\n"
    )
    assert gone(folder) == []


def test_another_permalink_is_told_of_each_issue_or_once_of_many(folder: Folder) -> None:
    folder.build()
    folder.write("letter.yaml", LETTER + "permalink: /p/{slug}/\n")
    assert [alias for _, _, alias in gone(folder)] == [
        f"/issues/{n}" for n in ("1-first/", "2-second/", "3-third/", "4-fourth/", "5-fifth/")
    ]
    folder.write("letter.yaml", LETTER)
    for number in range(6, 13):
        folder.write(f"issues/old{number}.md", issue_text(number, f"2021-01-{number:02}", f"Old {number}"))
    folder.build()
    folder.write("letter.yaml", LETTER + "permalink: /p/{slug}/\n")
    [(file, line, _)] = gone(folder)
    assert (file, line) == ("letter.yaml", LETTER.count("\n") + 1)
    fix(folder.root, NOON)
    assert gone(folder) == []
    folder.build()
    assert "/p/fifth/" in folder.read("issues/5-fifth/index.html")


def test_the_warning_stays_until_an_alias_is_there_or_it_is_waived(folder: Folder) -> None:
    folder.build()
    slug(folder)
    folder.build()
    assert gone(folder) == [("issues/0005-fifth.md", 4, "/issues/5-fifth/")]
    folder.replace("issues/0005-fifth.md", "status: ready", "status: ready\nallow: [address-gone]")
    assert gone(folder) == []
    folder.replace("issues/0005-fifth.md", "allow: [address-gone]", "aliases: [/issues/5-fifth]")
    assert gone(folder) == []
    folder.replace("issues/0005-fifth.md", "aliases: [/issues/5-fifth]\n", "")
    folder.build()
    assert gone(folder) != []


def test_an_alias_that_is_taken_away_is_an_address_that_is_gone(folder: Folder) -> None:
    folder.replace("issues/0005-fifth.md", "status: ready", "status: ready\naliases: [/p/five, /old.html]")
    folder.build()
    folder.replace("issues/0005-fifth.md", "aliases: [/p/five, /old.html]\n", "")
    assert [alias for _, _, alias in gone(folder)] == ["/old.html", "/p/five/"]
    fix(folder.root, NOON)
    assert gone(folder) == []


def test_who_builds_after_a_withdrawal_has_seen_the_warning(folder: Folder) -> None:
    folder.build()
    (folder.root / "issues/0005-fifth.md").unlink()
    assert gone(folder) != []
    folder.build()
    assert gone(folder) == []


# -- what was never published


def sixth(folder: Folder, name: str = "0006-sixth", **keys: str) -> None:
    for path in folder.root.glob("issues/0006-*"):
        path.unlink()
    folder.write(f"issues/{name}.md", issue_text(6, "2022-02-11", "Reading a loss curve", **keys))


def test_what_only_previews_had_is_not_gone(folder: Folder) -> None:
    after = "2022-02-12T12:00:00-07:00"
    for wanted in ({"drafts": True}, {"as_of": after}, {"output": folder.root / "other", "as_of": after}):
        sixth(folder, status="draft" if "drafts" in wanted else "ready")
        folder.build(**wanted)
        sixth(folder, "0006-another")
        assert gone(folder) == [], wanted
        folder.build()
        assert gone(folder, after) == [], wanted


def test_other_builds_leave_the_memory_of_the_site(folder: Folder) -> None:
    folder.build()
    slug(folder)
    for wanted in ({"drafts": True}, {"base_url": "https://preview.example/x/"}, {"output": folder.root / "other"}):
        folder.build(**wanted)
        assert gone(folder) == [("issues/0005-fifth.md", 4, "/issues/5-fifth/")], wanted


def test_what_is_a_draft_again_is_not_gone(folder: Folder) -> None:
    folder.build()
    folder.replace("issues/0005-fifth.md", "status: ready", "status: draft")
    assert gone(folder) == []
    folder.build("2022-01-15")
    assert gone(folder, "2022-01-15") == []


def test_a_file_that_cannot_be_read_is_not_gone(folder: Folder) -> None:
    folder.build()
    folder.replace("issues/0005-fifth.md", "title: ", 'title: "')
    folder.replace("issues/0004-fourth.md", "tags:", "tag:")
    assert gone(folder) == []


# -- in git


def git(folder: Path, *arguments: str, at: str = "2022-02-08T12:00:00Z") -> None:
    who = {f"GIT_{role}_{what}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    when = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    subprocess.run(
        ["git", "-C", folder, *arguments], check=True, capture_output=True, env={**who, **when, "PATH": "/usr/bin:/bin"}
    )


def commit(folder: Folder, at: str = "2022-02-08T12:00:00Z") -> None:
    git(folder.root, "add", "--all")
    git(folder.root, "commit", "-qm", "x", at=at)


@pytest.fixture
def kept(folder: Folder) -> Folder:
    """A letter in git, in a folder of a repository."""
    folder.write(".gitignore", "site/\n.weekahead/\n")
    git(folder.root.parent, "init", "-q")
    commit(folder)
    return folder


def test_the_history_knows_what_was_published_in_a_fresh_clone(kept: Folder, tmp_path: Path) -> None:
    rename(kept, "0005-fifth", "0005-five")
    kept.replace("issues/0004-fourth.md", "number", "slug: vier\nnumber")
    assert len(gone(kept)) == 2
    commit(kept)
    git(tmp_path, "clone", "-q", str(tmp_path), str(tmp_path / "clone"))
    clone = Folder(tmp_path / "clone/letter")
    wanted = [("issues/0004-fourth.md", 2, "/issues/4-fourth/"), ("issues/0005-five.md", 3, "/issues/5-fifth/")]
    assert gone(clone) == wanted
    clone.write("letter.yaml", LETTER + "permalink: /{slug}/\n")
    commit(clone)
    assert len(gone(clone)) == 2 + 5
    fix(clone.root, NOON)
    assert gone(clone) == []


def test_the_history_says_when_an_issue_was_ready_and_out(kept: Folder) -> None:
    after = "2022-02-12T12:00:00-07:00"
    sixth(kept, "0006-a", status="draft")
    commit(kept)
    sixth(kept, "0006-b")
    commit(kept, "2022-02-09T12:00:00Z")
    sixth(kept, "0006-c")
    commit(kept, "2022-02-10T12:00:00Z")
    assert gone(kept, after) == []
    sixth(kept, "0006-d")
    assert gone(kept) == []
    commit(kept, "2022-02-11T17:00:00Z")
    assert gone(kept, after) == [("issues/0006-d.md", 3, "/issues/6-c/")]


def test_a_withdrawal_is_told_until_it_is_committed(kept: Folder) -> None:
    (kept.root / "issues/0005-fifth.md").unlink()
    assert len(gone(kept)) == 1
    commit(kept)
    assert gone(kept) == []


def test_what_was_on_a_branch_was_not_published(kept: Folder) -> None:
    git(kept.root, "checkout", "-qb", "try")
    slug(kept)
    commit(kept)
    kept.replace("issues/0005-fifth.md", "slug: the-fifth\n", "")
    commit(kept)
    git(kept.root, "checkout", "-q", "-")
    git(kept.root, "merge", "-q", "--no-ff", "-m", "x", "try")
    assert gone(kept) == []


def test_a_repository_without_commits_knows_nothing(folder: Folder) -> None:
    git(folder.root, "init", "-q")
    assert gone(folder) == []


# -- the edit


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\nslug: b # it\ntags: [x]", "title: A\nslug: b # it\naliases: [/p/a/]\ntags: [x]"),
        ("title: A\ntags: [x]", "title: A\naliases: [/p/a/]\ntags: [x]"),
        ("title: >\n  A\n  B\ntags: [x]", "title: >\n  A\n  B\naliases: [/p/a/]\ntags: [x]"),
        ("aliases: [/x]\ntitle: A", "aliases: [/x, /p/a/]\ntitle: A"),
        ("aliases: [ /x, ] # old\ntitle: A", "aliases: [ /x, /p/a/ ] # old\ntitle: A"),
        ("aliases:\n  - /x # old\n  - /y\ntitle: A", "aliases:\n  - /x # old\n  - /y\n  - /p/a/\ntitle: A"),
        ("aliases:\n- /x\n\n# more\ntitle: A", "aliases:\n- /x\n- /p/a/\n\n# more\ntitle: A"),
        ("aliases:\ntitle: A", "aliases: [/p/a/]\ntitle: A"),
        ("aliases: []\ntitle: A", "aliases: [/p/a/]\ntitle: A"),
        ("title: A\naliases: [/x]", "title: A\naliases: [/x, /p/a/]"),
        ("title: [", "title: ["),
    ],
)
def test_an_alias_is_added_as_its_author_writes_them(before: str, after: str) -> None:
    body = "\n---\n\nWords.\n"
    assert with_alias(f"---\n{before}{body}", "/p/a/") == f"---\n{after}{body}"


def test_an_alias_with_other_signs_is_quoted() -> None:
    assert with_alias("---\ntitle: A\n---\n", "/p/a, b/") == '---\ntitle: A\naliases: ["/p/a, b/"]\n---\n'


def test_check_fix_shows_the_line_that_it_added(folder: Folder, run: Run) -> None:
    folder.build()
    slug(folder)
    said = run("check", "--fix", "--root", folder.root, "--as-of", NOON)
    assert "issues/0005-fifth.md:5: fixed\n+ aliases: [/issues/5-fifth/]\n" in said.out
    assert "address-gone" not in said.err
    assert re.search(
        r"slug: the-fifth\naliases: \[/issues/5-fifth/\]\n", (folder.root / "issues/0005-fifth.md").read_text()
    )


def test_a_site_does_not_depend_on_the_memory(folder: Folder, tmp_path: Path) -> None:
    folder.build()
    slug(folder)
    folder.build()
    other = five_issues(tmp_path / "other")
    slug(other)
    other.build()
    assert folder.site() == other.site()
