"""A file is made again if something that it was made from changed, and only then."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import LETTER, Folder, five_issues, issue_text, png, replaced, some
from tests.random_letter import edits, letters, options, write_letter

from weekahead.build.site_plan import SitePlan
from weekahead.build.traces import TraceLog
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.model.findings import Location
from weekahead.runtime.store import Store
from weekahead.site.aspects import ASPECTS, Aspect
from weekahead.site.context import RenderContext
from weekahead.site.output import Output, WriteOrder
from weekahead.theme.i18n import Translator
from weekahead.theme.lookup import Theme

EDITS = int(os.environ.get("EDITS", "5"))
"""How many random edits are tried; a build or two and a plan or two take under a second."""
TEMPLATES = Path(__file__).parents[2] / "templates"


# -- any edit of any letter


def plain(context: Any) -> object:
    """What a file shows as plain data. Templates and texts are no part of it, and of translations only their digest."""
    if isinstance(context, tuple):
        return [plain(part) for part in context if not isinstance(part, Theme | RenderedTexts)]
    return context.digest if isinstance(context, Translator) else msgspec.to_builtins(context, enc_hook=str)


def outputs(plan: SitePlan) -> dict[str, Output]:
    return {path: file for path, file in plan.files.items() if isinstance(file, Output)}


def contexts(plan: SitePlan) -> dict[str, object]:
    """What each file that is made from the letter shows."""
    return {path: plain(file.context()) for path, file in outputs(plan).items()}


def fresh(plan: SitePlan, traces: TraceLog) -> set[str]:
    """The files that are taken to be as the last build made them."""
    return {path for path, file in outputs(plan).items() if traces.find(file)}


def from_nothing(folder: Folder, **wanted: Any) -> dict[str, bytes]:
    """The site that a build makes of the letter as it is, without a store."""
    clean = folder.root.parent / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    folder.build(output=clean, clean=True, **wanted)
    return {str(path.relative_to(clean)): path.read_bytes() for path in clean.rglob("*") if path.is_file()}


@settings(max_examples=EDITS)
@given(st.data())
def test_whatever_is_edited_no_file_that_shows_it_is_fresh(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as room:
        folder, before = Folder(Path(room) / "letter"), data.draw(letters())
        write_letter(folder, before)
        folder.build(**options(before))
        with folder.plan(**options(before)) as (plan, _):
            shown = contexts(plan)
        after = before | data.draw(edits(before))
        write_letter(folder, after, before)
        with folder.plan(**options(after)) as (plan, traces):
            unchanged, now = fresh(plan, traces), contexts(plan)
        assert [path for path in unchanged if now[path] != shown[path]] == []
        folder.build(**options(after))
        assert folder.site() == from_nothing(folder, **options(after))


# -- one edit for each aspect: without its record, a file would be fresh that is not


@pytest.fixture
def letter(tmp_path: Path, built: Folder) -> Folder:
    """A letter in which issues show something of one another in every way they can, with its site."""
    shutil.copytree(built.root, tmp_path / "letter")
    return Folder(tmp_path / "letter")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = five_issues(tmp_path_factory.mktemp("built") / "letter")
    folder.write("letter.yaml", f"{LETTER}feed: {{items: 2, archive: false}}\nsocial_cards: false\n{BOOKS}")
    folder.write("templates/assets/front.png", png(7, 7))
    stamped = "[{number: 7, title: Small models}, {number: 9, title: Something else}]"
    folder.replace("issues/0002-second.md", "status:", f"next: {stamped}\nstatus:")
    folder.write(
        "issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", "[First](0001-first.md). ![Dot](dot.png)")
    )
    folder.write("issues/dot.png", png(3, 4))
    folder.replace("issues/0004-fourth.md", "status:", "authors: [Ann]\nstatus:")
    folder.write("issues/special.md", special("Special", "2022-02-05"))
    folder.write("pages/about.md", "---\ntitle: About\nsummary: We.\n---\n\nWords.\n")
    folder.build()
    return folder


def special(title: str, date: str) -> str:
    return f"---\ntitle: {title}\ndate: {date}\nstatus: ready\n---\n\nExtra.\n"


def written(name: str, text: str) -> Callable[[Folder], object]:
    return lambda folder: folder.write(name, text)


def theme(name: str, old: str, new: str) -> Callable[[Folder], object]:
    """Give the letter a packaged template with something replaced."""
    text = (TEMPLATES / name).read_text("utf-8")
    assert old in text
    return written(f"templates/{name}", text.replace(old, new))


def many_old_ones(folder: Folder) -> None:
    """More issues than the front page shows."""
    for day in range(10, 16):
        folder.write(f"issues/old-{day}.md", special(f"Old {day}", f"2021-12-{day}"))


BOOKS = """\
series: [{name: Basics, about: The basics.}]
books:
  - {series: Basics, title: All basics, formats: [html]}
  - {all: true, formats: [epub], cover: front.png}
"""
BASICS, EPUB = "book/basics/index.html", "book/the-letter/the-letter.epub"


def keep_an_edition(folder: Folder) -> None:
    folder.write("books/basics/2022-02-01/basics.epub", b"kept")
    kept = "{day: 2022-02-01, files: [basics.epub], chapters: {1: x}}"
    folder.write("books/basics/editions.yaml", f"editions:\n  - {kept}\n")


SEARCH, THIRD, FIFTH = "search/2022.json", "issues/3-third/index.html", "issues/5-fifth/index.html"
NEW = written("issues/0006-sixth.md", issue_text(6, "2022-02-08", "Reading a loss curve"))
NEW_SPECIAL = written("issues/new.md", special("New", "2022-02-08"))
TEXT = replaced("issues/0003-third.md", "Words of", "Other words of")
SLUG = replaced("issues/0001-first.md", "status:", "slug: one\nstatus:")
IN_BETWEEN = written("issues/new.md", special("New", "2022-02-01"))
ENTRY = replaced("schedule.yaml", "backlog", "  - {number: 12, title: Something else, state: planning}\nbacklog")
SPECIAL_KEY = "issues/special.md", "status:"

CASES: dict[str, tuple[Callable[[Folder], object], str]] = {
    "all_texts": (TEXT, SEARCH),
    "asset": (lambda folder: folder.write("templates/assets/front.png", png(8, 8)), EPUB),
    "body": (TEXT, THIRD),
    "book": (replaced("letter.yaml", "All basics", "Some basics"), BASICS),
    "book_files": (replaced(*SPECIAL_KEY, "series: {name: Basics, part: 4}\nstatus:"), BASICS),
    "book_names": (replaced("letter.yaml", "books:\n", "books:\n  - {year: 2022, formats: [html]}\n"), "sitemap.xml"),
    "books_of_series": (
        replaced("letter.yaml", "books:\n", "books:\n  - {series: Basics, name: more, formats: [html]}\n"),
        "series/basics/index.html",
    ),
    "cadence": (replaced("schedule.yaml", "09:00", "10:30"), THIRD),
    "card": (replaced("issues/0003-third.md", "Third letter", "A third"), "archive/index.html"),
    "config": (replaced("letter.yaml", "The Test Letter", "The Other"), THIRD),
    "count": (written("issues/old.md", special("Old", "2021-12-01")), "index.html"),
    "details": (replaced("issues/0003-third.md", "status:", "discussion: https://x.example/\nstatus:"), THIRD),
    "feed_id": (replaced(*SPECIAL_KEY, "guid: x\nstatus:"), "calendar.ics"),
    "file_digest": (lambda folder: folder.write("issues/dot.png", png(3, 4) + b"x"), EPUB),
    "kept_editions": (keep_an_edition, BASICS),
    "files": (NEW, "archive/index.html"),
    "links": (SLUG, FIFTH),
    "moves": (replaced("issues/0003-third.md", "date: 2022-01-21\n", ""), "calendar.ics"),
    "neighbours": (IN_BETWEEN, "issues/4-fourth/index.html"),
    "newest": (NEW, "404.html"),
    "newest_public": (NEW_SPECIAL, "next.json"),
    "number": (replaced("schedule.yaml", "Small models", "Large models"), FIFTH),
    "number_titled": (ENTRY, "issues/2-second/index.html"),
    "page": (replaced("pages/about.md", "We.", "Us."), "about/index.html"),
    "page_paths": (written("pages/imprint.md", "# Imprint\n\nX.\n"), "sitemap.xml"),
    "path": (SLUG, SEARCH),
    "picture": (lambda folder: folder.write("issues/dot.png", png(5, 4)), FIFTH),
    "planned_parts": (replaced("schedule.yaml", "state: review}", "state: review, series: Basics}"), BASICS),
    "series_note": (replaced("letter.yaml", "about: The basics.", "about: More."), "series/basics/index.html"),
    "plan": (replaced("schedule.yaml", "horizon: 5", "horizon: 6"), "next/index.html"),
    "series": (replaced(*SPECIAL_KEY, "series: {name: Basics, part: 4}\nstatus:"), THIRD),
    "tags": (replaced(*SPECIAL_KEY, "tags: [tides]\nstatus:"), "tags/index.html"),
    "site": (written("pages/imprint.md", "# Imprint\n\nX.\n"), THIRD),
    "tagged": (replaced(*SPECIAL_KEY, "tags: [data]\nstatus:"), "tags/data/index.html"),
    "template": (theme("issue.html", "<article>", "<article id=a>"), THIRD),
    "translator": (theme("words/en.toml", '"Archive"', '"All issues"'), THIRD),
    "written_by": (replaced(*SPECIAL_KEY, "authors: [Ann]\nstatus:"), "authors/ann/index.html"),
}
"""For each aspect an edit, and a file that is to be made again for that aspect alone."""
IMPLIED = {"series_names", "tag_slugs", "author_names"}
"""Aspects that change only with the cards of issues, all of which are recorded wherever these are."""


OF_FRONT_MATTER = {"corrections", "waived"}
"""Aspects that change only with the front matter of their issue or page, or with letter.yaml, or with the instant."""
OF_PDFS = {"book_fonts", "book_forms", "book_limits"}
"""Aspects that only PDFs of books have: tests/book/test_pdf.py."""

OF_MAIL = {"from_root"}
"""Aspects that only an e-mail edition has, which is made anew whenever it is asked for."""


def test_every_aspect_has_a_case() -> None:
    assert set(CASES) | IMPLIED | OF_FRONT_MATTER | OF_PDFS | OF_MAIL == set(ASPECTS)


def test_an_aspect_of_front_matter_is_recorded_beside_it(letter: Folder) -> None:
    letter.replace("issues/0003-third.md", "status:", "allow: [active-content]\nstatus:")
    letter.write("issues/0003-third.md", (letter.root / "issues/0003-third.md").read_text() + "\n<script>x</script>\n")
    with letter.plan() as (plan, _):
        file, context = outputs(plan)[THIRD], plan.site.context
        with context.recording() as recorded:
            file.context()
    assert {("waived", "issues/0003-third.md"), ("details", "issues/0003-third.md"), ("config", "")} <= {*recorded}


def test_an_aspect_without_a_case_is_recorded_beside_all_that_it_follows_from(letter: Folder) -> None:
    with letter.plan() as (plan, _):
        context = plan.site.context
        cards = {("config", ""), *(("card", file) for file in context.files)}
        for file in outputs(plan).values():
            with context.recording() as recorded:
                file.context()
            assert cards <= {*recorded} or IMPLIED.isdisjoint(name for name, _ in recorded)


@pytest.mark.parametrize("name", some([*CASES], 6))
def test_an_aspect_that_is_not_recorded_leaves_a_stale_file(
    letter: Folder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    edit, page = CASES[name]
    if name == "count":
        many_old_ones(letter)
        letter.build()
    other = Folder(letter.root.parent / "other")
    shutil.copytree(letter.root, other.root, ignore=shutil.ignore_patterns("site", ".weekahead"))
    edit(letter)
    letter.build()
    right = from_nothing(letter)
    assert letter.site() == right

    recording = RenderContext.recording

    @contextmanager
    def without(context: RenderContext) -> Iterator[dict[Aspect, None]]:
        with recording(context) as recorded:
            yield recorded
            for aspect in [aspect for aspect in recorded if aspect[0] == name]:
                del recorded[aspect]

    monkeypatch.setattr(RenderContext, "recording", without)
    other.build()
    edit(other)
    other.build()
    assert other.site()[page] != right[page]


# -- nothing is made again without need


def stale(folder: Folder, **wanted: Any) -> set[str]:
    with folder.plan(**wanted) as (plan, traces):
        return {*outputs(plan)} - fresh(plan, traces)


def test_without_an_edit_every_file_is_fresh(letter: Folder) -> None:
    assert stale(letter) == set()


def test_an_edit_of_a_text_has_its_own_page_and_search_made_again_and_no_other(letter: Folder) -> None:
    TEXT(letter)
    assert stale(letter) == {THIRD, SEARCH, BASICS, "book/the-letter/index.html", EPUB}


def test_an_edit_of_a_new_text_has_the_feeds_made_again_as_well(letter: Folder) -> None:
    letter.replace("issues/0005-fifth.md", "[First]", "[The first]")
    assert stale(letter) == {FIFTH, SEARCH, "feed.xml", "atom.xml", "feed.json", "book/the-letter/index.html", EPUB}


def test_an_idea_of_the_author_has_nothing_made_again(letter: Folder) -> None:
    letter.replace("schedule.yaml", "Swarm robotics", "Swarm robotics, Robots")
    letter.replace("schedule.yaml", "title: Small models,", "title: Small models, notes: Ask Nora,")
    assert stale(letter) == set()


def test_a_preview_and_a_site_are_remembered_apart(letter: Folder) -> None:
    letter.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="review"))
    letter.build()
    before = letter.site()
    letter.build(drafts=True)
    assert stale(letter) == stale(letter, drafts=True) == set()
    assert "issues/6-sixth/index.html" in letter.site()
    letter.build()
    assert letter.site() == before


# -- the log by itself

FILE = Output(
    path="a.html", source=Location("a.md"), order=WriteOrder.LIST, recipe="a", context=lambda: "", render=str.encode
)


class Digests:
    """A context with digests alone: that of every aspect is the edition of the letter, but for aspects that never change."""

    def __init__(self, edition: str) -> None:
        self.edition = edition

    def digest(self, aspect: Aspect) -> str:
        return "" if aspect[0] == "constant" else self.edition

    def digester(self, name: str) -> Callable[[str], str]:
        return lambda key: self.digest((name, key))

    def value(self, aspect: Aspect) -> object:
        return None


def log(store: Store, edition: str) -> TraceLog:
    return TraceLog(store, "letter", Digests(edition))  # type: ignore[arg-type]


def test_a_file_is_fresh_until_an_aspect_of_it_changes() -> None:
    store = Store()
    first = log(store, "1")
    inputs = [("card", "a"), ("constant", "b")]
    first.put(FILE, first.fingerprint(FILE, inputs), inputs)
    first.save([FILE.path])
    assert log(store, "1").find(FILE) == first.fingerprint(FILE, inputs)
    assert log(store, "2").find(FILE) is None
    assert log(store, "2").changed_inputs(FILE) == [("card", "a")]
    assert log(store, "2").fingerprint(FILE, inputs) != first.fingerprint(FILE, inputs)


def test_a_file_of_another_recipe_or_another_version_is_not_fresh() -> None:
    store = Store()
    first = log(store, "1")
    first.put(FILE, "x", [])
    first.save([FILE.path])
    assert log(store, "1").find(msgspec.structs.replace(FILE, recipe="b")) is None
    store.version = "another"
    assert log(store, "1").find(FILE) is None


def test_a_file_that_the_site_has_no_more_is_forgotten() -> None:
    store = Store()
    first = log(store, "1")
    first.put(FILE, "x", [])
    first.save([FILE.path])
    log(store, "1").save([])
    assert log(store, "1").recipe_before(FILE) is None


def test_aspects_that_no_file_has_any_more_are_forgotten_in_time() -> None:
    store = Store()
    for turn in range(10):
        edition = log(store, "1")
        edition.put(FILE, "x", [("card", f"{turn}/{n}") for n in range(400)])
        edition.save([FILE.path])
    assert len(log(store, "1").field_keys()) < 2 * 400 + 1000
    assert log(store, "1").find(FILE) == "x"
    assert log(store, "2").find(FILE) is None
