"""What feedgen 1.0 gets wrong and feeds.py mends. When one of these fails with a new feedgen, the trap is gone and the
mend that its name leads to can go as well; that a mend is still needed, and works, is what the other tests hold."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree
from tests.conftest import Folder, issue_text
from tests.feed_rules import entries, wrongs

THEN = datetime(2022, 2, 4, 9, tzinfo=UTC)


def feed() -> Any:
    made: Any = FeedGenerator()
    made.id("urn:x:feed")
    made.title("T")
    made.description("D")
    made.link(href="https://x.example/")
    made.updated(THEN)
    return made


def entry(made: Any, name: str = "one", **order: str) -> Any:
    found = made.add_entry(**order)
    found.id(f"urn:x:{name}")
    found.title(name)
    found.link(href=f"https://x.example/{name}")
    found.updated(THEN)
    found.content("<p>c</p>")
    return found


def rss(made: Any) -> Any:
    return etree.fromstring(made.rss_str())


def atom(made: Any) -> Any:
    return etree.fromstring(made.atom_str())


def test_trap_the_link_of_the_channel_is_the_last_one() -> None:
    made = feed()
    made.link(href="https://x.example/feed.xml", rel="self")
    assert rss(made).findtext("channel/link") == "https://x.example/feed.xml"


def test_trap_the_clock_is_the_date_of_a_feed_and_of_an_entry() -> None:
    made: Any = FeedGenerator()
    assert abs(made.updated() - datetime.now(UTC)).seconds < 60
    assert abs(made.add_entry().updated() - datetime.now(UTC)).seconds < 60


def test_trap_entries_are_prepended() -> None:
    made = feed()
    entry(made, "one")
    entry(made, "two")
    assert [found.text for found in rss(made).iterfind("channel/item/title")] == ["two", "one"]


def test_trap_links_of_atom_entries_lose_all_but_their_address() -> None:
    made = feed()
    entry(made).enclosure("https://x.example/a.mp3", "1", "audio/mpeg")
    links = [dict(link.attrib) for link in atom(made).iterfind(".//{*}entry/{*}link")]
    assert links == [{"href": "https://x.example/one"}, {"href": "https://x.example/a.mp3"}]


def test_trap_cdata_is_a_type_of_atom_content() -> None:
    made = feed()
    entry(made).content("<p>", type="CDATA")
    assert atom(made).find(".//{*}content").get("type") == "CDATA"


def test_trap_rss_has_no_link_to_the_hub_or_to_the_archive() -> None:
    made = feed()
    for rel in ("self", "hub", "prev-archive", "current"):
        made.link(href="https://x.example/", rel=rel)
    assert [link.get("rel") for link in rss(made).iterfind("channel/{*}link") if link.get("rel")] == ["self"]


def test_trap_a_control_character_raises_without_naming_the_entry() -> None:
    made = feed()
    entry(made).content("\x02")
    with pytest.raises(ValueError, match="XML compatible") as raised:
        made.rss_str()
    assert "one" not in str(raised.value)


def test_trap_a_label_hides_the_term_of_a_category() -> None:
    made = feed()
    entry(made).category({"term": "ml", "label": "Machine learning"})
    assert rss(made).findtext(".//category") == "Machine learning"


@pytest.mark.parametrize("explicit", ["true", "false", True])
def test_trap_explicit_cannot_be_what_apple_and_the_w3c_want(explicit: object) -> None:
    made = feed()
    made.load_extension("podcast")
    with pytest.raises(ValueError, match="explicit"):
        made.podcast.itunes_explicit(explicit)


@pytest.mark.parametrize("name", ["c.jpeg", "c.webp", "c.png?v=2"])
def test_trap_a_cover_must_end_in_jpg_or_png(name: str) -> None:
    made = feed()
    made.load_extension("podcast")
    made.podcast.itunes_image(f"https://x.example/{name}")
    assert name.encode() not in made.rss_str()  # left out without a word


def test_trap_there_is_no_date_of_a_correction_in_rss() -> None:
    made = feed()
    found = entry(made)
    found.published(THEN)
    found.updated(THEN.replace(year=2023))
    assert b"2023" not in made.rss_str()


def test_trap_elements_of_atom_have_no_namespace_in_the_tree() -> None:
    made = feed()
    root, _ = made._create_atom()
    assert root.tag == "feed"


# -- a feedgen that does otherwise would be noticed


def dropping(name: str) -> Any:
    def setter(self: FeedEntry, *given: Any, **named: Any) -> None:
        return None

    return setter


def shouting(self: FeedEntry, title: str | None = None) -> Any:
    return TITLE(self, title.upper() if title else title)


def prepending(self: FeedGenerator, feedEntry: Any = None, order: str = "") -> Any:
    return ADD(self, feedEntry, "prepend")


def permanent(self: FeedEntry, id: str | None = None) -> Any:
    return GUID(self, id, True) if id else GUID(self)


def bare(self: FeedEntry, *given: Any, **named: Any) -> Any:
    named.pop("type", None)
    return CONTENT(self, *given, **named)


TITLE, ADD, GUID, CONTENT = FeedEntry.title, FeedGenerator.add_entry, FeedEntry.guid, FeedEntry.content
MUTANTS: list[tuple[type, str, Any]] = [
    *[(FeedEntry, name, dropping(name)) for name in ("published", "updated", "enclosure", "category", "author")],
    *[(FeedEntry, name, dropping(name)) for name in ("description", "summary", "content", "link")],
    *[(FeedGenerator, name, dropping(name)) for name in ("updated", "author", "link")],
    (FeedEntry, "title", shouting),
    (FeedEntry, "id", permanent),
    (FeedEntry, "content", bare),
    (FeedGenerator, "add_entry", prepending),
]


@pytest.fixture
def whole(folder: Folder) -> Folder:
    """The letter with everything in its newest issue that a feed can say."""
    keys = {
        "audio": '{url: "https://letter.example/a.mp3", bytes: 7176128, duration: "7:28"}',
        "corrected": "[{date: 2022-02-05, what: A name.}]",
        "tags": "[models, Données & co]",
        "authors": "[Ada Example, Émile Exemple]",
        "summary": "'Short ]]> & <b>'",
    }
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "'Loops ]]> and <i> & 什么 👩🏽‍💻'", **keys))
    return folder


def faults(folder: Folder) -> list[str]:
    """What the feeds have against the rules and against one another."""
    site = folder.site()
    try:
        return _faults(site)
    except (AttributeError, TypeError, ValueError) as error:
        return [f"cannot be read: {error}"]


def _faults(site: dict[str, bytes]) -> list[str]:
    found = [f"{name}: {wrong}" for name in ("feed.xml", "atom.xml", "feed.json") for wrong in wrongs(site[name])]
    said = {name: entries(site[name]) for name in ("feed.xml", "atom.xml", "feed.json")}
    newest = max(entry.updated for entry in said["feed.json"])
    dates = [
        parsedate_to_datetime(etree.fromstring(site["feed.xml"]).findtext("channel/lastBuildDate")),
        datetime.fromisoformat(etree.fromstring(site["atom.xml"]).findtext("{*}updated")),
    ]
    found += [f"the feed is of {day}" for day in dates if day != newest]
    return found + [f"{name} differs" for name in said if said[name] != said["feed.json"]]


def test_without_a_mutation_nothing_is_wrong(whole: Folder) -> None:
    whole.build()
    assert faults(whole) == []


@pytest.mark.parametrize(("kind", "name", "mutant"), MUTANTS, ids=lambda given: getattr(given, "__name__", str(given)))
def test_a_feedgen_that_does_otherwise_is_noticed(
    whole: Folder, kind: type, name: str, mutant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, name, mutant)
    try:
        whole.build()
    except Exception:
        return
    assert faults(whole)
