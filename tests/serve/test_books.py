"""A book in the preview: its PDF is made when it is asked for, and pages answer meanwhile."""

from __future__ import annotations

import re
import threading
import urllib.request
from collections.abc import Iterator

import pytest
from tests.conftest import Folder, needs
from tests.serve.conftest import get

from weekahead.book import outputs
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


@pytest.mark.parametrize("path", [PDF, "/_at/2022-02-05" + PDF, "/book/whole/whole.epub"])
def test_pages_answer_while_a_book_is_made_once(shop: Preview, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    asked, may_end, made = threading.Event(), threading.Event(), list[str]()

    def slowly(options: BuildOptions, path: str) -> tuple[bytes, str | None]:
        made.append(f"{options.as_of} {path}")
        asked.set()
        assert may_end.wait(60)
        return b"%PDF", None

    monkeypatch.setattr(site_state, "make_apart", slowly)
    monkeypatch.setattr(outputs, "MANY_CHAPTERS", 5)
    shop.state.last_good = None
    shop.state.refresh()
    assert get(shop, "/issues/5-fifth/")[0] == 200
    assert made == []  # a book is made for whoever asks for it
    answers: list[tuple[int, str]] = []
    readers = [threading.Thread(target=lambda: answers.append(get(shop, path))) for _ in range(2)]
    for reader in readers:
        reader.start()
    assert asked.wait(60)
    for page in ("/", "/_desk/", "/_at/2022-02-05/", "/_at/2022-01-20/archive/"):
        assert get(shop, page)[0] == 200  # or this would wait for ever
    may_end.set()
    for reader in readers:
        reader.join()
    assert [*answers, get(shop, path)] == [(200, "%PDF")] * 3
    day = "2022-02-05" if "_at" in path else "2022-02-09"
    assert len(made) == 1
    assert made[0].startswith(f"{day} book/whole/")


def test_a_book_that_waits_is_made_of_what_was_saved_last(shop: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, may_end, made = threading.Event(), threading.Event(), list[str]()

    def slowly(options: BuildOptions, path: str) -> tuple[bytes, str | None]:
        made.append(path)
        asked.set()
        assert may_end.wait(60)
        return b"%PDF", None

    monkeypatch.setattr(site_state, "make_apart", slowly)
    readers = []
    for number in range(4):
        (shop.state.options.root / "issues/0006-x.md").write_text(f"---\nnumber: 6\ntitle: Six\n---\n{number}\n")
        shop.state.refresh()
        readers.append(threading.Thread(target=get, args=(shop, PDF)))
        readers[-1].start()
        assert asked.wait(60)
    may_end.set()
    for reader in readers:
        reader.join()
    assert len(made) <= 2


def test_a_book_is_shown_as_it_was_while_there_are_errors(
    shop: Preview, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_state, "make_apart", lambda options, path: (b"%PDF", None))
    assert get(shop, PDF) == (200, "%PDF")
    folder.write("issues/0006-x.md", "---\nnumber: 6\n---\n")
    shop.state.refresh()
    assert get(shop, PDF)[0] == 500
    assert get(shop, PDF + "?_last") == (200, "%PDF")


def test_a_page_made_apart_is_what_it_would_be(shop: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    with urllib.request.urlopen(shop.site.url + "book/whole/") as answer:
        policy, page = re.sub("nonce-[^']+", "", answer.headers["Content-Security-Policy"]), answer.read()
    monkeypatch.setattr(outputs, "MANY_CHAPTERS", 5)
    shop.state.last_good = None
    shop.state.refresh()
    with urllib.request.urlopen(shop.site.url + "book/whole/") as answer:
        assert re.sub("nonce-[^']+", "", answer.headers["Content-Security-Policy"]) == policy
        assert re.sub(b'nonce="[^"]+" data-version="[0-9]+"', b"", answer.read()) == re.sub(
            b'nonce="[^"]+" data-version="[0-9]+"', b"", page
        )


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
