"""The kinds of content of a letter: as documented, in both engines, with findings that point at the line to mend."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Folder, issue_text

from weekahead.build.fix import fix
from weekahead.lint.rules import IssueFacts, lint_text
from weekahead.lint.scanner import scan_markdown
from weekahead.markdown import renderer
from weekahead.markdown.kinds import KINDS
from weekahead.markdown.kinds.finder import files_named
from weekahead.markdown.kinds.kind import File
from weekahead.markdown.kinds.references import is_arxiv, is_isbn
from weekahead.markdown.kinds.sheet import change, number
from weekahead.markdown.renderer import convert, place
from weekahead.model.findings import BuildError
from weekahead.site.html_text import sanitize_for_feed, to_plain_text
from weekahead.source.theme_loader import load_theme
from weekahead.theme.i18n import load_translator

REPOSITORY = Path(__file__).parents[3]
DOC = REPOSITORY / "docs/writing.md"
FENCE = re.compile(r"(?ms)^```(\w+)(?: (\S+))?\n(.*?)^```$")
ENGLISH = load_translator(load_theme(REPOSITORY), "en")


def html(text: str, **files: str) -> str:
    beside = {f"{name}.csv": File(f"issues/{name}.csv", data.encode()) for name, data in files.items()}
    return place(convert(text, files=beside), {}, say=ENGLISH.expand)


def wrong(text: str, **files: str) -> list[tuple[str, int, str]]:
    """The rule, line and file of each fault."""
    beside = {f"{name}.csv": File(f"issues/{name}.csv", data.encode()) for name, data in files.items()}
    return [(fault.rule, fault.line, fault.file) for fault in convert(text, files=beside).faults]


def examples() -> list[tuple[str, str, str]]:
    """Each example of docs/writing.md: what one writes, the HTML for feeds, the plain words."""
    found = FENCE.findall(DOC.read_text())
    shown = [body for kind, _, body in found if kind in ("markdown", "html", "text")]
    return [*zip(shown[::3], shown[1::3], shown[2::3], strict=True)]


def made(text: str) -> tuple[str, str]:
    """The HTML for feeds and the plain words of an example."""
    files = {
        name: File(f"issues/{name}", body.encode())
        for kind, name, body in FENCE.findall(DOC.read_text())
        if kind == "csv"
    }
    found = convert(text, files=files)
    assert not found.faults
    page = place(found, {}, say=ENGLISH.expand)
    return sanitize_for_feed(re.sub(r"\n+", "\n", page), "https://letter.example/"), to_plain_text(page)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example[0].split("\n")[0])
def test_every_example_of_the_docs_gives_what_stands_below_it(example: tuple[str, str, str]) -> None:
    text, feed, bare = example
    assert tuple(map(str.strip, made(text))) == (feed.strip(), bare.strip())


def test_the_examples_of_the_docs_are_no_slips() -> None:
    about = IssueFacts(language="en", letter_title="The Test Letter", title="Kinds", number=87)
    assert not [slip for text, _, _ in examples() for slip in lint_text(scan_markdown(text), about)]


def test_every_kind_and_key_is_documented() -> None:
    text = DOC.read_text()
    assert not [kind for kind in KINDS if f"/// {kind}" not in text]
    assert not [key for kind in KINDS.values() for key in kind.keys if f"{key}:" not in text]


# -- blocks


def test_a_text_without_blocks_is_left_alone() -> None:
    text = (
        "Slashes /// in a line.\n\n```rust\n/// note\n/// this is Rust\n///\n```\n\n/// A comment of Rust without end"
    )
    assert "role" not in html(text)
    assert not wrong(text)
    assert "/// A comment of Rust without end" in html(text)


def test_notes_and_links_of_the_text_work_in_a_block() -> None:
    page = html("/// note\n- one[^1]\n  - two [there][x]\n///\n\n[^1]: Said.\n\n[x]: https://there.example\n")
    assert 'class="footnote-ref"' in page
    assert '<a href="https://there.example">there</a>' in page
    assert page.index("<strong>Note</strong>") < page.index("<li>one") < page.index("</div>") < page.index("Said.")


def test_a_block_of_code_in_a_note_may_hold_what_looks_like_its_end() -> None:
    assert "After" in html("/// note\n```\n///\n```\nAfter\n///").partition("</div>\n</div>")[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Words.\n\n/// note\nNever ends.", 3),
        ("/// vidoe | Title\naddress: https://a.example\n///", 1),
        ("/// note\n///", 1),
        ("/// video | Title\nadress: https://a.example/x\naddress: https://a.example/x\n///", 2),
        ("/// video | Title\naddress: a.example\n///", 2),
        ("/// video | Title\naddress: javascript:alert(1)\n///", 2),
        ("/// video\naddress: https://a.example/x\n///", 1),
        ("/// video | Title\n///", 1),
        ("/// video | Title\naddress: https://a.example/x\nstill: https://a.example/x.png\n///", 3),
        ("/// video | Title\nstill: //a.example/x.png\naddress: https://a.example/x\n///", 2),
        ("/// video | Title\nstill: x.mp4\naddress: https://a.example/x\n///", 2),
        ("/// video | Title\nstill: \naddress: https://a.example/x\n///", 2),
        ("/// post | Who\ndate: 2026-02-30\nWords.\n///", 2),
        ("/// post | Who\nadress: https://a.example/x\nWords.\n///", 2),
    ],
)
def test_what_is_wrong_with_a_block_is_found_in_its_line(text: str, line: int) -> None:
    assert ("kind", line, "") in wrong(text)
    assert {at for _, at, _ in wrong(text)} == {line}


def test_the_first_words_of_a_letter_are_not_those_of_a_note_or_a_post() -> None:
    text = "/// correction\nWrong before.\n///\n\n/// post | Who\nPosted.\n///\n\nThe letter begins."
    assert convert(text).lead == "The letter begins."


MARKS = ["/// note | T\n", "\n///\n", "/// post | W\n", "/// references\n", "\n\n", "> ", "- ", "```\n", "<div>\n", "</div>\n", "<!--", "-->", "`", "<", "a", "[^1]: ", "    ", "<pre>", "|a|b|\n|-|-|\n", ": ", "<script>", "1. ", "doi:10.1000/x", "\n# ", "*", "[a](", ")"]  # fmt: skip


@given(st.lists(st.sampled_from(MARKS), max_size=14).map("".join))
def test_whatever_stands_around_a_block_no_mark_is_left_on_the_page(text: str) -> None:
    found = convert(text)
    assert "wa-kind-" not in place(found, {}) or found.faults


# -- references


def test_a_malformed_reference_is_found_in_its_line() -> None:
    text = "/// references\ndoi:11.1093/x\n\narXiv:2113.00001\n\nISBN 978-0-306-40615-8\n\nhttps://doi.org/10.x\n///"
    assert wrong(text) == [("reference", line, "") for line in (2, 4, 6, 8)]


def test_a_doi_keeps_its_brackets_and_gives_back_those_of_the_sentence() -> None:
    page = html("/// references\nHere (doi:10.1016/S0140-6736(97)11096-0), and 10.1000/a_b_c--d.\n///")
    assert '<a href="https://doi.org/10.1016/S0140-6736(97)11096-0">doi:10.1016/S0140-6736(97)11096-0</a>)' in page
    assert '<a href="https://doi.org/10.1000/a_b_c--d">10.1000/a_b_c--d</a>.' in page


def test_an_address_in_a_reference_is_one_link() -> None:
    address = "https://www.mdpi.example/10.3390/app11198861/arXiv:2102.07750"
    assert html(f"/// references\n{address} and [doi:10.1000/x](https://a.example)\n///").count("<a ") == 2


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 12), st.integers(1, 9))
def test_an_isbn_with_one_digit_wrong_is_none(digits: str, place: int, more: int) -> None:
    body = "978" + digits
    check = -sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(body)) % 10
    right = f"{body}{check}"
    assert is_isbn(right)
    wrong_one = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
    assert not is_isbn(wrong_one)


def test_isbns_of_ten_digits_and_arxiv_ids_of_both_schemes_are_known() -> None:
    assert is_isbn("0306406152")
    assert is_isbn("080442957X")
    assert not is_isbn("0306406153")
    assert is_arxiv("2102.07750v2")
    assert is_arxiv("hep-th/9901001")
    assert is_arxiv("math.GT/0309136")
    assert not is_arxiv("2100.07750")
    assert not is_arxiv("2102.077")


# -- tables

TABLE = "/// table | Stars\nfile: a.csv\nre-run: b.csv\n///"


def test_what_is_wrong_with_a_csv_file_is_found_in_its_line() -> None:
    assert wrong(TABLE, a="A,B\nx,1\n\ny,1,2\n", b="A,B\nx,1\n") == [("table", 4, "issues/a.csv")]
    assert wrong(TABLE, a='A,B\n"x\ny",1\nz\n', b="A,B\nx,1\n") == [("table", 4, "issues/a.csv")]
    assert wrong(TABLE, a="A,B\nx,1\nx,2\n", b="A,B\nx,1\n") == [("table", 3, "issues/a.csv")]
    assert wrong(TABLE, a="A,B\nx,1\n", b="A,C\nx,1\n") == [("table", 1, "issues/b.csv")]
    assert wrong(TABLE, a="A,B\nx,1\n", b="A,B\nx,1\ny,1\n") == [("table", 3, "issues/b.csv")]
    assert wrong(TABLE, a="", b="A,B\nx,1\n") == [("table", 1, "issues/a.csv")]
    assert wrong(TABLE, a='A,B\nx,"1\n', b="A,B\nx,1\n") == [("table", 2, "issues/a.csv")]


def test_a_file_that_is_not_there_is_found_in_the_line_that_names_it() -> None:
    assert wrong(TABLE, a="A,B\nx,1\n") == [("file-missing", 3, "")]


def test_a_rerun_stands_beside_the_first_run_by_the_name_of_the_row() -> None:
    page = html(TABLE, a="A;B\nx;100\ny;300\n", b="A;B\ny;150\nx;–\n")
    assert re.findall("<td[^>]*>(.*?)</td>", page) == ["100", "–", "–", "300", "150", "−50.0%"]


def test_cells_are_words_and_not_markup() -> None:
    page = html("/// table | T\nfile: a.csv\n///", a="A,B\n<b>x</b>,*y*\n")
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "*y*" in page


@pytest.mark.parametrize(
    ("before", "after", "percent", "found"),
    [
        ("154,162", "168,162", False, "+14,000"),
        ("154,162", "168,162", True, "+9.1%"),
        ("3,5", "3,25", False, "−0,25"),
        ("$12", "$9", False, "−$3"),
        ("12%", "15 %", False, "+3"),
        ("5", "5", False, "0"),
        ("0", "5", True, "–"),
        ("–", "5", False, "–"),
        ("−2", "2", False, "+4"),
    ],
)
def test_a_change_is_written_as_the_numbers_are(before: str, after: str, percent: bool, found: str) -> None:
    assert change(before, after, percent) == found


@given(st.integers(-(10**9), 10**9))
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    read = number(f"{value:,}")
    assert read
    assert read.value == Decimal(value)


# -- the letter


@pytest.fixture
def counted(folder: Folder) -> Folder:
    """A letter with a table in an issue, whose file lies in issues/."""
    body = "Counted.\n\n/// table | Stars\nfile: stars.csv\n///"
    (folder.root / "issues/0005-fifth.md").unlink()
    folder.write("issues/0005-counted.md", issue_text(5, "2022-02-04", "Counted", body))
    folder.write("issues/stars.csv", "Project,Stars\nFirst,4711\n")
    return folder


def test_a_table_is_on_the_page_and_in_the_feeds_and_its_file_beside_the_page(counted: Folder) -> None:
    counted.build()
    site = counted.root / "site"
    for name in ("issues/5-counted/index.html", "feed.xml", "atom.xml", "feed.json", "issues/5-counted/stars.csv"):
        assert "4711" in (site / name).read_text(), name
    assert "https://letter.example/issues/5-counted/stars.csv" in (site / "feed.xml").read_text()


def test_an_edit_of_the_file_makes_what_shows_it_and_nothing_else(counted: Folder) -> None:
    counted.build()
    counted.write("issues/stars.csv", "Project,Stars\nFirst,4712\n")
    written = {change.path for change in counted.build().changes.written}
    feeds = {"feed.xml", "atom.xml", "feed.json"}
    shows = {"issues/5-counted/index.html", "issues/5-counted/stars.csv", "search/2022.json", *feeds}
    assert written == shows
    assert "4712" in (counted.root / "site/feed.xml").read_text()
    assert not counted.build().changes.written
    assert not counted.build(clean=True).changes.written


def test_a_findings_line_is_that_of_the_file_it_is_in(counted: Folder) -> None:
    counted.write("issues/stars.csv", "Project,Stars\nFirst\n")
    with pytest.raises(BuildError, match=r"issues/stars.csv:2: error: this row has 1 cells"):
        counted.build()
    (counted.root / "issues/stars.csv").unlink()
    with pytest.raises(BuildError, match=r'issues/0005-counted.md:11: error: there is no file "stars.csv"'):
        counted.build()


def test_a_table_of_an_issue_that_is_not_out_stays_there(counted: Folder) -> None:
    hidden = issue_text(6, "2022-02-11", "Later", "Later.\n\n/// table | T\nfile: secret.csv\n///", status="draft")
    counted.write("issues/0006-later/index.md", hidden)
    counted.write("issues/0006-later/secret.csv", "A,B\nCANARY,1\n")
    counted.build()
    assert not [
        path for path in (counted.root / "site").rglob("*") if path.is_file() and b"CANARY" in path.read_bytes()
    ]
    body = "Counted.\n\n/// table | Stars\nfile: 0006-later/secret.csv\n///"
    counted.write("issues/0005-counted.md", issue_text(5, "2022-02-04", "Counted", body))
    with pytest.raises(BuildError, match="there is no file"):
        counted.build()


@pytest.mark.parametrize("name", ["../letter.yaml", "/etc/passwd", "../../x.csv", "link.csv"])
def test_nothing_outside_the_letters_issues_becomes_a_table(counted: Folder, name: str) -> None:
    if name == "link.csv":
        (counted.root / "issues/link.csv").symlink_to("/etc/passwd")
    body = f"Counted.\n\n/// table | Stars\nfile: {name}\n///"
    counted.write("issues/0005-counted.md", issue_text(5, "2022-02-04", "Counted", body))
    with pytest.raises(BuildError, match=r"there is no file|a link to a place outside"):
        counted.build()


def test_words_of_the_site_in_a_text_are_those_of_the_letters_language(counted: Folder) -> None:
    letter = (counted.root / "letter.yaml").read_text()
    counted.build()
    counted.write("letter.yaml", f"{letter}language: fr\n")
    counted.build()
    for name in ("issues/5-counted/index.html", "feed.xml"):
        assert "Tableau 1" in (counted.root / "site" / name).read_text()
    assert "Tableau" in (counted.root / "site/search/2022.json").read_text()
    assert not counted.build(clean=True).changes.written


def test_a_page_beside_the_issues_may_have_a_table(counted: Folder) -> None:
    counted.write("pages/numbers/index.md", "# Numbers\n\n/// table | Readers\nfile: readers.csv\n///\n")
    counted.write("pages/numbers/readers.csv", "Year,Readers\n2021,12\n")
    counted.build()
    site = counted.root / "site/numbers"
    assert "Table 1." in (site / "index.html").read_text()
    assert (site / "readers.csv").exists()
    counted.write("pages/numbers/readers.csv", "Year,Readers\n2021,13\n")
    assert {change.path for change in counted.build().changes.written} == {"numbers/index.html", "numbers/readers.csv"}
    assert ">13<" in (site / "index.html").read_text()
    assert not counted.build(clean=True).changes.written


def test_tables_of_a_text_have_one_name_each() -> None:
    page = html("|a|\n|-|\n|1|\n\n/// table | T\nfile: a.csv\n///", a="A,B\nx,1\n")
    assert re.findall('aria-label="([^"]*)"', page) == ["Table 2", "Table 1"]


def test_a_slip_is_mended_in_an_issue_with_a_table(counted: Folder) -> None:
    path = counted.root / "issues/0005-counted.md"
    path.write_text(path.read_text().replace("Counted.", "Counted by the the sea."))
    fix(counted.root)
    assert "Counted by the sea." in path.read_text()


def test_a_text_with_a_table_is_converted_once(counted: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    counted.build()
    first = counted.root / "issues/0001-first.md"
    first.write_text(first.read_text() + "More.\n")
    counted.build()  # what no build will ask for is forgotten here

    def convert(text: str, *args: object) -> None:
        raise AssertionError(text)

    monkeypatch.setattr(renderer, "convert", convert)
    path = counted.root / "issues/0005-counted.md"
    path.write_text(path.read_text().replace("title: Counted", "title: Counted again"))
    counted.build()
    assert "4711" in (counted.root / "site/issues/5-counted/index.html").read_text()


def test_files_are_named_as_their_author_wrote_them() -> None:
    assert files_named(f"{TABLE}\n\n```\n/// table | T\nfile: c.csv\n///\n```\n") == ("a.csv", "b.csv")
