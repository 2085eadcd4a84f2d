"""One week's letter as its author wrote it: plain values, nothing of files, HTML or schedules."""

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
    """How far an issue is. Only `ready` is ever published."""

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
    """A part of the spoken edition: the second at which it begins, its name, and the line that says so."""

    at: int
    title: str
    line: int = 1


class Audio(Struct, frozen=True, kw_only=True, array_like=True):
    """The spoken edition: a file beside the issue, or an address elsewhere. Size in bytes, duration in seconds."""

    file: str | None = None
    url: str | None = None
    bytes: int = 0
    duration: int | None = None
    type: str = "audio/mpeg"
    chapters: tuple[Chapter, ...] = ()


class Cover(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture for the issue, with the words for those who cannot see it."""

    file: str
    alt: str = ""


class StampedPromise(Struct, frozen=True, kw_only=True, array_like=True):
    """One line of the "what's next" list as it was stamped when the issue was marked ready."""

    number: int
    title: str
    date: date | None = None


class Correction(Struct, frozen=True, kw_only=True, array_like=True):
    """Something put right after the issue came out."""

    date: date
    what: str


class Text(Struct, frozen=True, array_like=True):
    """A Markdown text, named by its digest, and the line of its file in which it begins.

    `words` is None where they stay in the file until someone needs them. `beside` are the files that its tables are made
    from: the name its author wrote, and the path from the letter's root. The digest names what is in them as well.
    """

    digest: str
    file: str
    line: int = 1
    words: str | None = None
    beside: tuple[tuple[str, str], ...] = ()

    def at(self, line: int) -> Location:
        """The place of a line of the text, counted from 1."""
        return Location(self.file, self.line + line - 1)


class Source(Struct, frozen=True, kw_only=True, array_like=True):
    """Where an issue was read from: its file, and the place of each key as `marks` has it."""

    file: str
    marks: str = ""

    def at(self, key: str) -> Location:
        """The place of a key's value ("audio", "audio.file"); the file's first line when the key is absent."""
        return Location(self.file, *places(self.marks).get(key, (1, 1)))

    @property
    def folder(self) -> str:
        """The folder of the file, from the letter's root; relative addresses start here."""
        return self.file.rpartition("/")[0]

    @property
    def is_folder_issue(self) -> bool:
        return self.file.endswith("/index.md")

    @property
    def stem(self) -> str:
        """The name that the author gave the file or the folder."""
        return (
            self.folder.rpartition("/")[2] if self.is_folder_issue else self.file.rpartition("/")[2].removesuffix(".md")
        )


class Issue(Struct, frozen=True, kw_only=True, array_like=True):
    """One issue. It is valid by itself; what joins it to others is the letter's business.

    `number` is None for a special edition, which then has a date. `date` is None where the schedule says
    the day.
    """

    title: str
    slug: str
    source: Source
    body: Text
    head: str = ""
    """Names its front matter: two issues of one head differ in their bodies alone."""
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
    """The digest of the body that was read aloud, as it was stamped when the issue was marked ready."""
    next: tuple[StampedPromise, ...] | None = None
    discussion: str | None = None
    """Where readers talk about it."""
    allow: tuple[str, ...] = ()
    """Rules that this issue is not held to."""
    extra: Mapping[str, Any] = {}

    @property
    def texts(self) -> tuple[Text, ...]:
        """Its Markdown texts, in the order in which a reader meets them."""
        return (self.research_note, self.body) if self.research_note else (self.body,)


class Page(Struct, frozen=True, kw_only=True, array_like=True):
    """A page of the letter beside its issues, such as `pages/about.md`: no number, no day, and no place in a feed."""

    title: str
    slug: str
    source: Source
    body: Text
    head: str = ""
    """Names its front matter."""
    is_draft: bool = False
    summary: str | None = None
    aliases: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    extra: Mapping[str, Any] = {}


def text_name(words: str, files: Sequence[str]) -> str:
    """The digest of a text from that of its words and those of the files that its tables are made from."""
    return hash_value([words, *files]) if files else words


def marks(found: Mapping[str, tuple[int, int]]) -> str:
    """The places of keys in one string, for few of them are ever asked for."""
    return " ".join(f"{key}:{line}:{column}" for key, (line, column) in found.items())


def places(marks: str) -> dict[str, tuple[int, int]]:
    """Line and column by key."""
    found = (mark.rsplit(":", 2) for mark in marks.split(" ") if mark)
    return {key: (int(line), int(column)) for key, line, column in found}


@lru_cache(maxsize=4096)
def slugify(words: str) -> str:
    """Words as one lower-case part of an address: letters and digits of any script, joined by hyphens."""
    folded = unicodedata.normalize("NFKC", words).lower()
    return "-".join(re.findall(r"[^\W_]+", folded))


def slug_of(stem: str) -> str:
    """The slug a file name gives: without its leading number or date."""
    return slugify(re.sub(r"^\d{4}-\d\d-\d\d(?=\W|_|$)|^\d+(?=\W|_|$)", "", stem)) or slugify(stem)


def playing_time(seconds: int) -> str:
    """Return a duration as "7:28", or as "1:02:03" from an hour on."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
