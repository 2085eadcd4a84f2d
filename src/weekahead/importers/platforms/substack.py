"""Substack: a zip of `posts.csv` and a file of HTML for each post. Lists of readers and of what they opened are never read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html import unescape

from msgspec import Struct

from weekahead.importers.html.document import HtmlDocument, inner
from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.csv_rows import Row, csv_headings, read_rows
from weekahead.importers.platforms.markup import cut
from weekahead.importers.platforms.moments import is_later, parse_utc
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.platforms.substack_embeds import bring_in_embeds
from weekahead.importers.platforms.substack_furniture import drop_furniture, name_damaged, name_unknown
from weekahead.importers.platforms.substack_media import bring_in_pictures, recording_seconds, tell_recordings
from weekahead.importers.platforms.substack_site import find_site
from weekahead.importers.post import Access, Body, Form, MediaFile, Post, PostAudio, Publication
from weekahead.importers.source_files import SourceFiles, decode_source, read_source
from weekahead.model.counts import counted
from weekahead.model.findings import Location, build_error

_COLUMNS = frozenset({"post_id", "is_published", "type", "audience"})
_LIST = re.compile(r"(?:.*/)?email_list\.([a-z0-9-]+)\.csv")
_WALL = "div.paywall-jump, [data-component-name=PaywallToDOM]"
_READ = frozenset({"newsletter", "podcast", "thread", "page"})


class Substack:
    """Posts, podcasts, threads and pages of a publication."""

    name = "substack"
    label = "a Substack export"
    needs = "posts.csv with Substack's columns"
    html_passes: Sequence[HtmlPass] = (
        name_damaged,
        drop_furniture,
        tell_recordings,
        bring_in_pictures,
        bring_in_embeds,
        name_unknown,
    )
    markdown_passes: Sequence[MarkdownPass] = ()

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether there is a posts.csv with Substack's columns."""
        return bool(_table(files))

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the posts. Raise BuildError if the table of posts cannot be read."""
        table = _table(files)
        folder = table.removesuffix("posts.csv")
        try:
            rows = list(_unique_rows(files, table, notes))
        except OSError as error:
            raise build_error(table, "damaged-export", f"cannot read the table of posts: {error}") from None
        texts = _Texts(files, f"{folder}posts/", notes)
        slugs = {row["post_id"].partition(".")[2] for row in rows} - {""}
        site, title = find_site(slugs, texts.all(), _list_name(files), notes)
        reader = _Reader(texts, site, options, notes)
        posts = [post for row in rows if (post := reader.post(row)) is not None]
        posts += reader.lone_posts()
        _tell_left_out(files, notes)
        return Publication(posts=tuple(posts), title=title, url=site)


def _table(files: SourceFiles) -> str:
    """Return the name of the table of posts, which may be a folder down; "" if there is none."""
    tables = [name for name in files.names if name.rpartition("/")[2] == "posts.csv" and name.count("/") < 2]
    return next((name for name in tables if set(csv_headings(files, name)) >= _COLUMNS), "")


def _unique_rows(files: SourceFiles, table: str, notes: Notes) -> Iterator[Row]:
    seen: set[str] = set()
    for row in read_rows(files, table, notes):
        if not row["post_id"]:
            notes.add(Outcome.ASK, "post-without-id", "this row has no post_id, and was left out", source=row.where)
        elif row["post_id"] in seen:
            message = f'the row "{cut(row["title"])}" has the post_id {row["post_id"]} of another one, and was left out'
            notes.add(Outcome.ASK, "repeated-post", message, source=row.where)
        else:
            seen.add(row["post_id"])
            yield row


class _Texts:
    """The texts of an export by the id of their post, read once each."""

    def __init__(self, files: SourceFiles, folder: str, notes: Notes) -> None:
        self._files, self._notes = files, notes
        names = [name for name in files.names if name.startswith(folder) and name.endswith(".html")]
        self.names = {name[len(folder) : -len(".html")]: name for name in names if "/" not in name[len(folder) :]}
        self._by_number: dict[str, list[str]] = {}
        for id in self.names:
            self._by_number.setdefault(id.partition(".")[0], []).append(id)

    def id_of(self, post_id: str) -> str:
        """Return the id in the name of a post's file: its own, or one with its number alone; "" without a file."""
        if post_id in self.names:
            return post_id
        same = self._by_number.get(post_id.partition(".")[0], [])
        return same[0] if len(same) == 1 else ""

    def read(self, id: str) -> str:
        """Return the HTML of a file. Raise OSError."""
        name = self.names[id]
        text, is_sound = decode_source(read_source(self._files, name))
        if not is_sound:
            message = "this file is not UTF-8; it was read as Windows-1252"
            self._notes.add(
                Outcome.ASK, "encoding", message, source=Location(name), hint="Look at letters with accents."
            )
        return text

    def all(self) -> Iterator[str]:
        """Yield all texts that can be read."""
        for id in self.names:
            with suppress(OSError):
                yield self.read(id)


class _Reader(Struct):
    """Makes posts of rows and files."""

    texts: _Texts
    site: str
    options: ReadOptions
    notes: Notes
    used: set[str] = set()

    def post(self, row: Row) -> Post | None:
        """Return a row as a post; None, with a note, where its text is not in the export."""
        title = unescape(row["title"])
        named = f'"{cut(title)}"' if title else row["post_id"]
        id = self.texts.id_of(row["post_id"])
        if not id:
            message = f"the text of {named} is not in the export"
            hint = "Export again, or copy it from its page: Substack often leaves out the newest posts."
            self.notes.add(Outcome.ASK, "text-missing", message, post=row["post_id"], source=row.where, hint=hint)
            return None
        self.used.add(id)
        where = Location(self.texts.names[id])
        notes = PostNotes(self.notes, row["post_id"], where)
        try:
            html = self.texts.read(id)
        except OSError as error:
            notes.add(Outcome.ASK, "damaged-file", f"the text of {named} cannot be read: {error}")
            return None
        return self._post(row, title, where, html, notes)

    def _post(self, row: Row, title: str, where: Location, html: str, notes: PostNotes) -> Post:
        access, at = self._access(row, notes), parse_utc(row["post_date"])
        if row["post_date"] and at is None:
            notes.add(Outcome.ASK, "date", f'"{row["post_date"]}" is no date')
        body = _body(html, access)
        if body.paid and access is Access.PUBLIC:
            access = Access.PAID
            notes.add(Outcome.HELD, "wall", "there is a wall for paying readers in a post for everyone")
        slug = row["post_id"].partition(".")[2]
        was_out = access is not Access.DRAFT and bool(slug)
        address = f"{self.site}/p/{slug}" if was_out else ""
        return Post(
            id=row["post_id"],
            where=where,
            title=" ".join(title.split()),
            body=body,
            access=access,
            at=at,
            slug=slug,
            address=address,
            guid=address if self.site else "",
            summary=" ".join(unescape(row["subtitle"]).split()),
            audio=_audio(row, html, notes),
            is_page=row["type"] == "page",
        )

    def _access(self, row: Row, notes: PostNotes) -> Access:
        """Return who may read a post: everybody only if type, audience, flag and day say so."""
        at, kind, audience = parse_utc(row["post_date"]), row["type"].lower(), row["audience"].lower()
        if row["is_published"].lower() != "true":
            if at is None:
                return Access.DRAFT
            return Access.SCHEDULED if is_later(at, self.options.now) else Access.WITHDRAWN
        if is_later(at, self.options.now):
            return Access.SCHEDULED
        if kind == "adhoc_email":
            return Access.MAIL_ONLY
        if kind not in _READ:
            notes.add(Outcome.ASK, "unknown-type", f'its type "{kind}" is unknown; it arrives as a draft')
            return Access.DRAFT
        if kind == "thread":
            notes.add(Outcome.DROPPED, "thread", "it was a thread: what readers wrote below it is not in the export")
        if audience not in ("everyone", "only_paid", "only_free", "founding"):
            notes.add(Outcome.ASK, "unknown-audience", f'its audience "{audience}" is unknown; it arrives as a draft')
        return {"everyone": Access.PUBLIC, "only_paid": Access.PAID, "founding": Access.PAID}.get(
            audience, Access.PRIVATE
        )

    def lone_posts(self) -> Iterator[Post]:
        """Yield a draft for each text without a row in the table."""
        for id, name in self.texts.names.items():
            if id in self.used:
                continue
            notes = PostNotes(self.notes, id, Location(name))
            message = "this text has no row in posts.csv, which has its title, day and audience: it arrives as a draft"
            notes.add(Outcome.ASK, "row-missing", message)
            try:
                body = _body(self.texts.read(id), Access.DRAFT)
            except OSError as error:
                notes.add(Outcome.ASK, "damaged-file", f"this text cannot be read: {error}")
                continue
            slug = id.partition(".")[2]
            yield Post(id=id, where=Location(name), title="", body=body, access=Access.DRAFT, slug=slug)


def _body(html: str, access: Access) -> Body:
    """Return a text in two parts, before and behind its wall; one for paying readers without a wall is all behind it."""
    document = HtmlDocument(html)
    wall = document.body.css_first(_WALL)
    if wall is None:
        return Body("", Form.HTML, html) if access is Access.PAID else Body(html, Form.HTML)
    behind = HtmlDocument(html)
    other = behind.body.css_first(_WALL)
    for tree, node, way in ((document, wall, "next"), (behind, other, "prev")):
        while node is not None and node.tag != "body":
            while (beside := getattr(node, way)) is not None:
                beside.decompose()
            node = node.parent
        for left in reversed(tree.css(_WALL)):
            left.decompose()
    return Body(inner(document.body).strip(), Form.HTML, inner(behind.body).strip())


def _audio(row: Row, html: str, notes: PostNotes) -> PostAudio | None:
    """Return the recording of a podcast; the length stands in the text, its size nowhere."""
    seconds = recording_seconds(html)
    if address := row["podcast_url"]:
        return PostAudio(media=MediaFile(url=address), duration=seconds, type=_type_of(address))
    if row["type"].lower() == "podcast" and seconds is None:
        message = "the address of its recording is not in the export"
        notes.add(
            Outcome.ELSEWHERE, "recording", message, hint="Download it from the post's page, and name it in audio:."
        )
    return None


def _type_of(address: str) -> str:
    path = address.partition("?")[0].lower()
    return "audio/mpeg" if path.endswith(".mp3") else "audio/mp4" if path.endswith((".m4a", ".mp4")) else ""


def _list_name(files: SourceFiles) -> str:
    """Return what the list of readers is named after, which is not opened."""
    return next((found[1] for name in files.names if (found := _LIST.fullmatch(name))), "")


def _tell_left_out(files: SourceFiles, notes: Notes) -> None:
    """Say which files were not opened."""
    lists = [name for name in files.names if _LIST.fullmatch(name)]
    opened = [name for name in files.names if name.endswith((".opens.csv", ".delivers.csv"))]
    if lists:
        message, hint = f"did not open {', '.join(lists)}", "`weekahead subscribers` reads lists of readers."
        notes.add(Outcome.DROPPED, "not-opened", message, hint=hint)
    if opened:
        message = (
            f"did not open {counted(len(opened), 'file')} about which mails readers got and opened, such as {opened[0]}"
        )
        notes.add(Outcome.DROPPED, "not-opened", message)


PLATFORM = Substack()
