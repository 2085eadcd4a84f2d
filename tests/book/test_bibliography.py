"""One list of references at the end of a book, in place of one in each chapter."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.book.pdf_judge import dead_links, words
from tests.conftest import LETTER, Folder, issue_text, needs

from weekahead.book.pdf import engine

AS_OF = "2022-02-02"
BIB = """\
@article{one, author = {Smith, Ann}, title = {First things}, year = 2021, doi = {10.1000/first}}
@article{two, author = {Smith, Ann}, title = {Another thing}, year = 2021}
@book{DBLP:conf/x, author = {Colon, Carl}, title = {Colons in keys}, year = 2019}
@book{gone, author = {Gone, Gus}, title = {What is left out}, year = 2020}
"""
NUMBERED = """\
<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
  <info><title>Numbers</title><id>numbers</id><updated>2022-01-01T00:00:00Z</updated></info>
  <citation><layout prefix="[" suffix="]" delimiter=", "><text variable="citation-number"/></layout></citation>
  <bibliography><layout><text variable="citation-number" suffix=". "/><text variable="title"/></layout></bibliography>
</style>
"""
FIRST = """\
As [@one, p. 5] says, and @{DBLP:conf/x}, and [@one] again.[^a]

## Left out

Only here [@gone].

## Sources

/// references
///

[^a]: A note by [@one].
"""
SECOND = "Now [@two], [-@two], @{two} and [see @two, pp. 3-4].\n"
THIRD = """\
Nothing cited by key.

## By hand

/// references
Hand, H. (2020). Written by hand.
///
"""


@pytest.fixture
def cited(tmp_path: Path) -> Folder:
    """A book of three chapters, two of which cite two works of one author and year."""
    folder = Folder(tmp_path / "letter")
    books = "books:\n  - {all: true, name: whole, formats: [html, epub], leave_out: [Left out]}\n"
    folder.write("letter.yaml", LETTER + "allow: [off-cadence]\n" + books)
    schedule = (
        'cadence: {every: friday, at: "09:00", timezone: UTC}\nhorizon: 1\nanchor: {number: 1, date: 2022-01-07}\n'
    )
    folder.write("schedule.yaml", schedule)
    folder.write("references.bib", BIB)
    for number, (day, body) in enumerate((("07", FIRST), ("14", SECOND), ("21", THIRD)), 1):
        folder.write(f"issues/000{number}-x.md", issue_text(number, f"2022-01-{day}", f"Chapter {number}", body=body))
    return folder


def page(folder: Folder) -> str:
    folder.build(AS_OF)
    return folder.read("book/whole/index.html").partition("<article>")[2].partition("</article>")[0]


def chapter(made: str, name: str) -> str:
    return made.partition(f'<section class="chapter" id="{name}"')[2].partition("</section>")[0]


def test_a_book_has_one_list_and_links_back_to_the_first_citation_in_each_chapter(cited: Folder) -> None:
    made = page(cited)
    entries = re.findall(r'<p id="(ref-[^"]+)">(.*?)</p>', chapter(made, "references"))
    assert [name for name, _ in entries] == [
        "ref-DBLP-conf-x",
        "ref-two",
        "ref-one",
    ]  # a colon is none of an EPUB's ids
    one = entries[2][1]
    assert one.startswith("Smith, A. (2021b). <i>First things</i>.")
    assert '<a href="https://doi.org/10.1000/first">https://doi.org/10.1000/first</a>' in one
    assert 'Cited\u00a0in\u00a0<a title="Chapter 1" role="doc-backlink" href="#c1-cite-one">1</a></span>' in one
    assert 'id="c1-cite-one"' in chapter(made, "c1")
    assert '<li class="other"><a href="#references">' in made


def test_citations_lead_to_the_list_and_say_the_year_as_it_does(cited: Folder) -> None:
    made = page(cited)
    first, second = chapter(made, "c1"), chapter(made, "c2")
    assert re.findall(r'<a class="citation"[^>]* href="([^"]+)">([^<]+)</a>', first) == [
        ("#ref-one", "Smith, 2021b, p.\u00a05"),
        ("#ref-DBLP-conf-x", "Colon (2019)"),
        ("#ref-one", "Smith, 2021b"),
        ("#ref-one", "Smith, 2021b"),
    ]
    assert re.findall(r"#ref-two[^>]*>([^<]+)</a>", second) == [
        "Smith, 2021a", "2021a", "Smith (2021a)", "Smith, 2021a, pp.\u00a03–4"
    ]  # fmt: skip
    assert "2021a" not in cited.read("issues/2-x/index.html")  # alone it needs no letter


def test_lists_of_chapters_are_gone_with_their_headings_but_not_those_by_hand(cited: Folder) -> None:
    made = page(cited)
    assert "Sources" not in made
    assert "What is left out" not in made  # cited where the book leaves out
    assert "Written by hand" in chapter(made, "c3")
    assert '<span class="entry">By hand</span>' in made
    cited.replace("issues/0001-x.md", "/// references\n///", "/// references\n///\n\nMore words.")
    assert "Sources" in page(cited)  # something else is below it


def test_every_link_of_the_epub_leads_somewhere(cited: Folder) -> None:
    cited.build(AS_OF)
    with zipfile.ZipFile(io.BytesIO((cited.root / "site/book/whole/whole.epub").read_bytes())) as package:
        pages = {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xhtml")}
    assert 'href="references.xhtml#ref-one"' in pages["EPUB/c1.xhtml"]
    assert 'href="c2.xhtml#c2-cite-two"' in pages["EPUB/references.xhtml"]
    for name, text in pages.items():
        for file, fragment in re.findall(r'href="([\w.]*)#([^"]+)"', text):
            assert f' id="{fragment}"' in pages[f"EPUB/{file}" if file else name]


def test_every_link_of_the_pdf_leads_somewhere(cited: Folder) -> None:
    needs(bool(engine()), "WeasyPrint or Pango")
    cited.replace("letter.yaml", "[html, epub]", "[pdf]")
    made = page(cited)
    assert "#references" not in made  # the page has no text
    pdf = PdfReader(cited.root / "site/book/whole/whole.pdf")
    assert dead_links(pdf) == []
    assert "Smith, A. (2021b). First things" in words(pdf)[-1]
    assert re.search(r"Cited\s+in\s+2", words(pdf)[-1])


@pytest.mark.parametrize("is_raised", [False, True])
def test_numbers_are_those_of_the_list(cited: Folder, is_raised: bool) -> None:
    layout = '<layout vertical-align="sup" ' if is_raised else "<layout "
    cited.write("numbers.csl", NUMBERED.replace("<layout ", layout, 1))
    cited.replace("letter.yaml", "books:", "citation: {style: numbers.csl}\nbooks:")
    made = page(cited)
    assert "1. First things" in chapter(made, "references")
    assert "3. Another thing" in chapter(made, "references")
    number = r"<sup>(\d)</sup>" if is_raised else r"(\d)"
    assert {*re.findall(rf"#ref-two[^>]*>{number}", chapter(made, "c2"))} == {"3"}


def test_a_book_may_do_without_references(cited: Folder) -> None:
    cited.replace("letter.yaml", "[Left out]", "[Left out, references]")
    made = page(cited)
    assert "#ref-" not in made
    assert "Smith, 2021" in chapter(made, "c1")


def test_another_reference_of_the_same_key_has_an_entry_of_its_own(cited: Folder) -> None:
    cited.write("issues/0002-x/index.md", (cited.root / "issues/0002-x.md").read_text("utf-8").replace("two", "one"))
    (cited.root / "issues/0002-x.md").unlink()
    cited.write(
        "issues/0002-x/references.bib", "@book{one, author = {Other, Olga}, title = {Quite other}, year = 2001}"
    )
    made = page(cited)
    assert {*re.findall(r'class="citation"[^>]* href="([^"]+)"', chapter(made, "c2"))} == {"#ref-one-2"}
    assert "Quite other" in chapter(made, "references")


def test_a_change_of_the_bibliography_makes_the_book_again(cited: Folder) -> None:
    page(cited)
    cited.replace("references.bib", "First things", "Last things")
    assert "Last things" in chapter(page(cited), "references")


def test_a_book_without_citations_loads_nothing_of_references(cited: Folder) -> None:
    for number in (1, 2, 3):
        cited.write(f"issues/000{number}-x.md", issue_text(number, f"2022-01-{7 * number:02}", "None", body="Words."))
    code = (
        "import sys; from pathlib import Path; from weekahead.build.pipeline import BuildOptions, build\n"
        f"build(BuildOptions(root=Path({str(cited.root)!r}), as_of={AS_OF!r}))\n"
        "print([name for name in sys.modules if name.startswith(('citeproc', 'bibtexparser', 'weekahead.references'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
