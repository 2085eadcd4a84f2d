"""A page is named anew only when it may show something else; and then it always is."""

from __future__ import annotations

import io
import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import LETTER, NOON, Folder, issue_text

from weekahead.build.site_plan import plan_site, site_key
from weekahead.build.snapshot import take_snapshot
from weekahead.build.traces import TraceLog
from weekahead.runtime.code_version import open_store
from weekahead.site.output import Output
from weekahead.source.loader import load_letter


def sound(seconds: int) -> bytes:
    """A recording of silence."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(100)
        file.writeframes(b"\x80" * 100 * seconds)
    return data.getvalue()


@pytest.fixture
def shelf(folder: Folder) -> Folder:
    """A letter in which issues show something of one another in every way they can."""
    folder.write("letter.yaml", f"{LETTER}feed: {{items: 2}}\n")
    folder.write(
        "issues/0004-fourth/index.md",
        issue_text(4, "2022-01-28", "Fourth letter", "[third](../0003-third.md)", audio="{file: a.wav}", tags="[data]"),
    )
    (folder.root / "issues/0004-fourth.md").unlink()
    folder.write("issues/0004-fourth/a.wav", sound(3))
    stamped = "[{number: 4, title: Fourth letter}, {number: 7, title: Small models}]"
    alias = "[/issues/2-second/0004-fourth/x.html, /2022/second/0004-fourth/x.html]"
    text = issue_text(2, "2022-01-14", "Second letter", "[x](0004-fourth/x.html)", next=stamped, aliases=alias)
    folder.write("issues/0002-second.md", text)
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="review"))
    return folder


def replaced(name: str, old: str, new: str) -> Callable[[Folder], object]:
    def change(folder: Folder) -> None:
        text = (folder.root / name).read_text()
        assert old in text
        folder.write(name, text.replace(old, new))

    return change


CHANGES: dict[str, Callable[[Folder], object]] = {
    "a text": replaced("issues/0003-third.md", "Words of", "Other words of"),
    "a title": replaced("issues/0003-third.md", "Third letter", "A third"),
    "a day": replaced("issues/0005-fifth.md", "2022-02-04", "2022-02-05"),
    "the day of one that is not out": replaced("issues/0006-sixth.md", "2022-02-11", "2022-02-12"),
    "a tag": replaced("issues/0003-third.md", "tags: [models, data]", "tags: [models]"),
    "a part": replaced("issues/0003-third.md", "part: 3, of: 3", "part: 3, of: 4"),
    "a promised title that is kept": replaced("issues/0004-fourth/index.md", "Fourth letter", "Another"),
    "a planned title": replaced("schedule.yaml", "Small models", "Large models"),
    "a state": replaced("schedule.yaml", "title: Small models, state: drafting", "title: Small models, state: idea"),
    "a time of day": replaced("schedule.yaml", '"09:00"', '"10:30"'),
    "the length of what is heard": lambda folder: folder.write("issues/0004-fourth/a.wav", sound(65)),
    "a file that comes along": lambda folder: folder.write("issues/0004-fourth/more.csv", "a,b\n"),
    "where a link leads": lambda folder: folder.write("issues/0004-fourth/x.html", "<p>Words.</p>"),
    "the name of a file": lambda folder: shutil.move(
        folder.root / "issues/0001-first.md", folder.root / "issues/0001.md"
    ),
    "one less": lambda folder: (folder.root / "issues/0001-first.md").unlink(),
    "the name of the letter": replaced("letter.yaml", "The Test Letter", "The Other Letter"),
    "the form of addresses": lambda folder: folder.write("letter.yaml", f"{LETTER}permalink: /{{year}}/{{slug}}/\n"),
    "a template": lambda folder: folder.write("templates/series.html", "<p>{{ series.name }}</p>"),
    "a style": lambda folder: folder.write("templates/assets/own.css", "a { color: red }"),
    "a page beside": lambda folder: folder.write("pages/about.md", "---\ntitle: About\n---\n\nWords.\n"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_after_any_change_a_build_is_as_one_from_nothing(shelf: Folder, tmp_path: Path, what: str) -> None:
    shelf.build()
    before = shelf.site()
    CHANGES[what](shelf)
    shelf.build()
    assert shelf.site() != before
    anew = Folder(tmp_path / "anew")
    shutil.copytree(shelf.root, anew.root, ignore=shutil.ignore_patterns(".weekahead", "site"))
    anew.build()
    assert shelf.site() == anew.site()


def stale(folder: Folder) -> list[str]:
    """Return the files that a build would make again."""
    with open_store(folder.root, keep=False) as store:
        snapshot = take_snapshot(folder.root, load_letter(folder.root, store), store.version, as_of=NOON)
        plan = plan_site(snapshot, store)
        traces = TraceLog(store, site_key(snapshot), plan.site.context)
        return [path for path, file in plan.files.items() if isinstance(file, Output) and traces.find(file) is None]


def test_nothing_is_made_again_without_a_change(shelf: Folder) -> None:
    shelf.build()
    assert stale(shelf) == []


def test_an_edit_makes_its_own_page_and_feeds_again_and_no_other(shelf: Folder) -> None:
    shelf.build()
    CHANGES["a text"](shelf)
    assert sorted(stale(shelf)) == ["archive/2022-01.xml", "issues/3-third/index.html", "search/2022.json"]


def test_a_preview_and_a_site_have_their_names_apart(shelf: Folder) -> None:
    shelf.build()
    before = shelf.site()
    shelf.build(drafts=True)
    assert any("6-sixth" in path or "6-reading" in path for path in shelf.site())
    shelf.build()
    assert shelf.site() == before
