"""What letter.yaml says: who writes the letter, where it lives and how it looks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from weekahead.model.issue import Text

PLAIN = re.compile(r"[\w./-]*", re.ASCII)
"""A path that is an address as it stands."""


class Podcast(Struct, frozen=True, kw_only=True):
    """What podcast directories ask of a letter with an audio edition."""

    cover: str | None = None
    """A picture in templates/assets/, or an address."""
    category: tuple[str, ...] = ()
    explicit: bool = False
    locked: bool = True
    """May no other host take the podcast over?"""
    guid: str | None = None
    items: int = 300
    line: int = 1


class ThemeSettings(Struct, frozen=True, kw_only=True):
    """What the author has set of the theme: colours by name for day and night, and fonts."""

    light: Mapping[str, str] = {}
    dark: Mapping[str, str] = {}
    font: str | None = None
    headings: str | None = None


class SubscribeForm(Struct, frozen=True, kw_only=True):
    """The form that subscribes a reader: where it posts to, the field of the address, and what goes with it."""

    action: str
    field: str = "email"
    also: tuple[tuple[str, str], ...] = ()


class Deploy(Struct, frozen=True, kw_only=True):
    """Where `weekahead deploy` puts the site: a branch of a git repository, or a folder, from the letter's own."""

    branch: str = ""
    remote: str = "origin"
    folder: str | None = None
    line: int = 0


class Config(Struct, frozen=True, kw_only=True, dict=True):
    """Who writes the letter and where it lives: letter.yaml. `url` ends in a slash."""

    title: str
    url: str
    id: str | None = None
    tagline: str | None = None
    language: str = "en"
    author_name: str | None = None
    author_email: str | None = None
    subscribe_url: str | None = None
    subscribe_form: SubscribeForm | None = None
    signoff: Text | None = None
    copyright: str | None = None
    permalink: str = "/issues/{number}-{slug}/"
    whats_next: int = 8
    feed_items: int = 20
    feed_kilobytes: int = 500
    feed_archive: bool = True
    """Is what the feed holds no more kept in documents of its own (RFC 5005)?"""
    cards: bool = True
    """Is a picture drawn of each issue that has no cover, for those who share its page?"""
    search: bool = True
    """Does the archive's search know the words of the issues, and not only titles, tags and numbers?"""
    hub: str | None = None
    """The WebSub hub that tells subscribers of a new issue."""
    series_feeds: bool = False
    tag_feeds: bool = False
    budget: int = 2
    """Seconds that one text may take to be converted."""
    allow: tuple[str, ...] = ()
    """Rules that no issue is held to."""
    podcast: Podcast | None = None
    share: tuple[str, ...] = ("email", "whatsapp", "bluesky", "linkedin")
    """The ways to pass an issue on, as letter_file.WAYS has them."""
    look: ThemeSettings = ThemeSettings()
    deploy: Deploy | None = None
    file: str = "letter.yaml"

    @cached_property
    def _parts(self) -> tuple[str, str]:
        """The letter's url as scheme and host, and path."""
        from urllib.parse import urlsplit

        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}", parts.path

    @property
    def base(self) -> str:
        """The path of the letter's url: "/" or "/letter/"."""
        return self._parts[1]

    @cached_property
    def form(self) -> str:
        """The permalink as a form for the number, the slug and the day of an issue."""
        plain = self.permalink.lstrip("/").replace("{day}", "{day.day:02}")
        return plain.replace("{month}", "{day.month:02}").replace("{year}", "{day.year:04}")

    def address(self, path: str) -> str:
        """The address, from the host's root, of a path of the site ("issues/87-mlops/")."""
        if PLAIN.fullmatch(path):
            return self.base + path
        from urllib.parse import quote

        return self.base + quote(path, safe="/~@!$&'()*+,;=:")

    def absolute(self, address: str) -> str:
        """A root-relative address with scheme and host before it."""
        return self._parts[0] + address

    def identity(self, name: str) -> str:
        """A urn:uuid for a thing of this letter, by a name that never changes (RFC 9562, version 5)."""
        import uuid

        root = uuid.UUID(self.id) if self.id else uuid.uuid5(uuid.NAMESPACE_URL, self.url)
        return f"urn:uuid:{uuid.uuid5(root, name)}"
