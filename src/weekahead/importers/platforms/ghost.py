"""Ghost: one JSON file of all tables, by itself or in a zip beside `content/images`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from zoneinfo import ZoneInfo

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.ghost_fields import note_fields
from weekahead.importers.platforms.ghost_lexical import lexical_html, lone_markdown, mobiledoc_html
from weekahead.importers.platforms.ghost_passes import convert_cards, drop_furniture, move_audio
from weekahead.importers.platforms.ghost_tables import GhostPost, GhostTables, PostMeta, read_tables, table_names, text
from weekahead.importers.platforms.moments import instant_and_day, is_later, parse_duration
from weekahead.importers.platforms.old_addresses import common_site, media_at, media_folders, path_of, site_of
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.platforms.spans import Span, replace_spans
from weekahead.importers.post import Access, Body, Form, MediaFile, Post, PostAudio, Publication
from weekahead.importers.source_files import LARGEST_TEXT, SourceFiles, decode_source, read_source
from weekahead.model.addresses import host_of
from weekahead.model.counts import counted
from weekahead.model.findings import Location

PLACEHOLDER = "__GHOST_URL__"
"""What an export has in place of the address of the site."""

_WALL = re.compile("<!--\\s*members-only\\s*-->")
_GATE = re.compile(r'<!--kg-gated-block:begin nonMember:(\w+) memberSegment:"([^"<>]*)" -->')
_OWN_FILE = re.compile(r"(https?://[\w.-]+(?::\d+)?)/content/(?:images|media|files)/\d{4}/")
_CARD_MARK = re.compile("<!--kg-card-(?:begin|end): ?[a-z-]+ ?-->")
_SIZED = re.compile(r"/content/images/size/w\d+(?:h\d+)?(?:/format/\w+)?/")


class Ghost:
    """Posts and pages of a Ghost site."""

    name = "ghost"
    label = "a Ghost export"
    needs = "JSON file with Ghost's tables"
    article_passes: Sequence[HtmlPass] = (drop_furniture, convert_cards)
    """The passes for its texts in a feed, where a recording in the text is not the post's own."""
    html_passes: Sequence[HtmlPass] = (move_audio, *article_passes)
    markdown_passes: Sequence[MarkdownPass] = ()

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether there is a JSON file with Ghost's tables."""
        return bool(_json_file(files))

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the posts and pages. Raise BuildError or OSError."""
        name = _json_file(files)
        tables = read_tables(files, name, notes)
        _note_left_out(files, name, tables, notes)
        site = site_of(tables.settings.get("url", "")) or _site_in(tables) or options.url
        if not site:
            _note_no_address(name, notes)
        folders = media_folders(files, "content/images/", "content/media/", "content/files/")
        reader = _Reader(files, options, notes, name, tables, site, folders)
        posts = tuple(reader.post(post) for post in tables.posts)
        settings = tables.settings
        return Publication(
            posts=posts,
            title=settings.get("title", ""),
            tagline=settings.get("description", ""),
            url=site or common_site(post.address for post in posts),
            language=settings.get("locale") or settings.get("lang", ""),
            timezone=_zone(settings),
            author=_main_author(tables),
            media_folders=folders,
        )


class _Reader(Struct):
    """Makes posts of rows."""

    files: SourceFiles
    options: ReadOptions
    notes: Notes
    name: str
    tables: GhostTables
    site: str
    folders: tuple[str, ...]

    def post(self, row: GhostPost) -> Post:
        """Return a row as a post."""
        id, where = text(row.id) or text(row.uuid), Location(self.name)
        notes = PostNotes(self.notes, id, where)
        meta = self.tables.meta.get(id, PostMeta())
        at, day = instant_and_day(row.published_at)
        body = self._body(row, notes)
        canonical, path = text(row.canonical_url), _path(row)
        is_own = bool(self.site) and host_of(canonical) == host_of(self.site)
        if canonical and not is_own:
            notes.add(Outcome.DROPPED, "canonical", f"its canonical address is elsewhere: {canonical}")
        tags = self.tables.tags.get(id, ())
        if internal := [text(tag.name) for tag in tags if _is_internal(text(tag.name), text(tag.visibility))]:
            notes.add(Outcome.DROPPED, "internal-tag", f"left out internal tags: {', '.join(internal)}")
        note_fields(row, meta, self.tables.newsletters, notes)
        return Post(
            id=id,
            where=where,
            title=text(row.title) if text(row.title) != "(Untitled)" else "",
            body=body,
            access=self._access(row, meta, body, notes),
            at=at,
            day=day,
            slug=text(row.slug),
            address=f"{self.site}{path}" if path else "",
            paths=(path_of(canonical),) if is_own and path_of(canonical) not in ("", path) else (),
            guid=id,
            summary=text(row.custom_excerpt) or text(meta.meta_description) or text(row.meta_description),
            tags=tuple(text(tag.name) for tag in tags if not _is_internal(text(tag.name), text(tag.visibility))),
            authors=tuple(text(author.name) for author in self.tables.authors.get(id, ())),
            language=text(row.locale) or text(row.language).replace("_", "-"),
            cover=self._cover(row, meta, notes),
            audio=self._audio(body),
            is_page=text(row.type) == "page" or text(row.page) in ("1", "true"),
        )

    def _access(self, row: GhostPost, meta: PostMeta, body: Body, notes: PostNotes) -> Access:
        """Return who may read a post: everybody only if status, visibility, day and wall say so."""
        status, visibility = text(row.status), text(row.visibility) or "public"
        at, _ = instant_and_day(row.published_at)
        if status == "draft":
            return Access.WITHDRAWN if at and not is_later(at, self.options.now) else Access.DRAFT
        if status == "scheduled" or is_later(at, self.options.now):
            return Access.SCHEDULED
        if status not in ("published", "sent"):
            notes.add(Outcome.ASK, "unknown-status", f'its status "{status}" is unknown; it arrives as a draft')
            return Access.DRAFT
        if visibility != "public":
            return Access.PRIVATE if visibility == "members" else Access.PAID
        if body.paid:
            message = "it is for everybody, but its text has a wall; what is below the wall is held back"
            notes.add(Outcome.ASK, "wall-in-public", message, hint="Look at the old page: is all of it public?")
            return Access.PAID
        return Access.MAIL_ONLY if status == "sent" or text(meta.email_only) in ("1", "true") else Access.PUBLIC

    def _body(self, row: GhostPost, notes: PostNotes) -> Body:
        """Return the text: HTML, or else what it is made from."""
        source, form = self._source(row, notes)
        source = _SIZED.sub("/content/images/", _CARD_MARK.sub("", source).replace(PLACEHOLDER, self.site))
        if form is Form.MARKDOWN:
            return Body(source, form)

        def gate(span: Span) -> str:
            if span.opening[1] == "true":
                return span.inside
            words = counted(len((LexborHTMLParser(span.inside).text() or "").split()), "word")
            message = (
                f"a part of {words} that visitors did not see was left out ({span.opening[2] or 'nobody on the web'})"
            )
            notes.add(Outcome.HELD, "members-only-part", message)
            return ""

        source = replace_spans(source, _GATE, lambda match: "<!--kg-gated-block:end-->", gate)
        free, wall, paid = source, _WALL.search(source), ""
        if wall:
            free, paid = source[: wall.start()], _WALL.sub("", source[wall.end() :])
        return Body(free, form, paid)

    def _source(self, row: GhostPost, notes: PostNotes) -> tuple[str, Form]:
        if html := text(row.html):
            return html, Form.HTML
        for column, convert in (("lexical", lexical_html), ("mobiledoc", mobiledoc_html)):
            if source := text(getattr(row, column)):
                try:
                    if column == "mobiledoc" and (markdown := lone_markdown(source)):
                        return markdown, Form.MARKDOWN
                    return convert(source), Form.HTML
                except (ValueError, RecursionError) as error:
                    notes.add(Outcome.ASK, "damaged-text", f"its text ({column}) cannot be read: {error}")
        if markdown := text(row.markdown):
            return markdown, Form.MARKDOWN
        if plain := text(row.plaintext):
            notes.add(Outcome.ASK, "plain-text", "only its plain text is in the export: links and pictures are missing")
            return plain, Form.MARKDOWN
        return "", Form.HTML

    def _cover(self, row: GhostPost, meta: PostMeta, notes: PostNotes) -> MediaFile | None:
        address = text(row.feature_image) or text(row.image)
        if caption := text(meta.feature_image_caption):
            words = " ".join((LexborHTMLParser(caption).text() or "").split())
            notes.add(Outcome.DROPPED, "cover-caption", f'a cover has no caption here; it was "{words}"')
        return self._media(address, text(meta.feature_image_alt)) if address else None

    def _audio(self, body: Body) -> PostAudio | None:
        """Return the first recording in the free part of a text."""
        if "kg-audio-card" not in body.text:
            return None
        card = LexborHTMLParser(body.text).css_first(".kg-audio-card")
        audio = card.css_first("audio") if card is not None else None
        address = (audio.attributes.get("src") or "") if audio is not None else ""
        if not address or card is None:
            return None
        shown = card.css_first(".kg-audio-duration")
        media, length = self._media(address), parse_duration(shown.text()) if shown is not None else None
        return PostAudio(media=media, bytes=self.files.size(media.file) if media.file else 0, duration=length or None)

    def _media(self, address: str, alt: str = "") -> MediaFile:
        return media_at(
            _SIZED.sub("/content/images/", address.replace(PLACEHOLDER, self.site)), self.files, self.folders, alt
        )


def _json_file(files: SourceFiles) -> str:
    """Return the name of the file with the tables, or nothing."""
    for name in sorted(files.names, key=lambda name: (name.count("/"), name)):
        if name.lower().endswith(".json") and name.count("/") <= 2 and files.size(name) <= LARGEST_TEXT:
            with suppress(OSError):
                if table_names(decode_source(read_source(files, name))[0]):
                    return name
    return ""


def _note_left_out(files: SourceFiles, name: str, tables: GhostTables, notes: Notes) -> None:
    if tables.others:
        message = f"these tables were not read: {', '.join(tables.others)}"
        notes.add(Outcome.DROPPED, "not-opened", message, source=Location(name))
    if others := [other for other in files.names if other.lower().endswith(".csv")]:
        notes.add(
            Outcome.DROPPED, "not-opened", f"these files may list readers and were not opened: {', '.join(others)}"
        )


def _note_no_address(name: str, notes: Notes) -> None:
    message = "an export of Ghost does not contain the address of its site, from which its pictures are"
    hint = "Write the old address as `url` into letter.yaml and import again: pictures and links to your own posts are found then."
    notes.add(Outcome.ASK, "no-address", message, source=Location(name), hint=hint)


def _site_in(tables: GhostTables) -> str:
    """Return the address of the site if this is an export of before 4.0, whose texts name it for their own pictures.

    Where the placeholder stands for it, all whole addresses are of other sites.
    """
    texts = [text(post.html) for post in tables.posts]
    if any(PLACEHOLDER in html for html in texts):
        return ""
    return common_site(site for html in texts for site in _OWN_FILE.findall(html))


def _path(row: GhostPost) -> str:
    """Return the path that a row had on the old site; nothing if it never was there."""
    if text(row.status) == "sent":
        return f"/email/{text(row.uuid)}/" if text(row.uuid) else ""
    return f"/{text(row.slug)}/" if text(row.slug) and text(row.published_at) else ""


def _is_internal(name: str, visibility: str) -> bool:
    return name.startswith("#") or visibility == "internal"


def _zone(settings: dict[str, str]) -> str:
    """Return the time zone of the site. Old versions stored it in JSON's quotes."""
    zone = settings.get("timezone") or settings.get("active_timezone") or settings.get("activeTimezone") or ""
    zone = zone.strip('"')
    with suppress(ValueError, OSError, KeyError):
        return ZoneInfo(zone).key if zone else ""
    return ""


def _main_author(tables: GhostTables) -> str:
    """Return who wrote most posts."""
    counts: dict[str, int] = {}
    for authors in tables.authors.values():
        if authors:
            counts[text(authors[0].name)] = counts.get(text(authors[0].name), 0) + 1
    return max(counts, key=lambda name: counts[name], default="")


PLATFORM = Ghost()
