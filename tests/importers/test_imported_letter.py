"""What becomes of posts: their files, their states, and a second import."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.importers.fake import NOW, post, run

from weekahead.build.check import check
from weekahead.importers.options import Paid
from weekahead.importers.post import Access, MediaFile, Post, PostAudio, SeriesHint
from weekahead.importers.report import Fate, ReportedNote
from weekahead.model.findings import BuildError
from weekahead.references import formatter
from weekahead.source.loader import load_letter


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "letter"


def texts(root: Path) -> dict[str, str]:
    """Return the files of a letter, without its own state."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    names = ((path.relative_to(root).as_posix(), path) for path in files)
    return {
        name: path.read_bytes().decode("utf-8", "replace") for name, path in names if not name.startswith(".weekahead/")
    }


def rules(report_notes: Sequence[ReportedNote]) -> list[str]:
    return [each.note.rule for each in report_notes]


WEEKS = ("2024-03-01 16:00", "2024-03-08 16:00", "2024-03-15 16:00", "2024-03-22 16:00", "2024-03-29 16:00")


def archive(count: int = 5) -> list[Post]:
    return [post(f"tides-{number}", day, f"Text {number}.") for number, day in enumerate(WEEKS[:count], 1)]


# -- states


def test_an_empty_folder_becomes_a_letter_that_checks(root: Path) -> None:
    run(root, *archive(), title="The Harbour Letter", url="https://harbour.example", author="Ida", language="en-GB")
    letter = load_letter(root).require_letter(whole=True)
    assert (letter.config.title, letter.config.url, letter.config.author_name) == (
        "The Harbour Letter",
        "https://harbour.example/",
        "Ida",
    )
    assert [issue.number for issue in letter.issues] == [1, 2, 3, 4, 5]
    assert [finding for finding in check(root, "2024-04-01").findings if finding.rule != "promise"] == []


@pytest.mark.parametrize("access", [each for each in Access if each is not Access.PUBLIC])
def test_only_what_is_public_is_ready(root: Path, access: Access) -> None:
    report = run(root, *archive(3), post("held", WEEKS[3], access=access, summary="Not yet."))
    letter = load_letter(root).require_letter(whole=True)
    assert {issue.slug: str(issue.status) for issue in letter.issues}["held"] == "draft"
    assert "held back" in {str(each.note.outcome) for each in report.notes if each.note.post == "held"}


def test_a_public_post_of_tomorrow_is_a_draft(root: Path) -> None:
    run(root, *archive(3), post("later", "2024-04-02 16:00"))
    letter = load_letter(root).require_letter(whole=True)
    assert {issue.slug: str(issue.status) for issue in letter.issues}["later"] == "draft"


def test_a_draft_needs_neither_number_nor_date(root: Path) -> None:
    run(root, *archive(2), post("ropes", access=Access.DRAFT, title=""))
    text = texts(root)["issues/ropes.md"]
    assert "title: Ropes\n" in text
    assert not re.search("(?m)^(number|date):", text)


@pytest.mark.parametrize(
    ("paid", "has", "lacks"),
    [(Paid.KEEP, ("For all.", "For some."), ()), (Paid.FREE, ("For all.",), ("For some.",))],
)
def test_a_paid_text_is_a_draft_of_what_was_asked_for(
    root: Path, paid: Paid, has: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    wall = post("wall", WEEKS[2], "For all.", Access.PAID, paid="For some.")
    run(root, *archive(2), wall, options={"paid": paid})
    whole = "\n".join(texts(root).values())
    assert all(words in whole for words in has)
    assert not any(words in whole for words in lacks)
    assert "status: draft" in next(text for name, text in texts(root).items() if name.endswith("wall.md"))


def test_a_paid_text_that_is_left_leaves_no_file(root: Path) -> None:
    wall = post("wall", WEEKS[2], "For all.", Access.PAID, paid="For some.")
    report = run(root, *archive(2), wall, options={"paid": Paid.LEAVE})
    assert not [name for name in texts(root) if "wall" in name]
    assert "paid" in rules(report.notes)


def test_a_wall_in_a_public_post_is_held_back_too(root: Path) -> None:
    run(root, *archive(2), post("wall", WEEKS[2], "For all.", paid="For some."))
    assert "For some." not in "\n".join(texts(root).values())


def test_what_would_not_build_is_a_draft_and_named(root: Path) -> None:
    bad = post("plain", WEEKS[2], "Hello <plaintext> there.")
    report = run(root, *archive(2), bad, post("friend", WEEKS[3], "See [it](/p/plain).", address="/p/friend"))
    letter = load_letter(root).require_letter(whole=True)
    assert {issue.slug: str(issue.status) for issue in letter.issues} == {
        "tides-1": "ready", "tides-2": "ready", "plain": "draft", "friend": "ready",
    }  # fmt: skip
    assert "refused" in rules(report.notes)
    assert not [finding for finding in check(root, "2024-04-01").findings if finding.is_error]


def test_pages_stand_beside_the_letter(root: Path) -> None:
    run(root, *archive(2), post("about", text="Who I am.", is_page=True, address="/about"))
    assert texts(root)["pages/about.md"].endswith("Who I am.\n")


# -- a second import


def test_a_second_import_writes_nothing(root: Path) -> None:
    run(root, *archive())
    before = {
        path: path.stat().st_mtime_ns for path in root.rglob("*") if ".weekahead" not in path.parts and path.is_file()
    }
    assert not run(root, *archive()).has_news
    after = {
        path: path.stat().st_mtime_ns for path in root.rglob("*") if ".weekahead" not in path.parts and path.is_file()
    }
    assert before == after


def test_an_edited_file_is_never_written_over(root: Path) -> None:
    run(root, *archive())
    edited = root / "issues/0002-tides-2.md"
    edited.write_text(edited.read_text() + "\nMine.\n")
    changed = [post(f"tides-{number}", day, f"Newer {number}.") for number, day in enumerate(WEEKS, 1)]
    report = run(root, *changed)
    assert edited.read_text().endswith("\nMine.\n")
    assert report.files["issues/0002-tides-2.md"] is Fate.EDITED
    assert report.files["issues/0003-tides-3.md"] is Fate.REWRITTEN
    assert "Newer 3." in texts(root)["issues/0003-tides-3.md"]
    assert "`issues/0002-tides-2.md`: edited since" in "".join(
        text for name, text in texts(root).items() if "import-report" in name
    )


def test_a_deleted_file_does_not_come_back(root: Path) -> None:
    run(root, *archive())
    (root / "issues/0005-tides-5.md").unlink()
    run(root, *archive())
    assert "issues/0005-tides-5.md" not in texts(root)


def test_an_edited_report_is_kept(root: Path) -> None:
    run(root, *archive(4))
    (root / "import-report.md").write_text("Ticked off.")
    run(root, *archive(5))
    assert texts(root)["import-report.md"] == "Ticked off."
    assert "# Import report" in texts(root)["import-report-2.md"]


def test_newer_posts_are_added_and_the_untouched_schedule_follows(root: Path) -> None:
    run(root, *archive(4))
    extra = post("tides-5", "2024-03-30 16:00", "A day late.")
    run(root, *archive(4), extra)
    assert "date: 2024-03-30" in texts(root)["issues/0005-tides-5.md"]
    assert not [finding for finding in check(root, "2024-04-01").findings if finding.rule == "off-cadence"]


def test_the_schedule_is_not_touched_for_an_edited_file_alone(root: Path) -> None:
    run(root, *archive())
    edited = root / "issues/0002-tides-2.md"
    edited.write_text(edited.read_text() + "\nMine.\n")
    before = texts(root)["schedule.yaml"]
    run(root, *archive(), options={"now": NOW.replace(year=2025)})
    assert texts(root)["schedule.yaml"] == before


def test_what_an_export_has_no_more_keeps_its_day(root: Path) -> None:
    late = post("tides-2", "2024-03-09 16:00", "Late.")
    first, third, fourth = (post(f"tides-{number}", WEEKS[number - 1]) for number in (1, 3, 4))
    run(root, first, late, third, fourth)
    (root / "issues/0005-own.md").write_text(
        "---\nnumber: 5\ntitle: My own\ndate: 2024-03-29\nstatus: ready\n---\n\nWords.\n"
    )
    run(root, fourth, post("tides-6", "2024-04-05 16:00"), options={"now": NOW.replace(day=20)})
    letter = load_letter(root).require_letter(whole=True)
    assert {issue.number: str(letter.day(issue)) for issue in letter.issues if issue.number} == {
        1: "2024-03-01", 2: "2024-03-09", 3: "2024-03-15", 4: "2024-03-22", 5: "2024-03-29", 6: "2024-04-05",
    }  # fmt: skip
    assert [found for found in check(root, "2024-04-20").findings if found.rule in ("off-cadence", "missed-slot")] == []


def test_a_letter_gets_only_what_it_lacks(root: Path) -> None:
    run(root, *archive(3), title="Mine", url="https://mine.example", author="Ida")
    (root / "imports/LEDGER.yaml").unlink()
    mine = texts(root)
    report = run(root, *archive(5), title="Other", url="https://other.example")
    kept = {name: text for name, text in texts(root).items() if name in mine}
    assert kept | {"import-report.md": ""} == mine | {"import-report.md": ""}
    assert "number-taken" not in rules(report.notes)


def test_what_a_letter_cites_is_read_when_it_is_topped_up(root: Path) -> None:
    run(root, *archive(3))
    first = next((root / "issues").glob("0001-*"))
    body = first if first.is_file() else first / "index.md"
    body.write_text(body.read_text() + "\nAs they say [@knuth].\n")
    (root / "sources.bib").write_text(
        "@book{knuth, title={The Art}, author={Knuth, D.}, year={1968}, publisher={AW}}\n"
    )
    (root / "own.csl").write_bytes((Path(formatter.__file__).parent / "apa.csl").read_bytes())
    with (root / "letter.yaml").open("a") as file:
        file.write("citation: {file: sources.bib, style: own.csl}\n")
    before = texts(root)
    run(root, *archive())
    assert len(load_letter(root).require_letter(whole=True).issues) == 5
    assert texts(root).items() >= {(name, before[name]) for name in ("sources.bib", "own.csl", "letter.yaml")}


def test_a_feed_tops_up_an_export(root: Path) -> None:
    posts = [post(f"p{number}", day, guid=f"urn:{number}") for number, day in enumerate(WEEKS[:3], 1)]
    run(root, *posts)
    ledger = root / "imports/LEDGER.yaml"
    ledger.write_text(ledger.read_text().replace('"fake ', '"other '))
    report = run(root, *(post(f"f{number}", day, guid=f"urn:{number}") for number, day in enumerate(WEEKS[:4], 1)))
    assert len([name for name in texts(root) if name.startswith("issues/")]) == 4
    assert rules(report.notes).count("known") == 3


def test_a_folder_of_other_things_is_refused(root: Path) -> None:
    root.mkdir()
    (root / "thesis.txt").write_text("mine")
    with pytest.raises(BuildError, match="neither a letter nor an empty folder"):
        run(root, *archive())
    assert texts(root) == {"thesis.txt": "mine"}


def test_a_dry_run_writes_nothing(root: Path) -> None:
    report = run(root, *archive(), options={"dry_run": True})
    assert report.counts["ready"] == 5
    assert not root.exists()


# -- around the texts


def test_media_stand_beside_their_issue_once(root: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    for name, data in (("a/pic.png", b"one"), ("b/pic.png", b"two"), ("b/copy.png", b"one")):
        (export / name).parent.mkdir(parents=True, exist_ok=True)
        (export / name).write_bytes(data)
    text = "![x](a/pic.png) ![y](b/pic.png) ![z](b/copy.png) ![q](/a/pic.png)"
    run(root, post("media", WEEKS[0], text), export=export)
    found = texts(root)
    assert "![x](pic.png) ![y](pic-2.png) ![z](pic.png) ![q](pic.png)" in found["issues/0001-media/index.md"]
    assert [name for name in found if name.startswith("issues/0001-media/")] == [
        "issues/0001-media/index.md", "issues/0001-media/pic-2.png", "issues/0001-media/pic.png",
    ]  # fmt: skip


def test_front_matter_has_what_the_export_says(root: Path) -> None:
    run(
        root,
        post(
            "full", WEEKS[0], title='Say "no: never"', summary="In short:\nlong", tags=("C++", "c++", "*"), authors=("Ida", "Ben"),
            guid="https://h.example/?p=1", address="https://h.example/2024/03/full/", paths=("/old.html", "/bad@path"), language="de",
            series=SeriesHint(name="Ropes"), audio=PostAudio(media=MediaFile(url="https://h.example/a.mp3"), duration=448, bytes=5),
            leftover={"mood": "7:28", "n": 3, "when": 1.5, "list": ["a", True, None]},
        ),
        url="https://h.example", language="en",
    )  # fmt: skip
    issue = load_letter(root).require_letter(whole=True).issues[0]
    assert issue.title == 'Say "no: never"'
    assert issue.summary == "In short: long"
    assert (issue.tags, issue.authors, issue.guid) == (("C++",), ("Ida", "Ben"), "https://h.example/?p=1")
    assert issue.aliases == ("2024/03/full", "old.html")
    assert issue.language == "de"
    assert issue.series is not None
    assert (issue.series.name, issue.series.part) == ("Ropes", 1)
    assert issue.audio is not None
    assert (issue.audio.url, issue.audio.bytes, issue.audio.duration) == ("https://h.example/a.mp3", 5, 448)
    assert issue.extra == {"mood": "7:28", "n": 3, "when": "1.5", "list": ["a", True, None]}


def test_old_paths_that_are_no_aliases_get_lines_to_redirect(root: Path) -> None:
    odd = post("odd", WEEKS[0], address="https://h.example/@ida/odd")
    report = run(root, odd, post("own", WEEKS[1], address="https://h.example/p/own"), url="https://h.example")
    assert [(each.old, each.new) for each in report.redirects] == [("/@ida/odd", "https://h.example/issues/1-odd/")]
    assert 'location = "/@ida/odd" { return 301 https://h.example/issues/1-odd/; }' in texts(root)["import-report.md"]


def test_a_line_of_the_report_names_file_and_line(root: Path) -> None:
    report = run(root, post("links", WEEKS[0], "One.\n\nTwo [gone](/nowhere).", address="/p/links"))
    note = next(each for each in report.notes if each.note.rule == "dead-link")
    assert note.where is not None
    line = texts(root)["issues/0001-links.md"].split("\n")[note.where.line - 1]
    assert line == "Two gone."


def test_posts_that_would_clash_all_come_over(root: Path) -> None:
    run(
        root,
        post("a", WEEKS[0], guid="urn:1", address="https://h.example/issues/1-a/"),
        post("b", WEEKS[1], guid="urn:1", address="https://h.example/issues/1-a"),
        post("c", access=Access.DRAFT, slug="rope"),
        post("d", access=Access.DRAFT, slug="rope"),
        post("e", is_page=True, slug="archive"),
        post("f", is_page=True, slug="archive"),
        url="https://h.example",
    )
    letter = load_letter(root).require_letter(whole=True)
    assert [(issue.slug, str(issue.status), issue.guid) for issue in letter.issues if issue.number] == [
        ("a", "ready", "urn:1"), ("b", "ready", None),
    ]  # fmt: skip
    assert {issue.source.file for issue in letter.issues if not issue.number} == {"issues/rope.md", "issues/rope-2.md"}
    assert [page.slug for page in letter.pages] == ["archive-2", "archive-3"]
    assert all(issue.aliases == () for issue in letter.issues)


def test_a_title_of_any_signs_stands_in_front_matter(root: Path) -> None:
    titles = ["- a: b # c", "'q' \"w\"", "null", "2024-01-01", "*star*", "{x: 1}", "é\u2028ü\x07", "@at", "%", "`"]
    run(root, *(post(f"p{place}", f"2024-{1 + place:02}-05", title=title) for place, title in enumerate(titles[:3])))
    run(
        root.parent / "other",
        *(post(f"p{place}", f"2023-{1 + place:02}-05", title=title) for place, title in enumerate(titles)),
    )
    letter = load_letter(root.parent / "other").require_letter(whole=True)
    assert [issue.title for issue in letter.issues] == [*titles[:6], "é ü", *titles[7:]]
