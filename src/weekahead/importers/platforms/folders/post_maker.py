"""Posts made of texts with front matter, whatever their generators call things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.platforms.folders.flags import access_of
from weekahead.importers.platforms.folders.header import Header
from weekahead.importers.platforms.folders.values import flag_of, list_of, plain, text_of
from weekahead.importers.platforms.markup import cut
from weekahead.importers.platforms.moments import NO_MOMENT, Moment, instant_and_day
from weekahead.importers.platforms.numbers import whole_number
from weekahead.importers.platforms.platform import MarkdownPass, ReadOptions
from weekahead.importers.post import Access, Body, Form, MediaFile, Post, PostAudio, SeriesHint
from weekahead.importers.source_files import SourceFiles
from weekahead.lint.rules.text_helpers import split_words
from weekahead.model.addresses import split_address
from weekahead.model.findings import Location
from weekahead.source.foreign_keys import NAMES, NOT_NEEDED

_NOT_NEEDED = frozenset(split_words(NOT_NEEDED)) - {"excerpt", "featured"}
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp)$", re.IGNORECASE)


def _keys(name: str) -> tuple[str, ...]:
    """Return one of our keys, and what others call it."""
    return name, *split_words(NAMES[name])


class Known(Struct, frozen=True, kw_only=True):
    """What a room says of a post beside its front matter."""

    address: str = ""
    slug: str = ""
    when: Moment = NO_MOMENT
    tags: Sequence[str] = ()
    access: Access | None = None
    """What its place in the folder says of who may read it; None where it says nothing."""
    aliases: Sequence[str] = ()
    """Other old addresses that led to it, as its front matter has them."""
    folder: str = "/"
    """The folder of the old site that they start from where they are relative."""
    guid: str = ""
    title: str = ""
    series: str = ""
    used: frozenset[str] = frozenset()
    """The keys that the room has read by itself."""
    passes: tuple[MarkdownPass, ...] = ()
    is_page: bool = False
    body: str | None = None
    language: str = ""
    html: bool = False


class Facts:
    """The front matter of one text, by what its keys mean; those that were read are struck off."""

    def __init__(self, values: Mapping[str, Any], used: frozenset[str]) -> None:
        self._values = values
        self._names = {re.sub(r"[-_ .]", "", name).lower(): name for name in reversed(list(values)) if name not in used}
        self.used = set(used)

    def take(self, *words: str) -> Any:
        """Return the value of the first of some keys that has one, written without capitals and hyphens, and strike it off."""
        for word in words:
            name = self._names.get(word)
            if name is not None and name not in self.used and self._values[name] not in (None, "", [], {}):
                self.used.add(name)
                return self._values[name]
        return None

    def take_all(self, *words: str) -> list[Any]:
        """Return the values of all of some keys."""
        return [value for word in words if (value := self.take(word)) is not None]

    def rest(self) -> dict[str, Any]:
        """Return what was not read."""
        return {
            name: value for name, value in self._values.items() if name not in self.used and value not in (None, "")
        }


class PostMaker:
    """Makes the posts of one site."""

    def __init__(
        self,
        files: SourceFiles,
        notes: Notes,
        options: ReadOptions,
        *,
        root: str,
        media_folders: Sequence[str],
        timezone: str = "",
        url: str = "",
        public: bool = True,
    ) -> None:
        """`public` says whether a text is published that has no key which says so."""
        self._files, self._notes, self._options, self._root = files, notes, options, root
        self._names, self._media_folders, self._url, self._public = frozenset(files.names), media_folders, url, public
        self._zone = zone_of(timezone)
        self._left: Counter[str] = Counter()

    def make(self, name: str, header: Header, known: Known) -> Post:
        """Return the post in a file of the export, by its whole name there."""
        post_id, where = name.removeprefix(self._root), Location(name, 1)
        for fault in header.faults:
            message = f"the front matter could not be read as a whole: {fault.message}"
            self._notes.add(Outcome.ASK, "front-matter", message, post=post_id, source=Location(name, fault.line))
        facts = Facts(header.values, known.used)
        at, day = known.when
        folder = dirname(name)
        if wrong := text_of(facts.take("date")):
            then = "and the one in its name holds" if at or day else "and it has no other"
            self._notes.add(Outcome.ASK, "date", f'its date "{wrong}" is none, {then}', post=post_id, source=where)
        title = text_of(facts.take(*_keys("title"))) or known.title
        access = access_of(facts, self._public)
        publish_at = instant_and_day(facts.take("publishdate"))
        if access is Access.PUBLIC and (self._is_later(at, day) or self._is_later(*publish_at)):
            access = Access.SCHEDULED
        if access is Access.PUBLIC and self._is_past(*instant_and_day(facts.take("expirydate", "unpublishdate"))):
            access = Access.WITHDRAWN
        post = Post(
            id=post_id, where=where, title=title, access=known.access or access, at=at, day=day, slug=known.slug,
            body=Body(
                known.body if known.body is not None else header.body,
                Form.HTML if known.html else Form.MARKDOWN, passes=known.passes,
            ),
            address=known.address, paths=tuple(dict.fromkeys(self._paths(known, post_id, where))),
            guid=text_of(facts.take("guid", "uuid")) or known.guid,
            summary=text_of(facts.take(*_keys("summary"))),
            tags=_tags(facts, known.tags), authors=_authors(facts), series=_series(facts, known.series),
            number=_number(facts), language=text_of(facts.take("language", "lang", "locale")) or known.language,
            cover=self._cover(facts, folder), audio=self._audio(facts, folder), is_page=known.is_page,
            maths=any(flag_of(value) is not False for value in facts.take_all(*_keys("maths"))),
            folder=folder, leftover=self._leftover(facts),
        )  # fmt: skip
        if not post.title:
            self._notes.add(Outcome.ASK, "no-title", "it has no title", post=post_id, source=where)
        return post

    def finish(self) -> None:
        """Add a note about the keys that no letter needs."""
        if self._left:
            words = ", ".join(f"{name} ({count})" for name, count in sorted(self._left.items()))
            self._notes.add(Outcome.DROPPED, "keys-not-needed", f"front matter that a letter has no use for: {words}")

    # -- dates

    def _is_later(self, at: datetime | None, day: date | None) -> bool:
        now = self._options.now.astimezone(self._zone)
        if at is not None:
            return (at if at.tzinfo else at.replace(tzinfo=self._zone)) > now
        return day is not None and day > now.date()

    def _is_past(self, at: datetime | None, day: date | None) -> bool:
        return (at is not None or day is not None) and not self._is_later(at, day)

    # -- addresses and files

    def _paths(self, known: Known, post: str, where: Location) -> Iterator[str]:
        """Yield the old paths of a text; an address without one is a note."""
        for alias in known.aliases:
            if path := old_path(alias, known.folder):
                yield path
            else:
                message = f'"{cut(alias)}" is not the address of a page, and became no alias'
                self._notes.add(Outcome.ASK, "alias", message, post=post, source=where)

    def media(self, address: str, folder: str, alt: str = "") -> MediaFile:
        """Return what an address in front matter leads to: a file of the export, else an address elsewhere."""
        if split_address(address).scheme and not (self._url and address.startswith(f"{self._url}/")):
            return MediaFile(url=address, alt=alt)
        path = unquote(address.removeprefix(self._url).split("?")[0].split("#")[0])
        folders = self._media_folders if path.startswith("/") else (folder, *self._media_folders)
        for each in folders:
            name = normpath(join(each, path.lstrip("/")))
            if name in self._names:
                return MediaFile(file=name, alt=alt)
        return MediaFile(url=f"{self._url}/{path.lstrip('/')}" if self._url else address, alt=alt)

    def _cover(self, facts: Facts, folder: str) -> MediaFile | None:
        value = facts.take(*_keys("cover"), "images")
        alt = text_of(facts.take("imagealt", "coveralt", "alt", "heroalt", "featuredimagealt"))
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, Mapping):
            alt = text_of(value.get("alt")) or text_of(value.get("caption")) or alt
            value = next(
                (value[key] for key in ("image", "file", "src", "url", "path", "feature", "teaser") if value.get(key)),
                None,
            )
        address = text_of(value)
        return self.media(address, folder, alt) if address and not re.search(r"\s{2}|\n", address) else None

    def _audio(self, facts: Facts, folder: str) -> PostAudio | None:
        value = facts.take(*_keys("audio"), "audiourl")
        details = value if isinstance(value, Mapping) else {}
        address = next((text_of(details[key]) for key in ("file", "url", "src", "href") if details.get(key)), "")
        address = address or (text_of(value) if not details else "")
        if not address:
            return None
        length = details.get("bytes") or details.get("length") or facts.take("audiosize", "bytes", "filesize", "length")
        duration = text_of(details.get("duration") or facts.take("duration", "audioduration"))
        return PostAudio(
            media=self.media(address, folder),
            bytes=whole_number(text_of(length), digits=15) or 0,
            duration=_seconds(duration),
            type=text_of(details.get("type")),
        )

    def _leftover(self, facts: Facts) -> dict[str, Any]:
        kept = {}
        for name, value in facts.rest().items():
            if re.sub(r"[-_ .]", "", name).lower() in _NOT_NEEDED and not isinstance(value, Mapping):
                self._left[name] += 1
            elif name in ("extra", "params") and isinstance(value, Mapping):
                kept.update(plain(value))
            else:
                kept[name] = plain(value)
        return kept


def zone_of(name: str) -> tzinfo:
    """Return a zone by its IANA name, UTC for one that there is none of."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, OSError, KeyError):
        return UTC


def first_heading(body: str) -> tuple[str, str]:
    """Return the heading of the first level that a text begins with, and the text without it; else nothing, and the text."""
    match = re.match(r"(?:[ \t]*\n)*(?:#[ \t]+(.+?)[ \t#]*|(\S.*)\n=+[ \t]*)(?:\n|$)", body)
    if match is None:
        return "", body
    words = re.sub(r"\s*\{[#.:][^}]*\}$", "", match[1] or match[2])
    title = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]+", lambda mark: mark[1] or "", words).strip()
    return title, "\n" * body.count("\n", 0, match.end()) + body[match.end() :]


def old_path(value: str, folder: str = "/") -> str:
    """Return the path of an old address, from a folder of the site on where it is relative; nothing for what names no page."""
    parts = split_address(value.strip())
    is_whole = parts.scheme or parts.netloc or parts.path.startswith("/")
    path = parts.path if is_whole or not parts.path else join("/", folder, parts.path)
    return re.sub("/{2,}", "/", f"/{path.lstrip('/')}") if path.strip("/") else ""


def _tags(facts: Facts, known: Sequence[str]) -> tuple[str, ...]:
    tags = list(known)
    for value in facts.take_all("tags", "tag", "categories", "category", "topics", "topic", "labels", "label"):
        tags += list_of(value)
    if not tags:
        tags += list_of(facts.take("keywords", "keyword"))
    return tuple(dict.fromkeys(tag.lstrip("#").strip() for tag in tags if tag.lstrip("#").strip()))


def _authors(facts: Facts) -> tuple[str, ...]:
    names: list[str] = []
    for value in facts.take_all("authors", "author", "byline", "creator", "writer"):
        names += list_of(value, "" if isinstance(value, str) and "," not in value else ",;")
    return tuple(dict.fromkeys(names))


def _series(facts: Facts, known: str) -> SeriesHint | None:
    value = facts.take("series")
    part, of = facts.take("part", "seriespart", "seriesorder", "seriesindex", "seriesnumber"), facts.take("seriestotal")
    if isinstance(value, Mapping):
        part, of = value.get("part") or value.get("order") or part, value.get("of") or value.get("total") or of
        name = text_of(value.get("name") or value.get("title"))
    else:
        name = next(iter(list_of(value, "")), known)
    return SeriesHint(name=name, part=_whole(part), of=_whole(of)) if name else None


def _number(facts: Facts) -> int | None:
    return _whole(facts.take(*_keys("number")))


def _whole(value: Any) -> int | None:
    return whole_number(text_of(value).lstrip("#"), digits=6)


def _seconds(words: str) -> int | None:
    if not re.fullmatch(r"\d{1,6}(?::\d{1,2}){0,2}", words, re.ASCII):
        return None
    seconds = 0
    for part in words.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
