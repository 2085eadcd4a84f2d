"""Feeds of every kind, with the faults that real ones have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.importers.exports import feeds
from tests.importers.rooms import ReadExport, assert_whole, read, recognises, write_zip

from weekahead.importers.platforms.feeds import Feed
from weekahead.importers.post import Access
from weekahead.model.findings import BuildError


def read_text(tmp_path: Path, source: str | bytes) -> ReadExport:
    path = tmp_path / "feed"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return read(Feed(), path)


def test_everything_of_rss_comes_over(tmp_path: Path) -> None:
    export = read_text(tmp_path, feeds.RSS)
    assert_whole(feeds.RSS.decode("latin-1"), export)
    assert export.publication.title == "Café keptletter & more"
    assert export.publication.language == "pt-BR"


def test_an_item_has_its_day_id_and_access(tmp_path: Path) -> None:
    export = read_text(tmp_path, feeds.RSS)
    assert [(post.title, post.access, post.guid) for post in export.publication.posts] == [
        ("Piers & kepttitle", Access.PUBLIC, "tag keptguid 1"),
        ("Same guid", Access.PUBLIC, ""),
        ("No guid", Access.PUBLIC, "https://harbour.example/third"),
        ("Summary only", Access.DRAFT, "https://harbour.example/fourth"),
        ("Broken day", Access.DRAFT, "https://harbour.example/fifth"),
        ("Cut", Access.DRAFT, "https://harbour.example/sixth"),
        ("To come", Access.SCHEDULED, "https://harbour.example/seventh"),
        ("The same again", Access.PUBLIC, "https://harbour.example/eighth"),
    ]
    first, second, third = export.publication.posts[:3]
    assert first.at == datetime(2024, 3, 1, 21, tzinfo=UTC)
    assert second.at == datetime(2024, 3, 8, 16, tzinfo=timezone(timedelta(hours=1)))
    assert third.at == datetime(2024, 3, 15, 16)  # noqa: DTZ001 - CEST is no zone of mail
    assert [len(export.said(rule)) for rule in ("unknown-zone", "broken-date", "repeated-guid", "summary-only")] == [
        1,
        1,
        1,
        2,
    ]


def test_relative_addresses_start_from_the_base(tmp_path: Path) -> None:
    text = read_text(tmp_path, feeds.RSS).text("Piers & kepttitle")
    assert "https://harbour.example/keptrelative" in text
    assert "https://harbour.example/letters/pier.png" in text


def test_a_summary_is_not_taken_for_a_text(tmp_path: Path) -> None:
    post = read_text(tmp_path, feeds.RSS).post("Summary only")
    assert (post.body.text, post.summary) == ("", "keptteaser")


def test_a_text_that_was_escaped_twice_is_html(tmp_path: Path) -> None:
    assert "<b>twice</b>" in read_text(tmp_path, feeds.RSS).post("No guid").body.text


def test_a_feed_of_descriptions_has_texts_unless_they_trail_off(tmp_path: Path) -> None:
    export = read_text(tmp_path, feeds.PLAIN_RSS)
    assert_whole(feeds.PLAIN_RSS, export)
    assert export.post("One").body.text == "<p>keptline one<br>\nkepttwo AT&T</p><p>keptparagraph</p>"
    assert [post.access for post in export.publication.posts] == [Access.PUBLIC, Access.DRAFT]
    assert len(export.said("damaged-xml")) == 1
    assert export.publication.title == "Plain \N{NO-BREAK SPACE} one & only"


def test_everything_of_atom_comes_over(tmp_path: Path) -> None:
    export = read_text(tmp_path, feeds.ATOM)
    assert_whole(feeds.ATOM, export)
    assert export.said("no-post") == ["left out a comment", "left out an entry of the kind settings"]
    assert export.publication.language == "de"


def test_an_entry_has_its_day_id_and_access(tmp_path: Path) -> None:
    export = read_text(tmp_path, feeds.ATOM)
    assert [(post.title, post.access) for post in export.publication.posts] == [
        ("Lamps & kepttitle", Access.PUBLIC),
        ("Only changed", Access.PUBLIC),
        ("A draft", Access.DRAFT),
        ("Summary only", Access.DRAFT),
        ("Elsewhere", Access.DRAFT),
    ]
    post = export.publication.posts[0]
    assert post.at == datetime(2024, 3, 1, 16, 30, tzinfo=UTC)
    assert (post.guid, post.address) == ("tag:lighthouse.example,2024:keptid", "https://lighthouse.example/blog/lamps/")
    assert post.tags == ("keptlabel", "keptterm")
    assert post.authors == ("keptauthor",)
    assert post.audio is not None
    assert (post.audio.media.url, post.audio.bytes) == ("https://media.example/keptaudio.mp3?token=1&x=2", 12345)
    assert len(export.said("only-updated")) == 1


def test_xhtml_is_html_with_its_own_base(tmp_path: Path) -> None:
    body = read_text(tmp_path, feeds.ATOM).post("Lamps & kepttitle").body.text
    assert "keptxhtml &lt;b&gt;" in body
    assert '<a href="https://lighthouse.example/blog/lamps/keptnear">keptlink</a>' in body
    assert 'src="https://lighthouse.example/blog/lamp.png"' in body
    assert "<em>keptemphasis</em> kepttail" in body
    assert "xmlns" not in body


def test_everything_of_a_podcast_comes_over(tmp_path: Path) -> None:
    export = read_text(tmp_path, feeds.PODCAST)
    assert_whole(feeds.PODCAST, export)
    assert (export.publication.email, export.publication.podcast_category) == ("fog@fog.example", "Science")


def test_a_duration_has_three_spellings_and_a_recording_its_size(tmp_path: Path) -> None:
    export = read_text(tmp_path, feeds.PODCAST)
    one, two, three = export.publication.posts
    assert one.audio is not None
    assert (one.audio.media.url, one.audio.bytes, one.audio.duration) == (
        "https://media.example/one.mp3?source=feed&kepttoken=1",
        7531,
        448,
    )
    assert two.audio is not None
    assert (two.audio.type, two.audio.bytes, two.audio.duration) == ("audio/mp4", 0, 448)
    assert three.audio is None
    assert (one.number, two.number) == (12, None)
    assert (one.guid, one.tags, one.leftover) == ("Buzzsprout-keptguid", ("keptfog", "keptsea"), {"season": 2})


def test_entities_of_its_own_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="entities of its own"):
        read_text(tmp_path, feeds.BOMB)
    with pytest.raises(BuildError, match="entities of its own"):
        read_text(
            tmp_path,
            feeds.BOMB.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
        )


def test_a_torn_feed_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    export = read_text(tmp_path, feeds.TORN)
    assert_whole(feeds.TORN, export)
    assert [note.outcome.name for note in export.notes if note.rule == "damaged-xml"] == ["ASK"]


def test_pages_of_a_feed_are_one_feed(tmp_path: Path) -> None:
    pages: dict[str, str | bytes] = {
        "1.xml": feeds.PODCAST,
        "2.xml": feeds.PODCAST.replace("<guid>two", "<guid>four").replace("<title>Two", "<title>Four"),
    }
    export = read(Feed(), write_zip(tmp_path / "pages.zip", pages))
    assert [post.title for post in export.publication.posts] == ["One", "Two", "Three", "Four"]


@pytest.mark.parametrize(
    "text",
    ["<html><body></body></html>", "<opml/>", "not xml", "", '<rss xmlns:wp="http://wordpress.org/export/1.2/"/>'],
)
def test_other_files_are_not_taken_for_feeds(tmp_path: Path, text: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(text, encoding="utf-8")
    assert not recognises(Feed(), path)
