"""The feed as a real feed reader takes it."""

from __future__ import annotations

import feedparser
import pytest
from lxml import etree
from tests.conftest import LETTER, Folder, issue_text


def entries(folder: Folder) -> list[feedparser.FeedParserDict]:
    parsed = feedparser.parse(folder.root / "site/feed.xml")
    assert not parsed.bozo
    return list(parsed.entries)


def test_a_reader_sees_every_issue_newest_first(folder: Folder) -> None:
    folder.build()
    found = entries(folder)
    assert [entry.title for entry in found] == [
        "Fifth letter",
        "Fourth letter",
        "Third letter",
        "Second letter",
        "First letter",
    ]
    assert next(entry.published for entry in found) == "Fri, 04 Feb 2022 09:00:00 -0700"
    assert found[0].link == "https://letter.example/issues/5-fifth/"
    assert "Words of issue 5." in found[0].content[0].value
    assert "Enjoy the week ahead." in found[0].content[0].value


def test_the_channel_is_the_letter_and_not_the_clock(folder: Folder) -> None:
    folder.build()
    feed = feedparser.parse(folder.root / "site/feed.xml").feed
    assert feed.title == "The Test Letter"
    assert feed.link == "https://letter.example/"
    assert feed.updated == "Fri, 04 Feb 2022 09:00:00 -0700"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"slug": "elsewhere"},
        {"date": "2022-02-03"},
        {"permalink": "/{year}/{slug}/"},
        {"url": "https://moved.example/letters/"},
        {"body": "Other words."},
        {"file": "issues/0005-renamed.md"},
    ],
)
def test_an_issue_keeps_its_id_over_every_change(folder: Folder, change: dict[str, str]) -> None:
    folder.build()
    before = [entry.id for entry in entries(folder)]
    (folder.root / "issues/0005-fifth.md").unlink()
    keys = {"slug": change["slug"]} if "slug" in change else {}
    text = issue_text(
        5, change.get("date", "2022-02-04"), change.get("title", "Fifth letter"), change.get("body", ""), **keys
    )
    folder.write(change.get("file", "issues/0005-fifth.md"), text)
    letter = LETTER.replace("https://letter.example/\n", change.get("url", "https://letter.example/") + "\n", 1)
    folder.write("letter.yaml", letter + (f"permalink: {change['permalink']!r}\n" if "permalink" in change else ""))
    folder.build()
    assert [entry.id for entry in entries(folder)] == before


def test_a_recorded_guid_is_kept(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", guid="https://old.example/?p=5"))
    folder.build()
    assert entries(folder)[0].id == "https://old.example/?p=5"


def test_markup_in_a_title_survives(folder: Folder) -> None:
    folder.write(
        "issues/0005-fifth.md",
        issue_text(5, "2022-02-04", "'Loops ]]> and <i> & 什么 👩🏽‍💻'", summary="'Short ]]> & <b>'"),
    )
    folder.build()
    item = etree.parse(folder.root / "site/feed.xml").find("channel/item")
    assert item is not None
    assert item.findtext("title") == "Loops ]]> and <i> & 什么 👩🏽‍💻"


def test_audio_is_an_enclosure_with_its_length(folder: Folder) -> None:
    folder.write(
        "issues/0005-fifth.md",
        issue_text(
            5, "2022-02-04", "Fifth", audio='{url: "https://letter.example/a.mp3", bytes: 7176128, duration: "7:28"}'
        ),
    )
    folder.build()
    enclosure = entries(folder)[0].enclosures[0]
    assert (enclosure.href, enclosure.length, enclosure.type) == (
        "https://letter.example/a.mp3",
        "7176128",
        "audio/mpeg",
    )
    assert "7:28" in folder.read("issues/5-fifth/index.html")


def test_ids_in_one_feed_do_not_clash(folder: Folder) -> None:
    for number, day in ((4, "2022-01-28"), (5, "2022-02-04")):
        folder.write(
            f"issues/{number:04}-{'fourth' if number == 4 else 'fifth'}.md",
            issue_text(number, day, "T", "Text[^1].\n\n## Part\n\n[^1]: Note."),
        )
    folder.build()
    html = "".join(entry.content[0].value for entry in entries(folder))
    root = etree.HTML(html)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_every_address_in_the_feed_is_absolute(folder: Folder) -> None:
    folder.write(
        "issues/0005-fifth.md",
        issue_text(5, "2022-02-04", "T", "[a](0004-fourth.md) [b](/next/) text[^1]\n\n[^1]: Note."),
    )
    folder.build()
    for item in etree.parse(folder.root / "site/feed.xml").iter("{http://purl.org/rss/1.0/modules/content/}encoded"):
        for address in etree.HTML(item.text).xpath("//@href | //@src"):
            assert address.startswith("https://letter.example/"), address


def test_a_feed_holds_as_many_items_as_the_letter_says(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "feed: {items: 2}\n")
    folder.build()
    assert len(entries(folder)) == 2


def test_an_item_says_what_is_next_and_links_what_is_out(folder: Folder) -> None:
    folder.build()
    found = {entry.title: entry.content[0].value for entry in feedparser.parse(folder.read("feed.xml")).entries}
    assert (
        '<li>Week 5: <a href="https://letter.example/issues/5-fifth/">Fifth letter</a></li>' in found["Fourth letter"]
    )
    assert "<li>Week 6: Reading a loss curve</li>" in found["Fifth letter"]
