"""WordPress: its export file WXR, an RSS feed with fields of its own, in one part or several."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.feed_item import plain_text
from weekahead.importers.platforms.markup import quoted
from weekahead.importers.platforms.old_addresses import media_at, media_folders, path_of, site_of
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.platforms.wordpress_item import Item
from weekahead.importers.platforms.wordpress_passes import convert_blocks, drop_furniture
from weekahead.importers.platforms.wordpress_shortcodes import Attachment
from weekahead.importers.platforms.wordpress_text import Library, WordPressText, read_text
from weekahead.importers.platforms.xml_source import Named, first_tag, read_xml, usual_name
from weekahead.importers.post import Body, MediaFile, Post, PostAudio, Publication
from weekahead.importers.source_files import SourceFiles
from weekahead.model.counts import counted
from weekahead.model.findings import Location
from weekahead.model.name_set import name_set

POST_TYPES = frozenset(("post", "page", "podcast", "episode", "podcast_episode"))
_OWN_TYPES = name_set(
    "attachment custom_css customize_changeset nav_menu_item oembed_cache revision user_request wp_block "
    "wp_font_face wp_font_family wp_global_styles wp_navigation wp_template wp_template_part"
)
"""Types of WordPress itself that are no texts."""

_KNOWN_DOMAINS = frozenset(("category", "post_tag", "series", "author", "language", "post_translations", "keywords"))


class WordPress:
    """Posts and pages of a WordPress site."""

    name = "wordpress"
    label = "a WordPress export"
    needs = "RSS file with WordPress's own fields"
    html_passes: Sequence[HtmlPass] = (drop_furniture, convert_blocks)
    markdown_passes: Sequence[MarkdownPass] = ()

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether there is an RSS file that declares WordPress's own fields."""
        return bool(_export_files(files))

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the posts and pages of all parts. Raise BuildError."""
        parts = [_Part.of(name, read_xml(files, name, notes)) for name in _export_files(files)]
        items = [(part.name, item) for part in parts for item in part.items]
        head = parts[0].head
        authors: dict[str, str] = {}
        for part in parts:
            authors |= _authors(part.head)
        folders = media_folders(files, "wp-content/uploads/")
        reader = _Reader(files, options.now, notes, _library([item for _, item in items]), authors, folders)
        posts = tuple(reader.post(name, item) for name, item in items if item.type in POST_TYPES)
        _note_left_out(parts[0].name, [item for _, item in items], notes)
        main = Counter(name for post in posts for name in post.authors[:1])
        return Publication(
            posts=posts,
            title=head.text("title"),
            tagline=head.text("description"),
            url=site_of(head.text("wp:base_blog_url") or head.text("link")),
            language=head.text("language"),
            author=main.most_common(1)[0][0] if main else "",
            media_folders=folders,
        )


class _Part(Struct, frozen=True):
    """A file of an export."""

    name: str
    head: Named
    items: tuple[Item, ...]

    @classmethod
    def of(cls, name: str, root: object) -> _Part:
        """Return the part of a root element."""
        channels = Named(root).all("channel")
        head = Named(channels[0] if channels else root)
        return cls(name, head, tuple(Item(Named(item)) for item in head.all("item")))


class _Reader(Struct):
    """Makes posts of items."""

    files: SourceFiles
    now: datetime
    notes: Notes
    library: Library
    authors: Mapping[str, str]
    folders: tuple[str, ...]
    known_files: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.known_files = self.library.files

    def post(self, file: str, item: Item) -> Post:
        """Return an item as a post."""
        id, where = item.id or item.text("guid"), Location(file, item.line)
        notes = PostNotes(self.notes, id, where)
        text = read_text(
            item.text("content:encoded"), item.id, item.meta.get("footnotes", ""), self.library, self.known_files, notes
        )
        audio, body = self._audio(item, text, notes)
        path = path_of(item.link) if "?" not in item.link else ""
        self._note_fields(item, notes)
        return Post(
            id=id,
            where=where,
            title=item.title,
            body=body,
            access=item.access(bool(body.paid), self.now, notes),
            at=item.at(),
            slug=item.text("wp:post_name").removesuffix("__trashed"),
            address=item.link if path else "",
            paths=self._old_paths(item, path),
            guid=item.text("guid"),
            summary=self._summary(item, text, notes),
            tags=self._tags(item, notes),
            authors=self._authors(item),
            series=item.series(),
            number=item.number(),
            cover=self._cover(item, notes),
            audio=audio,
            is_page=item.type == "page",
        )

    def _audio(self, item: Item, text: WordPressText, notes: PostNotes) -> tuple[PostAudio | None, Body]:
        """Return the recording of a post, and its text: without the first player where that is the recording."""
        if audio := item.audio():
            media = media_at(audio.media.url, self.files, self.folders)
            return PostAudio(media=media, bytes=audio.bytes, duration=audio.duration, type=audio.type), text.body
        if "wp-block-audio" not in text.body.text:
            return None, text.body
        tree = LexborHTMLParser(text.body.text)
        figure = tree.css_first(".wp-block-audio")
        player = figure.css_first("audio[src]") if figure is not None else None
        if figure is None or player is None or tree.body is None:
            return None, text.body
        media = media_at(player.attributes.get("src") or "", self.files, self.folders)
        caption = figure.css_first("figcaption")
        said = f' ("{" ".join(caption.text().split())}")' if caption is not None else ""
        notes.add(Outcome.CHANGED, "audio", f"the first recording in the text{said} stands in the front matter now")
        figure.decompose()
        size = self.files.size(media.file) if media.file else 0
        return PostAudio(media=media, bytes=size), Body(tree.body.inner_html or "", text.body.form, text.body.paid)

    def _old_paths(self, item: Item, path: str) -> tuple[str, ...]:
        """Return the path that a post had under an older name."""
        old, name = item.meta.get("_wp_old_slug", ""), item.text("wp:post_name")
        return (path.replace(f"/{name}", f"/{old}"),) if old and name and f"/{name}" in path else ()

    def _summary(self, item: Item, text: WordPressText, notes: PostNotes) -> str:
        described = item.meta.get("_yoast_wpseo_metadesc", "") or item.meta.get("rank_math_description", "")
        excerpt = plain_text(item.text("excerpt:encoded"))
        if excerpt and described:
            notes.add(Outcome.DROPPED, "search-fields", f'its description for search engines was "{described}"')
        if not excerpt and not described and text.lead:
            notes.add(Outcome.INFERRED, "summary", 'its summary is what stood above the "more" mark')
        return excerpt or described or text.lead

    def _tags(self, item: Item, notes: PostNotes) -> tuple[str, ...]:
        """Return categories and tags. "Uncategorized" is what WordPress writes where there is none."""
        for domain, terms in item.other_domains(_KNOWN_DOMAINS).items():
            notes.add(Outcome.DROPPED, "taxonomy", f"left out what it has in `{domain}`{quoted(terms)}")
        categories = [
            name
            for name, key in zip(item.terms("category"), item.term_keys("category"), strict=True)
            if key != "uncategorized"
        ]
        return tuple(dict.fromkeys([*categories, *item.terms("post_tag"), *item.terms("keywords")]))

    def _authors(self, item: Item) -> tuple[str, ...]:
        """Return the names of its authors; a login that is an e-mail address is no name."""
        logins = item.text("dc:creator")
        name = self.authors.get(logins, "" if "@" in logins else logins)
        together = [self.authors.get(login, login) for login in item.terms("author")]
        return tuple(together) or ((name,) if name else ())

    def _cover(self, item: Item, notes: PostNotes) -> MediaFile | None:
        id = item.meta.get("_thumbnail_id", "")
        found = self.library.attachments.get(id)
        if found is None:
            if id not in ("", "0", "-1"):
                notes.add(Outcome.ASK, "cover-missing", f"its cover (file {id} of the library) is not in this export")
            return None
        if found.caption:
            notes.add(
                Outcome.DROPPED, "cover-caption", f'a cover has no caption here; it was "{plain_text(found.caption)}"'
            )
        return media_at(found.url, self.files, self.folders, found.alt)

    def _note_fields(self, item: Item, notes: PostNotes) -> None:
        if title := item.meta.get("_yoast_wpseo_title", ""):
            notes.add(Outcome.DROPPED, "search-fields", f'its title for search engines was "{title}"')
        if item.status == "trash":
            notes.add(Outcome.HELD, "trash", "it was in the trash")
        if item.text("wp:post_password"):
            notes.add(Outcome.HELD, "password", "it was behind a password")


def _library(items: Sequence[Item]) -> Library:
    """Return what the texts refer to."""
    attachments = {}
    for item in items:
        if item.type == "attachment":
            order = item.text("wp:menu_order")
            attachments[item.id] = Attachment(
                id=item.id,
                url=item.text("wp:attachment_url") or item.text("guid"),
                parent=item.text("wp:post_parent"),
                alt=item.meta.get("_wp_attachment_image_alt", ""),
                caption=item.text("excerpt:encoded"),
                order=int(order) if re.fullmatch("-?[0-9]{1,9}", order) else 0,
            )
    blocks = {
        item.id: item.text("content:encoded") for item in items if item.type == "wp_block" and item.status == "publish"
    }
    links = {
        item.id: item.link for item in items if item.type in POST_TYPES and path_of(item.link) and "?" not in item.link
    }
    return Library(attachments, blocks, links)


def _authors(head: Named) -> dict[str, str]:
    """Return the names of authors by their logins. Their addresses are never read."""
    names = {}
    for author in map(Named, head.all("wp:author")):
        full = f"{author.text('wp:author_first_name')} {author.text('wp:author_last_name')}".strip()
        name = author.text("wp:author_display_name") or full
        if name and "@" not in name:
            names[author.text("wp:author_login")] = name
    return names


def _export_files(files: SourceFiles) -> list[str]:
    """Return the names of the parts of an export; one by itself may have any name."""
    names = files.names if len(files.names) == 1 else [name for name in files.names if name.lower().endswith(".xml")]
    found = []
    for name in names:
        tag, namespaces = first_tag(files, name)
        if usual_name(tag) == "rss" and any("wordpress.org/export" in (space or "") for space in namespaces):
            found.append(name)
    return found


def _note_left_out(file: str, items: Sequence[Item], notes: Notes) -> None:
    where = Location(file)
    if comments := sum(item.comments for item in items):
        notes.add(Outcome.DROPPED, "comments", f"left out {counted(comments, 'comment')}", source=where)
    others: dict[str, list[Item]] = {}
    for item in items:
        if item.type not in POST_TYPES and item.type not in _OWN_TYPES:
            others.setdefault(item.type, []).append(item)
    for kind, found in others.items():
        message = f"left out {counted(len(found), 'item')} of the type `{kind}`, which may be of a plugin or a theme"
        notes.add(Outcome.ASK, "other-type", message, source=where)


PLATFORM = WordPress()
