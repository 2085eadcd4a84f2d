"""Buttondown: a zip with a table of e-mails and a file for the text of each, or the folder that its command line keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from weekahead.importers.json_text import sound_json
from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.csv_rows import csv_headings, read_rows
from weekahead.importers.platforms.folders.header import read_header
from weekahead.importers.platforms.moments import instant_and_day, is_later
from weekahead.importers.platforms.numbers import whole_number
from weekahead.importers.platforms.old_addresses import media_at, media_folders
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.platforms.source_text import read_text
from weekahead.importers.platforms.template_tags import without_tags
from weekahead.importers.post import Access, Body, Form, MediaFile, Post, Publication
from weekahead.importers.source_files import SourceFiles, decode_source, read_source
from weekahead.model.findings import Location, build_error

TABLES = {"emails": "", "drafts": "draft", "scheduled_emails": "scheduled"}
"""The tables of an export, and the status of what is in each."""

_MODE = re.compile(r"\A\s*<!--\s*buttondown-editor-mode:\s*([\w-]+)\s*-->")
_WALL = re.compile(
    r"<!--\s*(?:paywall|premium|subscription[- ]?wall)\b[^<>]*-->|\{[{%]\s*(?:paywall|subscription_?wall)\b[^{}]*[%}]\}"
    r"|<(?:div|hr|section|p)\b[^<>]*\b(?:paywall|subscription-wall)\b[^<>]*>(?:\s*</(?:div|section|p)>)?",
    re.I,
)
_SENT = frozenset(("sent", "imported", "in_flight", "resending", "throttled", "about_to_send", "paused"))
_COLUMNS = frozenset(("subject", "publish_date"))


class Buttondown:
    """E-mails of Buttondown's archive."""

    name = "buttondown"
    label = "a Buttondown export"
    needs = ""
    html_passes: Sequence[HtmlPass] = ()
    markdown_passes: Sequence[MarkdownPass] = ()

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether there is a table of e-mails, or a folder of e-mails with Buttondown's own keys."""
        return bool(_tables(files)) or bool(_own_files(files))

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the e-mails. Raise BuildError if there is no table that can be read."""
        reader = _Reader(files, options.now, notes)
        emails = list(_emails(files, notes))
        posts = [reader.post(email) for email in emails]
        used = {email.file for email in emails}
        for name in _text_files(files):
            if name not in used:
                notes.add(
                    Outcome.ASK,
                    "text-without-row",
                    "no row of the table is about this text; it arrives as a draft",
                    source=Location(name),
                )
                slug = name.rpartition("/")[2].rpartition(".")[0]
                posts.append(reader.post(_Email(Location(name), {"id": name, "slug": slug, "status": "draft"}, name)))
        _note_rest(files, emails, notes)
        return Publication(posts=tuple(posts), media_folders=media_folders(files, "media/", "images/"))


class _Email(Struct, frozen=True):
    """A row of a table, or the front matter of a file: its place, its fields, and the file with its text."""

    where: Location
    fields: Mapping[str, str]
    file: str
    text: str = ""

    def get(self, *names: str) -> str:
        """Return the first of these fields that has a value."""
        return next((self.fields[name].strip() for name in names if self.fields.get(name, "").strip()), "")


class _Reader(Struct, frozen=True):
    files: SourceFiles
    now: datetime
    notes: Notes

    def post(self, email: _Email) -> Post:
        """Return an e-mail as a post."""
        id = email.get("id", "slug") or f"{email.where}"
        notes = PostNotes(self.notes, id, email.where)
        at, day = instant_and_day(email.get("publish_date"))
        body = self._body(email, notes)
        slug, count = email.get("slug"), email.get("secondary_id")
        if canonical := email.get("canonical_url"):
            notes.add(Outcome.DROPPED, "canonical", f"its canonical address is elsewhere: {canonical}")
        access = self._access(email, at, body, notes)
        return Post(
            id=id,
            where=email.where,
            title=email.get("subject", "title"),
            body=body,
            access=access,
            at=at,
            day=day,
            slug=slug,
            address=f"/archive/{slug}/" if slug and access not in (Access.DRAFT, Access.SCHEDULED) else "",
            summary=email.get("description"),
            tags=tuple(tag.strip() for tag in email.get("tags").split(";") if tag.strip()),
            number=whole_number(count),
            cover=self._cover(email.get("image")),
        )

    def _access(self, email: _Email, at: datetime | None, body: Body, notes: PostNotes) -> Access:
        """Return who may read an e-mail: everybody only if it was sent, is public, and stands whole in the archive."""
        status, kind = email.get("status").lower(), email.get("email_type", "type").lower()
        if status == "draft" or (not status and at is None):
            return Access.DRAFT
        if status == "scheduled" or is_later(at, self.now):
            return Access.SCHEDULED
        if status and status not in _SENT:
            notes.add(Outcome.ASK, "unknown-status", f'its status is "{status}"; it arrives as a draft')
            return Access.DRAFT
        if "premium" in kind or "paid" in kind or body.paid:
            return Access.PAID
        if kind not in ("", "public") or email.get("archival_mode", "archive_mode").lower() not in (
            "",
            "enabled",
            "public",
            "shown",
            "true",
        ):
            return Access.PRIVATE
        return Access.PUBLIC

    def _body(self, email: _Email, notes: PostNotes) -> Body:
        text = email.text or self._text(email, notes)
        mode = _MODE.match(text)
        named = (mode[1] if mode else email.get("editor_mode")).lower()
        form = Form.HTML if named in ("fancy", "naked", "html") else Form.MARKDOWN
        if named not in ("", "fancy", "naked", "html", "plaintext", "markdown"):
            notes.add(Outcome.ASK, "editor-mode", f'its editor "{named}" is unknown; it was read as Markdown')
        text = text[mode.end() :] if mode else text
        wall = _WALL.search(text)
        free, paid = (text[: wall.start()], _WALL.sub("", text[wall.end() :])) if wall else (text, "")
        return Body(without_tags(free, form, notes), form, without_tags(paid, form, notes))

    def _text(self, email: _Email, notes: PostNotes) -> str:
        if not email.file:
            notes.add(Outcome.ASK, "no-text", "the export has no text of it", hint="Copy it from the old archive.")
            return ""
        return read_text(self.files, email.file, notes)

    def _cover(self, address: str) -> MediaFile | None:
        if not address:
            return None
        if self.files.has(address):
            return MediaFile(file=address)
        return media_at(address, self.files, media_folders(self.files, "media/", "images/"))


def _emails(files: SourceFiles, notes: Notes) -> Iterator[_Email]:
    """Yield the e-mails of all tables, or else of the folder of the command line."""
    tables = _tables(files)
    for name in tables:
        folder = name.rpartition("/")[0]
        stem = name.rpartition("/")[2].rpartition(".")[0]
        for where, fields in _rows(files, name, notes):
            key = fields.get("slug", "").strip() or fields.get("id", "").strip()
            file = next(
                (path for end in ("md", "html") if files.has(path := f"{folder}/{stem}/{key}.{end}".lstrip("/"))),
                "",
            )
            status = fields.get("status") or TABLES[stem]
            yield _Email(where, {**fields, "status": status}, file, fields.get("body", "") if not file else "")
    for name in [] if tables else _own_files(files):
        text, _ = decode_source(read_source(files, name))
        header = read_header(text)
        values = {key.lower(): _plain(value) for key, value in header.values.items()}
        slug = values.get("slug") or name.rpartition("/")[2].rpartition(".")[0]
        yield _Email(
            Location(name),
            {**values, "slug": slug, "status": values.get("status", "draft")},
            name,
            header.body.lstrip("\n") or "\n",
        )


def _rows(files: SourceFiles, name: str, notes: Notes) -> Iterator[tuple[Location, Mapping[str, str]]]:
    if name.endswith(".csv"):
        for row in read_rows(files, name, notes):
            yield row.where, row.cells
        return
    try:
        rows = msgspec.json.decode(sound_json(decode_source(read_source(files, name))[0]), type=list[dict[str, Any]])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise build_error(name, "damaged-export", f"this file cannot be read: {error}", "Export again.") from None
    for values in rows:
        yield Location(name), {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ";".join(map(_plain, value))
    return "" if value is None else str(value)


def _tables(files: SourceFiles) -> list[str]:
    """Return the tables of e-mails; a JSON file only where there is no CSV of its name."""
    found: dict[str, str] = {}
    for name in files.names:
        stem, _, end = name.rpartition("/")[2].rpartition(".")
        if stem not in TABLES or end not in ("csv", "json") or name.count("/") > 1 or (end == "json" and stem in found):
            continue
        if set(csv_headings(files, name) if end == "csv" else _json_keys(files, name)) >= _COLUMNS:
            found[stem] = name
    return sorted(found.values())


def _json_keys(files: SourceFiles, name: str) -> frozenset[str]:
    try:
        rows = msgspec.json.decode(sound_json(decode_source(read_source(files, name))[0]), type=list[dict[str, Any]])
    except (OSError, msgspec.MsgspecError, RecursionError):
        return frozenset()
    return frozenset(rows[0]) if rows else frozenset()


def _text_files(files: SourceFiles) -> list[str]:
    folders = {
        f"{name.rpartition('/')[0]}/{name.rpartition('/')[2].rpartition('.')[0]}".lstrip("/") for name in _tables(files)
    }
    return [name for name in files.names if name.endswith((".md", ".html")) and name.rpartition("/")[0] in folders]


def _own_files(files: SourceFiles) -> list[str]:
    """Return the files of Buttondown's command line: e-mails with front matter that has a subject and a key of its own."""
    found = []
    for name in files.names:
        if re.fullmatch(r"(?:.*/)?emails/[^/]+\.md", name):
            try:
                with files.open(name) as file:
                    head, _ = decode_source(file.read(8192))
            except OSError:
                continue
            keys = set(re.findall(r"(?m)^(\w+):", head.partition("\n---")[0])) if head.startswith("---") else set()
            if "subject" in keys and keys & {"status", "editor_mode", "email_type", "publish_date", "id"}:
                found.append(name)
    return found


def _note_rest(files: SourceFiles, emails: Sequence[_Email], notes: Notes) -> None:
    others = [name for name in files.names if name.endswith((".csv", ".json", ".yaml")) and name not in _tables(files)]
    if others:
        notes.add(
            Outcome.DROPPED,
            "not-opened",
            f"these files may list readers or keys and were not opened: {', '.join(others)}",
        )
    if emails and not any(email.get("email_type", "type") for email in emails):
        message = "this export does not say who may read each e-mail; those that were sent are taken as public"
        hint = "Look for e-mails that were for paying readers, or that are not in the old archive."
        notes.add(Outcome.ASK, "no-email-type", message, source=emails[0].where, hint=hint)
    message = "an export of Buttondown does not contain the addresses of its archive, which are the ids in its feed"
    hint = "Feed readers show issues anew unless you write `guid:` with the old address into each."
    notes.add(Outcome.ASK, "no-address", message, hint=hint)


PLATFORM = Buttondown()
