"""`weekahead export html`: pages that can be pasted where no file is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.conftest import NOON, Folder, Said
from tests.harness import files

from weekahead.exporters.html_pages import export_html

Run = Callable[..., Said]


@pytest.fixture
def pages(rich: Folder, tmp_path: Path) -> Path:
    export_html(rich.root, tmp_path / "paste", as_of=NOON)
    return tmp_path / "paste"


@pytest.fixture
def second(pages: Path) -> LexborHTMLParser:
    return LexborHTMLParser((pages / "issues/2-second/index.html").read_text("utf-8"))


def test_links_are_absolute_and_pictures_lie_beside(pages: Path, second: LexborHTMLParser) -> None:
    links = {link.attributes["href"] for link in second.css("a[href]")}
    assert {"https://letter.example/issues/1-first/", "https://letter.example/issues/2-second/stars.csv"} <= links
    assert {"https://letter.example/issues/2-second/said.wav", "https://here.example/"} <= links
    assert not [link for link in links if link and not link.startswith(("https://", "#"))]
    for link in links:
        assert link
        assert not link.startswith("#") or second.css_first(f'[id="{link[1:]}"]') is not None
    pictures = [picture.attributes["src"] or "" for picture in second.css("img")]
    assert pictures == ["cover.png", "dot.png", "weekahead-table-1.png"]
    assert all((pages / "issues/2-second" / name).is_file() for name in pictures)


def test_a_table_is_a_picture_and_a_list(second: LexborHTMLParser) -> None:
    assert not second.css("table")
    assert [item.text() for item in second.css("figure div li")] == ["a|b · Stars: 12", "c · Stars: −3"]
    [picture] = second.css("figure img")
    assert picture.attributes["alt"] == "Table 1. Stars"


def test_a_page_has_its_title_and_summary_and_runs_nothing(second: LexborHTMLParser) -> None:
    assert [node.text() for node in second.css("h1")] == ["Second: a “letter”"]
    assert "What it is about." in second.html  # type: ignore[operator]
    assert not second.css("script, style, link, iframe, form, [style], [class]")


def test_the_list_leads_to_every_page_and_to_nothing_else(pages: Path) -> None:
    tree = LexborHTMLParser((pages / "index.html").read_text("utf-8"))
    links = [link.attributes["href"] or "" for link in tree.css("a[href]")]
    assert len(links) == 6
    assert all((pages / link).is_file() for link in links)


def test_only_what_is_public_is_there_but_for_drafts_that_are_asked_for(
    rich: Folder, pages: Path, tmp_path: Path, run: Run
) -> None:
    assert not [name for name, data in files(pages).items() if b"PRIVATE" in data or "small" in name]
    said = run("export", "html", tmp_path / "all", "--drafts", "--root", rich.root)
    assert said.out.startswith(f"{tmp_path / 'all'}: 7 issues and 1 page; ")
    listed = (tmp_path / "all/index.html").read_text("utf-8")
    assert "PRIVATE title</a> · Draft</li>" in listed
    assert (tmp_path / "all/issues/7-small/x.png").is_file()


def test_another_run_removes_what_is_no_longer_there(rich: Folder, pages: Path) -> None:
    (rich.root / "issues/0003-third.md").unlink()
    (pages / "mine.txt").write_text("Mine.")
    export_html(rich.root, pages, as_of=NOON)
    assert not (pages / "issues/3-third").exists()
    assert (pages / "mine.txt").exists()
