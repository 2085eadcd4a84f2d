"""The settings of letter.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property

from msgspec import Struct

from weekahead.model.book import Book, BookLimits, SeriesNote
from weekahead.model.findings import Location
from weekahead.model.issue import Text

_PLAIN_PATH = re.compile(r"[\w./-]*", re.ASCII)
"""A path that needs no percent-encoding."""


class Podcast(Struct, frozen=True, kw_only=True):
    """The settings of the podcast feed."""

    cover: str | None = None
    """A picture in templates/assets/, or an address."""
    category: tuple[str, ...] = ()
    explicit: bool = False
    locked: bool = True
    """Whether other hosts must not import the podcast."""
    guid: str | None = None
    items: int = 300
    line: int = 1


class ThemeSettings(Struct, frozen=True, kw_only=True):
    """The colours, by name for light and dark, and the fonts that the author has set."""

    light: Mapping[str, str] = {}
    dark: Mapping[str, str] = {}
    font: str | None = None
    headings: str | None = None


class CitationSettings(Struct, frozen=True, kw_only=True):
    """How a letter cites: the style, APA or a CSL file in the letter's folder, and the bibliography there, if it is not
    called references.bib or references.json."""

    style: str = "apa"
    file: str | None = None
    style_line: int = 1
    file_line: int = 1


class SubscribeForm(Struct, frozen=True, kw_only=True):
    """The form that subscribes a reader: its action, the name of the e-mail field, and hidden fields."""

    action: str
    field: str
    also: tuple[tuple[str, str], ...]


class MenuEntry(Struct, frozen=True, kw_only=True):
    """An entry of the menu: its words, and an address or a page of the letter."""

    title: str
    address: str
    line: int


class Deploy(Struct, frozen=True, kw_only=True):
    """Where `weekahead deploy` puts the site: a branch of a git repository, or a folder, relative to the letter's."""

    branch: str
    remote: str
    folder: str | None = None
    line: int = 0


class MailConfig(Struct, frozen=True, kw_only=True):
    """How issues are mailed. No secret is in it: those come from the environment."""

    sender: str
    """The key `from`: an address, or a name and an address in angle brackets."""
    reply_to: str | None = None
    subject: str = "{title}"
    """A format string for `title`, `number` and `letter`."""
    footer: Text | None = None
    via: str = "smtp"
    subscribers: str | None = None
    """The file of subscribers, relative to the letter's folder."""
    unsubscribe: str | None = None
    """The https address that takes one-click requests, where there is one."""
    bounce_addresses: bool = False
    """Whether a letter that fails comes back to an address of its reader's own."""
    per_minute: int = 60
    late: timedelta = timedelta(days=2)
    """An issue older than this is not sent any more."""
    url: str | None = None
    """The engine's address."""
    list: str | None = None
    """The engine's name or number for the list of readers."""
    line: int = 0

    @property
    def sender_address(self) -> str:
        """The address that letters come from."""
        _, opening, rest = self.sender.rpartition("<")
        return rest.rstrip("> ") if opening else self.sender

    @property
    def sender_name(self) -> str:
        """The name that letters come from; empty if there is none."""
        return self.sender.rpartition("<")[0].strip().strip('"')


class Config(Struct, frozen=True, kw_only=True, dict=True):
    """The settings of letter.yaml. `url` ends in a slash."""

    title: str
    url: str
    id: str | None
    tagline: str | None
    language: str
    language_line: int
    author_name: str | None
    author_email: str | None
    author_about: str | None
    """A line about the author."""
    author_picture: str | None
    """A picture in templates/assets/, or an address."""
    subscribe_url: str | None
    subscribe_form: SubscribeForm | None
    signoff: Text | None
    copyright: str | None
    permalink: str
    whats_next: int
    feed_items: int
    feed_max_kb: int
    feed_archive: bool
    """Whether older issues are in archive documents of the feed (RFC 5005)."""
    social_cards: bool
    """Whether a social card is drawn for each issue without a cover."""
    search: bool
    """Whether the search covers the words of the issues, and not only titles, tags and numbers."""
    hub: str | None
    """The WebSub hub that notifies subscribers of a new issue."""
    series_feeds: bool
    tag_feeds: bool
    maths: bool
    """Whether `$…$` is a formula, in texts that do not say themselves."""
    render_timeout: int
    """Seconds of CPU that rendering one text may take."""
    allow: tuple[str, ...]
    """Rules that are waived for all issues."""
    podcast: Podcast | None
    share: tuple[str, ...]
    """The share links of an issue, by name as in `source.config_file.SHARE_WAYS`."""
    menu: tuple[MenuEntry, ...]
    """Entries of the menu beside those that every letter has."""
    theme: ThemeSettings
    deploy: Deploy | None
    placeholders: tuple[tuple[str, Location], ...] = ()
    """The keys that still have what `weekahead init` wrote, and where."""
    mail: MailConfig | None = None
    citation: CitationSettings = CitationSettings()
    books: tuple[Book, ...] = ()
    book_limits: BookLimits = BookLimits()
    series: tuple[SeriesNote, ...] = ()
    """What the pages of series say of them."""
    file: str = "letter.yaml"
    permalink_line: int = 1
    author_line: int = 1

    @cached_property
    def _origin_and_path(self) -> tuple[str, str]:
        """The letter's url, split into scheme with host, and path."""
        from weekahead.model.addresses import split_address

        parts = split_address(self.url)
        return f"{parts.scheme}://{parts.netloc}", parts.path

    @property
    def base(self) -> str:
        """The path of the letter's url: "/" or "/letter/"."""
        return self._origin_and_path[1]

    @cached_property
    def permalink_format(self) -> str:
        """The permalink as a format string for `number`, `slug` and `day`."""
        plain = self.permalink.lstrip("/").replace("{day}", "{day.day:02}")
        return plain.replace("{month}", "{day.month:02}").replace("{year}", "{day.year:04}")

    def address(self, path: str) -> str:
        """Return the root-relative address of a path of the site ("issues/87-mlops/")."""
        if _PLAIN_PATH.fullmatch(path):
            return self.base + path
        from urllib.parse import quote

        return self.base + quote(path, safe="/~@!$&'()*+,;=:")

    def absolute(self, address: str) -> str:
        """Return a root-relative address with scheme and host before it."""
        return self._origin_and_path[0] + address

    def identity(self, name: str) -> str:
        """Return a urn:uuid for a thing of this letter, from a name that never changes (RFC 9562, version 5)."""
        import uuid

        root = uuid.UUID(self.id) if self.id else uuid.uuid5(uuid.NAMESPACE_URL, self.url)
        return f"urn:uuid:{uuid.uuid5(root, name)}"
