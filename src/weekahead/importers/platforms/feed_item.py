"""An item of RSS as a post, also of a podcast, and what it has in common with an entry of Atom."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from weekahead.importers.notes import Note, Notes, Outcome, PostNotes
from weekahead.importers.platforms.markup import cut
from weekahead.importers.platforms.moments import is_later, parse_duration, parse_moment
from weekahead.importers.platforms.numbers import whole_number
from weekahead.importers.platforms.old_addresses import is_absolute
from weekahead.importers.platforms.xml_source import Element, Named
from weekahead.importers.post import Access, Body, Form, MediaFile, Post, PostAudio
from weekahead.model.addresses import join_addresses, split_address
from weekahead.model.findings import Location

_MARKUP = re.compile(r"<(?:p|a|br|div|h\d|ul|ol|img|blockquote|em|strong)\b", re.I)
_ESCAPED_MARKUP = re.compile(r"&lt;(?:p|a|br|div|h\d|ul|ol|img|blockquote)\b", re.I)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-f]+|[a-z]+);", re.I)
_CUT = re.compile(r"\[(?:…|\.\.\.)\]\W*$")
_CUT_SUMMARY = re.compile(r"(?:…|\.\.\.)\W*$")
_MORE = re.compile(
    r"(?:read|continue|keep|view|see)\s+(?:\w+\s+)?(?:more|reading|post|article|entry|story|rest)\b", re.I
)
_ADDRESS = re.compile(r"""\b(?:href|src|poster|srcset)\s*=\s*["']?(?!["'#]|[a-z][a-z0-9+.-]*:|//)""", re.I)
_BARE_ADDRESS = re.compile(r"(?<![\"'>=/\w])(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])")
_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/opus", "wav": "audio/wav"}


class FoundPost(Struct, frozen=True):
    """A post, and the notes about it: whose id it has is not known before all items are read."""

    post: Post
    notes: tuple[Note, ...]


class ItemParts(Struct, frozen=True, kw_only=True):
    """What an item and an entry have in common once their own words for it are read."""

    id: str
    title: str
    address: str
    moment: datetime | date | None
    text: str
    about: tuple[str, ...]
    """What else it says of itself; the first that is not in the text is its summary."""
    is_description: bool = False
    """Whether the text stands where other feeds have a summary."""
    is_draft: bool = False


def read_item(item: Named, where: Location, now: datetime, has_full_texts: bool, notes: Notes) -> FoundPost:
    """Return an item of RSS as a post. `has_full_texts` says whether other items of the feed have more than a description."""
    own, content, description = Notes(), item.text("content:encoded"), item.text("description")
    is_description = not content and not has_full_texts and bool(description)
    permalink = next((guid for guid in item.all("guid") if guid.get("isPermaLink", "true").lower() != "false"), None)
    guid = item.text("guid")
    address = item.text("link") or (guid if permalink is not None and is_absolute(guid) else "")
    parts = ItemParts(
        id=guid or address or f"{where.file} {item.text('title')} {item.text('pubDate', 'dc:date')}",
        title=plain_title(item.text("title", "itunes:title")),
        address=address,
        moment=parse_moment(item.text("pubDate", "dc:date", "dcterms:issued")),
        text=description if is_description else content,
        about=("" if is_description else description, item.text("itunes:summary"), item.text("itunes:subtitle")),
        is_description=is_description,
    )
    post = make_post(item, parts, where, now, own, written=item.text("pubDate", "dc:date", "dcterms:issued"))
    post_notes = PostNotes(own, parts.id, where)
    post = _with_podcast(item, post, post_notes)
    media, others = _enclosures(item, post_notes)
    cover = post.cover or media.get("image")
    audio = media.get("audio")
    if isinstance(audio, PostAudio):
        audio = PostAudio(
            media=audio.media, bytes=audio.bytes, type=audio.type, duration=parse_duration(item.text("itunes:duration"))
        )
    changed = {
        "guid": guid or address,
        "tags": tuple(dict.fromkeys([*item.texts("category", "dc:subject"), *_keywords(item)])),
        "authors": tuple(dict.fromkeys(filter(None, map(_name, item.texts("dc:creator") or item.texts("author"))))),
        "cover": cover if isinstance(cover, MediaFile) else _media_picture(item),
        "audio": audio if isinstance(audio, PostAudio) else None,
    }
    for other in others:
        post_notes.add(Outcome.ELSEWHERE, "enclosure", f"another file of this post has no form here: {other}")
    return FoundPost(replace(post, **changed), tuple(own.all))


def make_post(item: Named, parts: ItemParts, where: Location, now: datetime, own: Notes, *, written: str) -> Post:
    """Return a post of the parts, with its access: a text that is cut, or is a summary alone, arrives as a draft."""
    notes = PostNotes(own, parts.id, where)
    text = _unescaped(parts.text, notes)
    summary = _summary(parts.about, text, notes)
    access = Access.DRAFT if parts.is_draft else Access.PUBLIC
    moment = parts.moment
    if moment is None:
        message = f'its date "{cut(written)}" cannot be read' if written else "it has no date"
        notes.add(Outcome.ASK, "broken-date", f"{message}; it arrives as a draft", hint="Write `date:` into the issue.")
        access = Access.DRAFT
    elif isinstance(moment, datetime):
        if moment.tzinfo is None:
            notes.add(Outcome.ASK, "unknown-zone", f'its date "{cut(written)}" names no known time zone')
        access = Access.SCHEDULED if access is Access.PUBLIC and is_later(moment, now) else access
    if why := _why_not_whole(text, parts):
        notes.add(
            Outcome.ASK, "summary-only", f"{why}; it arrives as a draft", hint="Bring the text from the old page."
        )
        access = Access.DRAFT
    if text and not _MARKUP.search(text):
        lines = (line.strip().replace("\n", "<br>\n") for line in re.split(r"\n\s*\n", text))
        text = _BARE_ADDRESS.sub(r'<a href="\1">\1</a>', "".join(f"<p>{line}</p>" for line in lines))
    return Post(
        id=parts.id,
        where=where,
        title=parts.title,
        body=Body(absolute_html(text, _base(item.element, parts.address)), Form.HTML),
        access=access,
        at=moment if isinstance(moment, datetime) else None,
        day=moment if moment and not isinstance(moment, datetime) else None,
        slug=_slug(parts.address),
        address=parts.address,
        guid=parts.id,
        summary=summary,
    )


def plain_title(text: str) -> str:
    """Return a title that may have been escaped twice, on one line."""
    return " ".join((html.unescape(text) if _ENTITY.search(text) else text).split())


def plain_text(text: str) -> str:
    """Return the words of a summary, which may be HTML."""
    if not text or not ("<" in text or "&" in text):
        return " ".join(text.split())
    return " ".join((LexborHTMLParser(text).text(separator=" ") or "").split())


def absolute_html(text: str, base: str) -> str:
    """Return HTML whose relative addresses start from a base; as it is without one, or where there are none."""
    if not base or not _ADDRESS.search(text):
        return text
    tree = LexborHTMLParser(text)
    for name in ("href", "src", "poster"):
        for node in tree.css(f"[{name}]"):
            address = (node.attributes.get(name) or "").strip()
            if address and not address.startswith("#") and not is_absolute(address):
                node.attrs[name] = join_addresses(base, address)
    for node in tree.css("[srcset]"):
        del node.attrs["srcset"]
    body = tree.body
    return (body.inner_html or "") if body is not None else text


def _base(element: Element, address: str) -> str:
    """Return where relative addresses in an item start: `xml:base` (RFC 4287, 2), else its own address."""
    base = element.base or ""
    return base if is_absolute(base) else join_addresses(address, base) if is_absolute(address) else ""


def _why_not_whole(text: str, parts: ItemParts) -> str:
    """Return why this is not the whole text of a post, or nothing."""
    if not text:
        return "the feed has only a summary of it" if any(parts.about) else "the feed has no text of it"
    tree = LexborHTMLParser(text[-2000:])
    end = " ".join((tree.text(separator=" ") or "").split())
    links = [" ".join(link.text().split()) for link in tree.css("a")]
    is_cut = _CUT.search(end) or (parts.is_description and _CUT_SUMMARY.search(end))
    leads_on = bool(links) and end.rstrip(" →»›.").endswith(links[-1].rstrip(" →»›.")) and bool(_MORE.match(links[-1]))
    return f'its text seems cut: it ends with "{cut(end[-40:])}"' if is_cut or leads_on else ""


def _summary(about: Iterable[str], text: str, notes: PostNotes) -> str:
    """Return the first thing that an item says of itself; a note has the others. The beginning of its text says nothing."""
    plain = plain_text(text)
    said = [words for words in dict.fromkeys(map(plain_text, about)) if words and not _begins(plain, words)]
    for words in said[1:]:
        if words not in said[0] and words not in plain:
            notes.add(Outcome.DROPPED, "second-summary", f'it has more than one summary; also "{words}"')
    return said[0] if said else ""


def _begins(text: str, words: str) -> bool:
    return text.startswith(re.sub(r"\s*\[?(?:…|\.\.\.)\]?$", "", words))


def _unescaped(text: str, notes: PostNotes) -> str:
    if text and not _MARKUP.search(text) and _ESCAPED_MARKUP.search(text):
        notes.add(Outcome.CHANGED, "escaped-twice", "its text was escaped twice in the feed")
        return html.unescape(text)
    return text


def _with_podcast(item: Named, post: Post, notes: PostNotes) -> Post:
    """Return a post with what a podcast says of an episode."""
    changed: dict[str, Any] = {}
    episode, season = item.text("itunes:episode", "podcast:episode"), item.text("itunes:season", "podcast:season")
    kind = item.text("itunes:episodeType")
    if (number := whole_number(episode)) is not None:
        changed["number"] = number
    elif episode:
        notes.add(Outcome.DROPPED, "episode-number", f'its episode number "{cut(episode)}" is no whole number')
    if season:
        changed["leftover"] = {"season": season if (count := whole_number(season)) is None else count}
    if kind and kind.lower() != "full":
        notes.add(Outcome.DROPPED, "episode-type", f"it is a {cut(kind)}; an issue has no such type")
    if images := [image.get("href", "") for image in item.all("itunes:image")]:
        changed["cover"] = MediaFile(url=images[0])
    duration = item.text("itunes:duration")
    if duration and parse_duration(duration) is None:
        notes.add(Outcome.ASK, "duration", f'its duration "{cut(duration)}" cannot be read')
    for name, what in (("podcast:transcript", "transcript"), ("podcast:chapters", "list of chapters")):
        for part in item.all(name):
            notes.add(Outcome.ELSEWHERE, what.split()[-1], f"its {what} is at {part.get('url', '')}")
    for chapters in item.all("psc:chapters"):
        listed = ", ".join(f"{chapter.get('start', '')} {chapter.get('title', '')}" for chapter in chapters)
        notes.add(
            Outcome.DROPPED,
            "chapters",
            f"its chapters were not brought over: {listed}",
            hint="Write `audio: chapters:`.",
        )
    return replace(post, **changed)


def _enclosures(item: Named, notes: PostNotes) -> tuple[dict[str, MediaFile | PostAudio], list[str]]:
    """Return the first recording and picture that belong to an item, and the addresses of its other files."""
    media: dict[str, MediaFile | PostAudio] = {}
    others = []
    for part in item.all("enclosure"):
        address, length = part.get("url", "").strip(), part.get("length", "").strip()
        kind = part.get("type", "").strip() or _TYPES.get(split_address(address).path.rpartition(".")[2].lower(), "")
        family = kind.partition("/")[0]
        if not address or family in media or family not in ("audio", "image"):
            others += [address] if address else []
        elif family == "audio":
            size = whole_number(length, digits=15) or 0
            media[family] = PostAudio(media=MediaFile(url=address), bytes=size, type=kind)
        else:
            media[family] = MediaFile(url=address)
    return media, others


def _media_picture(item: Named) -> MediaFile | None:
    """Return the picture that Media RSS names for an item."""
    for part in (*item.all("media:content"), *item.all("media:thumbnail")):
        is_picture = (
            part.get("medium") == "image" or part.get("type", "").startswith("image/") or "thumbnail" in part.tag
        )
        if is_picture and part.get("url"):
            return MediaFile(url=part.get("url"))
    return None


def _keywords(item: Named) -> Iterable[str]:
    return (word.strip() for words in item.texts("itunes:keywords") for word in words.split(",") if word.strip())


def _name(author: str) -> str:
    """Return the name in "mail@letter.example (The Author)", never the address (RSS 2.0, author)."""
    if match := re.search(r"\(([^)]+)\)\s*$", author):
        return match[1].strip()
    return "" if "@" in author else author


def _slug(address: str) -> str:
    last = split_address(address).path.rstrip("/").rpartition("/")[2]
    return re.sub(r"\.(?:html?|php|aspx?)$", "", last)
