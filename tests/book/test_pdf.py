"""A book as PDF: pages with notes at their foot, tagged, the same bytes whenever it is made."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pypdf import PdfReader
from tests.book.conftest import CANARY, with_a_book
from tests.book.pdf_judge import dead_links, words
from tests.conftest import THOROUGH, Folder, Said, needs

from weekahead.book.fonts import coverage, letter_fonts
from weekahead.book.pdf import engine
from weekahead.build.pipeline import BuildOptions, build
from weekahead.model.findings import BuildError

AS_OF = "2022-02-02"
PDF = "book/basics/basics.pdf"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def has_an_engine() -> None:
    needs(bool(engine()), "WeasyPrint or Pango")


def pdf(shelf: Folder, as_of: str = AS_OF) -> PdfReader:
    shelf.build(as_of)
    return PdfReader(shelf.root / "site" / PDF)


Told = tuple[str, int, int]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, list[Told]]:
    """The same letter, built, and what the build told meanwhile; for tests that change nothing."""
    shelf, told = with_a_book(tmp_path_factory.mktemp("built") / "letter"), list[Told]()
    build(BuildOptions(root=shelf.root, as_of=AS_OF, jobs=1, notice=lambda *each: told.append(each)))
    return shelf, told


def with_fonts(shelf: Folder) -> None:
    """Give the letter fonts of its own."""
    names = ("DejaVuSerif.ttf", "DejaVuSansMono.ttf")
    needs(all((DEJAVU / name).exists() for name in names), "DejaVu")
    for name in names:
        shelf.write(f"templates/assets/fonts/{name}", (DEJAVU / name).read_bytes())


def test_a_pdf_is_a_book(built: tuple[Folder, list[Told]]) -> None:
    made = PdfReader(built[0].root / "site" / PDF)
    root: Any = made.trailer["/Root"]
    pages, outline = words(made), [str(each["/Title"]) for each in made.outline if isinstance(each, dict)]
    assert made.metadata is not None
    assert (made.metadata.title, made.metadata.author) == ("The Basics", "Test Author")
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert outline == [
        "Contents", "Before you read", "First letter", "Second letter", "نامهٔ سوم", "Changes since publication"
    ]  # fmt: skip
    assert "Draft of February 1, 2022" in pages[0]
    assert "https://letter.example/book/basics/" in pages[1]
    assert re.search(r"First letter[ .]+5", pages[2])
    assert "Table 1.1. Stars of frameworks" in pages[4]
    assert CANARY not in "".join(pages)
    assert dead_links(made) == []


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_the_edition_is_that_of_the_instant(shelf: Folder) -> None:
    assert "Draft of January 21, 2022" in words(pdf(shelf, "2022-01-31"))[0]


def test_a_note_stands_at_the_foot_of_the_page_of_its_mark(shelf: Folder) -> None:
    text = "\n\n".join(
        f"{'Words that fill a line or two of a page of a book. ' * 9}marked{n}[^{n}] and on." for n in range(1, 13)
    )
    notes = "\n".join(f"[^{n}]: Said below {n}." for n in range(1, 13))
    shelf.replace("issues/0002-second.md", "Words below.", f"{text}\n\n{notes}")
    pages = words(pdf(shelf))
    for n in range(1, 13):
        (page,) = (page for page in pages if f"marked{n}{n} and" in page.replace("\n", " "))
        assert page.index(f"{n}. Said below {n}.") > page.index(f"marked{n}{n}")


def test_what_a_term_means_is_set_in_below_it(shelf: Folder) -> None:
    shelf.replace("issues/0002-second.md", "Words below.", "Harbourterm\n:   Meaning of it.\n\nAfterwards.")
    lefts: dict[str, float] = {}

    def seen(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        for word in ("Harbourterm", "Meaning", "Afterwards"):
            if text.startswith(word):
                lefts[word] = tm[4] + cm[4]

    for page in pdf(shelf).pages:
        page.extract_text(visitor_text=seen)
    assert lefts["Harbourterm"] == lefts["Afterwards"] < lefts["Meaning"]


def test_code_has_its_own_font_in_every_language(shelf: Folder) -> None:
    third = next(path for path in (shelf.root / "issues").glob("0003*") if path.is_file())
    third.write_text(third.read_text("utf-8") + "\n`inline`\n\n```python\nreturned = None\n```\n", "utf-8")
    fonts: dict[str, set[str]] = {}

    def seen(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        for word in ("inline", "returned", "None"):
            if word in text and font:
                fonts.setdefault(word, set()).add(str(font["/BaseFont"]).partition("+")[2])

    for page in pdf(shelf).pages:
        page.extract_text(visitor_text=seen)
    assert fonts == {word: {"Book-typing"} for word in ("inline", "returned", "None")}


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_the_bytes_are_the_same_in_another_zone_and_with_another_hash_seed(shelf: Folder, tmp_path: Path) -> None:
    made = []
    for zone, seed in (("UTC", "1"), ("Pacific/Auckland", "2")):
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": f"16444{seed}0000"}
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "weekahead",
            "book",
            "basics",
            "--root",
            shelf.root,
            "--as-of",
            AS_OF,
        ]
        subprocess.run(
            [*command, "--output", tmp_path / seed, "--quiet"], env=environment, check=True, capture_output=True
        )
        made.append({path.name: path.read_bytes() for path in sorted((tmp_path / seed).iterdir())})
    assert made[0] == made[1]
    assert [*made[0]] == ["basics.epub", "basics.pdf"]


def test_fonts_of_the_letter_shut_out_those_of_the_machine(shelf: Folder) -> None:
    with_fonts(shelf)
    shelf.replace("issues/0002-second.md", "Words below.", "Words below, and 漢字.")
    found = {finding.rule: finding for finding in shelf.check(AS_OF).findings}
    assert "book-fonts" not in found
    assert found["book-glyph"].where.file in ("issues/0002-second.md", "issues/0003-third.md")
    named = [finding.message for finding in shelf.check(AS_OF).findings if finding.rule == "book-glyph"]
    assert "no font of the PDF has 字 (U+5B57), 漢 (U+6F22)" in named
    fonts = {font["/BaseFont"] for page in pdf(shelf).pages for font in _fonts(page)}
    families = {re.sub("^/[A-Z]{6}[+]|-(Bold|Oblique|Bold-Oblique)$", "", font) for font in fonts}
    assert families <= {"DejaVu-Serif", "DejaVu-Sans-Mono", "Book-typing"}


SCRIPTS = """\
Words, *stressed*, **strong**, `code` — “quoted” → ↑ ≤ ☐.

- [x] Tiếng Việt: *nước chảy* **đá mòn**.
- Ελληνικά: η γλώσσα *των αρχαίων*, ἀρχή.
- Русский: съешь *ещё* **булок**. Příliš žluťoučký *kůň*.

```python
name = "ñ" if True else None  # ☑
```
"""


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_the_bytes_do_not_depend_on_the_machines_fonts(
    shelf: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (shelf.root / "issues/0003-third.md").unlink()
    shelf.replace("letter.yaml", "{series: Basics, title", "{all: true, name: basics, title")
    shelf.replace("letter.yaml", "series:\n  - {name: Basics, about: The basics in three letters.}\n", "")
    shelf.replace("issues/0002-second.md", "Words below.", SCRIPTS)
    assert "book-fonts" not in {rule for _, _, rule in shelf.rules(AS_OF)}
    made = pdf(shelf)
    fonts = {font["/BaseFont"][8:] for page in made.pages for font in _fonts(page)}
    assert {"Book-latin", "Book-greek", "Book-cyrillic-Italic", "Book-vietnamese", "Book-typing-Bold"} <= fonts
    assert not [font for font in fonts if not font.startswith("Book-")]
    before = shelf.site()[PDF]
    (tmp_path / "none").mkdir()
    config = tmp_path / "hidden.conf"
    config.write_text(f"<fontconfig><dir>{tmp_path}/none</dir><cachedir>{tmp_path}/none</cachedir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    shutil.rmtree(shelf.root / "site")
    shutil.rmtree(shelf.root / ".weekahead")
    pdf(shelf)
    assert shelf.site()[PDF] == before


def test_it_is_said_which_chapter_needs_fonts_of_the_machine(shelf: Folder) -> None:
    shelf.replace("issues/0002-second.md", "Words below.", "Words below, and \U000f1234.")
    found = {finding.rule: finding for finding in shelf.check(AS_OF).findings}
    assert "differs on another: issues/0002-second.md has \U000f1234 (U+F1234); issues/0003-third.md has " in (
        found["book-fonts"].message
    )
    assert found["book-glyph"].where.file == "issues/0002-second.md"  # a character that no font has
    assert found["book-glyph"].message == "no font of the PDF has \U000f1234 (U+F1234)"


def _fonts(page: object) -> Iterator[dict[str, str]]:
    resources = page["/Resources"]  # type: ignore[index]
    yield from (font.get_object() for font in resources.get("/Font", {}).values())


def test_families_are_read_from_the_files_of_fonts() -> None:
    needs(DEJAVU.exists(), "DejaVu")
    files = {name: (DEJAVU / name).read_bytes() for name in ("DejaVuSansMono.ttf", "DejaVuSerif.ttf")}
    names = letter_fonts(files | {"none.ttf": b"no font"}, {}, {})
    assert names.reading == '"DejaVu Serif", "Book typing"'
    assert names.typing == '"DejaVu Sans Mono", "Book typing", "DejaVu Serif", "Book typing"'
    with coverage(names) as has_glyph:
        assert (has_glyph("a"), has_glyph("漢")) == (True, False)


def small_font(family: str, signs: str) -> bytes:
    """A font with an empty glyph for each character."""
    made = FontBuilder(unitsPerEm=1000, isTTF=True)
    names = [".notdef", *(f"uni{ord(sign):04X}" for sign in signs)]
    made.setupGlyphOrder(names)
    made.setupCharacterMap({ord(sign): name for sign, name in zip(signs, names[1:], strict=True)})
    made.setupGlyf({name: Glyph() for name in names})
    made.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": family, "styleName": "Regular"})
    made.setupOS2()
    made.setupPost()
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def test_a_font_of_the_letter_adds_what_ours_lack_and_chinese_ones_leave_latin_letters_to_ours(shelf: Folder) -> None:
    needs(bool(engine()), "WeasyPrint or Pango")
    shelf.write("templates/assets/fonts/added.ttf", small_font("Added", "ab一漢字"))
    shelf.replace("issues/0002-second.md", "Words below.", "Words below ↑, and 漢字.")
    found = [finding.message for finding in shelf.check(AS_OF).findings if finding.rule in ("book-glyph", "book-fonts")]
    assert [message[:24] for message in found] == ["no font of the PDF has \u0622"]  # the third chapter's, in Persian
    fonts = letter_fonts({"added.ttf": small_font("Added", "ab一漢字")}, {}, {"漢"})
    assert fonts.reading == '"Book typing", "Added"'
    assert letter_fonts({"added.ttf": small_font("Added", "abc")}, {}, {}).reading == '"Added", "Book typing"'


def test_a_book_that_would_be_too_large_is_refused_by_name(shelf: Folder) -> None:
    shelf.replace("letter.yaml", "books:\n", "book: {pages: 3}\nbooks:\n")
    with pytest.raises(BuildError) as refused:
        shelf.build(AS_OF)
    (found,) = (finding for finding in refused.value.findings if finding.is_error)
    assert (found.rule, found.message) == ("book-too-large", "the PDF of the book basics takes more than 3 pages")
    assert not [*(shelf.root / "site").rglob("*")]


def test_without_an_engine_the_site_says_what_there_is(shelf: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("outputs", "pdf_findings"):
        monkeypatch.setattr(f"weekahead.book.{module}.engine", lambda: "")
    result = shelf.build(AS_OF)
    assert [finding.rule for finding in result.warnings if finding.rule.startswith("book")] == ["book-engine"]
    assert "basics.epub" in shelf.read("book/basics/index.html")
    assert "pdf" not in shelf.read("book/basics/index.html") + shelf.read("series/basics/index.html")
    assert not (shelf.root / "site" / PDF).exists()


def test_a_pdf_that_was_made_is_not_made_again(
    built: tuple[Folder, list[Told]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Folder(shutil.copytree(built[0].root, tmp_path / "copy"))
    data = shelf.site()[PDF]
    (shelf.root / "site" / PDF).unlink()
    monkeypatch.setattr("weekahead.book.printing.html_to_pdf", lambda *given: pytest.fail("it is made again"))
    shelf.replace("issues/0004-fourth.md", "Not of", "Nothing of")
    shelf.build(AS_OF)
    assert shelf.site()[PDF] == data


def test_a_build_says_which_page_of_a_pdf_it_is_at(built: tuple[Folder, list[Told]]) -> None:
    pages = [(page, count) for what, page, count in built[1] if what == f"{PDF}: page"]
    assert pages[:3] == [(1, 0), (2, 0), (3, 0)]


def test_a_letter_without_books_loads_nothing_that_makes_them(folder: Folder) -> None:
    code = (
        "import sys; from pathlib import Path; from weekahead.build.pipeline import BuildOptions, build\n"
        f"build(BuildOptions(root=Path({str(folder.root)!r}), as_of='2022-02-09'))\n"
        "print([name for name in sys.modules if name.startswith(('weasyprint', 'ziamath', 'fontTools', 'weekahead.book'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


# -- the command


def test_a_book_is_made_now_into_a_folder(shelf: Folder, tmp_path: Path, run: Run) -> None:
    said = run(
        "book", "basics", "--root", shelf.root, "--as-of", AS_OF, "--output", tmp_path / "out", "--format", "pdf"
    )
    assert (said.status, said.err) == (0, "")
    assert re.fullmatch(r".*/out/basics\.pdf written: [\d,]+ bytes\.\n", said.out)
    assert PdfReader(io.BytesIO((tmp_path / "out/basics.pdf").read_bytes())).pages
    assert not (shelf.root / "site").exists()
    shelf.replace("letter.yaml", "preface: pages/preface.md}", "preface: pages/preface.md, formats: [html]}")
    said = run("book", "The basics", "--root", shelf.root, "--as-of", AS_OF, "--output", tmp_path)
    assert re.fullmatch(r".*/basics\.html written: [\d,]+ bytes\.\n", said.out)
    for options in (["--format", "pdf"], ["--format", "epub"], ["--keep"]):
        said = run("book", "basics", "--root", shelf.root, "--as-of", AS_OF, *options)
        assert (said.status, "[book]" in said.err) == (1, True), options
    said = run("book", "basic", "--root", shelf.root, "--as-of", AS_OF)
    assert (said.status, "[no-such-book]" in said.err, 'Did you mean "basics"?' in said.err) == (1, True, True)


def test_an_edition_that_is_kept_stays_as_it_was(shelf: Folder, run: Run) -> None:
    shelf.replace("letter.yaml", "preface: pages/preface.md}", "preface: pages/preface.md, formats: [html, epub]}")
    keep = ("book", "basics", "--keep", "--root", shelf.root, "--as-of")
    assert run(*keep, AS_OF).status == 0
    shelf.build(AS_OF)
    kept = {name: data for name, data in shelf.site().items() if "/2022-02-01/" in name}
    assert [*sorted(kept)] == ["book/basics/2022-02-01/basics.epub"]
    assert 'href="/book/basics/2022-02-01/basics.epub"' in shelf.read("book/basics/index.html")
    shelf.replace("issues/0002-second.md", "Words below.", "Other words.")
    shelf.replace(
        "issues/0002-second.md", "status: ready", "status: ready\ncorrected: [{date: 2022-02-02, what: Words.}]"
    )
    assert run(*keep, AS_OF).status == 0
    shelf.build(AS_OF)
    assert {name: data for name, data in shelf.site().items() if "/2022-02-01/" in name} == kept
    assert "changed: changed Week 2" in (shelf.root / "books/basics/editions.yaml").read_text("utf-8")
    editions = json.loads(shelf.read("book/basics/editions.json"))
    assert [each["day"] for each in editions["kept"]] == ["2022-02-02", "2022-02-01"]
    again = run(*keep, AS_OF)
    assert (again.status, "stays as it is [book-edition]" in again.err) == (1, True)


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_an_edition_with_an_issue_that_is_not_published_is_held_back(shelf: Folder, run: Run) -> None:
    run("book", "basics", "--keep", "--root", shelf.root, "--as-of", AS_OF)
    shelf.replace("issues/0003-third.md", "status: ready", "status: draft")
    result = shelf.build(AS_OF)
    assert not [name for name in shelf.site() if "/2022-02-01/" in name]
    assert "the edition of 2022-02-01 is held back" in " ".join(finding.message for finding in result.warnings)


def test_what_is_wrong_with_a_list_of_editions_is_said(shelf: Folder) -> None:
    shelf.write(
        "books/basics/editions.yaml", "editions:\n  - {day: 2022-02-01, files: [basics.pdf, ../x.pdf], chapters: {}}\n"
    )
    assert ("books/basics/editions.yaml", 2, "value") in shelf.rules(AS_OF)
    shelf.write("books/basics/editions.yaml", "editions:\n  - {day: 2022-02-01, files: [basics.pdf], chapters: {}}\n")
    assert ("books/basics/editions.yaml", 2, "book-edition") in shelf.rules(AS_OF)
    shelf.write("books/other/2022-02-01/other.pdf", b"%PDF")
    shelf.write("books/basics/editions.yaml", "editions: []\n")
    shelf.write("books/other/editions.yaml", "editions:\n  - {day: 2022-02-01, files: [other.pdf], chapters: {}}\n")
    assert ("books/other/editions.yaml", 2, "book-edition") in shelf.rules(AS_OF)
