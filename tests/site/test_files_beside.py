"""Of the files beside a text those are published that something names; a warning lists the others."""

from __future__ import annotations

import pytest
from tests.conftest import Folder, issue_text

from weekahead.model.findings import BuildError, Finding

PRIVATE = "PRIVATE: do not say whose boot it was."


def beside(folder: Folder, body: str, *names: str, **keys: str) -> None:
    """Make number 5 a folder, with some files beside its text."""
    (folder.root / "issues/0005-fifth.md").unlink(missing_ok=True)
    folder.write("issues/0005-fifth/index.md", issue_text(5, "2022-02-04", "Fifth", body, **keys))
    for name in names:
        folder.write(f"issues/0005-fifth/{name}", PRIVATE)


def published(folder: Folder) -> set[str]:
    """The files beside number 5 that a site would have, from its page on."""
    with folder.plan() as (plan, _):
        paths = {path.removeprefix("issues/5-fifth/") for path in plan.files if path.startswith("issues/5-fifth/")}
        return paths - {"index.html"}


def warnings(folder: Folder) -> list[Finding]:
    return [found for found in folder.check().findings if found.rule == "unnamed-file"]


@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("p.png", "![p](p.png)"),
        ("my picture.png", "![p](<my picture.png>)"),
        ("data/d.csv", "[d](data/d.csv?download=1#row)"),
        ("d.csv", "[d][d]\n\n[d]: ./sub/../d.csv"),
        ("talk.md", "The [text](talk.md) of a talk."),
        ("p.webp", '<img src="p.png" srcset="p.webp 2x, https://x.example/a,b 3x" alt="p">'),
        ("film.vtt", '<video src="https://x.example/f.mp4"><track src="film.vtt" kind="captions" label="en"></video>'),
        ("still.jpg", '<video poster="still.jpg" src="https://x.example/f.mp4"></video>'),
        ("paper.png", '<div style="background: url(paper.png)">x</div>'),
        ("paper.png", "<div style=\"background: url('paper.png') no-repeat, url(#x)\">x</div>"),
        ("paper.png", '<style>.x { background-image: URL( "paper.png" ) }</style>'),
        ("demo/index.html", "[Try it](demo/)"),
        ("demo/index.html", "[Try it](demo)"),
        ("demo/index.html", "[Try it](demo/index.html)"),
        ("p.png", "![p](/issues/5-fifth/p.png)"),
        ("LICENSE", "[l](https://letter.example/issues/5-fifth/LICENSE)"),
        ("demo/index.html", "[Try it](/issues/5-fifth/demo)"),
    ],
)
def test_what_a_text_names_is_published(folder: Folder, named: str, written: str) -> None:
    beside(folder, f"First.\n\n{written}", named, "p.png", "notes.md")
    assert published(folder) == {named} | ({"p.png"} if "p.png" in written else set())


def test_a_folder_has_the_address_of_its_page(folder: Folder) -> None:
    beside(folder, "[a](demo) [b](demo/) [c](demo/index.html) [d](/issues/5-fifth/demo?x=1#y)", "demo/index.html")
    folder.build()
    page = folder.read("issues/5-fifth/index.html")
    address = "/issues/5-fifth/demo/"
    for words, written in {"a": "", "b": "", "c": "index.html", "d": "?x=1#y"}.items():
        assert f'<a href="{address}{written}">{words}</a>' in page


@pytest.mark.parametrize(
    ("named", "key", "written"),
    [
        ("p.png", "cover", "{file: p.png}"),
        ("p.png", "research_note", "'![p](p.png)'"),
        ("p.png", "extra", "{photo: p.png, stars: 4}"),
        ("sub/p.png", "extra", "{shots: [{file: ./sub/p.png}]}"),
        ("p.png", "files", "[p.png]"),
        ("p.png", "files", "[./p.png]"),
        ("my p.png", "files", "[my p.png]"),
        ("p.png", "files", '["*.png"]'),
        ("p.png", "files", '["?.png"]'),
        ("demo/a/b.js", "files", "[demo]"),
        ("demo/a/b.js", "files", "[demo/]"),
        ("demo/a/b.js", "files", '["demo/**"]'),
        ("demo/a/b.js", "files", '["**/*.js"]'),
        ("b.js", "files", '["**/*.js"]'),
        ("cafe\u0301.pdf", "files", "[café.pdf]"),
    ],
)
def test_what_front_matter_names_is_published(folder: Folder, named: str, key: str, written: str) -> None:
    beside(folder, "First.", named, "notes.md", "sub/notes.md", **{key: written})
    assert published(folder) == {named}


def test_a_table_names_its_files(folder: Folder) -> None:
    beside(folder, "/// table | Stars\nfile: stars.csv\n///", "notes.csv")
    folder.write("issues/0005-fifth/stars.csv", "a,b\nc,1\n")
    assert published(folder) == {"stars.csv"}


LOOSE = ["notes.md", "index (conflicted copy).md", "index.sync-conflict-20220201.md", "README", "sub/index.md", "a.psd"]


def test_what_nothing_names_is_listed_once_and_stays(folder: Folder) -> None:
    beside(folder, "See notes.md, `a.psd` and <https://x.example/README>.", *LOOSE)
    [finding] = warnings(folder)
    assert (finding.where.file, finding.is_error) == ("issues/0005-fifth/index.md", False)
    assert all(name in finding.message for name in LOOSE)
    assert "not-an-issue" not in {rule for *_, rule in folder.rules()}
    folder.build()
    assert not [path for path, data in folder.site().items() if PRIVATE.encode() in data]


def test_a_finding_does_not_list_a_hundred_files(folder: Folder) -> None:
    beside(folder, "First.", *(f"shots/{number:03}.png" for number in range(100)))
    [finding] = warnings(folder)
    assert "100 files" in finding.message
    assert finding.message.endswith("shots/005.png and 94 more")


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "._p.png", "Thumbs.db", "sub/thumbs.db", "desktop.ini", "index.md.orig", "index.md.rej", "~$a.docx"],
)
def test_what_systems_and_programs_leave_is_passed_over(folder: Folder, name: str) -> None:
    beside(folder, "First.", name, files='["p.png"]')
    folder.write("issues/0005-fifth/p.png", b"png")
    assert published(folder) == {"p.png"}
    assert not warnings(folder)


def test_a_file_that_another_issue_names_is_named(folder: Folder) -> None:
    beside(folder, "First.", "p.png")
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", "![p](0005-fifth/p.png)"))
    assert published(folder) == {"p.png"}
    assert not warnings(folder)


def test_a_warning_can_be_waived(folder: Folder) -> None:
    beside(folder, "First.", "notes.md", allow="[unnamed-file]")
    assert not warnings(folder)
    assert not published(folder)


def test_drafts_and_pages_are_looked_at_as_well(folder: Folder) -> None:
    beside(folder, "First.", "notes.md", status="draft")
    folder.write("pages/about/index.md", "# About\n\nUs.")
    folder.write("pages/about/plan.md", PRIVATE)
    folder.write("pages/team/index.md", "---\nfiles: [team.jpg]\n---\n# Team\n\nUs.")
    folder.write("pages/team/team.jpg", b"jpg")
    assert [found.where.file for found in warnings(folder)] == ["issues/0005-fifth/index.md", "pages/about/index.md"]
    folder.build()
    assert "team/team.jpg" in folder.site()
    assert "about/plan.md" not in folder.site()


@pytest.mark.parametrize(
    ("listed", "rule", "words"),
    [
        ("[nowhere.pdf]", "file-missing", '"nowhere.pdf"'),
        ('["*.pdf"]', "file-missing", '"*.pdf"'),
        ("[P.png]", "file-missing", '"P.png"'),
        ("[./my%20p.png]", "file-missing", '"./my%20p.png"'),
        ("[index.md]", "file-missing", '"index.md"'),
        ("[.hidden]", "file-missing", '".hidden"'),
        ("[../0004-fourth.md]", "outside", "../0004-fourth.md"),
        ("[/etc/passwd]", "outside", "/etc/passwd"),
        ("['%2e%2e/0004-fourth.md']", "outside", "0004-fourth.md"),
        ("p.png", "type", '"files" must be a list'),
    ],
)
def test_what_is_listed_must_be_there(folder: Folder, listed: str, rule: str, words: str) -> None:
    beside(folder, "![p](p.png)", "p.png", ".hidden", files=listed)
    [finding] = [found for found in folder.check().findings if found.is_error]
    assert (finding.rule, finding.where.file, finding.where.line) == (rule, "issues/0005-fifth/index.md", 6)
    assert words in finding.message


def test_a_file_of_issues_lists_what_lies_in_issues_but_for_the_folders_of_others(folder: Folder) -> None:
    folder.write("issues/0006-sixth/index.md", issue_text(6, "2022-02-11", "Sixth", status="draft"))
    folder.write("issues/0006-sixth/secret.pdf", PRIVATE)
    folder.write("issues/slides/talk.pdf", b"pdf")
    text = issue_text(5, "2022-02-04", "Fifth", files='["**/*.pdf", "0006-sixth/secret.pdf"]')
    folder.write("issues/0005-fifth.md", text)
    with pytest.raises(BuildError, match=r'no file "0006-sixth/secret\.pdf"'):
        folder.build()
    folder.replace("issues/0005-fifth.md", ', "0006-sixth/secret.pdf"', "")
    assert published(folder) == {"slides/talk.pdf"}


def test_a_new_file_is_found_by_a_pattern_of_an_old_issue(folder: Folder) -> None:
    beside(folder, "First.", "a.csv", files='["*.csv"]')
    folder.build()
    folder.write("issues/0005-fifth/b.csv", b"1")
    folder.build()
    assert {"issues/5-fifth/a.csv", "issues/5-fifth/b.csv"} <= folder.site().keys()
    (folder.root / "issues/0005-fifth/a.csv").unlink()
    folder.build()
    assert "issues/5-fifth/a.csv" not in folder.site()
