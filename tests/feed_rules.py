"""Feeds as strict programs read them: the entries of each format as equal values, and the rules of the feed validators."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MODIFIED = "{http://purl.org/dc/terms/}modified"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"


@dataclass(frozen=True)
class Entry:
    """What an entry says, whatever the format; instants in UTC."""

    id: str
    title: str
    address: str
    published: datetime
    updated: datetime
    summary: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    content: str
    audio: tuple[str, int, str] | None


def entries(data: bytes) -> list[Entry]:
    """The entries of a feed in the order of the document."""
    if data.lstrip().startswith(b"{"):
        return [_of_json(item) for item in json.loads(data)["items"]]
    root = etree.fromstring(data)
    if root.tag == "rss":
        return [_of_rss(item) for item in root.iter("item")]
    return [_of_atom(entry) for entry in root.iter(f"{ATOM}entry")]


def _of_rss(item: Any) -> Entry:
    published = parsedate_to_datetime(item.findtext("pubDate")).astimezone(UTC)
    modified = item.findtext(MODIFIED)
    audio = item.find("enclosure")
    return Entry(
        id=item.findtext("guid"),
        title=item.findtext("title"),
        address=item.findtext("link"),
        published=published,
        updated=datetime.fromisoformat(modified).astimezone(UTC) if modified else published,
        summary=unescape(item.findtext("description")),
        authors=tuple(found.text for found in item.findall(CREATOR)),
        tags=tuple(found.text for found in item.findall("category")),
        content=item.findtext(CONTENT),
        audio=None if audio is None else (audio.get("url"), int(audio.get("length")), audio.get("type")),
    )


def _of_atom(entry: Any) -> Entry:
    links = {rel: [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == rel] for rel in RELATIONS}
    audio = next(iter(links["enclosure"]), None)
    return Entry(
        id=entry.findtext(f"{ATOM}id"),
        title=entry.findtext(f"{ATOM}title"),
        address=links["alternate"][0].get("href"),
        published=datetime.fromisoformat(entry.findtext(f"{ATOM}published")).astimezone(UTC),
        updated=datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).astimezone(UTC),
        summary=entry.findtext(f"{ATOM}summary"),
        authors=tuple(found.text for found in entry.findall(f"{ATOM}author/{ATOM}name")),
        tags=tuple(found.get("term") for found in entry.findall(f"{ATOM}category")),
        content=entry.findtext(f"{ATOM}content"),
        audio=None if audio is None else (audio.get("href"), int(audio.get("length")), audio.get("type")),
    )


RELATIONS = ("alternate", "enclosure")


def _of_json(item: dict[str, Any]) -> Entry:
    audio = next(iter(item.get("attachments", [])), None)
    return Entry(
        id=item["id"],
        title=item["title"],
        address=item["url"],
        published=datetime.fromisoformat(item["date_published"]).astimezone(UTC),
        updated=datetime.fromisoformat(item.get("date_modified", item["date_published"])).astimezone(UTC),
        summary=item["summary"],
        authors=tuple(author["name"] for author in item.get("authors", [])),
        tags=tuple(item.get("tags", [])),
        content=item["content_html"],
        audio=(audio["url"], audio.get("size_in_bytes", 0), audio["mime_type"]) if audio else None,
    )


# -- rules


def wrongs(data: bytes) -> list[str]:
    """Every rule of the W3C feed validator, the RSS Advisory Board profile, RFC 4287 or JSON Feed 1.1 that a feed breaks."""
    if data.lstrip().startswith(b"{"):
        return [*_wrongs_of_json(json.loads(data))]
    root = etree.fromstring(data)
    if root.tag == "rss":
        return [*_wrongs_of_rss(root), *_wrongs_of_content(entries(data))]
    return [*_wrongs_of_atom(root), *_wrongs_of_content(entries(data))]


def is_address(words: str | None) -> bool:
    parts = urlsplit(words or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s<>\"{}|\\^`]", words or "")


def is_mail_date(words: str | None) -> bool:
    """RFC 822 with a year of four digits, the right day of the week and a zone."""
    pattern = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
    if not re.fullmatch(pattern, words or ""):
        return False
    return parsedate_to_datetime(words or "").strftime("%a") == (words or "")[:3]


def is_net_date(words: str | None) -> bool:
    """RFC 3339."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", words or ""))


def _once(parent: Any, *names: str) -> Iterator[str]:
    for name in names:
        if len(parent.findall(name)) > 1:
            yield f"{parent.tag} has more than one {name}"


def _wrongs_of_rss(root: Any) -> Iterator[str]:
    (channel,) = root
    if root.get("version") != "2.0" or channel.tag != "channel":
        yield "not RSS 2.0"
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield f"the channel has no {name}"
    yield from _once(channel, "title", "link", "description", "language", "copyright", "lastBuildDate", "generator")
    if not is_address(channel.findtext("link")):
        yield "the channel's link is not an address"
    if not is_mail_date(channel.findtext("lastBuildDate")):
        yield f"lastBuildDate: {channel.findtext('lastBuildDate')}"
    editor = channel.findtext("managingEditor")
    if editor is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+ \([^()]+\)", editor):
        yield f"managingEditor is not an address with a name in parentheses: {editor}"
    yield from _wrongs_of_links(channel, "application/rss+xml")
    seen: set[str] = set()
    for item in channel.findall("item"):
        yield from _once(item, "title", "link", "description", "guid", "pubDate", "enclosure", CONTENT)
        guid = item.find("guid")
        if guid is None or not guid.text or guid.text in seen:
            yield f"a guid is missing or repeated: {None if guid is None else guid.text}"
            continue
        seen.add(guid.text)
        if guid.get("isPermaLink") != "false":
            yield f"{guid.text}: a guid that is no page must say so"
        if not item.findtext("title") or not is_address(item.findtext("link")):
            yield f"{guid.text}: title or link"
        if not is_mail_date(item.findtext("pubDate")):
            yield f"{guid.text}: pubDate {item.findtext('pubDate')}"
        if (modified := item.findtext(MODIFIED)) and not is_net_date(modified):
            yield f"{guid.text}: modified {modified}"
        for audio in item.findall("enclosure"):
            if not (is_address(audio.get("url")) and re.fullmatch(r"\d+", audio.get("length", ""))):
                yield f"{guid.text}: enclosure {dict(audio.attrib)}"
            if not re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", audio.get("type", "")):
                yield f"{guid.text}: the type of the enclosure"
    if channel.find("item/author") is not None:
        yield "author wants an address of e-mail; names belong into dc:creator"


def wrongs_of_podcast(data: bytes) -> list[str]:
    """What Apple, the W3C and Podcasting 2.0 would have against a podcast, besides the rules for every feed."""
    (channel,) = etree.fromstring(data)
    return [
        *wrongs(data),
        *_wrongs_of_show(channel),
        *(wrong for item in channel.iter("item") for wrong in _wrongs_of_episode(item)),
    ]


def _wrongs_of_show(channel: Any) -> Iterator[str]:
    for name in ("author", "explicit", "category", "image", "owner", "type"):
        if len(channel.findall(ITUNES + name)) != 1:
            yield f"itunes:{name}"
    for name in ("guid", "locked", "medium"):
        if len(channel.findall(PODCAST + name)) != 1:
            yield f"podcast:{name}"
    if channel.findtext(f"{ITUNES}explicit") not in ("true", "false"):
        yield "explicit is neither true nor false"
    if not is_address(channel.find(f"{ITUNES}image").get("href")):
        yield "the cover is no address"
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", channel.findtext(f"{PODCAST}guid")):
        yield "guid is no UUID"
    locked = channel.find(f"{PODCAST}locked")
    if locked.text not in ("yes", "no") or "@" not in locked.get("owner", ""):
        yield "locked"


def _wrongs_of_episode(item: Any) -> Iterator[str]:
    name = item.findtext("title")
    audio = item.find("enclosure")
    if (
        audio is None
        or not re.fullmatch(r"[1-9]\d*", audio.get("length"))
        or not audio.get("type").startswith("audio/")
    ):
        yield f"{name}: enclosure"
    if not re.fullmatch(r"[1-9]\d*", item.findtext(f"{ITUNES}duration") or ""):
        yield f"{name}: duration"
    if item.findtext(f"{ITUNES}episodeType") not in ("full", "trailer", "bonus"):
        yield f"{name}: episodeType"
    for number in (item.findtext(f"{ITUNES}episode"), item.findtext(f"{ITUNES}season")):
        if number is not None and not re.fullmatch(r"[1-9]\d*", number):
            yield f"{name}: {number}"
    for tag, kinds in (
        ("transcript", {"text/plain", "text/vtt", "application/x-subrip"}),
        ("chapters", {"application/json+chapters"}),
    ):
        for found in item.findall(PODCAST + tag):
            if not is_address(found.get("url")) or found.get("type") not in kinds:
                yield f"{name}: {tag}"
    if item.find(f"{PODCAST}transcript") is None or item.find(f"{PODCAST}person") is None:
        yield f"{name}: transcript or person"


def _wrongs_of_links(feed: Any, kind: str) -> Iterator[str]:
    links = [(link.get("rel"), link.get("href"), link.get("type")) for link in feed.findall(f"{ATOM}link")]
    mine = [(href, found) for rel, href, found in links if rel == "self"]
    if len(mine) != 1 or mine[0][1] != kind or not is_address(mine[0][0]):
        yield f"the link to itself: {mine}"
    if any(not is_address(href) for _, href, _ in links):
        yield f"a link that is not an address: {links}"
    if len({(rel, found) for rel, _, found in links}) != len(links):
        yield f"two links of one relation: {links}"


def _wrongs_of_atom(root: Any) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        yield "not Atom"
    for name in ("id", "title", "updated"):
        if len(root.findall(f"{ATOM}{name}")) != 1 or not root.findtext(f"{ATOM}{name}"):
            yield f"the feed has no {name}, or several"
    if root.find(f"{ATOM}author") is None:
        yield "the feed has no author"
    yield from _wrongs_of_links(root, "application/atom+xml")
    seen: set[str] = set()
    for entry in root.findall(f"{ATOM}entry"):
        identity = entry.findtext(f"{ATOM}id") or ""
        if not re.match(r"[a-z][a-z0-9+.-]*:\S+$", identity) or identity in seen:
            yield f"an id is no address, or is repeated: {identity}"
        seen.add(identity)
        for name in ("id", "title", "updated", "published", "content", "summary"):
            if len(entry.findall(f"{ATOM}{name}")) != 1:
                yield f"{identity}: {name}"
        dates = [entry.findtext(f"{ATOM}{name}") for name in ("published", "updated")]
        if not all(map(is_net_date, dates)) or datetime.fromisoformat(dates[1]) < datetime.fromisoformat(dates[0]):
            yield f"{identity}: {dates}"
        if entry.find(f"{ATOM}content").get("type") != "html":
            yield f"{identity}: the type of the content"
        links = [(link.get("rel"), link.get("type")) for link in entry.findall(f"{ATOM}link")]
        if links not in ([("alternate", "text/html")], [("alternate", "text/html"), ("enclosure", links[-1][1])]):
            yield f"{identity}: links {links}"
        for link in entry.findall(f"{ATOM}link"):
            if not is_address(link.get("href")) or (link.get("rel") == "enclosure" and not link.get("length")):
                yield f"{identity}: link {dict(link.attrib)}"


UNSAFE = {
    *("applet", "audio", "base", "button", "embed", "form", "frame", "iframe", "input", "link", "meta", "object"),
    *("option", "script", "select", "source", "style", "svg", "textarea", "track", "video"),
}
KNOWN = frozenset(
    [
        "abbr",
        "align",
        "alt",
        "cite",
        "colspan",
        "datetime",
        "dir",
        "headers",
        "height",
        "href",
        "hreflang",
        "id",
        "lang",
        "open",
        "reversed",
        "rowspan",
        "scope",
        "span",
        "src",
        "start",
        "title",
        "type",
        "valign",
        "value",
        "width",
    ]
)


def _wrongs_of_content(found: list[Entry]) -> Iterator[str]:
    ids: list[str] = []
    for entry in found:
        root = etree.HTML(entry.content or "<p>")
        if not (entry.content or "").strip():
            yield f"{entry.id}: no content"
        for node in root.iter(etree.Element):
            if node.tag in UNSAFE:
                yield f"{entry.id}: <{node.tag}> in the content"
            for name, value in node.attrib.items():
                if name not in KNOWN:
                    yield f'{entry.id}: {name}="{value[:20]}" in the content'
                if name in ("href", "src", "cite") and not re.match(
                    r"(https?|mailto|tel|ftp|geo|irc|xmpp|data):", value
                ):
                    yield f'{entry.id}: {name}="{value[:40]}" is not absolute'
        ids += root.xpath("//@id")
    if len(ids) != len(set(ids)):
        yield "ids of two entries clash"


TOP = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "icon": str,
    "language": str,
    "authors": list,
    "hubs": list,
    "items": list,
}
ITEM = {
    "id": str,
    "url": str,
    "title": str,
    "content_html": str,
    "summary": str,
    "image": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "tags": list,
    "attachments": list,
}
ATTACHMENT = {"url": str, "mime_type": str, "size_in_bytes": int, "duration_in_seconds": int}


def _wrongs_of_json(data: dict[str, Any]) -> Iterator[str]:
    if data.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version"
    yield from _typed(data, TOP, ("version", "title", "items"))
    ids = [item.get("id") for item in data["items"]]
    if len(ids) != len(set(ids)):
        yield "an id is repeated"
    for address in (data["home_page_url"], data["feed_url"], data["icon"]):
        if not is_address(address):
            yield f"{address} is not an address"
    for hub in data.get("hubs", []):
        yield from _typed(hub, {"type": str, "url": str}, ("type", "url"))
    for author in [*data["authors"], *(author for item in data["items"] for author in item.get("authors", []))]:
        yield from _typed(author, {"name": str, "url": str, "avatar": str}, ("name",))
    for item in data["items"]:
        yield from _typed(item, ITEM, ("id", "content_html"))
        if not all(isinstance(tag, str) for tag in item.get("tags", [])):
            yield f"{item['id']}: tags"
        for name in ("date_published", "date_modified"):
            if name in item and not is_net_date(item[name]):
                yield f"{item['id']}: {name} {item[name]}"
        if not is_address(item["url"]) or not is_address(item.get("image", item["url"])):
            yield f"{item['id']}: url or image"
        for found in item.get("attachments", []):
            yield from _typed(found, ATTACHMENT, ("url", "mime_type"))
            if not is_address(found["url"]):
                yield f"{item['id']}: attachment {found['url']}"
    yield from _wrongs_of_content([_of_json(item) for item in data["items"]])


def _typed(data: dict[str, Any], known: Mapping[str, type], needed: tuple[str, ...]) -> Iterator[str]:
    for name in needed:
        if name not in data:
            yield f"{name} is missing"
    for name, value in data.items():
        if name not in known:
            yield f"{name} is not known"
        elif (type(value) is not known[name] or value in ("", [])) and name != "items":
            yield f"{name} is {value!r}"
