"""An issue and a page as their author wrote them: plain values, without files, HTML or schedules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.model.hashing import hash_value

ACTIVE_CONTENT = "active-content"
"""The rule about scripts, frames and the like."""

BIBLIOGRAPHY, STYLE = "@references", "@style"
"""How the names of bibliographies begin among the files of a text, and the name of a citation style."""


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
        return slug_of_name(self.name)


class Chapter(Struct, frozen=True, kw_only=True, array_like=True):
    """A chapter of the audio edition: the second at which it begins, its name, and its line in the issue's file."""

    at: int
    title: str
    line: int = 1


class Transcript(Struct, frozen=True, kw_only=True, array_like=True):
    """What is said, in a file beside the issue, and the digest of that file. `words` is what its author calls it."""

    file: str
    words: str = ""
    digest: str = ""


LARGEST_AUDIO = 10**11
"""Bytes of a recording that are believed."""


class Audio(Struct, frozen=True, kw_only=True, array_like=True):
    """The audio edition: a file beside the issue, or an address elsewhere. Size in bytes, duration in seconds.

    `file` is a path from the letter's root, `words` what its author wrote.
    """

    file: str | None = None
    words: str = ""
    url: str | None = None
    bytes: int = 0
    duration: int | None = None
    type: str = "audio/mpeg"
    chapters: tuple[Chapter, ...] = ()
    transcript: Transcript | None = None


class Cover(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture for the issue, with its alt text. `file` is a path from the letter's root, `words` what its author wrote."""

    file: str
    words: str = ""
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

    `content` is None where it stays in the file until it is needed. `beside` are the files that it is made from, such as tables
    and bibliographies: the name that its author wrote, or one that begins with "@", and the path from the letter's root. The digest covers their contents as well, and not
    how the text is converted.
    """

    digest: str
    file: str
    line: int = 1
    content: str | None = None
    beside: tuple[tuple[str, str], ...] = ()
    maths: bool | None = None
    """Whether `$…$` is a formula in it; as letter.yaml says if None."""
    frames: bool = False
    """Whether frames of videos stay in it, because its author waives the rule about active content."""
    language: str | None = None
    """Its language, as a tag; that of the letter if None."""

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

    `number` is None for a special edition, which then has a date. `date` is None where the schedule says the day. A draft may
    have neither.
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
    language: str | None = None
    """The language of its title and texts, as a tag; that of the letter if None."""
    authors: tuple[str, ...] = ()
    research_note: Text | None = None
    audio: Audio | None = None
    cover: Cover | None = None
    files: tuple[str, ...] = ()
    """What `files:` lists: as written, or in a letter that was loaded the files themselves, from the letter's root."""
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

    @property
    def is_undated(self) -> bool:
        """Does it have neither a number nor a date? A draft may."""
        return self.number is None and self.date is None

    @property
    def key(self) -> str:
        """Its name among the issues: see `issue_key`."""
        return issue_key(self.number, self.slug)


def issue_key(number: int | None, slug: str) -> str:
    """Return what names an issue among all: its number, or the slug of a special edition, with a "+" if that is a number."""
    if number is not None:
        return str(number)
    return f"+{slug}" if slug.isdecimal() else slug


def find_issue(issues: Collection[Issue], which: str) -> Issue | None:
    """Return the issue with a key, else the first with a slug; None if there is none."""
    by_slug = (issue for issue in issues if issue.slug == which)
    return next((issue for issue in issues if issue.key == which), next(by_slug, None))


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
    files: tuple[str, ...] = ()
    """As those of an issue."""
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
    folded = _compatible(text).lower()
    if not folded.isascii():
        folded = "".join(sign if sign.isalnum() or is_mark(sign) else " " for sign in folded)
        words = (word.strip("\u200c\u200d") for word in folded.split())
        folded = " ".join(word for word in words if any(map(str.isalnum, word)))
    return "-".join(re.findall(r"[^\s!-/:-@\[-`{-~]+", folded))


def _compatible(text: str) -> str:
    """Return a text in form NFKC, but for the Thai and Lao vowel AM, which nobody writes in the two parts that it has there."""
    if text.isascii():
        return text
    return "".join(part if part in "\u0e33\u0eb3" else unicodedata.normalize("NFKC", part) for part in _AM.split(text))


_AM = re.compile("([\u0e33\u0eb3])")


@lru_cache(maxsize=4096)
def slug_of_name(name: str) -> str:
    """Return the segment of an address for a tag, a series or an author. The signs in C++, C# and .NET tell them from C and Net."""
    name = _compatible(name)
    named = re.sub(r"(?<=\w)[+#♯]+(?![+#♯\w])", lambda signs: "".join(map(_SIGNS.__getitem__, signs[0])), name)
    return slugify(re.sub(r"(?<!\S)\.(?=\w)", "dot ", named))


_SIGNS = {"+": " plus ", "#": " sharp ", "♯": " sharp "}


def spelling(name: str) -> str:
    """Return a name in the form in which its spellings are one: Python and python."""
    return unicodedata.normalize("NFKC", name).lower()


def is_mark(sign: str) -> bool:
    """Return whether a character belongs to the letter before it: a combining mark (Mn, Mc), or a joiner of letters."""
    return unicodedata.category(sign) in ("Mn", "Mc") or sign in "\u200c\u200d"


def without_marks(text: str) -> str:
    """Return a text without the marks of its letters, so that what is left are letters for a regular expression as well."""
    return text if text.isascii() else "".join(sign for sign in text if not is_mark(sign))


def slug_from_stem(stem: str) -> str:
    """Return the slug that a file name gives: without its leading number or date. Of a month, `2026-12`, both belong to it."""
    if re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", stem):
        return stem
    return slugify(re.sub(r"^\d{4}-\d\d-\d\d(?=\W|_|$)|^\d+(?=\W|_|$)", "", stem)) or slugify(stem)


def format_duration(seconds: int) -> str:
    """Return a duration as "7:28", or as "1:02:03" from an hour on."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
