"""The feed as a real feed reader takes it."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta

import feedparser
import pytest
from lxml import etree
from playwright.sync_api import Browser, Route
from tests.conftest import LETTER, SCHEDULE, Folder, issue_text
from tests.feed_rules import Entry, wrongs
from tests.feed_rules import entries as entries_of


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


FORMATS = ("feed.xml", "atom.xml", "feed.json")


def said(folder: Folder) -> dict[str, list[Entry]]:
    """What each feed says, when none breaks a rule."""
    site = folder.site()
    assert {name: wrongs(site[name]) for name in FORMATS} == {name: [] for name in FORMATS}
    return {name: entries_of(site[name]) for name in FORMATS}


EVERYTHING = """Text[^1] with *marks*, <kbd>keys</kbd> and ]]> and &#2; and 👩🏽‍💻 and <bdo dir="rtl">שלום</bdo>.

<form action="https://x.example/"><input name="q"><select><option>No</option></select></form>
<audio controls src="https://letter.example/next.ics"></audio><video src="https://x.example/v.mp4"></video>
<p style="color: red" class="x" data-x="1" aria-label="y">Plain</p>

- [x] done

| a | b |
|--:|:-:|
| 1 | [l](#part) |

## Part

    code <b>

[^1]: Note.
"""


def test_all_formats_say_the_same_and_break_no_rule(folder: Folder) -> None:
    keys = {
        "summary": "'Short ]]> & <b> שלום 👩🏽‍💻'",
        "tags": "[models, 'a & b', 什么]",
        "authors": "[Ada Example, Émile Exemple]",
        "audio": '{url: "https://letter.example/a.mp3", bytes: 7, duration: "7:28"}',
        "corrected": "[{date: 2022-02-05, what: A <name>.}, {date: 2022-02-05, what: Another.}]",
    }
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "'שלום ]]> <i> & 👩🏽‍💻'", EVERYTHING, **keys))
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", EVERYTHING, guid="4"))
    folder.write("letter.yaml", LETTER + "feed: {hub: 'https://hub.example/'}\ncopyright: © Me\n")
    folder.build()
    found = said(folder)
    assert len(found["feed.xml"]) == 5
    assert found["feed.xml"] == found["feed.json"]
    assert [entry for entry in found["atom.xml"] if entry.title != "Fourth"] == [
        entry for entry in found["feed.xml"] if entry.title != "Fourth"
    ]
    newest = found["feed.xml"][0]
    assert newest.title == "שלום ]]> <i> & 👩🏽‍💻"
    assert newest.summary == "Short ]]> & <b> שלום 👩🏽‍💻"
    assert '<bdo dir="rtl">' in newest.content
    assert '<a href="https://x.example/v.mp4">' in newest.content
    assert "☑" in newest.content
    assert "<li>February 5, 2022: A &lt;name&gt;.</li>" in newest.content


def test_a_recorded_id_that_is_no_address_becomes_one_in_atom_alone(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", guid="5f3e1a"))
    folder.build()
    found = said(folder)
    assert [found[name][0].id[:8] for name in FORMATS] == ["5f3e1a", "urn:uuid", "5f3e1a"]


def test_a_correction_moves_updated_and_not_published(folder: Folder) -> None:
    folder.build()
    before = said(folder)
    for number in (1, 2):
        days = ", ".join(["{date: 2022-02-04, what: A name.}"] * number)
        folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", corrected=f"[{days}]"))
        folder.build()
        after = said(folder)
        for name in FORMATS:
            assert after[name][0].published == before[name][0].published
            assert after[name][0].updated == before[name][0].updated + timedelta(seconds=number)
            assert after[name][1:] == [*before[name][1:]]
    assert "A name." in folder.read("issues/5-fifth/index.html")
    assert '"dateModified": "2022-02-04T09:00:02-07:00"' in folder.read("issues/5-fifth/index.html")


def test_a_correction_before_the_issue_is_a_finding(folder: Folder) -> None:
    folder.write(
        "issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", corrected="[{date: 2022-02-03, what: x}]")
    )
    assert ("issues/0005-fifth.md", 6, "corrected-early") in folder.rules()


def test_a_correction_of_tomorrow_is_a_warning(folder: Folder) -> None:
    folder.write(
        "issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", corrected="[{date: 2022-02-10, what: x}]")
    )
    assert ("issues/0005-fifth.md", 6, "corrected-ahead") in folder.rules()
    assert not folder.check("2022-02-10").findings


def test_a_letter_without_an_issue_has_sound_feeds(folder: Folder) -> None:
    folder.build("2021-01-01")
    assert said(folder) == {name: [] for name in FORMATS}


def test_an_author_with_parentheses_breaks_no_rule(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER.replace("name: Test Author", "name: Test (T.) Author"))
    folder.build()
    said(folder)
    folder.write("letter.yaml", LETTER.replace("author@letter.example", "nobody"))
    assert ("letter.yaml", 4, "value") in folder.rules()


def test_old_instants_are_written_as_feeds_can(folder: Folder) -> None:
    """Before there were time zones, clocks in Amsterdam were off by 19 minutes and 32 seconds."""
    folder.write("schedule.yaml", SCHEDULE.replace("America/Denver", "Europe/Amsterdam"))
    folder.write("issues/0001-first.md", issue_text(1, "1901-01-07", "First"))
    folder.build()
    assert said(folder)["feed.json"][-1].published.isoformat() == "1901-01-07T08:40:28+00:00"


def test_the_feeds_name_their_hub(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "feed: {hub: 'https://hub.example/'}\n")
    folder.build()
    for name in ("feed.xml", "atom.xml"):
        links = etree.fromstring(folder.site()[name]).iterfind(".//{http://www.w3.org/2005/Atom}link[@rel='hub']")
        assert [link.get("href") for link in links] == ["https://hub.example/"]
    assert json.loads(folder.read("feed.json"))["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_series_and_tags_have_feeds_on_request(folder: Folder) -> None:
    folder.build()
    assert "series/basics/feed.xml" not in folder.site()
    folder.write("letter.yaml", LETTER + "feed: {series: true, tags: true}\n")
    folder.build()
    assert wrongs(folder.site()["series/basics/feed.xml"]) == []
    found = entries_of(folder.site()["series/basics/feed.xml"])
    assert [entry.title for entry in found] == ["Third letter", "Second letter", "First letter"]
    assert len(entries_of(folder.site()["tags/models/feed.xml"])) == 5
    assert 'href="/series/basics/feed.xml"' in folder.read("series/basics/index.html")
    assert found[0].id == entries_of(folder.site()["feed.xml"])[2].id


def test_the_pages_tell_of_every_feed(folder: Folder) -> None:
    folder.build()
    for page in ("index.html", "issues/5-fifth/index.html"):
        assert [f'href="/{name}"' in folder.read(page) for name in FORMATS] == [True] * 3


# -- size and archive


def many(folder: Folder, count: int, body: str = "", feed: str = "") -> None:
    """So many weekly issues, from the first Friday of 2018 on, and no other."""
    shutil.rmtree(folder.root / "issues")
    schedule = (
        'cadence: {every: friday, at: "09:00", timezone: America/Denver}\nanchor: {number: 1, date: 2018-01-05}\n'
    )
    folder.write("schedule.yaml", schedule)
    folder.write("letter.yaml", LETTER + "social_cards: false\n" + feed)
    for number in range(1, count + 1):
        day = str(date(2018, 1, 5) + timedelta(weeks=number - 1))
        folder.write(f"issues/{number:04}-i.md", issue_text(number, day, f"Issue {number}", body, slug=f"i{number}"))


def documents(folder: Folder, first: str = "atom.xml") -> list[str]:
    """The documents of the feed that a reader finds by following the archive back."""
    found, site = [first], folder.site()
    while older := etree.fromstring(site[found[-1]]).xpath("//*[@rel='prev-archive']/@href"):
        found.append(older[0].removeprefix("https://letter.example/"))
    return found


MONTHS = [f"2018-{month:02}" for month in range(12, 0, -1)]


def test_a_reader_can_fetch_every_issue(folder: Folder) -> None:
    many(folder, 70, feed="feed: {items: 5}\n")
    folder.build("2020-01-01")
    path = documents(folder)
    assert path[1:] == [f"archive/{when}.xml" for when in ["2019-03", "2019-02", "2019-01", *MONTHS]]
    assert documents(folder, "feed.xml")[1:] == path[1:]
    assert {name for name in folder.site() if name.startswith("archive/2")} == {*path[1:]}
    ids = [{entry.id for entry in entries_of(folder.site()[name])} for name in path]
    assert len(set().union(*ids)) == 70
    for name in path:
        assert wrongs(folder.site()[name]) == []
    root = etree.fromstring(folder.site()["archive/2018-11.xml"])
    assert root.find("{http://purl.org/syndication/history/1.0}archive") is not None
    links = {link.get("rel"): link.get("href") for link in root.iterfind("{*}link")}
    assert links["current"] == "https://letter.example/atom.xml"
    assert links["next-archive"] == "https://letter.example/archive/2018-12.xml"


def test_a_new_issue_leaves_the_archive_as_it_is(folder: Folder) -> None:
    many(folder, 60)
    folder.build("2019-02-01")
    written = [change.path for change in folder.build("2019-02-08").changes.written]
    assert "feed.xml" in written
    assert not [path for path in written if path.startswith("archive/2")]
    assert not folder.build("2019-02-08").changes.written


@pytest.mark.parametrize("body", ["Words & <kbd>keys</kbd>. " * 3000, "什么" * 20_000, "x" * 600_000])
def test_a_feed_is_never_larger_than_the_letter_says(folder: Folder, body: str) -> None:
    many(folder, 30, body, "feed: {items: 1000}\nrender_timeout: 60\n")
    folder.build("2019-01-01")
    for name in FORMATS:
        assert len(folder.site()[name]) < 512 * 1024
        found = entries_of(folder.site()[name])
        assert len(found) == 30
        assert "Read the whole issue on the site" in found[-1].content
    assert len({tuple(found) for found in said(folder).values()}) == 1


# -- for people


def test_a_person_who_opens_a_feed_sees_what_it_is(browser: Browser, folder: Folder) -> None:
    folder.build()
    site = folder.site()
    page = browser.new_page()

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix("https://letter.example/")
        route.fulfill(body=site[name], content_type="text/css" if name.endswith(".css") else "application/xml")

    page.route("https://letter.example/**", serve)
    for name, title in (("feed.xml", "channel > title"), ("atom.xml", "feed > title")):
        page.goto(f"https://letter.example/{name}")
        note = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        assert "This is a feed" in note
        assert page.locator(title).is_visible()
        hidden = page.locator("item > guid" if name == "feed.xml" else "entry > content")
        assert not hidden.first.is_visible()
    page.close()


@pytest.mark.parametrize(("language", "runs_from_right"), [("fa", True), ("he", True), ("de", False)])
def test_items_run_as_the_language_does(folder: Folder, language: str, runs_from_right: bool) -> None:
    folder.write("letter.yaml", f"{LETTER}language: {language}\nfeed: {{max_kb: 50}}\n")
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", "Too long. " * 6000))
    folder.build()
    texts = [entry["content_html"] for entry in json.loads(folder.read("feed.json"))["items"]]
    for name in ("atom.xml", "feed.xml"):
        found = feedparser.parse(folder.read(name), sanitize_html=False)
        texts += [entry.content[0].value for entry in found.entries]
    assert ["Too long" in text for text in texts] == [False, True, False, False, False] * 3  # its summary
    assert {text.startswith('<div dir="rtl"><') and text.endswith("</div>") for text in texts} == {runs_from_right}
