"""An item of a WordPress export: its fields by name, its states, and what plugins keep beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from html import unescape

from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.feed_item import plain_text
from weekahead.importers.platforms.markup import cut
from weekahead.importers.platforms.moments import instant_and_day, is_later, parse_duration, parse_moment
from weekahead.importers.platforms.numbers import whole_number
from weekahead.importers.platforms.xml_source import Named
from weekahead.importers.post import Access, MediaFile, PostAudio, SeriesHint
from weekahead.model.name_set import name_set

_LATEST_ZONE = timedelta(hours=14)
_NEWSLETTER_ACCESS = {
    "subscribers": Access.PRIVATE,
    "paid_subscribers": Access.PAID,
    "paid_subscribers_all_tiers": Access.PAID,
}
"""What Jetpack's newsletter says of who may read a post."""


class Item:
    """An item, with its fields under their usual names."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self.line = named.where
        self.id = self.text("wp:post_id")
        self.type = self.text("wp:post_type") or "post"
        self.status = self.text("wp:status")
        self.title = plain_text(unescape(self.text("title")))
        self.link = self.text("link")
        self.meta: Mapping[str, str] = dict(_meta(named))
        self.comments = len(named.all("wp:comment"))

    def text(self, *names: str) -> str:
        """Return the first text of these fields."""
        return self._named.text(*names)

    def terms(self, domain: str) -> list[str]:
        """Return the names of the terms of a taxonomy."""
        return [name for name, _ in self._terms(domain)]

    def term_keys(self, domain: str) -> list[str]:
        """Return the short names of the terms of a taxonomy."""
        return [key for _, key in self._terms(domain)]

    def other_domains(self, known: frozenset[str]) -> dict[str, list[str]]:
        """Return the terms of taxonomies that are not known."""
        domains = {category.get("domain", "") for category in self._named.all("category")} - known - {""}
        return {domain: self.terms(domain) for domain in sorted(domains)}

    def _terms(self, domain: str) -> list[tuple[str, str]]:
        found = [
            (unescape("".join(category.itertext()).strip()), category.get("nicename", ""))
            for category in self._named.all("category")
            if category.get("domain", "category") == domain
        ]
        return [(name, key) for name, key in dict(found).items() if name]

    def at(self) -> datetime | None:
        """Return when it came out, with the offset of the site's zone where both of its dates are given."""
        local, utc = parse_moment(self.text("wp:post_date")), parse_moment(self.text("wp:post_date_gmt"))
        if isinstance(local, datetime) and isinstance(utc, datetime):
            offset = local.replace(tzinfo=None) - utc.replace(tzinfo=None)
            if abs(offset) <= _LATEST_ZONE and offset.total_seconds() % 900 == 0:
                return local.replace(tzinfo=timezone(offset))
            return utc.replace(tzinfo=UTC)
        if isinstance(utc, datetime):
            return utc.replace(tzinfo=UTC)
        if isinstance(local, datetime):
            return local
        return instant_and_day(self.text("pubDate"))[0] if self.status != "draft" else None

    def access(self, has_wall: bool, now: datetime, notes: PostNotes) -> Access:
        """Return who may read it: everybody only if status, day, password and newsletter say so."""
        at = self.at()
        if self.status in ("draft", "auto-draft", "pending"):
            was_out = (
                bool(parse_moment(self.text("wp:post_date_gmt"))) and self.status == "draft" and not is_later(at, now)
            )
            return Access.WITHDRAWN if was_out else Access.DRAFT
        if self.status in ("private", "trash"):
            return Access.PRIVATE
        if self.status == "future" or is_later(at, now):
            return Access.SCHEDULED
        if self.status != "publish":
            notes.add(
                Outcome.ASK, "unknown-status", f'its status "{cut(self.status)}" is unknown; it arrives as a draft'
            )
            return Access.DRAFT
        if self.text("wp:post_password"):
            return Access.PRIVATE
        newsletter = self.meta.get("_jetpack_newsletter_access", "everybody")
        if newsletter not in ("", "everybody"):
            return _NEWSLETTER_ACCESS.get(newsletter, Access.PAID)
        return Access.PAID if has_wall else Access.PUBLIC

    def series(self) -> SeriesHint | None:
        """Return the series that the plugins Organize Series and PublishPress Series name."""
        names = self.terms("series")
        part = self.meta.get("_series_part", "")
        parts = [part] if part else [value for key, value in self.meta.items() if key.startswith("_series_part_")]
        number = next((number for value in parts if (number := whole_number(value, digits=5)) is not None), None)
        return SeriesHint(name=names[0], part=number) if names else None

    def audio(self) -> PostAudio | None:
        """Return the recording that a podcast plugin keeps beside a post."""
        lines = [line.strip() for line in self.meta.get("enclosure", "").split("\n")]
        length = _stored(self.meta.get("enclosure", ""), "duration") or self.meta.get("duration", "")
        address = self.meta.get("audio_file", "") or lines[0]
        if not address:
            return None
        kind = next((line for line in lines[1:] if re.fullmatch(r"[a-z]+/[\w.+-]+", line)), "")
        if kind and not kind.startswith("audio/"):
            return None
        sizes = (whole_number(words, digits=15) for words in (*lines[1:2], self.meta.get("filesize_raw", "")))
        return PostAudio(
            media=MediaFile(url=address),
            bytes=next(filter(None, sizes), 0),
            duration=parse_duration(length) if length else None,
            type=kind,
        )

    def number(self) -> int | None:
        """Return the number of an episode."""
        number = self.meta.get("itunes_episode_number") or _stored(self.meta.get("enclosure", ""), "episode_no")
        return whole_number(number)


def _meta(named: Named) -> list[tuple[str, str]]:
    """Return the fields beside an item that have a meaning here; all others stay unread."""
    found = []
    for row in map(Named, named.all("wp:postmeta")):
        key = row.text("wp:meta_key")
        if key in _READ_META or key.startswith("_series_part"):
            found.append((key, row.text("wp:meta_value")))
    return found


def _stored(php: str, name: str) -> str:
    """Return a text from PHP's own notation of values."""
    match = re.search(rf's:\d+:"{name}";(?:s:\d+:"([^"]*)"|i:(\d+))', php)
    return (match[1] or match[2] or "") if match else ""


_READ_META = name_set(
    "_thumbnail_id _wp_attachment_image_alt _wp_old_slug _jetpack_newsletter_access _yoast_wpseo_metadesc "
    "_yoast_wpseo_title rank_math_description footnotes enclosure audio_file duration filesize_raw "
    "itunes_episode_number"
)
