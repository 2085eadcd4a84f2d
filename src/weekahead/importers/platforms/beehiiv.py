"""beehiiv: one CSV file of posts, each with a whole HTML document made for mail programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from weekahead.importers.html.document import HtmlDocument, words
from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.csv_rows import Row, csv_headings, read_rows
from weekahead.importers.platforms.mail_html import drop_hidden, drop_list_links, drop_title
from weekahead.importers.platforms.markup import cut, drop
from weekahead.importers.platforms.moments import instant_and_day, is_later
from weekahead.importers.platforms.old_addresses import common_site, path_of
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.platforms.template_tags import without_tags
from weekahead.importers.post import Access, Body, Form, MediaFile, Post, Publication
from weekahead.importers.source_files import SourceFiles
from weekahead.model.findings import Location, build_error

_COLUMNS = frozenset(("web_title", "content_html"))
_MEDIA = "https://media.beehiiv.com/"
_READERS = ("subscri", "member", "contact", "audience")


def drop_furniture(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out what beehiiv adds: shares, recommendations, referrals and polls."""
    for node in document.css('a[href*="{{rp_"], img[src*="{{rp_"], a[href*="{{subscriber"]'):
        node.decompose()
    drop(document, notes, "table.rec__content, .rec__content", "block of recommendations")
    drop(
        document, notes, "table.mob-block, #web-header, .bh__share, .bh__byline_social_wrapper", "row of share buttons"
    )
    for node in reversed(document.css(".bh__poll, [data-type=poll], form")):
        notes.add(Outcome.DROPPED, "poll", f'left out a poll or form: "{cut(words(node))}"')
        node.decompose()
    for rule in document.css("table.j, .bh__divider"):
        if not words(rule) and rule.css_first("img") is None:
            document.replace(rule, "<hr>")


class Beehiiv:
    """Posts of a beehiiv letter."""

    name = "beehiiv"
    label = "a beehiiv export"
    needs = "CSV file with beehiiv's columns"
    article_passes: Sequence[HtmlPass] = (drop_hidden, drop_furniture)
    """The passes for its texts in a feed, which is no mail."""
    html_passes: Sequence[HtmlPass] = (*article_passes, drop_list_links)
    markdown_passes: Sequence[MarkdownPass] = ()

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether there is a CSV file with beehiiv's columns."""
        return bool(_tables(files))

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the posts of all tables. Raise BuildError."""
        tables = _tables(files)
        posts = []
        for name in tables:
            try:
                posts += [_post(row, options.now, notes) for row in read_rows(files, name, notes)]
            except OSError as error:
                raise build_error(name, "no-export", f"cannot read this file: {error.strerror or error}") from None
        others = [name for name in files.names if name.lower().endswith(".csv") and name not in tables]
        if others:
            notes.add(
                Outcome.DROPPED, "not-opened", f"these files may list readers and were not read: {', '.join(others)}"
            )
        message = "the only date of a post in this export is when it was created, and it names no time zone"
        hint = "Compare the days of the issues with the old archive."
        notes.add(Outcome.ASK, "created-only", message, source=Location(tables[0]), hint=hint)
        return Publication(posts=tuple(posts), url=common_site(post.address for post in posts))


class _Parts(Struct, frozen=True):
    free: str
    paid: str = ""


def _post(row: Row, now: datetime, notes: Notes) -> Post:
    id = row["id"] or row["url"] or f"{row.where}"
    own = PostNotes(notes, id, row.where)
    at, day = instant_and_day(row["created_at"])
    title, subtitle = row["web_title"], row["web_subtitle"]
    for name, what in (
        ("email_subject_line", "the subject of its mail"),
        ("email_preview_text", "the preview of its mail"),
    ):
        if row[name] and row[name] not in (title, subtitle):
            own.add(Outcome.DROPPED, "mail-subject", f'{what} was "{row[name]}"')
    body = Body(_text(row, title, own), Form.HTML)
    address = row["url"]
    return Post(
        id=id,
        where=row.where,
        title=title,
        body=body,
        access=_access(row, at, now, own),
        at=at,
        day=day,
        slug=path_of(address).rstrip("/").rpartition("/")[2],
        address=address,
        guid=address,
        summary=subtitle,
        tags=tuple(tag.strip() for tag in row["content_tags"].split(";") if tag.strip()),
        authors=tuple(name.strip() for name in row["authors"].split(";") if name.strip()),
        cover=_cover(row["thumbnail_url"], own),
    )


def _access(row: Row, at: datetime | None, now: datetime, notes: PostNotes) -> Access:
    """Return who may read a post: everybody only if it is confirmed and for free readers."""
    status, audience = row["status"].lower(), row["audience"].lower()
    if status in ("draft", ""):
        return Access.DRAFT
    if is_later(at, now):
        return Access.SCHEDULED
    if status != "confirmed":
        notes.add(Outcome.ASK, "unknown-status", f'its status is "{status}"; it arrives as a draft')
        return Access.PRIVATE
    if audience in ("premium", "both"):
        return Access.PAID
    return Access.PUBLIC if audience in ("free", "all") else Access.PRIVATE


def _text(row: Row, title: str, notes: PostNotes) -> str:
    """Return the text within its document, without its tags for each reader."""
    html = without_tags(row["content_html"], Form.HTML, notes)
    document = HtmlDocument(html)
    blocks = document.css("#content-blocks")
    if blocks and words(blocks[0]):
        inside, whole = words(blocks[0]), words(document.body)
        around = whole.replace(inside, " ").strip()
        if around:
            notes.add(
                Outcome.DROPPED,
                "around-the-text",
                f'left out what stands around the text in the mail: "{cut(around, 400)}"',
            )
        document = HtmlDocument(
            f"<div>{blocks[0].inner_html or ''}</div>"
            if blocks[0].tag != "tr"
            else f"<table><tr>{blocks[0].inner_html}</tr></table>"
        )
    drop_title(document, title, notes)
    for style in document.css("style, script, title, meta"):
        style.decompose()
    return document.body.inner_html or ""


def _cover(address: str, notes: PostNotes) -> MediaFile | None:
    if not address:
        return None
    if "://" in address:
        return MediaFile(url=address)
    whole = _MEDIA + address.lstrip("/")
    notes.add(
        Outcome.INFERRED, "cover-address", f"the export names its cover as {address} only; it was taken to be {whole}"
    )
    return MediaFile(url=whole)


def _tables(files: SourceFiles) -> list[str]:
    """Return the tables of posts. A file whose name says that it lists readers is not opened."""
    tables = [name for name in files.names if not any(word in name.lower() for word in _READERS)]
    names = tables if len(files.names) == 1 else [name for name in tables if name.lower().endswith(".csv")]
    return [name for name in names if set(csv_headings(files, name)) >= _COLUMNS]


PLATFORM = Beehiiv()
