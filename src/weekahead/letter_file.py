"""What letter.yaml says: each key read as its type, each fault a finding in its line."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from weekahead.digests import digest_of
from weekahead.fields import Fields, value_or
from weekahead.findings import nearest
from weekahead.issue import Text
from weekahead.letter import Masthead, Podcast

PERMALINK_WORDS = ("number", "slug", "year", "month", "day")


def masthead_of(fields: Fields) -> Masthead | None:
    """What letter.yaml says; None, with findings, when it is not usable."""
    findings = fields.origin.findings
    before = len(findings)
    fields.require("title")
    fields.require("url")
    author = fields.map("author")
    feed = fields.map("feed")
    podcast = fields.map("podcast")
    values = {
        "id": _letter_id(fields),
        "title": fields.line("title"),
        "url": _site_url(fields),
        "tagline": fields.line("tagline"),
        "language": _language(fields),
        "author_name": author.line("name") if author else None,
        "author_email": author.line("email") if author else None,
        "subscribe_url": web_address(fields, "subscribe_url"),
        "signoff": text_of(fields, "signoff"),
        "copyright": fields.line("copyright"),
        "permalink": _permalink(fields),
        "whats_next": value_or(fields.whole("whats_next", 0, 100), 8),
        "budget": value_or(fields.whole("budget", 1, 3600), 2),
        "allow": allowed(fields),
        **(_feed(feed) if feed else {}),
        "podcast": _podcast(podcast) if podcast else None,
    }
    for part in (fields, author, feed):
        if part:
            part.close()
    return Masthead(**values) if len(findings) == before else None  # type: ignore[arg-type]


def text_of(fields: Fields, key: str) -> Text | None:
    """A Markdown text that is a value."""
    words = fields.text(key)
    if not words:
        return None
    return Text(digest_of(words.encode("utf-8", "surrogatepass")), fields.origin.file, fields.first_line(key), words)


WAIVABLE = ("active-content", "audio-missing", "spoken-rate")
"""The rules that an author may set aside."""


def allowed(fields: Fields) -> tuple[str, ...]:
    """The rules that `allow:` sets aside."""
    found = fields.texts("allow")
    for rule in found:
        if rule not in WAIVABLE:
            fields.find("allow", "value", f'"{rule}" is not a rule that can be allowed', nearest(rule, WAIVABLE))
    return found


def _letter_id(fields: Fields) -> str | None:
    words = fields.line("id")
    if words is None or re.fullmatch(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", words):
        return words
    fields.find(
        "id",
        "value",
        f'"id" must be urn:uuid: and a UUID, but it is "{words}"',
        "`weekahead init` makes one.",
    )
    return None


def _site_url(fields: Fields) -> str | None:
    words = web_address(fields, "url")
    if words is None:
        return None
    if "?" in words or "#" in words:
        fields.find("url", "value", f'"url" must be a plain address without ? or #, but it is "{words}"')
        return None
    return words.rstrip("/") + "/"


def web_address(fields: Fields, key: str) -> str | None:
    words = fields.line(key)
    if words is None or is_web_address(words):
        return words
    fields.find(
        key,
        "value",
        f'"{key}" must be an absolute address, but it is "{words}"',
        f"Write {key}: https://... in full.",
    )
    return None


def is_web_address(words: str) -> bool:
    """Is this an absolute http or https address with a host and no white space?"""
    try:
        parts = urlsplit(words)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not re.search(r"[\s<>\"{}|\\^`]", words)
            and (parts.port or 1) > 0
        )
    except ValueError:
        return False


def _language(fields: Fields) -> str:
    words = fields.line("language") or "en"
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", words):
        fields.find("language", "value", f'"language" must be a language tag such as en or pt-BR, but it is "{words}"')
    return words


def _permalink(fields: Fields) -> str:
    words = fields.line("permalink") or "/issues/{number}-{slug}/"
    names = re.findall(r"\{([^{}]*)\}", words)
    rest = re.sub(r"\{[^{}]*\}", "x", words)
    if unknown := [name for name in names if name not in PERMALINK_WORDS]:
        fields.find(
            "permalink",
            "value",
            f'"permalink" names {{{unknown[0]}}}',
            f"Known words: {', '.join(PERMALINK_WORDS)}.",
        )
    elif not {"number", "slug"} & set(names):
        fields.find(
            "permalink",
            "value",
            '"permalink" gives every issue the same address',
            "It must hold {number} or {slug}.",
        )
    elif not re.fullmatch(r"/([\w~-][\w.~-]*/)+", rest):
        fields.find(
            "permalink",
            "value",
            f'"permalink" must begin and end with a slash and hold plain words, but it is "{words}"',
        )
    else:
        return words
    return "/issues/{number}-{slug}/"


def _feed(fields: Fields) -> dict[str, object]:
    return {
        "feed_items": value_or(fields.whole("items", 1, 1000), 20),
        "feed_kilobytes": value_or(fields.whole("kilobytes", 50, 100_000), 500),
        "hub": web_address(fields, "hub"),
        "series_feeds": bool(fields.truth("series")),
        "tag_feeds": bool(fields.truth("tags")),
    }


def _podcast(fields: Fields) -> Podcast:
    guid = fields.line("guid")
    if guid and not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", guid):
        fields.find("guid", "value", f'"guid" must be a UUID, but it is "{guid}"')
    cover = fields.line("cover")
    if cover and not is_web_address(cover) and not re.fullmatch(r"[\w-][\w./ -]*", cover):
        fields.find("cover", "value", f'"{cover}" is no file in templates/assets/ and no address')
    category = re.split(r"\s*>\s*", fields.line("category") or "")
    found = Podcast(
        cover=cover,
        category=tuple(filter(None, category[:2])),
        explicit=bool(fields.truth("explicit")),
        locked=fields.truth("locked") is not False,
        guid=guid,
        items=value_or(fields.whole("items", 1, 5000), 300),
        line=fields.where.line,
    )
    fields.close()
    return found
