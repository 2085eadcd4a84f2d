"""An issue and a page as their author wrote them: plain values, without files, HTML or schedules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.model.hashing import hash_value


class Status(StrEnum):
    """The status of an issue. Only `ready` is ever published."""

    DRAFT = "draft"
    REVIEW = "review"
    READY = "ready"


class SeriesPart(Struct, frozen=True, kw_only=True, array_like=True):
    """ "Part 8 of 8 of the ML syllabus"; `of` is None while the author has not said."""

    name: str
    part: int
    of: int | None = None

    @property
    def slug(self) -> str:
        return slugify(self.name)


class Chapter(Struct, frozen=True, kw_only=True, array_like=True):
    """A chapter of the audio edition: the second at which it begins, its name, and its line in the issue's file."""

    at: int
    title: str
    line: int = 1


class Audio(Struct, frozen=True, kw_only=True, array_like=True):
    """The audio edition: a file beside the issue, or an address elsewhere. Size in bytes, duration in seconds."""

    file: str | None = None
    url: str | None = None
    bytes: int = 0
    duration: int | None = None
    type: str = "audio/mpeg"
    chapters: tuple[Chapter, ...] = ()


class Cover(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture for the issue, with its alt text."""

    file: str
    alt: str = ""


class StampedPromise(Struct, frozen=True, kw_only=True, array_like=True):
    """One line of the "what's next" list as it was stamped when the issue was marked ready."""

    number: int
    title: str
    date: date | None = None


class Correction(Struct, frozen=True, kw_only=True, array_like=True):
    """A correction made after the issue came out."""

    date: date
    what: str


class IssueMail(Struct, frozen=True, kw_only=True, array_like=True):
    """How one issue is mailed: its subject, if not the letter's, and whether it is mailed at all."""

    subject: str | None = None
    send: bool = True


class Text(Struct, frozen=True, array_like=True):
    """A Markdown text, its digest, and the line of its file in which it begins.

    `content` is None where it stays in the file until it is needed. `beside` are the files that its tables are made from:
    the name that its author wrote, and the path from the letter's root. The digest covers their contents as well, and not
    how the text is converted.
    """

    digest: str
    file: str
    line: int = 1
    content: str | None = None
    beside: tuple[tuple[str, str], ...] = ()
    maths: bool | None = None
    """Whether `$…$` is a formula in it; as letter.yaml says if None."""

    def at(self, line: int) -> Location:
        """Return the location of a line of the text, counted from 1."""
        return Location(self.file, self.line + line - 1)


class Source(Struct, frozen=True, kw_only=True, array_like=True):
    """The file that an issue was read from, and the position of each key, packed by `pack_positions`."""

    file: str
    key_positions: str = ""

    def at(self, key: str) -> Location:
        """Return the location of a key's value ("audio", "audio.file"), or of the file's first line if the key is absent."""
        for position in self.key_positions.split(" "):
            if position.startswith(f"{key}:"):
                _, line, column = position.rsplit(":", 2)
                return Location(self.file, int(line), int(column))
        return Location(self.file, 1, 1)

    @property
    def folder(self) -> str:
        """The folder of the file, from the letter's root; relative addresses start here."""
        return self.file.rpartition("/")[0]

    @property
    def is_folder_issue(self) -> bool:
        return self.file.endswith("/index.md")

    @property
    def stem(self) -> str:
        """The name that the author gave to the file or the folder, without `.md`."""
        name = self.folder if self.is_folder_issue else self.file.removesuffix(".md")
        return name.rpartition("/")[2]


class Issue(Struct, frozen=True, kw_only=True, array_like=True):
    """One issue, valid by itself; the rules of the letter compare it with others.

    `number` is None for a special edition, which then has a date. `date` is None where the schedule says the day.
    """

    title: str
    slug: str
    source: Source
    body: Text
    head: str = ""
    """The digest of its front matter: two issues with the same one differ in their bodies alone."""
    number: int | None = None
    date: date | None = None
    status: Status = Status.DRAFT
    series: SeriesPart | None = None
    tags: tuple[str, ...] = ()
    summary: str | None = None
    authors: tuple[str, ...] = ()
    research_note: Text | None = None
    audio: Audio | None = None
    cover: Cover | None = None
    aliases: tuple[str, ...] = ()
    guid: str | None = None
    corrected: tuple[Correction, ...] = ()
    recorded: str | None = None
    """The digest of the body that was read aloud, stamped when the issue was marked ready."""
    next: tuple[StampedPromise, ...] | None = None
    discussion: str | None = None
    """The address where readers discuss it."""
    mail: IssueMail = IssueMail()
    allow: tuple[str, ...] = ()
    """Rules that are waived for this issue."""
    extra: Mapping[str, Any] = {}

    @property
    def texts(self) -> tuple[Text, ...]:
        """Its Markdown texts, in reading order."""
        return (self.research_note, self.body) if self.research_note else (self.body,)


class Page(Struct, frozen=True, kw_only=True, array_like=True):
    """A page of the letter beside its issues, such as `pages/about.md`: no number, no day, and no place in a feed."""

    title: str
    slug: str
    source: Source
    body: Text
    head: str = ""
    """The digest of its front matter."""
    is_draft: bool = False
    summary: str | None = None
    aliases: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    extra: Mapping[str, Any] = {}


def combine_digests(content: str, files: Sequence[str]) -> str:
    """Return the digest of a text from those of its content and of the files that its tables are made from."""
    return hash_value([content, *files]) if files else content


def pack_positions(positions: Mapping[str, tuple[int, int]]) -> str:
    """Return the line and column of each key as one string, since few of them are ever needed."""
    return " ".join(f"{key}:{line}:{column}" for key, (line, column) in positions.items())


@lru_cache(maxsize=4096)
def slugify(text: str) -> str:
    """Return a text as one lower-case segment of an address: letters, their marks and digits of any script, joined by hyphens."""
    folded = unicodedata.normalize("NFKC", text).lower()
    if not folded.isascii():
        folded = "".join(sign if sign.isalnum() or is_mark(sign) else " " for sign in folded)
    return "-".join(re.findall(r"[^\s!-/:-@\[-`{-~]+", folded))


def is_mark(sign: str) -> bool:
    """Return whether a character belongs to the letter before it: a combining mark (Mn, Mc), or a joiner of letters."""
    return unicodedata.category(sign) in ("Mn", "Mc") or sign in "\u200c\u200d"


def slug_from_stem(stem: str) -> str:
    """Return the slug that a file name gives: without its leading number or date."""
    return slugify(re.sub(r"^\d{4}-\d\d-\d\d(?=\W|_|$)|^\d+(?=\W|_|$)", "", stem)) or slugify(stem)


def format_duration(seconds: int) -> str:
    """Return a duration as "7:28", or as "1:02:03" from an hour on."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
