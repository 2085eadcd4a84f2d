"""A book in the preview: its PDF is made when it is asked for, and pages answer meanwhile."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator

import pytest
from tests.conftest import Folder, needs
from tests.serve.conftest import get

from weekahead.book.pdf import engine
from weekahead.build.pipeline import BuildOptions
from weekahead.runtime.code_version import open_store
from weekahead.serve import site_state
from weekahead.serve.server import Preview

PDF = "/book/whole/whole.pdf"


@pytest.fixture
def shop(folder: Folder) -> Iterator[Preview]:
    """A running preview of a letter with a book."""
    needs(bool(engine()), "WeasyPrint or Pango")
    letter = (folder.root / "letter.yaml").read_text("utf-8")
    folder.write("letter.yaml", letter + "books: [{all: true, name: whole}]\n")
    with open_store(folder.root) as store:
        found = Preview(folder.root, 0, "2022-02-09", store)
        found.start()
        yield found
        found.close()


def test_pages_answer_while_a_pdf_is_made_once(shop: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, may_end, made = threading.Event(), threading.Event(), list[str]()

    def slowly(options: BuildOptions, path: str) -> bytes:
        made.append(path)
        asked.set()
        assert may_end.wait(60)
        return b"%PDF"

    monkeypatch.setattr(site_state, "make_apart", slowly)
    assert get(shop, "/book/whole/")[0] == 200
    assert made == []  # a PDF is made for whoever asks for it
    answers: list[tuple[int, str]] = []
    reader = threading.Thread(target=lambda: answers.append(get(shop, PDF)))
    reader.start()
    assert asked.wait(60)
    assert get(shop, "/")[0] == 200  # or this would wait for ever
    may_end.set()
    reader.join()
    assert [*answers, get(shop, PDF)] == [(200, "%PDF"), (200, "%PDF")]
    assert made == [PDF.lstrip("/")]


def test_a_pdf_follows_the_letter_and_what_is_wrong_with_it_is_shown_in_its_place(
    shop: Preview, folder: Folder
) -> None:
    with urllib.request.urlopen(shop.site.url + PDF.lstrip("/")) as answer:
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.read().startswith(b"%PDF")
    folder.write("letter.yaml", (folder.root / "letter.yaml").read_text("utf-8") + "book: {pages: 2}\n")
    shop.state.refresh()
    status, said = get(shop, PDF)
    assert status == 500
    assert "takes more than 2 pages" in said
