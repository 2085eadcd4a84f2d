"""Exports that are one HTML page a post: beehiiv, Medium and Mailchimp."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.importers.exports import one_page_each as exports
from tests.importers.rooms import ReadExport, assert_whole, read, recognises, write_zip

from weekahead.importers.notes import Notes, PostNotes
from weekahead.importers.platforms.beehiiv import Beehiiv
from weekahead.importers.platforms.mailchimp import Mailchimp
from weekahead.importers.platforms.medium import Medium
from weekahead.importers.platforms.merge_tags import without_merge_tags
from weekahead.importers.post import Access
from weekahead.model.findings import Location


def source(members: exports.Members) -> str:
    return "\n".join(data for data in members.values() if isinstance(data, str))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("with_tags", [True, False])
def test_everything_of_beehiiv_comes_over(tmp_path: Path, with_tags: bool) -> None:
    text = exports.beehiiv(with_tags=with_tags)
    assert_whole(text.replace("keptdocument", ""), read(Beehiiv(), write(tmp_path / "posts.csv", text)))


def test_a_beehiiv_post_has_what_its_row_says(tmp_path: Path) -> None:
    export = read(Beehiiv(), write(tmp_path / "posts.csv", exports.beehiiv()))
    post = export.post("keptpost & title")
    assert post.at == datetime(2023, 1, 18, 21, 25, 27)  # noqa: DTZ001 - it names no zone
    assert post.guid == post.address == "https://letter.beehiiv.example/p/keptslug"
    assert (post.slug, post.tags) == ("keptslug", ("kepttag", "kepttwo words"))
    assert post.cover is not None
    assert post.cover.url == "https://media.beehiiv.com/uploads/asset/keptcover.png"
    assert {post.title: post.access for post in export.publication.posts} == {
        "keptpost & title": Access.PUBLIC,
        "Premium": Access.PAID,
        "A draft": Access.DRAFT,
        "Both": Access.PAID,
        "Old": Access.PRIVATE,
        "To come": Access.SCHEDULED,
    }


def test_a_mail_of_beehiiv_is_a_text_without_what_stands_around_it(tmp_path: Path) -> None:
    text = read(Beehiiv(), write(tmp_path / "posts.csv", exports.beehiiv())).text("keptpost & title")
    assert text.startswith("keptparagraph keptreader")
    assert "| keptpier | keptstars |" in text
    assert "| keptparagraph" not in text
    assert text.rstrip().endswith("keptlast")
    for gone in ("keptpreheader", "keptaddress", "keptonline", "keptrecommended", "open.gif"):
        assert gone not in text


def test_everything_of_medium_comes_over(tmp_path: Path) -> None:
    members = exports.medium()
    export = read(Medium(), write_zip(tmp_path / "medium.zip", members))
    text = source(members).replace("keptnothing", "").replace('"graf-dropCap">k</span>eptdrop', '"">keptdrop')
    assert_whole(text, export)


def test_a_story_has_what_its_file_says(tmp_path: Path) -> None:
    export = read(Medium(), write_zip(tmp_path / "medium.zip", exports.medium()))
    assert [(post.title, post.access) for post in export.publication.posts] == [
        ("keptstory", Access.PUBLIC),
        ("No heading", Access.PUBLIC),
        ("Unfinished", Access.DRAFT),
    ]
    post, other = export.publication.posts[:2]
    assert post.at == datetime(2022, 9, 23, 15, 0, 0, 123000, tzinfo=UTC)
    assert other.day == date(2022, 10, 2)
    assert (post.id, post.guid) == ("efefef121212", "https://medium.com/p/efefef121212")
    assert (post.address, post.slug) == ("https://medium.com/@keptauthor/story-efefef121212", "story")
    assert (post.summary, post.tags, post.authors) == ("keptsubtitle", ("kepttag",), ("keptauthor",))


def test_responses_are_left_out_by_name(tmp_path: Path) -> None:
    export = read(Medium(), write_zip(tmp_path / "medium.zip", exports.medium()))
    assert export.said("response") == ['left out a response to another story: "keptresponse is a comment elsewhere."']
    assert export.said("not-opened") == [
        "these parts are about you and were not opened: README.html, bookmarks, ips, profile"
    ]


def test_a_story_is_markdown_without_its_repeated_title(tmp_path: Path) -> None:
    text = read(Medium(), write_zip(tmp_path / "medium.zip", exports.medium())).text("keptstory")
    assert text.startswith("keptdrop and [keptanchor](https://a.example/keptlink)")
    assert "keptcode()\n    second" in text
    assert "https://gist.github.com/keptuser/1234" in text
    assert "/// video" in text
    assert "\n---\n" in text


def test_everything_of_mailchimp_comes_over(tmp_path: Path) -> None:
    members = exports.mailchimp()
    export = read(Mailchimp(), write_zip(tmp_path / "mailchimp.zip", members))
    assert_whole(source(members), export)


def test_a_campaign_has_the_row_that_is_about_it(tmp_path: Path) -> None:
    export = read(Mailchimp(), write_zip(tmp_path / "mailchimp.zip", exports.mailchimp()))
    assert {post.title: (post.access, post.at) for post in export.publication.posts} == {
        "keptsubject": (Access.PUBLIC, datetime(2024, 1, 5, 9)),  # noqa: DTZ001 - it names no zone
        "Tides & more!": (Access.PUBLIC, datetime(2024, 1, 12, 9)),  # noqa: DTZ001
        "Broken day": (Access.DRAFT, None),
        "keptunknown": (Access.DRAFT, None),
    }
    assert export.said("no-text") == ['the export has no text of the campaign "keptwithout"']
    assert [len(export.said(rule)) for rule in ("no-row", "broken-date", "not-opened")] == [1, 1, 1]


def test_a_campaign_is_markdown_without_its_layout(tmp_path: Path) -> None:
    text = read(Mailchimp(), write_zip(tmp_path / "mailchimp.zip", exports.mailchimp())).text("keptsubject")
    assert text.startswith("Dear , keptparagraph")
    assert "[keptgo](https://a.example/keptbutton)" in text
    assert "| keptpier | keptstars |" in text
    for gone in ("*|", "browser", "unsubscribe", "Main Street", "open.php"):
        assert gone not in text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a *|FNAME|* b", "a  b"),
        ("*|MC:SUBJECT|*", "The subject"),
        ("*|IF:X|*secret*|END:IF|*", ""),
        ("*|IF:X|*secret*|ELSEIF:Y|*secret*|ELSE:|*free*|END:IF|*", "free"),
        ("*|IFNOT:X|*free*|END:IF|*", "free"),
        ("*|IF:X|*never closed", ""),
        ("2 *| 3 |* 4", "2  4"),
        ("a * b | c", "a * b | c"),
    ],
)
def test_merge_tags(html: str, expected: str) -> None:
    assert without_merge_tags(html, "The subject", PostNotes(Notes(), "1", Location("x"))) == expected


def test_other_files_are_not_taken_for_them(tmp_path: Path) -> None:
    form = '<div id="mc_embed_signup"><form action="https://x.us1.list-manage.com/subscribe"><input class="mce-EMAIL"></form></div>'
    site = write_zip(
        tmp_path / "site.zip", {"posts/one.html": "<p>x</p>", "index.html": form, "posts.csv": "title,email\na,b\n"}
    )
    for room in (Beehiiv(), Medium(), Mailchimp()):
        assert not recognises(room, site)


def test_a_giant_cell_is_refused_by_name_and_the_rest_goes_on(tmp_path: Path) -> None:
    columns = tuple(exports.BEEHIIV)
    giant = tuple("x" * 10_000_001 if name == "content_html" else "giant" for name in columns)
    sound = tuple({"web_title": "Sound", "status": "confirmed"}.get(name, "x") for name in columns)
    export: ReadExport = read(
        Beehiiv(), write(tmp_path / "posts.csv", exports.table(columns, (giant, sound), delimiter=";"))
    )
    assert [post.title for post in export.publication.posts] == ["Sound"]
    assert len(export.said("giant-row")) == 1
