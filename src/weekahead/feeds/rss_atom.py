"""The public letter as feeds: RSS, Atom and JSON of the same items. The only module that imports feedgen.

feedgen 1.0 is the engine, and what it gets wrong is fixed here, through its extension interface: an extension sees
the tree of the feed, or of an entry, before it is written. Each fix names its trap; tests/feeds/test_feedgen.py notices when a
new feedgen no longer has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import groupby, islice
from typing import Any

from msgspec import Struct

from weekahead import __version__
from weekahead.feeds.items import Channel, Enclosure, Item, channel, fitted
from weekahead.feeds.podcast import podcast_of
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.model.config import Config, Podcast
from weekahead.model.hashing import hash_value
from weekahead.site.context import RenderContext
from weekahead.site.groups import series_path
from weekahead.site.json_ld import without_none
from weekahead.site.output import Output
from weekahead.site.pages import Site
from weekahead.site.published import PublishedIssue

ATOM = "http://www.w3.org/2005/Atom"
TERMS = "http://purl.org/dc/terms/"
HISTORY = "http://purl.org/syndication/history/1.0"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
RSS_TYPE, ATOM_TYPE = "application/rss+xml", "application/atom+xml"


class Document(Struct, frozen=True, kw_only=True):
    """One document of a feed: its own address, and where the others lie that make it whole (RFC 5005)."""

    address: str
    older: str | None = None
    newer: str | None = None
    current: str | None = None
    """The address of the feed itself, in a document of its archive."""


def feeds(site: Site) -> Iterator[Output]:
    context, config = site.context, site.view.config
    public = [issue for issue in site.view.issues if issue.mark is None]
    newest, older = _files(public[: config.feed_items]), _archives(public, config) if config.feed_archive else []
    last = context.absolute(older[0][0]) if older else None
    for path, make in (("feed.xml", rss_feed), ("atom.xml", atom_feed), ("feed.json", json_feed)):
        yield _feed(context, path, make, newest, Document(address=context.absolute(path), older=last))
    if site.view.has_audio:  # apps show what the feed holds and nothing else
        spoken = _files(issue for issue in public if issue.issue.audio)[: (config.podcast or Podcast()).items]
        yield _feed(context, "podcast.xml", podcast_feed, spoken, Document(address=context.absolute("podcast.xml")))
    yield from _archive(context, older)
    yield from _group_feeds(site)


def _files(issues: Iterable[PublishedIssue]) -> list[str]:
    return [issue.source.file for issue in issues]


def _feed(
    context: RenderContext,
    path: str,
    make: Callable[[Channel, Document, RenderedTexts], bytes],
    files: list[str],
    document: Document,
    page: tuple[str, str] = ("", ""),
) -> Output:
    """Return a feed of some issues: the whole letter's, or that of one of its pages, by its name and path."""
    return Output(
        path=path,
        recipe=hash_value([make.__name__, files, document, page]),
        context=lambda: (channel(context, files, *page), document),
        render=lambda given: make(given[0], given[1], context.texts),
    )


def _group_feeds(site: Site) -> Iterator[Output]:
    """Yield the feeds of single series and tags, where the letter asks for them."""
    config, groups = site.view.config, site.groups
    pages: list[tuple[str, str, Iterable[str]]] = []
    if config.series_feeds:
        pages += [(series_path(name), name, reversed(files)) for name, files in groups.series.items()]
    if config.tag_feeds:
        pages += [(f"tags/{slug}/", groups.tag_names[slug], files) for slug, files in groups.tags.items()]
    for path, name, files in pages:
        public = (file for file in files if site.view.by_file[file].mark is None)
        if newest := list(islice(public, config.feed_items)):
            document = Document(address=site.context.absolute(f"{path}feed.xml"))
            yield _feed(site.context, f"{path}feed.xml", rss_feed, newest, document, (name, path))


# -- the archive


def _archives(public: list[PublishedIssue], config: Config) -> list[tuple[str, list[str]]]:
    """Return the documents that hold what the feed has no more, newest first, each the issues of a month.

    A month has its name for ever, so that an edit or a move changes one document, or two, and no other.
    """
    rest = {issue.path for issue in public[config.feed_items :]}
    found = []
    for month, issues in groupby(public, key=lambda issue: f"{issue.day:%Y-%m}"):
        of_month = list(issues)
        if any(issue.path in rest for issue in of_month):
            found.append((f"archive/{month}.xml", _files(of_month)))
    return found


def _archive(context: RenderContext, documents: list[tuple[str, list[str]]]) -> Iterator[Output]:
    addresses = [context.absolute(path) for path, _ in documents]
    for n, (path, files) in enumerate(documents):
        document = Document(
            address=addresses[n],
            older=addresses[n + 1] if n + 1 < len(addresses) else None,
            newer=addresses[n - 1] if n else None,
            current=context.absolute("atom.xml"),
        )
        yield _feed(context, path, atom_feed, files, document)


# -- RSS and Atom


def rss_feed(about: Channel, document: Document, texts: RenderedTexts) -> bytes:
    """RSS 2.0 with content:encoded (RSS Advisory Board profile)."""
    return bytes(_generator(about, document, texts, RSS_TYPE).rss_str(pretty=True))


def podcast_feed(about: Channel, document: Document, texts: RenderedTexts) -> bytes:
    """RSS 2.0 with the elements of Apple and of Podcasting 2.0."""
    podcast = podcast_of(about.config)
    feed = _generator(about, document, texts, RSS_TYPE, podcast)
    if podcast.cover:
        feed.image(url=podcast.cover, title=about.title, link=about.address)
    return bytes(feed.rss_str(pretty=True))


def atom_feed(about: Channel, document: Document, texts: RenderedTexts) -> bytes:
    """Atom (RFC 4287)."""
    return bytes(_generator(about, document, texts, ATOM_TYPE).atom_str(pretty=True))


def _generator(
    about: Channel, document: Document, texts: RenderedTexts, kind: str, podcast: Podcast | None = None
) -> Any:
    from feedgen.feed import FeedGenerator

    feed: Any = FeedGenerator()
    feed.id(about.id)
    feed.title(about.title)
    feed.description(about.description)
    feed.subtitle(about.description)
    # Trap: the channel's link is whichever link() came last, so the letter's own address comes last.
    feed.link(href=document.address, rel="self", type=kind)
    for rel, address in _links(about, document):
        feed.link(href=address, rel=rel)
    feed.link(href=about.address, rel="alternate", type="text/html")
    feed.language(about.config.language)
    feed.generator("weekahead", version=__version__)
    feed.updated(about.updated)  # trap: the default is the clock; this sets the date of RSS as well
    if about.config.copyright:
        feed.rights(about.config.copyright)  # sets the copyright of RSS as well
    if about.config.author_email:
        feed.managingEditor(f"{about.config.author_email} ({re.sub('[()]', '', about.author)})")
    feed.author({"name": about.author, **({"email": about.config.author_email} if about.config.author_email else {})})
    feed.icon(about.icon)
    feed.load_extension("dc", atom=False)
    feed.register_extension("fixes", _FeedFixes, _EntryFixes)
    feed.fixes.begin(about, document, podcast)
    for found, text in fitted(about, texts):
        # Trap: an entry goes before the others unless told otherwise.
        entry = feed.add_entry(order="append")
        _fill(entry, found, text, kind)
        entry.fixes.begin(found, podcast)
    return feed


def _links(about: Channel, document: Document) -> list[tuple[str, str]]:
    links = {
        "hub": about.config.hub,
        "prev-archive": document.older,
        "next-archive": document.newer,
        "current": document.current,
    }
    return [(rel, address) for rel, address in links.items() if address]


def _fill(entry: Any, found: Item, text: str, kind: str) -> None:
    entry.id(_iri(found.id) if kind == ATOM_TYPE else found.id)
    entry.title(found.title)
    entry.link(href=found.address, rel="alternate", type="text/html")
    entry.published(found.published)
    entry.updated(found.updated)  # trap: the clock again
    # The description of RSS is HTML for nearly every reader, the summary of Atom is not.
    entry.description(escape(found.summary, quote=False), isSummary=False)
    if kind == ATOM_TYPE:
        entry.summary(found.summary, type="text")
        entry.author([{"name": name} for name in found.authors])
    else:
        entry.dc.dc_creator(list(found.authors))  # the author of RSS is an address of e-mail
    # Trap: CDATA is right in RSS only; in Atom it becomes a type="CDATA" that Atom does not know.
    entry.content(text, type="html" if kind == ATOM_TYPE else "CDATA")
    # Trap: RSS has the label of a category and not its term, so only a term is given; then it has that.
    entry.category([{"term": tag} for tag in found.tags])
    if found.enclosure:
        audio = found.enclosure
        entry.enclosure(audio.address, str(audio.bytes), audio.type)


def _iri(identity: str) -> str:
    """Return an id that Atom may have, which must be an address or a URN; one that was recorded elsewhere may be anything."""
    from uuid import NAMESPACE_URL, uuid5

    is_iri = re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", identity)
    return identity if is_iri else f"urn:uuid:{uuid5(NAMESPACE_URL, identity)}"


class _FeedFixes:
    """What feedgen cannot say of a feed, put into its tree."""

    def begin(self, about: Channel, document: Document, podcast: Podcast | None) -> None:
        self.about, self.document, self.podcast = about, document, podcast

    def extend_ns(self) -> dict[str, str]:
        spaces = {"dcterms": TERMS} if any(found.updated != found.published for found in self.about.items) else {}
        spaces |= {"fh": HISTORY} if self.document.current else {}
        return spaces | ({"itunes": ITUNES, "podcast": PODCAST} if self.podcast else {})

    def extend_rss(self, root: Any) -> None:
        """Trap: of the links that link() was told of, RSS has the one to itself and no other."""
        self._style(root)
        for rel, address in _links(self.about, self.document):
            _add(root[0], f"{{{ATOM}}}link", rel=rel, href=address)
        if self.podcast:
            _describe(root[0], self.about, self.podcast)

    def extend_atom(self, root: Any) -> None:
        """Mark a document of the archive (RFC 5005, 4)."""
        self._style(root)
        if self.document.current:
            _add(root, f"{{{HISTORY}}}archive")

    def _style(self, root: Any) -> None:
        """Link a style sheet, so that a person who opens the feed in a browser can read it: no XSLT, which browsers are about to drop."""
        from lxml import etree

        style = f'type="text/css" href="{escape(self.about.stylesheet)}"'
        root.addprevious(etree.ProcessingInstruction("xml-stylesheet", style))


class _EntryFixes:
    """What feedgen cannot say of an entry, put into its tree."""

    def begin(self, found: Item, podcast: Podcast | None) -> None:
        self.item, self.podcast = found, podcast

    def extend_rss(self, entry: Any) -> None:
        """Trap: the date of a correction is in no element of RSS."""
        self._mark_language(entry)
        if self.item.updated != self.item.published:
            _add(entry, f"{{{TERMS}}}modified", self.item.updated.isoformat())
        if self.podcast and self.item.enclosure:
            _describe_episode(entry, self.item, self.item.enclosure)

    def extend_atom(self, entry: Any) -> None:
        """Trap: links lose their rel, type and length, so that audio would be a second page of the entry."""
        self._mark_language(entry)
        for link in entry.findall("link"):
            entry.remove(link)
        _add(entry, "link", rel="alternate", type="text/html", href=self.item.address)
        if audio := self.item.enclosure:
            _add(entry, "link", rel="enclosure", type=audio.type, length=str(audio.bytes), href=audio.address)

    def _mark_language(self, entry: Any) -> None:
        if self.item.language:
            entry.set("{http://www.w3.org/XML/1998/namespace}lang", self.item.language)


def _describe(channel: Any, about: Channel, podcast: Podcast) -> None:
    """Trap: feedgen's own podcast extension takes yes, no and clean for explicit, where Apple and the W3C want true or
    false; it leaves out a picture that does not end in .jpg or .png; and it knows nothing of Podcasting 2.0."""
    _add(channel, f"{{{ITUNES}}}author", about.author)
    _add(channel, f"{{{ITUNES}}}explicit", "true" if podcast.explicit else "false")
    _add(channel, f"{{{ITUNES}}}type", "episodic")
    if podcast.category:
        category = _add(channel, f"{{{ITUNES}}}category", text=podcast.category[0])
        for below in podcast.category[1:]:
            _add(category, f"{{{ITUNES}}}category", text=below)
    if podcast.cover:
        _add(channel, f"{{{ITUNES}}}image", href=podcast.cover)
    if about.config.author_email:
        owner = _add(channel, f"{{{ITUNES}}}owner")
        _add(owner, f"{{{ITUNES}}}name", about.author)
        _add(owner, f"{{{ITUNES}}}email", about.config.author_email)
        _add(channel, f"{{{PODCAST}}}locked", "yes" if podcast.locked else "no", owner=about.config.author_email)
    _add(channel, f"{{{PODCAST}}}guid", podcast.guid)
    _add(channel, f"{{{PODCAST}}}medium", "podcast")
    _add(channel, f"{{{PODCAST}}}person", about.author, role="host")


def _describe_episode(entry: Any, found: Item, audio: Enclosure) -> None:
    _add(entry, f"{{{ITUNES}}}title", found.title)
    if found.authors:
        _add(entry, f"{{{ITUNES}}}author", ", ".join(found.authors))
    _add(entry, f"{{{ITUNES}}}episodeType", "bonus" if audio.episode is None else "full")
    _add(entry, f"{{{ITUNES}}}season", str(audio.season))
    _add(entry, f"{{{PODCAST}}}season", str(audio.season))
    if audio.episode:  # Apple has no episode 0
        _add(entry, f"{{{ITUNES}}}episode", str(audio.episode))
    if audio.episode is not None:
        _add(entry, f"{{{PODCAST}}}episode", str(audio.episode))
    if audio.duration:
        _add(entry, f"{{{ITUNES}}}duration", str(audio.duration))
    if found.picture and re.search(r"(?i)\.(png|jpe?g)$", found.picture[0]):
        _add(entry, f"{{{ITUNES}}}image", href=found.picture[0])
    for address, kind in audio.transcripts:
        _add(entry, f"{{{PODCAST}}}transcript", url=address, type=kind)
    if audio.chapters:
        _add(entry, f"{{{PODCAST}}}chapters", url=audio.chapters, type="application/json+chapters")
    for name in found.authors:
        _add(entry, f"{{{PODCAST}}}person", name, role="host")


def _add(parent: Any, name: str, words: str | None = None, **attributes: str) -> Any:
    """Return a new element. Those of Atom have no namespace in feedgen's tree, which writes xmlns as if it were an attribute."""
    from lxml import etree

    found = etree.SubElement(parent, name, attributes)
    found.text = words
    return found


# -- JSON


def json_feed(about: Channel, document: Document, texts: RenderedTexts) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org)."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": about.title,
        "home_page_url": about.address,
        "feed_url": document.address,
        "description": about.description,
        "icon": about.icon,
        "language": about.config.language,
        "authors": [{"name": about.author}],
        "hubs": [{"type": "WebSub", "url": about.config.hub}] if about.config.hub else None,
        "items": [_json_item(found, text) for found, text in fitted(about, texts)],
    }
    return (json.dumps(without_none(data), indent=1, ensure_ascii=False) + "\n").encode()


def _json_item(found: Item, text: str) -> dict[str, Any]:
    audio = found.enclosure
    attachment = audio and {
        "url": audio.address,
        "mime_type": audio.type,
        "size_in_bytes": audio.bytes or None,
        "duration_in_seconds": audio.duration,
    }
    item = {
        "id": found.id,
        "url": found.address,
        "title": found.title,
        "language": found.language,
        "content_html": text,
        "summary": found.summary,
        "image": found.picture[0] if found.picture else None,
        "date_published": found.published.isoformat(),
        "date_modified": found.updated.isoformat() if found.updated != found.published else None,
        "authors": [{"name": name} for name in found.authors] or None,
        "tags": list(found.tags) or None,
        "attachments": [without_none(attachment)] if attachment else None,
    }
    return without_none(item)
