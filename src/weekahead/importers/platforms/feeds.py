"""Feeds: RSS 2.0 and 1.0, Atom, and podcasts. A feed has the newest posts only, and of each what everybody could read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.platforms.atom_entry import read_entry
from weekahead.importers.platforms.beehiiv import Beehiiv
from weekahead.importers.platforms.feed_item import FoundPost, read_item
from weekahead.importers.platforms.ghost import Ghost
from weekahead.importers.platforms.mail_html import drop_addressed_list_links
from weekahead.importers.platforms.medium import convert_story
from weekahead.importers.platforms.old_addresses import common_site, site_of
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.platforms.substack import Substack
from weekahead.importers.platforms.wordpress import WordPress
from weekahead.importers.platforms.xml_source import Element, Named, first_tag, read_xml, usual_name
from weekahead.importers.post import Post, Publication
from weekahead.importers.source_files import SourceFiles
from weekahead.model.findings import Location

_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".feed")


class Feed:
    """The items of feeds: one file, or several pages of one feed in a folder or zip."""

    name = "feed"
    label = "a feed"
    needs = "RSS or Atom file"
    html_passes: Sequence[HtmlPass] = (
        *Substack.html_passes,
        *Ghost.article_passes,
        *WordPress.html_passes,
        *Beehiiv.article_passes,
        drop_addressed_list_links,
        convert_story,
    )
    """A feed has the text of its platform, whose marks are no others'."""
    markdown_passes: Sequence[MarkdownPass] = ()

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether there is an XML file with the root of a feed that is no export of WordPress."""
        return bool(_feed_files(files))

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the items of all files, each once. Raise BuildError."""
        channels = [_Channel.of(name, read_xml(files, name, notes)) for name in _feed_files(files)]
        found = [post for channel in channels for post in channel.posts(options.now, notes)]
        posts = _with_unique_ids(found, notes)
        _note_rest(channels, posts, notes)
        first = channels[0]
        return replace(first.publication(notes), posts=posts, url=first.site() or common_site(p.address for p in posts))


class _Channel(Struct, frozen=True):
    """A feed: its file, the element that tells of the feed, and its items."""

    name: str
    head: Named
    items: tuple[Element, ...]
    is_atom: bool

    @classmethod
    def of(cls, name: str, root: Element) -> _Channel:
        """Return the feed of a root element."""
        top = Named(root)
        if usual_name(root.tag) == "atom:feed":
            return cls(name, top, tuple(top.all("atom:entry")), is_atom=True)
        channels = top.all("channel")
        head = Named(channels[0]) if channels else top
        # RSS 1.0 has its items beside the channel.
        return cls(name, head, tuple(head.all("item") or top.all("item")), is_atom=False)

    def posts(self, now: datetime, notes: Notes) -> list[FoundPost]:
        """Return its items as posts; one that is none, such as a comment, is a note."""
        has_full_texts = any(Named(item).text("content:encoded") for item in self.items)
        author = self.author()
        found = []
        for item in self.items:
            where = Location(self.name, item.sourceline or 0)
            post = (
                read_entry(Named(item), where, now, notes)
                if self.is_atom
                else read_item(Named(item), where, now, has_full_texts, notes)
            )
            if post is not None:
                named = post.post if post.post.authors or not author else replace(post.post, authors=(author,))
                found.append(replace(post, post=named))
        return found

    def author(self) -> str:
        """Return who writes the feed."""
        for author in self.head.all("atom:author"):
            return Named(author).text("atom:name")
        return self.head.text("itunes:author", "dc:creator")

    def site(self) -> str:
        """Return the address of the site."""
        if self.head.text("link"):
            return site_of(self.head.text("link"))
        for link in self.head.all("atom:link"):
            if link.get("rel", "alternate") == "alternate":
                return site_of(link.get("href", ""))
        return ""

    def publication(self, notes: Notes) -> Publication:
        """Return what the feed says of the letter."""
        head = self.head
        owners = [Named(owner) for owner in head.all("itunes:owner")]
        categories = [category.get("text", "") for category in head.all("itunes:category")]
        if images := [image.get("href", "") for image in head.all("itunes:image")]:
            message = f"the cover of the podcast is at {images[0]}"
            hint = "Save it beside letter.yaml and name it in `podcast: {cover: ...}`."
            notes.add(Outcome.ELSEWHERE, "podcast-cover", message, source=Location(self.name), hint=hint)
        return Publication(
            posts=(),
            title=head.text("title", "atom:title"),
            tagline=head.text("description", "atom:subtitle", "itunes:subtitle"),
            language=head.text("language", "dc:language") or head.element.get(_LANGUAGE, ""),
            author=self.author(),
            email=next((owner.text("itunes:email") for owner in owners), ""),
            copyright=head.text("copyright", "atom:rights", "dc:rights"),
            podcast_category=next(iter(categories), ""),
        )


_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def _feed_files(files: SourceFiles) -> list[str]:
    """Return the names of the feeds of an export; a feed by itself may have any name."""
    names = files.names if len(files.names) == 1 else [name for name in files.names if name.lower().endswith(_ENDINGS)]
    return [name for name in names if _is_feed(*first_tag(files, name))]


def _is_feed(tag: str, namespaces: frozenset[str]) -> bool:
    is_wordpress = any("wordpress.org/export" in (space or "") for space in namespaces)
    return usual_name(tag) in ("rss", "atom:feed", "rdf:RDF") and not is_wordpress


def _with_unique_ids(found: Sequence[FoundPost], notes: Notes) -> tuple[Post, ...]:
    """Return the posts, each once. A guid that several different items have is a guid of none."""
    kept: dict[str, FoundPost] = {}
    for item in found:
        post, first = item.post, kept.get(item.post.id)
        if first is None:
            kept[post.id] = item
        elif (first.post.title, first.post.address) != (post.title, post.address):
            message = f'"{post.title}" and "{first.post.title}" have the same guid; only the first one keeps it'
            notes.add(Outcome.ASK, "repeated-guid", message, post=first.post.id, source=post.where)
            other = f"{post.id} {post.address or len(kept)}"
            kept[other] = replace(item, post=replace(post, id=other, guid=""))
    for item in kept.values():
        for note in item.notes:
            notes.extend([replace(note, post=item.post.id)])
    return tuple(item.post for item in kept.values())


def _note_rest(channels: Sequence[_Channel], posts: Sequence[Post], notes: Notes) -> None:
    message = f"a feed has only the newest posts; this one has {len(posts)}"
    hint = "Compare with the old archive. An export of the old platform has all posts."
    notes.add(Outcome.ASK, "feed-is-partial", message, source=Location(channels[0].name), hint=hint)
    for channel in channels:
        for link in channel.head.all("atom:link"):
            if link.get("rel") in ("next", "prev-archive") and len(channels) == 1:
                message = f"the feed has more pages; the next one is {link.get('href', '')}"
                hint = "Save all pages into one folder, and import that."
                notes.add(Outcome.ELSEWHERE, "feed-has-more", message, source=Location(channel.name), hint=hint)


PLATFORM = Feed()
