"""Mailchimp: campaigns as HTML files, and a table with the subject and day of each, whose columns differ by year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from html import unescape

from weekahead.importers.html import shapes
from weekahead.importers.html.document import HtmlDocument, attribute, words
from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.csv_rows import Row, csv_headings, read_rows
from weekahead.importers.platforms.mail_html import drop_hidden, drop_list_links, drop_title
from weekahead.importers.platforms.markup import cut, drop, html_of
from weekahead.importers.platforms.merge_tags import without_merge_tags
from weekahead.importers.platforms.moments import instant_and_day, is_later
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.platforms.source_text import read_text
from weekahead.importers.post import Access, Body, Form, Post, Publication
from weekahead.importers.source_files import SourceFiles
from weekahead.model.findings import Location

_MARKS = re.compile(
    rb"\bmcn(?:Text|Image|Button|Preview|Divider|Caption)\w*"
    rb"|\bmce(?:Text|Image|Button|Preheader|Wrapper|Column|FooterSection)\w*"
    rb"|\*\|(?:MC:|MC_|LIST:|UNSUB|ARCHIVE|FNAME|IF:)"
)
"""A form to join a list, which many sites have, has none of these."""

_READERS = re.compile(r"audience|subscri|member|contact|cleaned|\blists?\b|/lists?/|opens|clicks|activity", re.I)
_SUBJECTS = ("subject", "subject_line", "campaign_subject", "email_subject")
_TITLES = ("title", "campaign_title", "campaign_name", "name")
_DAYS = ("send_date", "send_time", "sent", "date_sent", "sent_date", "date", "create_time")
_IDS = ("unique_id", "campaign_id", "id", "web_id")
_HEAD_BYTES = 200_000
_MOST_LOOKED_AT = 20


def drop_furniture(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out what a list's program adds: the head, the foot with the address, and rows of icons."""
    drop(document, notes, "#templatePreheader, .mcePreheader, [data-block-id=preheader]", "preheader", "hidden")
    for node in reversed(document.css("#templateFooter, .mceFooterSection, .mcnFooter, #canspamBarWrapper")):
        notes.add(Outcome.DROPPED, "furniture", f'left out the foot of the mail: "{cut(words(node), 300)}"')
        node.decompose()
    drop(document, notes, ".mcnFollowBlock, .mcnShareBlock, .mceSocialFollowBlock", "row of icons to follow or share")
    drop(document, notes, "form, .mcnSurveyBlock", "form or survey", "poll")


def convert_blocks(document: HtmlDocument, notes: PostNotes) -> None:
    """Put plain HTML in the place of blocks whose meaning is in their layout."""
    for divider in document.css(".mcnDividerBlock, .mceDividerBlock"):
        document.replace(divider, "<hr>")
    for block in document.css(".mcnCaptionBlock"):
        image, caption = block.css_first("img"), html_of(block, ".mcnTextContent")
        if image is not None:
            link = image.parent
            href = attribute(link, "href") if link is not None and link.tag == "a" else ""
            plain = re.sub(r"</?p[^<>]*>", " ", caption).strip()
            document.replace(block, shapes.picture(attribute(image, "src"), attribute(image, "alt"), plain, href=href))


class Mailchimp:
    """Campaigns of a Mailchimp account."""

    name = "mailchimp"
    label = "a Mailchimp export"
    needs = ""
    html_passes: Sequence[HtmlPass] = (drop_furniture, drop_hidden, drop_list_links, convert_blocks)
    markdown_passes: Sequence[MarkdownPass] = ()

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether there are HTML files with marks that only Mailchimp makes."""
        return any(_is_campaign(files, name) for name in _pages(files)[:_MOST_LOOKED_AT])

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the campaigns, each with the row of the table that is about it."""
        rows = [row for name in _tables(files) for row in read_rows(files, name, notes)]
        used: set[Location] = set()
        posts = []
        for name in _pages(files):
            row = _row_of(name, rows, used)
            if row is not None:
                used.add(row.where)
            posts.append(_post(files, name, row, options.now, notes))
        for row in rows:
            if row.where not in used and _first(row, _SUBJECTS):
                message = f'the export has no text of the campaign "{_first(row, _SUBJECTS)}"'
                notes.add(Outcome.ASK, "no-text", message, source=row.where, hint="Copy it from the campaign's page.")
        tables = _tables(files)
        others = [name for name in files.names if name.lower().endswith((".csv", ".json")) and name not in tables]
        if others:
            notes.add(
                Outcome.DROPPED, "not-opened", f"these files may list readers and were not read: {', '.join(others)}"
            )
        if any(post.access is Access.PUBLIC for post in posts):
            message = (
                "Mailchimp does not say which campaigns were for everybody; those that were sent are taken as public"
            )
            notes.add(Outcome.ASK, "no-access", message, hint="Look for campaigns that went to a segment only.")
        return Publication(posts=tuple(posts))


def _post(files: SourceFiles, name: str, row: Row | None, now: datetime, notes: Notes) -> Post:
    """Return a campaign as a post; without a row it has no day, and arrives as a draft."""
    where, row = Location(name), row or Row(Location(name), {})
    id = _first(row, _IDS) or name
    own = PostNotes(notes, id, where)
    source = read_text(files, name, own)
    at, day = instant_and_day(_first(row, _DAYS))
    if not row.cells:
        message = "no row of the table of campaigns is about it; it has no day and arrives as a draft"
        own.add(Outcome.ASK, "no-row", message)
    elif at is None and day is None and (written := _first(row, _DAYS)):
        own.add(Outcome.ASK, "broken-date", f'its day "{cut(written)}" cannot be read; it arrives as a draft')
    title = _first(row, _SUBJECTS) or _first(row, _TITLES) or _title_within(source) or _title_of(name)
    document = HtmlDocument(without_merge_tags(_body(source), title, own))
    drop_title(document, title, own)
    return Post(
        id=id,
        where=where,
        title=title,
        body=Body(document.body.inner_html or "", Form.HTML),
        access=_access(row["status"].lower(), at, day, now),
        at=at,
        day=day,
        address=_first(row, ("archive_url", "long_archive_url", "url")),
        summary=_first(row, ("preview_text", "preview")),
    )


def _access(status: str, at: datetime | None, day: date | None, now: datetime) -> Access:
    """Return who may read a campaign: everybody only if it has a day in the past, and no status says that it was not sent."""
    if status in ("schedule", "scheduled"):
        return Access.SCHEDULED
    if status not in ("", "sent", "sending", "archived") or (at is None and day is None):
        return Access.DRAFT
    return Access.SCHEDULED if is_later(at, now) else Access.PUBLIC


def _body(source: str) -> str:
    """Return the HTML of a document without its head and styles."""
    document = HtmlDocument(source)
    for node in document.css("style, script, title, meta, link"):
        node.decompose()
    return document.body.inner_html or ""


def _title_within(source: str) -> str:
    """Return the title that a document has itself, which is a merge tag in most."""
    match = re.search(r"<title[^<>]*>([^<]*)</title>", source, re.I)
    title = " ".join(unescape(match[1] if match else "").split())
    return "" if "*|" in title else title


def _title_of(name: str) -> str:
    """Return words for a campaign that has no subject, from the name of its file."""
    stem = re.sub(r"\.html?$", "", name.rpartition("/")[2], flags=re.I)
    return " ".join(re.sub(r"[_-]+", " ", re.sub(r"^\d+[_-]", "", stem)).split())


def _row_of(name: str, rows: Sequence[Row], used: set[Location]) -> Row | None:
    """Return the row about a file: by an id in its name, or else by its words."""
    stem = re.sub(r"\.html?$", "", name.rpartition("/")[2], flags=re.I)
    parts = set(re.split(r"[^0-9A-Za-z]+", stem.lower()))
    free = [row for row in rows if row.where not in used]
    for row in free:
        if any(row[column] and row[column].lower() in parts for column in _IDS):
            return row
    plain = _plain(_title_of(name))
    for column in (*_SUBJECTS, *_TITLES):
        for row in free:
            if row[column] and plain and _plain(row[column])[:60] == plain[:60]:
                return row
    return None


def _plain(words: str) -> str:
    return re.sub(r"\W+", "", words.lower())


def _first(row: Row, columns: Sequence[str]) -> str:
    return next((row[column] for column in columns if row[column]), "")


def _pages(files: SourceFiles) -> list[str]:
    return [name for name in files.names if name.lower().endswith((".html", ".htm")) and "template" not in name.lower()]


def _tables(files: SourceFiles) -> list[str]:
    """Return the tables of campaigns. A file whose name says that it lists readers is not opened."""
    return [
        name
        for name in files.names
        if name.lower().endswith(".csv") and not _READERS.search(name) and _has_campaigns(files, name)
    ]


def _has_campaigns(files: SourceFiles, name: str) -> bool:
    columns = set(csv_headings(files, name))
    is_of_readers = any("email_address" in column or column == "email" for column in columns)
    return not is_of_readers and bool(columns & {*_SUBJECTS, *_TITLES}) and bool(columns & set(_DAYS))


def _is_campaign(files: SourceFiles, name: str) -> bool:
    return any(True for _ in _marks(files, name))


def _marks(files: SourceFiles, name: str) -> Iterator[re.Match[bytes]]:
    try:
        with files.open(name) as file:
            yield from _MARKS.finditer(file.read(_HEAD_BYTES))
    except OSError:
        return


PLATFORM = Mailchimp()
