"""What every platform's export is read into: plain posts, and the publication around them.

A platform's room reads its format into these values and says nothing of our own. All that follows, from Markdown to numbers
and files, is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from weekahead.importers.notes import PostNotes
from weekahead.model.findings import Location


class Access(StrEnum):
    """Who may read a post. Only PUBLIC, which every flag of the export must say, arrives as `ready`; the rest as drafts."""

    PUBLIC = "public"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    WITHDRAWN = "withdrawn"
    PAID = "paid"
    PRIVATE = "private"
    """For members, behind a password, unlisted, or in the trash."""
    MAIL_ONLY = "sent by mail only"


class Form(StrEnum):
    """The language of a text."""

    HTML = "html"
    MARKDOWN = "markdown"


class Body(Struct, frozen=True):
    """A text. `paid` is what stands behind the wall, in the same form; nothing where there is no wall."""

    text: str
    form: Form
    paid: str = ""
    passes: tuple[Callable[[str, PostNotes], str], ...] = ()
    """Passes over Markdown that know the site around it, such as where each of its posts is. They come before its platform's."""


class MediaFile(Struct, frozen=True, kw_only=True):
    """A picture or recording: the name of a file of the export, or an address elsewhere."""

    file: str = ""
    url: str = ""
    alt: str = ""


class PostAudio(Struct, frozen=True, kw_only=True):
    """The recording of a post. Size in bytes, duration in seconds; 0 and None where the export does not say."""

    media: MediaFile
    bytes: int = 0
    duration: int | None = None
    type: str = ""


class SeriesHint(Struct, frozen=True, kw_only=True):
    """The series that the export's own fields name; Hugo and WordPress know no part."""

    name: str
    part: int | None = None
    of: int | None = None


class Post(Struct, frozen=True, kw_only=True):
    """One post or page of an export."""

    id: str
    """What identifies it in a later export of the same publication."""
    where: Location
    """Its place in the export, for the report."""
    title: str
    body: Body
    access: Access
    at: datetime | None = None
    """When it came out, or is to come out: aware, or local time of the publication where the export names no zone."""
    day: date | None = None
    """Its day, where the export knows no time."""
    slug: str = ""
    address: str = ""
    """Its old absolute address, or its path on the old site, as "/p/tides"; nothing where it had none."""
    paths: tuple[str, ...] = ()
    """Other old paths that led to it, each beginning with "/"."""
    guid: str = ""
    """The id that feed readers know it by."""
    summary: str = ""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    series: SeriesHint | None = None
    number: int | None = None
    """The platform's own count, such as an episode's number."""
    language: str = ""
    cover: MediaFile | None = None
    audio: PostAudio | None = None
    is_page: bool = False
    """Whether it is a page beside the letter, such as "About"."""
    maths: bool = False
    folder: str = ""
    """The folder in the export from which its relative addresses start, without a "/" at its end."""
    leftover: Mapping[str, Any] = {}
    """Front matter that has no form here, by key; it goes into `extra`."""


class Publication(Struct, frozen=True, kw_only=True):
    """The posts of an export in its own order, and what it says of the letter as a whole."""

    posts: tuple[Post, ...]
    title: str = ""
    url: str = ""
    """The old address of the site, absolute, without a "/" at its end."""
    tagline: str = ""
    language: str = ""
    author: str = ""
    email: str = ""
    """An address that the old site showed to everybody, as a feed's owner; never one of a user's account."""
    copyright: str = ""
    timezone: str = ""
    """An IANA name, where the export says one."""
    media_folders: tuple[str, ...] = ("",)
    """The folders of the export in which the path of an address of the old site may lie, such as "" and "static"."""
    podcast_category: str = ""
